-- Transactions, savepoints, modes. Two sessions: the unnamed one, and b.

> CREATE TABLE t (id INT PRIMARY KEY, v INT)
0 rows

> SAVEPOINT a
error 25000: a savepoint needs a transaction: autocommit is on

> START TRANSACTION
0 rows

> INSERT INTO t VALUES (1, 1)
1 row

> SELECT * FROM t
id INTEGER | v INTEGER
1 | 1

b> SELECT * FROM t
id INTEGER | v INTEGER

> COMMIT
0 rows

b> SELECT * FROM t
id INTEGER | v INTEGER
1 | 1

> BEGIN
0 rows

> UPDATE t SET v = 2
1 row

> SAVEPOINT s1
0 rows

> UPDATE t SET v = 3
1 row

> SAVEPOINT s2
0 rows

> UPDATE t SET v = 4
1 row

> ROLLBACK TO s1
0 rows

> SELECT v FROM t
v INTEGER
2

> ROLLBACK TO SAVEPOINT s2
error 3B001: there is no savepoint 's2'

> RELEASE SAVEPOINT s1
0 rows

> ROLLBACK TO s1
error 3B001: there is no savepoint 's1'

> INSERT INTO t VALUES (2, 2), (1, 9)
error 23505: a row with id = 1 exists already in PUBLIC.t

> SELECT * FROM t
id INTEGER | v INTEGER
1 | 2

> ROLLBACK
0 rows

> SELECT * FROM t
id INTEGER | v INTEGER
1 | 1

> SET autocommit = off
0 rows

> INSERT INTO t VALUES (3, 3)
1 row

> ROLLBACK
0 rows

> SELECT count(*) FROM t
EXPR$0 BIGINT
1

> SET autocommit = on
0 rows

> START TRANSACTION READ ONLY
0 rows

> INSERT INTO t VALUES (4, 4)
error 25006: the transaction is read only

> COMMIT
0 rows

> SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
error 0A000: SERIALIZABLE is not offered; REPEATABLE READ is the strongest level

> SET TRANSACTION ISOLATION LEVEL REPEATABLE READ
0 rows

> BEGIN
0 rows

> BEGIN
error 25001: a transaction is open: commit or roll back first

> SET TRANSACTION READ ONLY
error 25001: a transaction is open: commit or roll back first

> COMMIT
0 rows

> SELECT * FROM t FOR UPDATE
id INTEGER | v INTEGER
1 | 1

> SELECT v FROM t WHERE id = 1 FOR UPDATE NOWAIT
v INTEGER
1

> SELECT count(*) FROM t FOR UPDATE
error 0A000: FOR UPDATE locks the rows of one table; the query groups

> SET lock_timeout = 100
0 rows

> SET lock_timeout = 'soon'
error 22023: lock_timeout is a number from 0 to 2147483647 (ms that a write waits for another local writer), not 'soon'

> SET nonsense = 1
error 42704: there is no setting 'nonsense'; there are lock_timeout, statement_timeout, idle_timeout, query_memory, node_number, auto_create

> COMMIT
0 rows

> ROLLBACK
0 rows

> ROLLBACK
0 rows

> CREATE TABLE jobs (id INT PRIMARY KEY, state VARCHAR, prio INT)
0 rows

> INSERT INTO jobs VALUES (1, 'new', 2), (2, 'new', 9), (3, 'done', 5)
3 rows

> SET autocommit = off
0 rows

> SELECT id FROM jobs WHERE state = 'new' ORDER BY prio DESC LIMIT 1 FOR UPDATE
id INTEGER
2

> SELECT j.id + 1 AS n FROM jobs AS j WHERE id = 2 FOR UPDATE NOWAIT
n INTEGER
3

other> SELECT id FROM jobs WHERE id = 2 FOR UPDATE NOWAIT
error HYT00: waited 0 ms for a row that another transaction has locked

other> SELECT id FROM jobs WHERE id = 1 FOR UPDATE NOWAIT
id INTEGER
1

> COMMIT
0 rows

> SELECT count(*) FROM jobs FOR UPDATE
error 0A000: FOR UPDATE locks the rows of one table; the query groups

> SELECT state FROM jobs GROUP BY state FOR UPDATE
error 0A000: FOR UPDATE locks the rows of one table; the query groups, combines or has no table

> SELECT a.id FROM jobs AS a JOIN jobs AS b ON a.id = b.id FOR UPDATE
error 0A000: FOR UPDATE locks the rows of one table; it reads FROM

> SELECT id FROM jobs UNION SELECT 1 FOR UPDATE
error 0A000: FOR UPDATE locks the rows of one table; the query groups, combines or has no table
