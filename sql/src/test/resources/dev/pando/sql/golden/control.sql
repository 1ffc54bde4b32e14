-- Peers, replicators, rights, users.

> SELECT peer_id IS NOT NULL AS p, storage, network_enabled, trust_all FROM sys.node
p BOOLEAN | storage VARCHAR | network_enabled BOOLEAN | trust_all BOOLEAN
true | memory | false | false

> SELECT count(*) FROM sys.addresses
EXPR$0 BIGINT
0

> SELECT * FROM sys.discovery
hash_table VARCHAR | servers BIGINT | topics BIGINT | lookups BIGINT | found BIGINT | local_network BOOLEAN | found_locally BIGINT
off | 0 | 0 | 0 | 0 | false | 0

> SELECT * FROM sys.peers
peer_id VARCHAR | connected BOOLEAN | address VARCHAR | direction VARCHAR | agent VARCHAR | since TIMESTAMP_WITH_TIME_ZONE

> CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, genre VARCHAR)
0 rows

> CREATE TABLE Authors (id INT PRIMARY KEY)
0 rows

> CREATE LOCAL TABLE Mine (id INT PRIMARY KEY)
0 rows

> CALL set_replicator('Books', '12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP')
0 rows

> CALL set_replicator('Authors', '/ip4/10.0.0.1/tcp/9171/p2p/12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP', predicate => 'id > 3')
0 rows

> CALL set_replicator('Authors', '12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP', predicate => 'pages > 3')
error 42000: 'pages > 3': name pages cannot be used in a CHECK, a DEFAULT or a predicate of PUBLIC.Authors

> CALL set_replicator('Books', '12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP', documents => 'nope')
error 22023: 'nope' is not a document id: expected a base32 CID such as bafyrei…

> SELECT peer_id, table_name, address, predicate, status FROM sys.replicators ORDER BY table_name
peer_id VARCHAR | table_name VARCHAR | address VARCHAR | predicate VARCHAR | status VARCHAR
12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP | Authors | /ip4/10.0.0.1/tcp/9171/p2p/12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP | id > 3 | offline
12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP | Books | /ip4/10.0.0.1/tcp/9171/p2p/12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP | NULL | offline

> CALL delete_replicator('Books, Authors', '12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP')
0 rows

> SELECT count(*) FROM sys.replicators
EXPR$0 BIGINT
0

> CALL set_replicator('Nope', '12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP')
error 42S02: there is no table 'PUBLIC.Nope'

> CALL set_replicator('Books', '12D3KooWrong')
error 22023: '12D3KooWrong' is not a Peer ID: expected one such as 12D3KooW… (malformed Peer ID '12D3KooWrong': expected a base58btc Peer ID like 12D3KooW… or Qm…, or a CIDv1 of codec libp2p-key (not a canonical protobuf public key (Type, Data): 383dd9f8450089))

> CALL set_replicator('Books', '/ip4/10.0.0.1/tcp/9171')
error 22023: '/ip4/10.0.0.1/tcp/9171' does not say who is there: expected an address that ends with /p2p/12D3KooW…

> CALL set_replicator('Books', '/ip4/300.0.0.1/tcp/9171')
error 22023: '/ip4/300.0.0.1/tcp/9171' is not an address: expected one such as /ip4/127.0.0.1/tcp/9171/p2p/12D3KooW… (malformed address '/ip4/300.0.0.1/tcp/9171': expected an IPv4 address like 192.0.2.1, got '300.0.0.1'; expected one like /ip4/192.0.2.1/tcp/9171/p2p/12D3KooW…)

> CALL set_replicator('Books')
error 42883: an argument is missing; expected set_replicator(collections, peer, [predicate], [documents])

> CALL set_replicator('Books', NULL)
error 22023: set_replicator: peer is not NULL

> CALL set_replicator('Books', collections => 'Books')
error 42883: wrong arguments; expected set_replicator(collections, peer, [predicate], [documents])

> CALL set_replicator('Books', nope => 'Books')
error 42883: there is no argument 'nope'; expected set_replicator(collections, peer, [predicate], [documents])

> CALL connect('nowhere')
error 22023: 'nowhere' is not an address: expected one such as /ip4/127.0.0.1/tcp/9171/p2p/12D3KooW… (malformed address 'nowhere': it starts with a slash and has at most 1024 characters; expected one like /ip4/192.0.2.1/tcp/9171/p2p/12D3KooW…)

> CALL no_such_thing()
error 42883: line 1, column 6: there is no procedure 'no_such_thing'; there are set_replicator, delete_replicator, adopt_collection, connect, disconnect, subscribe_collection, unsubscribe_collection, sync_collection, subscribe_document, unsubscribe_document, sync_document, repair_clock, wait_for_sync

> CALL repair_clock()
0 rows

> CALL wait_for_sync('Books', '12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP', 0)
error 22023: there is no replicator of PUBLIC.Books to that peer

> {call disconnect('12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP')}
error 0A000: the network of this node is off; open it with p2p=true

> GRANT SELECT, INSERT, UPDATE, DELETE ON Books TO PEER '12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP'
0 rows

> GRANT SELECT ON * TO PEER ANY
0 rows

> SELECT table_name, peer_id, rights FROM sys.grants ORDER BY table_name, peer_id
table_name VARCHAR | peer_id VARCHAR | rights VARCHAR
Authors | ANY | SELECT
Books | 12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP | SELECT, INSERT, UPDATE, DELETE
Books | ANY | SELECT

> REVOKE ALL ON Books FROM PEER '12D3KooWDgeWgd5BhQQFhGCMeL9zAGnUSZJY6BRHqqpCbAhk6vaP'
0 rows

> SELECT table_name, peer_id, rights FROM sys.grants ORDER BY table_name, peer_id
table_name VARCHAR | peer_id VARCHAR | rights VARCHAR
Authors | ANY | SELECT
Books | ANY | SELECT

> GRANT INSERT ON Books TO PEER ANY
error 0A000: INSERT, UPDATE and DELETE go together: inserting a key that exists changes its row

> GRANT SELECT ON Books TO PEER 'x'
error 22023: 'x' is not a Peer ID: expected one such as 12D3KooW… (malformed Peer ID 'x': expected a base58btc Peer ID like 12D3KooW… or Qm…, or a CIDv1 of codec libp2p-key (no CID: 'x': multibase prefix 'x', expected one of b B f F k u z))

> GRANT SELECT ON Nope TO PEER ANY
error 42S02: line 1, column 17: there is no table 'PUBLIC.Nope'

> GRANT SELECT ON Books TO shop
error 42704: line 1, column 26: there is no user 'shop'

> CREATE USER shop PASSWORD 'secret'
0 rows

> CREATE USER Shop PASSWORD 'secret'
error 42710: line 1, column 13: there is a user 'Shop' already

> CREATE USER boss PASSWORD 'x' ROLE admin
0 rows

> SELECT * FROM sys.users
user_name VARCHAR | role VARCHAR
boss | ADMIN
shop | WRITER

> ALTER USER shop ROLE reader
0 rows

> ALTER USER nobody PASSWORD 'x'
error 42704: line 1, column 12: there is no user 'nobody'

> GRANT WRITER TO shop
0 rows

> SELECT role FROM sys.users WHERE user_name = 'shop'
role VARCHAR
WRITER

> REVOKE WRITER FROM shop
0 rows

> REVOKE READER FROM shop
0 rows

> GRANT SELECT, INSERT ON Books TO shop
0 rows

> GRANT ALTER ON Books TO shop
error 0A000: line 1, column 25: a user who is to change definitions has the role WRITER

> GRANT SELECT ON sys.node TO shop
error 42501: line 1, column 17: sys.node is for those with the role READER

> SELECT table_name, user_name, rights FROM sys.grants WHERE user_name IS NOT NULL
table_name VARCHAR | user_name VARCHAR | rights VARCHAR
Books | shop | SELECT, INSERT

> REVOKE INSERT ON Books FROM shop
0 rows

> GRANT READER TO shop
0 rows

> REVOKE SELECT ON Books FROM shop
0 rows
warning 01000: shop is READER, which gives this on every table: GUEST has what is granted only

> SELECT COUNT(*) FROM sys.grants WHERE user_name IS NOT NULL
EXPR$0 BIGINT
0

> REVOKE ADMIN FROM boss
error 55000: line 1, column 19: the last admin stays

> GRANT ADMIN TO nobody
error 42704: line 1, column 16: there is no user 'nobody'

> GRANT KING TO shop
error 42601: line 1, column 7: a role is expected: ADMIN, WRITER, READER or GUEST

> ALTER USER boss ROLE reader
error 55000: line 1, column 12: the last admin stays

> SELECT user_name, role FROM sys.users
user_name VARCHAR | role VARCHAR
boss | ADMIN
shop | READER

> CREATE USER empty PASSWORD ''
error 22023: a password is not empty

> DROP USER shop
0 rows

> DROP USER boss
error 55000: line 1, column 11: the last admin stays

> BACKUP TO 'x'
error 0A000: BACKUP TO writes below the root directory, and a database in memory has none

> INSERT INTO sys.node (peer_id) VALUES ('x')
error 42501: line 1, column 13: sys.node cannot be changed

> SELECT table_name, is_local, estimated_rows FROM sys.collections ORDER BY table_name
table_name VARCHAR | is_local BOOLEAN | estimated_rows BIGINT
Authors | false | 0
Books | false | 0
Mine | true | 0

-- Who may do what.

> CREATE TABLE held (id INT PRIMARY KEY)
0 rows

> CREATE VIEW seen AS SELECT id FROM held
0 rows

> CREATE USER guest1 PASSWORD 'secret-enough' ROLE GUEST
0 rows

> CREATE USER reads1 PASSWORD 'secret-enough' ROLE READER
0 rows

> GRANT SELECT, UPDATE ON held TO guest1
0 rows

> GRANT SELECT ON held TO PEER ANY
0 rows

> SELECT GRANTEE, TABLE_NAME, PRIVILEGE_TYPE, IS_GRANTABLE FROM INFORMATION_SCHEMA.TABLE_PRIVILEGES WHERE TABLE_NAME IN ('held', 'seen', 'node') AND GRANTEE IN ('admin', 'guest1', 'reads1', 'PEER ANY') ORDER BY 1, 2, 3
GRANTEE VARCHAR | TABLE_NAME VARCHAR | PRIVILEGE_TYPE VARCHAR | IS_GRANTABLE VARCHAR
PEER ANY | held | SELECT | NO
admin | held | DELETE | YES
admin | held | INSERT | YES
admin | held | SELECT | YES
admin | held | UPDATE | YES
admin | node | SELECT | YES
admin | seen | SELECT | YES
guest1 | held | SELECT | NO
guest1 | held | UPDATE | NO
reads1 | held | SELECT | NO
reads1 | node | SELECT | NO
reads1 | seen | SELECT | NO
