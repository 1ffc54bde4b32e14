-- CREATE, ALTER and DROP.

> CREATE TABLE a (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL, n INT DEFAULT 7, made TIMESTAMP DEFAULT CURRENT_TIMESTAMP, price DECIMAL(10,2) DEFAULT 1, CHECK (n > 0), CONSTRAINT short_name CHECK (CHAR_LENGTH(name) < 10))
0 rows

> CREATE TABLE a (id INT)
error 42S01: line 1, column 14: there is a table 'PUBLIC.a' already

> CREATE TABLE IF NOT EXISTS a (id INT)
0 rows
warning 42S01: table PUBLIC.a exists already

> INSERT INTO a (id, name) VALUES (1, 'one')
1 row

> SELECT id, name, n, price FROM a
id INTEGER | name VARCHAR | n INTEGER | price DECIMAL
1 | one | 7 | 1.00

> INSERT INTO a (id) VALUES (2)
error 23502: column name of PUBLIC.a must not be NULL

> INSERT INTO a (id, name, n) VALUES (2, 'two', 0)
error 23514: the row breaks CHECK a_1_check ("n" > 0) of PUBLIC.a

> INSERT INTO a (id, name) VALUES (2, 'a name too long')
error 23514: the row breaks CHECK short_name (CHAR_LENGTH("name") < 10) of PUBLIC.a

> UPDATE a SET n = -1
error 23514: the row breaks CHECK a_1_check ("n" > 0) of PUBLIC.a

> UPDATE a SET n = NULL
1 row

> INSERT INTO a (id, name, n) VALUES (2, 'two', DEFAULT)
1 row

> SELECT id, n FROM a WHERE id = 2
id INTEGER | n INTEGER
2 | 7

> ALTER TABLE a ADD COLUMN extra VARCHAR
0 rows

> ALTER TABLE a ADD COLUMN extra VARCHAR
error 42S21: line 1, column 26: there is a column 'extra' in PUBLIC.a already

> UPDATE a SET extra = 'x' WHERE id = 1
1 row

> SELECT id, extra FROM a
id INTEGER | extra VARCHAR
1 | x
2 | NULL

> ALTER TABLE a RENAME COLUMN extra TO more
0 rows

> SELECT more FROM a WHERE id = 1
more VARCHAR
x

> ALTER TABLE a DROP COLUMN more
0 rows

> SELECT more FROM a
error 42S22: line 1, column 8: Column 'more' not found in any table

> ALTER TABLE a DROP COLUMN id
error 2BP01: line 1, column 27: column id is part of the primary key of PUBLIC.a

> CREATE INDEX ON a (n, name)
0 rows

> CREATE INDEX a_n ON a (n)
0 rows

> CREATE INDEX a_n ON a (n)
error 42S11: there is an index 'a_n' in schema PUBLIC already

> CREATE INDEX bad ON a (nope)
error 42S22: line 1, column 24: there is no column 'nope' in PUBLIC.a

> SELECT id FROM a WHERE n = 7
id INTEGER
2

> EXPLAIN SELECT id FROM a WHERE n = 7
PLAN VARCHAR
short: range of index a_n_name_idx of PUBLIC.a, filtered

> EXPLAIN SELECT id FROM a WHERE id = 7
PLAN VARCHAR
short: key lookup of PUBLIC.a

> EXPLAIN SELECT id FROM a WHERE id > 7 AND id <= 9
PLAN VARCHAR
short: range of the primary key of PUBLIC.a, filtered

> EXPLAIN SELECT id FROM a WHERE price = 7
PLAN VARCHAR
short: scan of PUBLIC.a, filtered

> EXPLAIN UPDATE a SET n = 1 WHERE id = 3
PLAN VARCHAR
UPDATE short: key lookup of PUBLIC.a

> DROP INDEX a_n
0 rows

> DROP INDEX a_n
error 42S12: line 1, column 12: there is no index 'PUBLIC.a_n'

> DROP INDEX IF EXISTS a_n
0 rows
warning 42S12: line 1, column 22: there is no index 'PUBLIC.a_n'

> CREATE SCHEMA shop
0 rows

> CREATE SCHEMA shop
error 42P06: line 1, column 15: there is a schema 'shop' already

> CREATE TABLE shop.items (id BIGINT IDENTITY PRIMARY KEY, a INT REFERENCES PUBLIC.a (id))
0 rows

> INSERT INTO shop.items DEFAULT VALUES
1 row

> SELECT id > 0 AS made, a FROM shop.items
made BOOLEAN | a INTEGER
true | NULL

> SET SCHEMA shop
0 rows

> SELECT a FROM items
a INTEGER
NULL

> SET SCHEMA nope
error 3F000: there is no schema 'nope'

> DROP TABLE PUBLIC.a
error 2BP01: line 1, column 12: shop.items refers to PUBLIC.a: drop it first, or say CASCADE

> DROP SCHEMA shop
error 2BP01: line 1, column 13: schema shop is not empty: say CASCADE

> DROP SCHEMA shop CASCADE
0 rows

> SET SCHEMA PUBLIC
0 rows

> DROP TABLE a
0 rows

> DROP TABLE a
error 42S02: line 1, column 12: there is no table 'PUBLIC.a'

> DROP TABLE IF EXISTS a
0 rows
warning 42S02: line 1, column 22: there is no table 'PUBLIC.a'

> CREATE TABLE c (a INT, A INT)
error 42S21: line 1, column 24: column A is there twice

> CREATE TABLE c (a INT, PRIMARY KEY (b))
error 42S22: the primary key names a column that c does not have

> CREATE TABLE c (a INT CHECK (a > RANDOM_UUID()))
error 42000: a CHECK depends on the row alone, not on RANDOM_UUID

> CREATE TABLE c (a INT CHECK (b > 1))
error 42000: '"b" > 1': name b cannot be used in a CHECK, a DEFAULT or a predicate of PUBLIC.c

> CREATE TABLE c (a INT REFERENCES nowhere (x))
error 42S02: line 1, column 34: there is no table 'PUBLIC.nowhere'

> CREATE TABLE nope.c (a INT)
error 3F000: line 1, column 14: there is no schema 'nope'

> CREATE TABLE sys.c (a INT)
error 42501: schema sys cannot be changed

> CREATE TABLE nokey (v INT)
0 rows

> INSERT INTO nokey VALUES (1), (1)
2 rows

> SELECT v FROM nokey
v INTEGER
1
1

> SELECT CHAR_LENGTH(_docid) FROM nokey
EXPR$0 INTEGER
59
59

> SELECT * FROM nokey n JOIN nokey m ON n.v = m.v
v INTEGER | v0 INTEGER
1 | 1
1 | 1
1 | 1
1 | 1

> CREATE VIEW vv AS SELECT v, v + 1 AS w FROM nokey
0 rows

> CREATE VIEW vv AS SELECT 1 AS x
error 42S01: line 1, column 13: there is a table or view 'PUBLIC.vv' already

> CREATE OR REPLACE VIEW vv (p, q) AS SELECT v, v + 1 FROM nokey
0 rows

> SELECT q FROM vv WHERE p = 1
q INTEGER
2
2

> CREATE VIEW bad AS SELECT nope FROM nokey
error 42S22: line 1, column 8: Column 'nope' not found in any table

> INSERT INTO vv VALUES (1, 2)
error 0A000: line 1, column 13: PUBLIC.vv is a view, not a table

> DROP VIEW vv
0 rows

> DROP VIEW vv
error 42S02: line 1, column 11: there is no view 'PUBLIC.vv'

> COMMENT ON TABLE nokey IS 'no key'
0 rows

> COMMENT ON COLUMN nokey.v IS 'a value'
0 rows

> SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, REMARKS FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'PUBLIC'
TABLE_SCHEMA VARCHAR | TABLE_NAME VARCHAR | TABLE_TYPE VARCHAR | REMARKS VARCHAR
PUBLIC | nokey | BASE TABLE | no key

> SELECT COLUMN_NAME, DATA_TYPE, REMARKS FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'nokey'
COLUMN_NAME VARCHAR | DATA_TYPE VARCHAR | REMARKS VARCHAR
v | INTEGER | a value

> ALTER TABLE nokey ADD CONSTRAINT u UNIQUE (v)
error 23505: a row of PUBLIC.nokey with the same v exists already (u)

> TRUNCATE TABLE nokey
2 rows
