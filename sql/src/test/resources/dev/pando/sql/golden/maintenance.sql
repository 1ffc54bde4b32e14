-- Looking after a node.

> CREATE TABLE t (id INT PRIMARY KEY)
0 rows

> INSERT INTO t VALUES (1)
1 row

> CHECK
error 42601: line 1, column 5: the statement ends too early; expected DATABASE

> COMPACT DATABASE
segments BIGINT | blocks BIGINT | bytes_before BIGINT | bytes_after BIGINT
0 | 0 | 0 | 0

> BACKUP TO 'monday'
error 0A000: BACKUP TO writes below the root directory, and a database in memory has none

> BACKUP TO monday
error 42601: line 1, column 11: unexpected "monday"; expected a text

> SELECT name, setting, default_setting FROM sys.settings WHERE name <> 'node_number' ORDER BY name
name VARCHAR | setting VARCHAR | default_setting VARCHAR
auto_create | 0 | 0
idle_timeout | 0 | 0
lock_timeout | 10000 | 10000
query_memory | 0 | 0
statement_timeout | 0 | 0

> ALTER SYSTEM SET lock_timeout = 50
0 rows

> SELECT setting FROM sys.settings WHERE name = 'lock_timeout'
setting VARCHAR
50

> ALTER SYSTEM SET lock_timeout = DEFAULT
0 rows

> SELECT setting FROM sys.settings WHERE name = 'lock_timeout'
setting VARCHAR
10000

> ALTER SYSTEM SET lock_timeout = -1
error 22023: lock_timeout is a number from 0 to 2147483647 (ms that a write waits for another local writer), not '-1'

> ALTER SYSTEM SET lock_timeout = 'soon'
error 22023: lock_timeout is a number from 0 to 2147483647 (ms that a write waits for another local writer), not 'soon'

> ALTER SYSTEM SET no_such_thing = 1
error 42704: line 1, column 18: there is no setting 'no_such_thing'; there are lock_timeout, statement_timeout, idle_timeout, query_memory, node_number, auto_create

> ALTER SYSTEM SET node_number = 77
0 rows

> SELECT node_number FROM sys.node
node_number BIGINT
77

> ALTER SYSTEM SET node_number = 16384
error 22023: node_number is a number from 0 to 16383 (tells this node's generated keys from others'; by default from the Peer ID), not '16384'

> ALTER SYSTEM SET node_number = DEFAULT
error 22023: line 1, column 18: a node number that was set by hand stays by hand

> SET node_number = 5
error 0A000: node_number is one for the whole node: ALTER SYSTEM SET node_number

> SET lock_timeout = 20
0 rows

> SET lock_timeout = DEFAULT
0 rows

> SET nothing = 1
error 42704: there is no setting 'nothing'; there are lock_timeout, statement_timeout, idle_timeout, query_memory, node_number, auto_create
