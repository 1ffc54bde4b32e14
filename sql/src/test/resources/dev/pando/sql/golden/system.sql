-- The schema sys: what a node tells of itself and of its collections.

> CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(10) UNIQUE, n BIGINT COUNTER, d DECIMAL(8,2) DEFAULT 1)
0 rows

> CREATE INDEX down ON t (n DESC, a)
0 rows

> INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'y')
2 rows

> UPDATE t SET a = 'z' WHERE id = 2
1 row

> SELECT table_name, column_name, ordinal, column_id, type, merge_rule, key_position, is_nullable, default_value, is_identity FROM sys.columns ORDER BY ordinal
table_name VARCHAR | column_name VARCHAR | ordinal INTEGER | column_id VARCHAR | type VARCHAR | merge_rule VARCHAR | key_position INTEGER | is_nullable BOOLEAN | default_value VARCHAR | is_identity BOOLEAN
t | id | 1 | id:int:set | INTEGER | LAST | 1 | false | NULL | false
t | a | 2 | a:text:set | VARCHAR(10) | LAST | NULL | true | NULL | false
t | n | 3 | n:int:add | BIGINT | SUM | NULL | false | 0 | false
t | d | 4 | d:dec2:set | DECIMAL(8, 2) | LAST | NULL | true | CAST(1 AS DECIMAL(8, 2)) | false

> SELECT index_name, columns, is_unique, of_constraint FROM sys.indexes ORDER BY index_name
index_name VARCHAR | columns VARCHAR | is_unique BOOLEAN | of_constraint BOOLEAN
down | n DESC, a | false | false
t_a_key | a | true | true

> SELECT table_name, documents, author = (SELECT peer_id FROM sys.node) AS mine FROM sys.commits WHERE table_name IS NOT NULL ORDER BY sequence
table_name VARCHAR | documents BIGINT | mine BOOLEAN
t | 2 | true
t | 1 | true

> SELECT count(DISTINCT document) AS documents, count(head) AS heads FROM sys.heads
documents BIGINT | heads BIGINT
2 | 2

> SELECT * FROM sys.conflicts
table_schema VARCHAR | table_name VARCHAR | document VARCHAR | column_name VARCHAR | winner VARCHAR | winner_author VARCHAR | winner_value VARCHAR | loser VARCHAR | loser_author VARCHAR | loser_value VARCHAR | conflicted_at TIMESTAMP_WITH_TIME_ZONE

> SELECT * FROM sys.constraint_violations
table_schema VARCHAR | table_name VARCHAR | document VARCHAR | constraint_name VARCHAR | sql_state VARCHAR | message VARCHAR

> SELECT * FROM sys.locks
table_schema VARCHAR | table_name VARCHAR | document VARCHAR | holder VARCHAR | waiting INTEGER

other> SET autocommit = off
0 rows

other> UPDATE t SET n = n + 1 WHERE id = 1
1 row

> SELECT table_name, CHAR_LENGTH(document) AS document, waiting FROM sys.locks WHERE document IS NOT NULL
table_name VARCHAR | document INTEGER | waiting INTEGER
t | 59 | 0

> SELECT user_name, role, default_schema, autocommit, isolation, in_transaction, statement FROM sys.sessions ORDER BY session_id
user_name VARCHAR | role VARCHAR | default_schema VARCHAR | autocommit BOOLEAN | isolation VARCHAR | in_transaction BOOLEAN | statement VARCHAR
admin | ADMIN | PUBLIC | true | READ COMMITTED | false | SELECT user_name, role, default_schema, autocommit, isolation, in_transaction, statement FROM sys.sessions ORDER BY session_id
admin | ADMIN | PUBLIC | false | READ COMMITTED | true | UPDATE t SET n = n + 1 WHERE id = 1

other> COMMIT
0 rows

> CREATE USER u PASSWORD 'secret'
0 rows

other> SELECT count(*) AS n FROM sys.sessions WHERE statement LIKE '%sec' || 'ret%'
n BIGINT
0

> SELECT name FROM sys.metrics WHERE "value" > 0 ORDER BY name
name VARCHAR
engine.commit.sequence
sql.plans.made
sql.sessions
sql.sessions.opened
sql.statements

> SELECT nope FROM sys.locks
error 42S22: line 1, column 8: Column 'nope' not found in any table

> SELECT * FROM sys.nope
error 42S02: line 1, column 15: Object 'nope' not found within 'sys'

> DELETE FROM sys.commits
error 42501: line 1, column 13: sys.commits cannot be changed

> SELECT * FROM sys.health
check_name VARCHAR | status VARCHAR | detail VARCHAR
storage | ok | memory, durability GROUP
network | off | NULL
replication | off | 0 replicators
locks | ok | 0 transactions wait for another

> EXPLAIN UPDATE t SET a = 'q' WHERE id IN (SELECT n FROM t WHERE a = 'x')
PLAN VARCHAR
UPDATE over PUBLIC.t, planned:
project [$4, _UTF-8'q']
  filter [IN(CAST($0):BIGINT NOT NULL, {
LogicalProject(n=[$2])
  LogicalFilter(condition=[=($1, _UTF-8'x')])
    PandoScan(table=[[PUBLIC, t]], columns=[[id, a, n, d, _docid]])
})]
    scan of PUBLIC.t, in key order

> EXPLAIN DELETE FROM t WHERE id = 3
PLAN VARCHAR
DELETE short: key lookup of PUBLIC.t

> EXPLAIN INSERT INTO t (id) SELECT id + 10 FROM t
PLAN VARCHAR
INSERT into PUBLIC.t of a query, planned:
project [+($0, 10)]
  scan of PUBLIC.t, in key order

> EXPLAIN MERGE INTO t USING (VALUES (1)) AS s (k) ON t.id = s.k WHEN MATCHED THEN UPDATE SET a = 'm'
PLAN VARCHAR
MERGE into PUBLIC.t, planned:
project [$5, _UTF-8'm']
  key join (left) on [=($1, $0)]
    values: 1 rows
    key lookup by id of PUBLIC.t

> EXPLAIN SELECT a FROM t ORDER BY n DESC LIMIT 1
PLAN VARCHAR
planned:
limit
  project [$1, $2]
    scan in the order of index down of PUBLIC.t

> EXPLAIN SELECT nope FROM t
error 42S22: line 1, column 16: Column 'nope' not found in any table
