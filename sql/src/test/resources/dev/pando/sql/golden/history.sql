-- The past: tables as they were, and what happened to a row.

> CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR, likes BIGINT COUNTER)
0 rows

> INSERT INTO Books VALUES ('1', 'Walden', 2), ('2', 'Emma', 0)
2 rows

> CREATE LOCAL TABLE then_ (doc VARCHAR)
0 rows

> INSERT INTO then_ VALUES ('')
1 row

> SELECT commit_sequence FROM sys.node
commit_sequence BIGINT
4

> UPDATE Books SET title = 'Walden, or Life in the Woods', likes = likes + 3 WHERE isbn = '1'
1 row

> DELETE FROM Books WHERE isbn = '2'
1 row

> SELECT isbn, title, likes FROM Books FOR SYSTEM_TIME AS OF 4 ORDER BY isbn
isbn VARCHAR | title VARCHAR | likes BIGINT
1 | Walden | 2
2 | Emma | 0

> SELECT b.isbn, b.title, c.title AS now_ FROM Books FOR SYSTEM_TIME AS OF 4 AS b LEFT JOIN Books AS c ON b.isbn = c.isbn ORDER BY 1
isbn VARCHAR | title VARCHAR | now_ VARCHAR
1 | Walden | Walden, or Life in the Woods
2 | Emma | NULL

> SELECT title FROM Books FOR SYSTEM_TIME AS OF (SELECT 1)
error 42601: line 1, column 47: Query expression encountered in illegal context

> SELECT Books.title FROM Books FOR SYSTEM_TIME AS OF TIMESTAMP '2020-01-01 00:00:00'
title VARCHAR

> SELECT Books.title FROM Books FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP
title VARCHAR
Walden, or Life in the Woods

> SELECT title FROM Books FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP - INTERVAL '1' DAY
title VARCHAR

> SELECT title FROM Books FOR SYSTEM_TIME AS OF '2020-01-01 00:00:00+02:00'
title VARCHAR

> SELECT title FROM Books FOR SYSTEM_TIME AS OF DATE '2020-01-01'
title VARCHAR

> SELECT title FROM Books FOR SYSTEM_TIME AS OF 0
title VARCHAR

> SELECT title FROM Books FOR SYSTEM_TIME AS OF 100000
error 22023: there is no commit sequence 100000: it is 0 to 6 now

> SELECT title FROM Books FOR SYSTEM_TIME AS OF NULL
error 22023: AS OF takes a point in time, not NULL

> SELECT title FROM Books FOR SYSTEM_TIME AS OF 'soon'
error 22007: 'soon' is not a timestamp such as 2026-11-22 10:30:00

> SELECT title FROM Books FOR SYSTEM_TIME AS OF TRUE
error 22018: AS OF: 'true' is not a TIMESTAMP

> SELECT title FROM Books FOR SYSTEM_TIME AS OF likes
error 42S22: line 1, column 47: Column 'likes' not found in any table

> SELECT title FROM Nope FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP
error 42S02: line 1, column 19: there is no table 'Nope'

> SELECT peer_id FROM sys.node FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP
error 0A000: line 1, column 21: FOR SYSTEM_TIME AS OF is for tables, not for views and system tables: sys.node

> SELECT title FROM Books FOR SYSTEM_TIME AS
error 42601: line 1, column 42: the statement ends too early; expected OF

> CREATE VIEW first_ AS SELECT isbn, title FROM Books FOR SYSTEM_TIME AS OF 4
0 rows

> SELECT * FROM first_
isbn VARCHAR | title VARCHAR
1 | Walden
2 | Emma

> UPDATE then_ SET doc = (SELECT _docid FROM Books WHERE isbn = '1')
1 row

> SELECT operation, changes, CHAR_LENGTH(change_id) AS c, CHAR_LENGTH(parents) AS p, author = (SELECT peer_id FROM sys.node) AS mine FROM TABLE(history('Books', (SELECT doc FROM then_)))
operation VARCHAR | changes VARCHAR | c INTEGER | p INTEGER | mine BOOLEAN
insert | {"isbn":"1","likes":2,"title":"Walden"} | 59 | 0 | true
update | {"likes":3,"title":"Walden, or Life in the Woods"} | 59 | 59 | true

> SELECT h.operation FROM TABLE(history('Books', (SELECT doc FROM then_))) AS h WHERE h.changed_at > TIMESTAMP '2020-01-01 00:00:00'
operation VARCHAR
insert
update

> SELECT * FROM TABLE(history('Books', 'x'))
error 22023: 'x' is not a document id: expected a base32 CID such as bafyrei…

> SELECT * FROM TABLE(history('Nope', 'x'))
error 42S02: there is no table 'Nope'

> SELECT * FROM TABLE(history('Books'))
error 42883: line 1, column 21: wrong arguments; expected history(collection, document)

> SELECT * FROM TABLE(history('Books', NULL))
error 22023: history: an argument is NULL

> SELECT * FROM TABLE(future('Books'))
error 42883: line 1, column 21: No match found for function signature future(<CHARACTER>)

> SELECT 1 FROM Books FOR UPDATE
EXPR$0 INTEGER
1
