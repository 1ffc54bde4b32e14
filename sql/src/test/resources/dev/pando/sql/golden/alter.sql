-- ALTER TABLE, whole.

> CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(5), n BIGINT COUNTER)
0 rows

> INSERT INTO t (id, a, b) VALUES (1, 1, 'one'), (2, NULL, 'two')
2 rows

> ALTER TABLE t ADD COLUMN c INT DEFAULT 7 NOT NULL
0 rows

> SELECT id, c FROM t
id INTEGER | c INTEGER
1 | 7
2 | 7

> INSERT INTO t (id) VALUES (3)
1 row

> SELECT id, c FROM t WHERE id = 3
id INTEGER | c INTEGER
3 | 7

> ALTER TABLE t ADD COLUMN IF NOT EXISTS c INT
0 rows
warning 42S21: column c of PUBLIC.t exists already

> ALTER TABLE t ADD d INT UNIQUE CHECK (d > 0)
0 rows

> UPDATE t SET d = 1 WHERE id = 1
1 row

> UPDATE t SET d = 1 WHERE id = 2
error 23505: a row of PUBLIC.t with the same d exists already (t_d_key)

> UPDATE t SET d = 0 WHERE id = 2
error 23514: the row breaks CHECK t_1_check ("d" > 0) of PUBLIC.t

> ALTER TABLE t ALTER COLUMN a SET NOT NULL
error 23502: column a of PUBLIC.t must not be NULL

> UPDATE t SET a = 2 WHERE id > 1
2 rows

> ALTER TABLE t ALTER COLUMN a SET NOT NULL
0 rows

> UPDATE t SET a = NULL WHERE id = 1
error 23502: column a of PUBLIC.t must not be NULL

> ALTER TABLE t ALTER a DROP NOT NULL
0 rows

> UPDATE t SET a = NULL WHERE id = 1
1 row

> ALTER TABLE t ALTER n DROP NOT NULL
error 42000: line 1, column 21: column n cannot be NULL

> ALTER TABLE t ALTER id DROP NOT NULL
error 42000: line 1, column 21: column id cannot be NULL

> ALTER TABLE t ALTER b SET DEFAULT 'none'
0 rows

> INSERT INTO t (id) VALUES (4)
1 row

> SELECT b FROM t WHERE id = 4
b VARCHAR
none

> ALTER TABLE t ALTER b DROP DEFAULT
0 rows

> ALTER TABLE t ALTER b SET DEFAULT 5 + (SELECT 1)
error 42000: a DEFAULT is a constant, CURRENT_TIMESTAMP, CURRENT_DATE or RANDOM_UUID(): 5 + (SELECT 1)

> ALTER TABLE t ALTER nope SET DEFAULT 1
error 42S22: line 1, column 21: there is no column 'nope' in PUBLIC.t

> INSERT INTO t (id, b) VALUES (5, 'longer')
error 22001: b: a text of 6 characters does not fit VARCHAR(5)

> ALTER TABLE t ALTER b SET DATA TYPE VARCHAR(10)
0 rows

> INSERT INTO t (id, b) VALUES (5, 'longer')
1 row

> ALTER TABLE t ALTER a TYPE BIGINT
0 rows

> SELECT DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 't' AND COLUMN_NAME = 'a'
DATA_TYPE VARCHAR
BIGINT

> ALTER TABLE t ALTER b TYPE INT
error 0A000: column b is VARCHAR(10) and cannot become INTEGER, whose values are stored otherwise: add a column of that type, copy, and drop this one

> ALTER TABLE t ALTER b TYPE VARCHAR(3)
error 0A000: column b is VARCHAR(10) and cannot become VARCHAR(3): peers may hold values that would not fit

> ALTER TABLE t ADD CONSTRAINT small CHECK (a < 10)
0 rows

> UPDATE t SET a = 11 WHERE id = 1
error 23514: the row breaks CHECK small ("a" < 10) of PUBLIC.t

> ALTER TABLE t ADD CHECK (a > 100)
error 23514: the row breaks CHECK t_3_check ("a" > 100) of PUBLIC.t

> ALTER TABLE t DROP CONSTRAINT small
0 rows

> UPDATE t SET a = 11 WHERE id = 1
1 row

> ALTER TABLE t DROP CONSTRAINT small
error 42704: line 1, column 31: there is no constraint 'small' in PUBLIC.t that can be dropped

> ALTER TABLE t DROP CONSTRAINT IF EXISTS small
0 rows
warning 42704: there is no constraint 'small' in PUBLIC.t

> ALTER TABLE t ADD UNIQUE (b, nope)
error 42S22: line 1, column 30: there is no column 'nope' in t

> ALTER TABLE t ADD CONSTRAINT ub UNIQUE (b)
0 rows

> SELECT CONSTRAINT_NAME, CONSTRAINT_TYPE FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE TABLE_NAME = 't' ORDER BY 1
CONSTRAINT_NAME VARCHAR | CONSTRAINT_TYPE VARCHAR
t_1_check | CHECK
t_d_key | UNIQUE
t_pkey | PRIMARY KEY
ub | UNIQUE

> DROP INDEX ub
error 2BP01: line 1, column 12: index ub is that of a constraint: ALTER TABLE t DROP CONSTRAINT

> INSERT INTO t (id, b) VALUES (6, 'one')
error 23505: a row of PUBLIC.t with the same b exists already (ub)

> ALTER TABLE t DROP CONSTRAINT ub
0 rows

> INSERT INTO t (id, b) VALUES (6, 'one')
1 row

> CREATE TABLE child (id INT PRIMARY KEY, t INT)
0 rows

> INSERT INTO child VALUES (1, 99)
1 row

> ALTER TABLE child ADD CONSTRAINT ft FOREIGN KEY (t) REFERENCES t (id)
error 23503: document bafyreieouoci4auglmiircbn5uj77uv2wpxlso2wqdyebuccv5cjuvsf7q of PUBLIC.child refers to a row of t that is not there (ft)

> UPDATE child SET t = 1
1 row

> ALTER TABLE child ADD CONSTRAINT ft FOREIGN KEY (t) REFERENCES t (id)
0 rows

> INSERT INTO child VALUES (2, 98)
error 23503: no row of PUBLIC.t has id = [98] (ft of PUBLIC.child)

> DROP TABLE t
error 2BP01: line 1, column 12: PUBLIC.child refers to PUBLIC.t: drop it first, or say CASCADE

> ALTER TABLE child DROP CONSTRAINT ft
0 rows

> ALTER TABLE child ADD PRIMARY KEY (t)
error 0A000: the primary key of PUBLIC.child is part of what the collection is: it is given when the table is made

> ALTER TABLE child RENAME TO kid
0 rows

> SELECT * FROM kid
id INTEGER | t INTEGER
1 | 1

> SELECT * FROM child
error 42S02: line 1, column 15: Object 'child' not found

> ALTER TABLE kid RENAME TO t
error 42S01: line 1, column 27: there is a table or view 'PUBLIC.t' already

> ALTER TABLE kid RENAME TO Kid
0 rows

> ALTER TABLE nope RENAME TO x
error 42S02: line 1, column 13: there is no table 'PUBLIC.nope'

> ALTER TABLE IF EXISTS nope ADD x INT
0 rows
warning 42S02: line 1, column 23: there is no table 'PUBLIC.nope'

> ALTER TABLE t DROP COLUMN d
0 rows

> ALTER TABLE t DROP COLUMN d
error 42S22: line 1, column 27: there is no column 'd' in PUBLIC.t

> ALTER TABLE t DROP COLUMN IF EXISTS d
0 rows
warning 42S22: there is no column 'd' in PUBLIC.t

> ALTER TABLE t RENAME COLUMN a TO aa
0 rows

> ALTER TABLE t RENAME aa TO AA
0 rows

> ALTER TABLE t RENAME COLUMN aa TO b
error 42S21: line 1, column 35: there is a column 'b' in PUBLIC.t already

> SELECT * FROM t WHERE id = 2
id INTEGER | AA BIGINT | b VARCHAR | n BIGINT | c INTEGER
2 | 2 | two | 0 | 7

> CREATE INDEX down ON t (b DESC, id)
0 rows

> SELECT id, b FROM t WHERE b >= 'o' AND b < 'p'
id INTEGER | b VARCHAR
1 | one
6 | one

> SELECT COLUMN_NAME, ORDINAL_POSITION, IS_DESCENDING FROM INFORMATION_SCHEMA.INDEX_COLUMNS WHERE INDEX_NAME = 'down' ORDER BY 2
COLUMN_NAME VARCHAR | ORDINAL_POSITION INTEGER | IS_DESCENDING BOOLEAN
b | 1 | true
id | 2 | false

> CREATE INDEX twice ON t (b, b DESC)
error 42S21: line 1, column 29: column b is named twice

> COMMENT ON COLUMN t.b IS 'a name'
0 rows

> COMMENT ON COLUMN t.nope IS 'a name'
error 42S22: line 1, column 19: there is no column 'nope' in PUBLIC.t

> COMMENT ON COLUMN b IS 'a name'
error 42601: line 1, column 19: a column is named as table.column

> COMMENT ON TABLE nope IS 'x'
error 42S02: line 1, column 18: there is no table 'PUBLIC.nope'

> SELECT REMARKS FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 't' AND COLUMN_NAME = 'b'
REMARKS VARCHAR
a name

> COMMENT ON COLUMN t.b IS NULL
0 rows

> SELECT REMARKS FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 't' AND COLUMN_NAME = 'b'
REMARKS VARCHAR
NULL

> CREATE VIEW vt AS SELECT id FROM t
0 rows

> COMMENT ON TABLE vt IS 'a view'
0 rows

> SELECT REMARKS FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'vt'
REMARKS VARCHAR
a view

> UPDATE t SET b = DEFAULT, c = DEFAULT WHERE id = 1
error 42601: line 1, column 18: unexpected "DEFAULT", which is a reserved word (as a name it needs quotes); expected an expression

> SELECT b, c FROM t WHERE id = 1
b VARCHAR | c INTEGER
one | 7

> ALTER TABLE t ADD COLUMN made INT NOT NULL
error 23502: column made of PUBLIC.t must not be NULL

> ALTER TABLE t ADD COLUMN rank_ INT DEFAULT 3
0 rows

> SELECT id, rank_ FROM t ORDER BY id
id INTEGER | rank_ INTEGER
1 | 3
2 | 3
3 | 3
4 | 3
5 | 3
6 | 3
