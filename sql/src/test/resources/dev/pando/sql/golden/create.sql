-- Sequences, CREATE TABLE … AS, local tables, generations.

> CREATE SEQUENCE s START WITH 1 INCREMENT BY 1
0 rows

> CREATE SEQUENCE s
error 42710: line 1, column 17: there is a sequence 'PUBLIC.s' already

> CREATE SEQUENCE IF NOT EXISTS s
0 rows
warning 42710: sequence PUBLIC.s exists already

> CREATE SEQUENCE nope.s
error 3F000: line 1, column 17: there is no schema 'nope'

> SELECT (NEXT VALUE FOR s) > 0 AS one
one BOOLEAN
true

> VALUES (NEXT VALUE FOR s > 0)
EXPR$0 BOOLEAN
true

> CREATE TABLE t (id BIGINT PRIMARY KEY, v VARCHAR)
0 rows

> INSERT INTO t VALUES (NEXT VALUE FOR s, 'a'), (NEXT VALUE FOR PUBLIC.s, 'b')
2 rows

> INSERT INTO t SELECT NEXT VALUE FOR s, v || v FROM t
2 rows

> SELECT count(DISTINCT id) AS n, count(*) AS m, min(id) > 0 AS p FROM t
n BIGINT | m BIGINT | p BOOLEAN
4 | 4 | true

> UPDATE t SET v = CAST(NEXT VALUE FOR s AS VARCHAR) WHERE v = 'a'
1 row

> SELECT NEXT VALUE FOR nope
error 42704: line 1, column 23: there is no sequence 'nope'

> INSERT INTO t VALUES (NEXT VALUE FOR nope, 'a')
error 42704: line 1, column 38: there is no sequence 'nope'

> SELECT SEQUENCE_SCHEMA, SEQUENCE_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.SEQUENCES
SEQUENCE_SCHEMA VARCHAR | SEQUENCE_NAME VARCHAR | DATA_TYPE VARCHAR
PUBLIC | s | BIGINT

> CREATE TABLE d (id BIGINT DEFAULT NEXT VALUE FOR s PRIMARY KEY, v INT)
0 rows

> INSERT INTO d (v) VALUES (1), (2)
2 rows

> INSERT INTO d VALUES (DEFAULT, 3)
1 row

> SELECT COUNT(DISTINCT id), MIN(id) > 0 FROM d
EXPR$0 BIGINT | EXPR$1 BOOLEAN
3 | true

> CREATE TABLE e (id INT DEFAULT NEXT VALUE FOR s)
error 42000: a column whose DEFAULT is a sequence is a BIGINT: its numbers need 63 bits

> CREATE TABLE e (id BIGINT DEFAULT NEXT VALUE FOR nope)
error 42704: line 1, column 50: there is no sequence 'nope'

> CREATE TABLE e (id BIGINT CHECK (id < NEXT VALUE FOR s))
error 42000: a CHECK depends on the row alone, not on NEXT_VALUE

> CREATE TABLE e (v VARCHAR(3) DEFAULT 'four')
error 22001: DEFAULT: a text of 4 characters does not fit VARCHAR(3)

> DROP TABLE d
0 rows

> DROP SEQUENCE s
0 rows

> DROP SEQUENCE s
error 42704: line 1, column 15: there is no sequence 'PUBLIC.s'

> DROP SEQUENCE IF EXISTS s
0 rows
warning 42704: line 1, column 25: there is no sequence 'PUBLIC.s'

> CREATE TABLE i (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v INT)
0 rows

> INSERT INTO i (v) VALUES (1), (2), (3)
3 rows

> SELECT count(DISTINCT id) AS n, min(id) > 0 AS p FROM i
n BIGINT | p BOOLEAN
3 | true

> CREATE TABLE src (id INT PRIMARY KEY, name VARCHAR(10), price DECIMAL(8,2), at_ TIMESTAMP)
0 rows

> INSERT INTO src VALUES (1, 'one', 1.25, TIMESTAMP '2026-01-01 00:00:00'), (2, 'two', NULL, NULL)
2 rows

> CREATE TABLE copy AS SELECT * FROM src
0 rows

> SELECT id, name, price FROM copy ORDER BY id
id INTEGER | name VARCHAR | price DECIMAL
1 | one | 1.25
2 | two | NULL

> SELECT COLUMN_NAME, DATA_TYPE, NUMERIC_SCALE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'copy' ORDER BY ORDINAL_POSITION
COLUMN_NAME VARCHAR | DATA_TYPE VARCHAR | NUMERIC_SCALE INTEGER
id | INTEGER | 0
name | VARCHAR | NULL
price | DECIMAL | 2
at_ | TIMESTAMP | NULL

> CREATE TABLE copy AS SELECT 1 AS x
error 42S01: line 1, column 14: there is a table 'PUBLIC.copy' already

> CREATE TABLE IF NOT EXISTS copy AS SELECT 1 AS x
0 rows
warning 42S01: table PUBLIC.copy exists already

> CREATE LOCAL TABLE sums (k, total) AS SELECT name, sum(price) FROM src GROUP BY name
0 rows

> SELECT k, total FROM sums ORDER BY k
k VARCHAR | total DECIMAL
one | 1.25
two | NULL

> SELECT IS_LOCAL FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'sums'
IS_LOCAL BOOLEAN
true

> CREATE TABLE bad (a) AS SELECT 1, 2
error 42601: line 1, column 14: 1 columns are named, the query has 2

> CREATE TABLE bad AS SELECT 1 AS x, 2 AS X
error 42S21: line 1, column 14: column X is there twice

> CREATE TABLE bad AS SELECT NULL AS x
error 42804: line 1, column 14: no column holds the type NULL of x: CAST it

> CREATE TABLE bad AS SELECT id / 0 AS x FROM src
error 22012: division by zero

> SELECT * FROM bad
error 42S02: line 1, column 15: Object 'bad' not found

> CREATE TABLE bad AS SELECT nope FROM src
error 42S22: line 1, column 28: Column 'nope' not found in any table

> CREATE TABLE g (id INT PRIMARY KEY) GENERATION 1
0 rows

> DROP TABLE g
0 rows

> CREATE TABLE g (id INT PRIMARY KEY) GENERATION 2
0 rows

> CREATE TABLE g2 (id INT PRIMARY KEY) GENERATION 99999999999
error 22003: GENERATION is at most 2147483647

> TRUNCATE TABLE src
2 rows

> TRUNCATE nope
error 42S02: line 1, column 10: there is no table 'PUBLIC.nope'

> SELECT count(*) AS n FROM src
n BIGINT
0

> UPSERT INTO src (id, name) VALUES (1, 'uno'), (3, 'tre')
2 rows

> UPSERT INTO src (id, price) VALUES (1, 7)
1 row

> SELECT id, name, price FROM src ORDER BY id
id INTEGER | name VARCHAR | price DECIMAL
1 | uno | 7.00
3 | tre | NULL

> MERGE INTO src USING (VALUES (1, 'ein'), (4, 'vier')) AS n (id, name) ON src.id = n.id WHEN MATCHED THEN UPDATE SET name = n.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (n.id, n.name)
2 rows

> SELECT id, name, price FROM src ORDER BY id
id INTEGER | name VARCHAR | price DECIMAL
1 | ein | 7.00
3 | tre | NULL
4 | vier | NULL

> CREATE SEQUENCE blocks START WITH 1 INCREMENT BY 50
0 rows

> SELECT SEQUENCE_NAME, INCREMENT FROM INFORMATION_SCHEMA.SEQUENCES WHERE SEQUENCE_NAME = 'blocks'
SEQUENCE_NAME VARCHAR | INCREMENT BIGINT
blocks | 50

> CREATE TABLE taken (id BIGINT PRIMARY KEY)
0 rows

> INSERT INTO taken VALUES (NEXT VALUE FOR blocks), (NEXT VALUE FOR blocks), (NEXT VALUE FOR blocks)
3 rows

> SELECT COUNT(*) FROM taken AS a, taken AS b WHERE a.id < b.id AND b.id - a.id < 100
EXPR$0 BIGINT
0
