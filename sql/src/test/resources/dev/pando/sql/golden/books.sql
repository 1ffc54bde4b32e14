-- The statements of a first hour.

> CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR, pages INT, likes BIGINT COUNTER, price DECIMAL(10,2))
0 rows

> INSERT INTO Books (isbn, title, pages, price) VALUES ('1', 'Dune', 412, 9.99), ('2', 'Emma', 474, 5), ('3', 'Ulysses', 730, NULL)
3 rows

> SELECT * FROM books WHERE isbn = '1'
isbn VARCHAR | title VARCHAR | pages INTEGER | likes BIGINT | price DECIMAL
1 | Dune | 412 | 0 | 9.99

> select Title, LIKES from BOOKS where pages > 450
title VARCHAR | likes BIGINT
Emma | 0
Ulysses | 0

> SELECT title FROM Books ORDER BY pages DESC
title VARCHAR
Ulysses
Emma
Dune

> SELECT count(*) AS n, sum(pages) AS s, avg(pages) AS a, max(price) AS m FROM Books
n BIGINT | s BIGINT | a DOUBLE | m DECIMAL
3 | 1616 | 538.6666666666666 | 9.99

> UPDATE Books SET likes = likes + 1 WHERE isbn = '1'
1 row

> UPDATE Books SET likes = likes + 2, price = price * 2 WHERE pages < 500
2 rows

> SELECT isbn, likes, price FROM Books
isbn VARCHAR | likes BIGINT | price DECIMAL
1 | 3 | 19.98
2 | 2 | 10.00
3 | 0 | NULL

> DELETE FROM Books WHERE title LIKE 'U%'
1 row

> SELECT b.title, c.n FROM Books b JOIN (VALUES ('1', 7), ('2', 8)) AS c (isbn, n) ON b.isbn = c.isbn ORDER BY c.n
title VARCHAR | n INTEGER
Dune | 7
Emma | 8

> SELECT pages / 100 AS century, count(*) FROM Books GROUP BY pages / 100 ORDER BY 1
century INTEGER | EXPR$1 BIGINT
4 | 2

> INSERT INTO Books (isbn) VALUES ('1')
error 23505: a row with isbn = 1 exists already in PUBLIC.Books

> INSERT INTO Books (isbn, pages) VALUES ('9', 99999999999)
error 22003: pages: 99999999999 is outside INTEGER

> INSERT INTO Books (isbn) VALUES ('12345678901234')
error 22001: isbn: a text of 14 characters does not fit VARCHAR(13)

> SELECT * FROM Nope
error 42S02: line 1, column 15: Object 'Nope' not found

> SELECT nope FROM Books
error 42S22: line 1, column 8: Column 'nope' not found in any table

> SELECT nope, count(*) FROM Books GROUP BY nope
error 42S22: line 1, column 8: Column 'nope' not found in any table

> SELEC 1
error 42601: line 1, column 1: a statement or a query is expected

> SELECT 1/0
error 22012: division by zero

> SELECT 2147483647 + pages FROM Books
error 22003: 2147483647 + 412 is outside INTEGER

> INSERT INTO Books SELECT isbn || 'x', title, pages, likes, price FROM Books
2 rows

> SELECT isbn FROM Books LIMIT 2 OFFSET 1
isbn VARCHAR
1x
2

> UPSERT INTO Books (isbn, title) VALUES ('1', 'Dune II'), ('7', 'New')
2 rows

> MERGE INTO Books AS b USING (VALUES ('1', 'Merged'), ('8', 'Eight')) AS s (isbn, title) ON b.isbn = s.isbn
  WHEN MATCHED THEN UPDATE SET title = s.title WHEN NOT MATCHED THEN INSERT (isbn, title) VALUES (s.isbn, s.title)
2 rows

> SELECT isbn, title, likes FROM Books ORDER BY isbn
isbn VARCHAR | title VARCHAR | likes BIGINT
1 | Merged | 3
1x | Dune | 3
2 | Emma | 2
2x | Emma | 2
7 | New | 0
8 | Eight | 0

> TRUNCATE TABLE Books
6 rows

> SELECT count(*) FROM Books
EXPR$0 BIGINT
0

> DROP TABLE Books
0 rows

> SELECT 1 AS one, 'x' AS t, NULL AS n, TRUE AS b, 1.50 AS d, DATE '2026-01-02' AS dt, X'0aff' AS bin
one INTEGER | t CHAR | n NULL | b BOOLEAN | d DECIMAL | dt DATE | bin BINARY
1 | x | NULL | true | 1.50 | 2026-01-02 | x'0aff'

> SELECT 'ü€𝄞' || 'ß'
EXPR$0 CHAR
ü€𝄞ß
