-- Queries: the logic of three values, joins, groups, sets, subqueries, windows.

> CREATE TABLE p (id INT PRIMARY KEY, dept INT, name VARCHAR, pay DECIMAL(10,2))
0 rows

> CREATE TABLE d (id INT PRIMARY KEY, name VARCHAR)
0 rows

> INSERT INTO d VALUES (1, 'dev'), (2, 'ops'), (3, 'empty')
3 rows

> INSERT INTO p VALUES (1, 1, 'ada', 100), (2, 1, 'bob', 80.5), (3, 2, 'cyd', NULL), (4, NULL, 'dan', 60), (5, 2, NULL, 70)
5 rows

> SELECT id FROM p WHERE dept <> 1
id INTEGER
3
5

> SELECT id FROM p WHERE NOT (dept = 1)
id INTEGER
3
5

> SELECT id FROM p WHERE dept = 1 OR pay < 65
id INTEGER
1
2
4

> SELECT id FROM p WHERE pay IS NULL OR name IS NULL
id INTEGER
3
5

> SELECT id FROM p WHERE dept IN (2, NULL)
id INTEGER
3
5

> SELECT id FROM p WHERE dept NOT IN (2, NULL)
id INTEGER

> SELECT id FROM p WHERE dept NOT IN (2)
id INTEGER
1
2

> SELECT id FROM p WHERE pay BETWEEN 60 AND 80
id INTEGER
4
5

> SELECT id FROM p WHERE name LIKE '_d%' OR name ILIKE 'B%'
id INTEGER
1
2

> SELECT id FROM p WHERE NULL
id INTEGER

> SELECT id FROM p WHERE (dept = 1) IS NOT TRUE
id INTEGER
3
4
5

> SELECT p.name, d.name FROM p LEFT JOIN d ON p.dept = d.id ORDER BY p.id
name VARCHAR | name VARCHAR
ada | dev
bob | dev
cyd | ops
dan | NULL
NULL | ops

> SELECT d.name, count(p.id) AS n, sum(p.pay) AS s, avg(p.pay) AS a FROM d LEFT JOIN p ON p.dept = d.id GROUP BY d.name ORDER BY d.name
name VARCHAR | n BIGINT | s DECIMAL | a DECIMAL
dev | 2 | 180.50 | 90.250000
empty | 0 | NULL | NULL
ops | 2 | 70.00 | 70.000000

> SELECT dept, max(name) FROM p GROUP BY dept HAVING count(*) > 1 ORDER BY dept
dept INTEGER | EXPR$1 VARCHAR
1 | bob
2 | cyd

> SELECT name FROM p ORDER BY name
name VARCHAR
ada
bob
cyd
dan
NULL

> SELECT name FROM p ORDER BY name DESC NULLS LAST LIMIT 2
name VARCHAR
dan
cyd

> SELECT DISTINCT dept FROM p ORDER BY 1
dept INTEGER
1
2
NULL

> SELECT id FROM p UNION SELECT id FROM d ORDER BY 1
id INTEGER
1
2
3
4
5

> SELECT id FROM p EXCEPT SELECT id FROM d ORDER BY 1
id INTEGER
4
5

> SELECT id FROM p INTERSECT SELECT id FROM d ORDER BY 1
id INTEGER
1
2
3

> SELECT name FROM d WHERE id IN (SELECT dept FROM p)
name VARCHAR
dev
ops

> SELECT name FROM d WHERE NOT EXISTS (SELECT 1 FROM p WHERE p.dept = d.id)
name VARCHAR
empty

> SELECT name, (SELECT count(*) FROM p WHERE p.dept = d.id) AS n FROM d ORDER BY name
name VARCHAR | n BIGINT
dev | 2
empty | 0
ops | 2

> SELECT id, (SELECT name FROM d) FROM p
error 21000: a subquery that is a value gave more than one row

> SELECT id, sum(pay) OVER (PARTITION BY dept ORDER BY id) AS s, row_number() OVER (ORDER BY id DESC) AS r FROM p ORDER BY id
id INTEGER | s DECIMAL | r BIGINT
1 | 100.00 | 5
2 | 180.50 | 4
3 | NULL | 3
4 | 60.00 | 2
5 | 70.00 | 1

> WITH rich AS (SELECT * FROM p WHERE pay > 75) SELECT count(*) FROM rich
EXPR$0 BIGINT
2

> SELECT CASE WHEN pay > 75 THEN 'rich' WHEN pay IS NULL THEN 'unknown' ELSE 'poor' END AS class, count(*) FROM p GROUP BY 1 ORDER BY 1
class VARCHAR | EXPR$1 BIGINT
poor | 2
rich | 2
unknown | 1

> SELECT COALESCE(name, 'nobody'), NULLIF(dept, 1), UPPER(name), SUBSTRING(name FROM 2), TRIM('  x  ') FROM p WHERE id = 5
EXPR$0 VARCHAR | EXPR$1 INTEGER | EXPR$2 VARCHAR | EXPR$3 VARCHAR | EXPR$4 VARCHAR
nobody | 2 | NULL | NULL | x

> SELECT * FROM p NATURAL JOIN (SELECT id, 1 AS one FROM d) AS x
id INTEGER | dept INTEGER | name VARCHAR | pay DECIMAL | one INTEGER
1 | 1 | ada | 100.00 | 1
2 | 1 | bob | 80.50 | 1
3 | 2 | cyd | NULL | 1

> SELECT * FROM p NATURAL JOIN d
id INTEGER | name VARCHAR | dept INTEGER | pay DECIMAL

> VALUES (1, 'a'), (2, 'bcd')
EXPR$0 INTEGER | EXPR$1 VARCHAR
1 | a
2 | bcd

> SELECT 'a' UNION ALL SELECT 'bcd'
EXPR$0 VARCHAR
a
bcd

> SELECT * FROM p, d WHERE p.dept = d.id AND d.name = 'ops' ORDER BY p.id
id INTEGER | dept INTEGER | name VARCHAR | pay DECIMAL | id0 INTEGER | name0 VARCHAR
3 | 2 | cyd | NULL | 2 | ops
5 | 2 | NULL | 70.00 | 2 | ops

> SELECT x.id FROM p AS x WHERE x.id = 3
id INTEGER
3

> SELECT p.* FROM p WHERE p.id = 3
id INTEGER | dept INTEGER | name VARCHAR | pay DECIMAL
3 | 2 | cyd | NULL

> SELECT q.id FROM p WHERE id = 3
error 42S02: line 1, column 8: Table 'q' not found

> SELECT id AS "The Id", "id" FROM p WHERE id = 3
The Id INTEGER | id INTEGER
3 | 3

> SELECT id FROM p WHERE id = '3'
id INTEGER
3

> SELECT id FROM p WHERE name = 3
error 22018: CAST: 'ada' is not an INTEGER

> SELECT id FROM p WHERE id = 3.5
id INTEGER

> SELECT id FROM p WHERE id = 99999999999
id INTEGER

> SELECT id FROM p WHERE id < 99999999999 AND id > 4
id INTEGER
5

> SELECT id FROM p WHERE id > 2.5 AND id < 4
id INTEGER
3

> SELECT -id, id + 1.5, id * 2, 7 / 2, 7 % 4, 7.0 / 2 FROM p WHERE id = 3
EXPR$0 INTEGER | EXPR$1 DECIMAL | EXPR$2 INTEGER | EXPR$3 INTEGER | EXPR$4 INTEGER | EXPR$5 DECIMAL
-3 | 4.5 | 6 | 3 | 3 | 3.500000000000

> SELECT name FROM p, d
error 42702: line 1, column 8: Column 'name' is ambiguous

> SELECT frobnicate(id) FROM p
error 42883: line 1, column 8: No match found for function signature frobnicate(<NUMERIC>)

> SELECT id + name FROM p
error 22018: CAST: 'ada' is not an INTEGER

> SELECT sum(name) FROM p
error 22018: CAST: 'ada' is not a DECIMAL

> SELECT dept, name FROM p GROUP BY dept
error 42000: line 1, column 14: Expression 'name' is not being grouped

> UPDATE p SET pay = (SELECT max(pay) FROM p) WHERE dept = 2
2 rows

> UPDATE p SET pay = pay + 1, pay = 2
error 42S21: line 1, column 29: column pay is set twice

> UPDATE p SET nope = 1
error 42S22: line 1, column 14: there is no column 'nope' in PUBLIC.p

> UPDATE p AS x SET name = x.name || '!' WHERE x.id < 3
2 rows

> DELETE FROM p WHERE dept IN (SELECT id FROM d WHERE name = 'dev')
2 rows

> SELECT * FROM p ORDER BY id
id INTEGER | dept INTEGER | name VARCHAR | pay DECIMAL
3 | 2 | cyd | 100.00
4 | NULL | dan | 60.00
5 | 2 | NULL | 100.00

> UPDATE p SET id = id + 10 WHERE id = 3
1 row

> SELECT id FROM p ORDER BY id
id INTEGER
4
5
13

> INSERT INTO p (id, id) VALUES (1, 1)
error 42S21: line 1, column 20: column id is named twice

> INSERT INTO p (id) VALUES (1, 2)
error 42601: PUBLIC.p: 1 values are expected, 2 are given

> INSERT INTO p (id) SELECT id, name FROM d
error 42601: PUBLIC.p: 1 values are expected, 2 are given

> MERGE INTO p USING (VALUES (13, 1), (13, 2)) AS s (id, v) ON p.id = s.id WHEN MATCHED THEN UPDATE SET pay = s.v
error 21000: MERGE finds more than one source row for a row of PUBLIC.p

> SELECT * FROM p FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01 00:00:00'
id INTEGER | dept INTEGER | name VARCHAR | pay DECIMAL

> SELECT CURRENT_DATE = CAST(CURRENT_TIMESTAMP AS DATE), CURRENT_USER
EXPR$0 BOOLEAN | CURRENT_USER VARCHAR
true | admin

> SELECT id FROM p WHERE id = 13 AND 1/0 = 1
error 22012: division by zero

> SELECT 99999999999999999999999999999999999999999 + 1
error 22003: line 1, column 8: Numeric literal '99999999999999999999999999999999999999999' out of range

> SELECT CAST('abc' AS INT)
error 22018: CAST: 'abc' is not an INTEGER

> SELECT CAST(300 AS TINYINT)
error 22003: CAST: 300 is outside TINYINT

> SELECT JSON_VALUE('{"a": 1}', '$.a'), JSON_EXISTS('{"a": 1}', '$.b')
EXPR$0 VARCHAR | EXPR$1 BOOLEAN
1 | false

> SELECT a[1], CARDINALITY(a) FROM (VALUES (ARRAY[5, 6])) AS t (a)
EXPR$0 INTEGER | EXPR$1 INTEGER
5 | 2

> SELECT * FROM UNNEST(ARRAY[1, 2]) AS t (x)
x INTEGER
1
2

> SELECT COUNT(DISTINCT dept), STRING_AGG(name, ',') FROM p
EXPR$0 BIGINT | EXPR$1 VARCHAR
1 | dan,cyd
