-- Every column type: what goes in comes out, and what does not fit is refused.

> CREATE TABLE t (id INT PRIMARY KEY, b BOOLEAN, ti TINYINT, si SMALLINT, bi BIGINT, d DECIMAL(8,2), r REAL, f DOUBLE, c CHAR(5), v VARCHAR(4), cl CLOB, j JSON, vb VARBINARY(4), bl BLOB, dt DATE, tm TIME(6), ts TIMESTAMP(6), tz TIMESTAMP(3) WITH TIME ZONE, u UUID, a INT ARRAY)
0 rows

> INSERT INTO t VALUES (1, TRUE, 127, -32768, 9223372036854775807, 123456.785, 1.5, 2.25, 'ab   ', 'four', 'clob', '{"a": [1, 2]}', X'00ff', X'01', DATE '2026-11-22', TIME '10:20:30.123456', TIMESTAMP '2026-11-22 10:20:30.123456', '2026-11-22 10:20:30.123+02:00', '123e4567-e89b-42d3-a456-426614174000', ARRAY[1, 2, NULL])
1 row

> SELECT * FROM t WHERE id = 1
id INTEGER | b BOOLEAN | ti TINYINT | si SMALLINT | bi BIGINT | d DECIMAL | r REAL | f DOUBLE | c CHAR | v VARCHAR | cl CLOB | j JSON | vb VARBINARY | bl BLOB | dt DATE | tm TIME | ts TIMESTAMP | tz TIMESTAMP_WITH_TIME_ZONE | u UUID | a ARRAY
1 | true | 127 | -32768 | 9223372036854775807 | 123456.79 | 1.5 | 2.25 | ab | four | clob | {"a": [1, 2]} | x'00ff' | x'01' | 2026-11-22 | 10:20:30.123456 | 2026-11-22T10:20:30.123456 | 2026-11-22T08:20:30.123Z | 123e4567-e89b-42d3-a456-426614174000 | [1, 2, null]

> SELECT id, d, c, v, dt, ts, u FROM t ORDER BY id
id INTEGER | d DECIMAL | c VARCHAR | v VARCHAR | dt DATE | ts TIMESTAMP | u UUID
1 | 123456.79 | ab | four | 2026-11-22 | 2026-11-22T10:20:30.123456 | 123e4567-e89b-42d3-a456-426614174000

> INSERT INTO t (id, ti) VALUES (2, 128)
error 22003: ti: 128 is outside TINYINT

> INSERT INTO t (id, d) VALUES (2, 1000000)
error 22003: d: 1000000 is outside DECIMAL(8, 2)

> INSERT INTO t (id, v) VALUES (2, 'fives')
error 22001: v: a text of 5 characters does not fit VARCHAR(4)

> INSERT INTO t (id, c) VALUES (2, 'abcdef')
error 22001: c: a text of 6 characters does not fit CHAR(5)

> INSERT INTO t (id, j) VALUES (2, '{"a": ')
error 22018: j: not a JSON text: Unexpected end-of-input within/between Object entries

> INSERT INTO t (id, j) VALUES (2, '1 2')
error 22018: j: a JSON text holds exactly one value

> INSERT INTO t (id, vb) VALUES (2, X'0102030405')
error 22001: vb: 5 bytes do not fit VARBINARY(4)

> INSERT INTO t (id, dt) VALUES (2, '2026-02-30')
error 22007: '2026-02-30' is not a date such as 2026-11-22

> INSERT INTO t (id, dt) VALUES (2, 'yesterday')
error 22007: 'yesterday' is not a date such as 2026-11-22

> INSERT INTO t (id, u) VALUES (2, 'no uuid')
error 22018: u: 'no uuid' is not a UUID

> INSERT INTO t (id, b) VALUES (2, 'perhaps')
error 22018: b: 'perhaps' is not a BOOLEAN

> INSERT INTO t (id, bi) VALUES (2, 'seven')
error 22018: bi: 'seven' is not a BIGINT

> INSERT INTO t (id, ti) VALUES (2, 1.5)
1 row

> SELECT id, ti FROM t WHERE id = 2
id INTEGER | ti TINYINT
2 | 2

> INSERT INTO t (id, f) VALUES (3, 1e400)
error 22003: 1E400: 1E+400 is outside DOUBLE

> INSERT INTO t (id, f, r) VALUES (3, 1e300, 3.25e0)
1 row

> SELECT f, r FROM t WHERE id = 3
f DOUBLE | r REAL
1.0E300 | 3.25

> SELECT id FROM t WHERE u = '123e4567-e89b-42d3-a456-426614174000'
id INTEGER
1

> SELECT id FROM t WHERE dt = DATE '2026-11-22' AND ts > TIMESTAMP '2026-11-22 00:00:00'
id INTEGER
1

> SELECT id FROM t WHERE c = 'ab'
id INTEGER
1

> SELECT CAST(d AS INT), CAST(id AS VARCHAR) || '!', CAST('12' AS INT) + 1, CAST(b AS VARCHAR), CAST(dt AS VARCHAR) FROM t WHERE id = 1
EXPR$0 INTEGER | EXPR$1 VARCHAR | EXPR$2 INTEGER | EXPR$3 VARCHAR | EXPR$4 VARCHAR
123457 | 1! | 13 | TRUE | 2026-11-22

> SELECT EXTRACT(YEAR FROM dt), dt + INTERVAL '1' DAY, CAST(ts AS DATE) FROM t WHERE id = 1
EXPR$0 BIGINT | EXPR$1 DATE | EXPR$2 DATE
2026 | 2026-11-23 | 2026-11-22

> CREATE TABLE x (a DECIMAL(39,0))
error 42000: DECIMAL has 1 to 38 digits, none to all of them after the point

> CREATE TABLE x (a DECIMAL(5,6))
error 42000: DECIMAL has 1 to 38 digits, none to all of them after the point

> CREATE TABLE x (a NOTYPE)
error 42704: line 1, column 19: there is no type NOTYPE

> CREATE TABLE x (a TIMESTAMP(9))
error 42000: times have at most 6 digits of a second

> CREATE TABLE x (id INT IDENTITY PRIMARY KEY)
error 42000: line 1, column 17: an IDENTITY column is a BIGINT: its numbers are generated without asking other nodes and need 63 bits; or use UUID DEFAULT RANDOM_UUID()

> CREATE TABLE x (v VARCHAR COUNTER)
error 42000: line 1, column 17: a COUNTER is an exact number: TINYINT to BIGINT, or DECIMAL

> CREATE TABLE x (v INT MERGE SET)
error 0A000: line 1, column 17: MERGE SET is not supported yet
