-- Forms of statements that no other script has, right and wrong.

-- Transactions.

> CREATE TABLE t (id INT PRIMARY KEY, g VARCHAR(4) DEFAULT 'x', v INT)
0 rows

> BEGIN WORK
0 rows

> INSERT INTO t VALUES (1, 'a', 10)
1 row

> COMMIT WORK
0 rows

> BEGIN TRANSACTION
0 rows

> INSERT INTO t VALUES (2, 'b', 20)
1 row

> ROLLBACK TRANSACTION
0 rows

> BEGIN READ ONLY
0 rows

> INSERT INTO t VALUES (2, 'b', 20)
error 25006: the transaction is read only

> ROLLBACK WORK
0 rows

> START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE
0 rows

> INSERT INTO t VALUES (2, 'b', 20)
1 row

> SAVEPOINT one
0 rows

> UPDATE t SET v = 0
2 rows

> ROLLBACK TO one
0 rows

> RELEASE one
0 rows

> ROLLBACK TO SAVEPOINT one
error 3B001: there is no savepoint 'one'

> COMMIT TRANSACTION
0 rows

> BEGIN WORK WORK
error 42601: line 1, column 12: unexpected "WORK"; expected one of ISOLATION, READ, the end

> COMMIT AND CHAIN
error 42601: line 1, column 8: unexpected "AND"; expected one of TRANSACTION, WORK, the end

> ROLLBACK TO
error 42601: line 1, column 11: the statement ends too early; expected one of SAVEPOINT, a name

> START TRANSACTION READ
error 42601: line 1, column 22: the statement ends too early; expected one of ONLY, WRITE

> SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY
0 rows

> DELETE FROM t
error 25006: the transaction is read only

> SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE, ISOLATION LEVEL READ COMMITTED
0 rows

> SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE
error 0A000: SERIALIZABLE is not offered; REPEATABLE READ is the strongest level

> SET SESSION CHARACTERISTICS AS READ ONLY
error 42601: line 1, column 32: unexpected "READ"; expected TRANSACTION

> SET TRANSACTION READ ONLY, READ
error 42601: line 1, column 31: the statement ends too early; expected one of ONLY, WRITE

-- Settings.

> SET lock_timeout TO 2000
0 rows

> SET lock_timeout = DEFAULT
0 rows

> SET lock_timeout TO 'soon'
error 22023: lock_timeout is a number from 0 to 2147483647 (ms that a write waits for another local writer), not 'soon'

> SET no_such_setting TO 1
error 42704: there is no setting 'no_such_setting'; there are lock_timeout, statement_timeout, idle_timeout, query_memory, node_number, auto_create

> SET lock_timeout
error 42601: line 1, column 16: the statement ends too early; expected one of =, TO

-- EXPLAIN.

> EXPLAIN PLAN FOR SELECT g FROM t WHERE id = 1
PLAN VARCHAR
short: key lookup of PUBLIC.t

> EXPLAIN INSERT INTO t VALUES (9, 'z', 1)
PLAN VARCHAR
INSERT short: 1 rows into PUBLIC.t

> EXPLAIN DELETE FROM t WHERE v = 1
PLAN VARCHAR
DELETE short: scan of PUBLIC.t, filtered

> EXPLAIN UPDATE t SET v = 1 WHERE id = 1
PLAN VARCHAR
UPDATE short: key lookup of PUBLIC.t

> EXPLAIN CREATE TABLE u (id INT)
error 42601: line 1, column 9: unexpected "CREATE", which is a reserved word (as a name it needs quotes); expected an expression

> EXPLAIN PLAN SELECT 1
error 42601: line 1, column 9: a statement or a query is expected

-- Definitions.

> CREATE TABLE u (id INT PRIMARY KEY, top INT MERGE MAX, low DECIMAL(6,2) MERGE MIN, t_id INT REFERENCES t)
0 rows

> INSERT INTO u VALUES (1, 5, 2.50, 1)
1 row

> UPDATE u SET top = 3, low = 3
1 row
warning 01000: column top keeps its greatest value, which stays 5
warning 01000: column low keeps its least value, which stays 2.50

> UPDATE u SET top = 5, low = 2.5
1 row

> SELECT * FROM u
id INTEGER | top INTEGER | low DECIMAL | t_id INTEGER
1 | 5 | 2.50 | 1

> CREATE TABLE w (id INT PRIMARY KEY, tags VARCHAR MERGE SET)
error 0A000: line 1, column 37: MERGE SET is not supported yet

> CREATE TABLE w (id INT PRIMARY KEY MERGE MAX)
error 42000: line 1, column 17: a key column never changes and has no MERGE

> CREATE TABLE w (id INT PRIMARY KEY, t_id INT REFERENCES t ON DELETE CASCADE)
error 0A000: foreign keys only refuse (NO ACTION, RESTRICT): a cascade would meet rows that other nodes write at the same time

> CREATE TABLE w (id INT PRIMARY KEY, t_id INT REFERENCES t ON DELETE RESTRICT ON UPDATE NO ACTION)
0 rows

> DROP TABLE w, u
0 rows

> DROP TABLE w
error 42S02: line 1, column 12: there is no table 'PUBLIC.w'

> DROP TABLE IF EXISTS w, u
0 rows
warning 42S02: line 1, column 22: there is no table 'PUBLIC.w'
warning 42S02: line 1, column 25: there is no table 'PUBLIC.u'

> ALTER TABLE t ALTER COLUMN g DROP DEFAULT
0 rows

> INSERT INTO t (id) VALUES (3)
1 row

> INSERT INTO t DEFAULT VALUES
error 23502: column id of PUBLIC.t must not be NULL

> CREATE OR REPLACE VIEW tv AS SELECT id, v FROM t
0 rows

> CREATE OR REPLACE VIEW tv AS SELECT id FROM t
0 rows

> SELECT * FROM tv ORDER BY id
id INTEGER
1
2
3

> CREATE VIEW tv AS SELECT 1
error 42S01: line 1, column 13: there is a table or view 'PUBLIC.tv' already

> CREATE OR REPLACE TABLE t (id INT)
error 42601: line 1, column 19: unexpected "TABLE"; expected VIEW

> CHECK DATABASE NOW
error 42601: line 1, column 16: unexpected "NOW"; expected the end

> BACKUP
error 42601: line 1, column 6: the statement ends too early; expected TO

> BACKUP TO 'somewhere'
error 0A000: BACKUP TO writes below the root directory, and a database in memory has none

-- Rights.

> CREATE USER reader1 PASSWORD 'secret-enough' ROLE READER
0 rows

> GRANT ALL ON t TO reader1
0 rows

> GRANT ALL PRIVILEGES ON TABLE t TO reader1
0 rows

> REVOKE ALL ON t FROM reader1
0 rows
warning 01000: reader1 is READER, which gives this on every table: GUEST has what is granted only

> GRANT ALTER ON t TO reader1
error 0A000: line 1, column 21: a user who is to change definitions has the role WRITER

> GRANT SELECT ON * TO PEER ANY
0 rows

> REVOKE SELECT ON * FROM PEER ANY
0 rows

> GRANT INSERT ON t TO PEER ANY
error 0A000: INSERT, UPDATE and DELETE go together: inserting a key that exists changes its row

> GRANT SELECT ON t TO PEER 'nobody'
error 22023: 'nobody' is not a Peer ID: expected one such as 12D3KooW… (malformed Peer ID 'nobody': expected a base58btc Peer ID like 12D3KooW… or Qm…, or a CIDv1 of codec libp2p-key (no CID: 'nobody': multibase prefix 'n', expected one of b B f F k u z))

> GRANT SELECT ON t
error 42601: line 1, column 17: the statement ends too early; expected one of ,, ., TO

> GRANT NOTHING ON t TO reader1
error 42601: line 1, column 7: unexpected "NOTHING"; expected one of ALL, ALTER, DELETE, INSERT, SELECT, UPDATE, a role

> DROP USER reader1
0 rows

> DROP USER reader1
error 42704: line 1, column 11: there is no user 'reader1'

-- Queries.

> SELECT id FROM t ORDER BY id LIMIT 1 OFFSET 1
id INTEGER
2

> SELECT id FROM t ORDER BY id OFFSET 1 ROW FETCH NEXT 1 ROW ONLY
id INTEGER
2

> SELECT id FROM t ORDER BY id FETCH FIRST 2 ROWS ONLY
id INTEGER
1
2

> SELECT id FROM t ORDER BY id LIMIT -1
error 42601: line 1, column 36: unexpected "-"; expected one of ?, ALL, DECIMAL, a number

> SELECT id, g FROM t ORDER BY g NULLS FIRST, id
id INTEGER | g VARCHAR
3 | NULL
1 | a
2 | b

> SELECT id, g FROM t ORDER BY g DESC NULLS LAST, id
id INTEGER | g VARCHAR
2 | b
1 | a
3 | NULL

> SELECT g, COUNT(*) FROM t GROUP BY GROUPING SETS ((g), ()) ORDER BY g
g VARCHAR | EXPR$1 BIGINT
a | 1
b | 1
NULL | 3
NULL | 1

> SELECT g, v, COUNT(*) FROM t GROUP BY CUBE (g, v) ORDER BY g, v, 3
g VARCHAR | v INTEGER | EXPR$2 BIGINT
a | 10 | 1
a | NULL | 1
b | 20 | 1
b | NULL | 1
NULL | 10 | 1
NULL | 20 | 1
NULL | NULL | 1
NULL | NULL | 1
NULL | NULL | 1
NULL | NULL | 3

> SELECT g, COUNT(*) FROM t GROUP BY GROUPING SETS
error 42601: line 1, column 48: the statement ends too early; expected (

> SELECT t.id, x.n FROM t, LATERAL (SELECT COUNT(*) AS n FROM t AS s WHERE s.id < t.id) AS x ORDER BY 1
id INTEGER | n BIGINT
1 | 0
2 | 1
3 | 2

> SELECT id FROM t INTERSECT SELECT 2 UNION ALL SELECT 7 EXCEPT SELECT 8
id INTEGER
2
7

> SELECT id FROM t INTERSECT SELECT 1, 2
error 42000: line 1, column 35: Column count mismatch in INTERSECT

> SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM t QUALIFY n = 2
id INTEGER | n BIGINT
2 | 2

> SELECT id FROM t WHERE g SIMILAR TO '(a|b)%' ORDER BY id
id INTEGER
1
2

> SELECT * FROM (SELECT g, v FROM t) PIVOT (SUM(v) FOR g IN ('a', 'b'))
'a' BIGINT | 'b' BIGINT
10 | 20

> SELECT COUNT(*) FROM t TABLESAMPLE BERNOULLI(100)
EXPR$0 BIGINT
3

> SELECT DISTINCT ON (g) id FROM t
error 42601: line 1, column 17: unexpected "ON", which is a reserved word (as a name it needs quotes); expected an expression

> SELECT id FROM t FOR UPDATE NOWAIT
id INTEGER
1
2
3

> SELECT id FROM t FOR SHARE
error 42601: line 1, column 22: unexpected "SHARE"; expected one of SYSTEM_TIME, UPDATE

> SELECT * FROM t ASOF JOIN t AS s MATCH_CONDITION s.id <= t.id ON s.g = t.g ORDER BY t.id
error 0A000: line 1, column 27: ASOF JOIN is not offered: expected JOIN LATERAL (SELECT … ORDER BY … DESC LIMIT 1) AS x ON TRUE

> LOCK TABLE t
error 42601: line 1, column 1: a statement or a query is expected

> INSERT INTO t VALUES (4, 'd', 1) RETURNING id
error 42601: line 1, column 34: unexpected "RETURNING"; expected one of ,, EXCEPT, FETCH, INTERSECT, LIMIT, MINUS, OFFSET, ORDER, UNION, the end

> { call subscribe_collection('t') }
error 0A000: the network of this node is off; open it with p2p=true

> { call nothing('t') }
error 42883: line 1, column 8: there is no procedure 'nothing'; there are set_replicator, delete_replicator, adopt_collection, connect, disconnect, subscribe_collection, unsubscribe_collection, sync_collection, subscribe_document, unsubscribe_document, sync_document, repair_clock, wait_for_sync
