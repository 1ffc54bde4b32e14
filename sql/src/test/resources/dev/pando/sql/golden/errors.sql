-- What goes wrong, as users do it: the state, the place and what was expected.

> CREATE TABLE t (id INT PRIMARY KEY, g VARCHAR(10), v INT, d DECIMAL(10,2), f DOUBLE, ts TIMESTAMP(6), tz TIMESTAMP(6) WITH TIME ZONE, tm TIME(6), dt DATE, b BOOLEAN, u UUID, a INT ARRAY)
0 rows

> INSERT INTO t VALUES (1, 'a', 10, 1.5, 2.5, TIMESTAMP '2026-11-22 10:20:30.123456', '2026-11-22 10:20:30.123456Z', TIME '10:20:30.123456', DATE '2026-11-22', TRUE, '123e4567-e89b-42d3-a456-426614174000', ARRAY[1,2])
1 row

> INSERT INTO t VALUES (2, 'b', 20, 2.5, 3.5, TIMESTAMP '2026-11-22 10:20:30.123457', '2026-11-22 10:20:30.123457Z', TIME '10:20:30.123457', DATE '2026-11-23', FALSE, NULL, ARRAY[3])
1 row

> INSERT INTO t VALUES (3, 'b', 30, 4.5, NULL, TIMESTAMP '2026-11-22 10:20:30.123457', '2026-11-22 10:20:30.123457Z', TIME '10:20:30.123457', DATE '2026-11-23', NULL, NULL, ARRAY[3])
1 row

> SELEC 1
error 42601: line 1, column 1: a statement or a query is expected

> SELECT id g v FROM t
error 42601: line 1, column 13: unexpected "v"; expected one of ,, EXCEPT, FETCH, FOR, FROM, INTERSECT, LIMIT, MINUS, OFFSET, ORDER, UNION, the end

> SELECT id,, g FROM t
error 42601: line 1, column 11: unexpected ","; expected an expression

> SELECT id FROM t WHERE
error 42601: line 1, column 22: the statement ends too early; expected an expression

> SELECT FROM t
error 42601: line 1, column 8: unexpected "FROM", which is a reserved word (as a name it needs quotes); expected an expression

> SELECT * FORM t
error 42601: line 1, column 15: unexpected "t"; expected one of ,, EXCEPT, FETCH, FOR, FROM, INTERSECT, LIMIT, MINUS, OFFSET, ORDER, UNION, the end

> SELECT * FROM t WHERE id == 1
error 42601: line 1, column 27: unexpected "="; expected an expression

> SELECT * FROM t WHERE id = 'x'
error 22018: CAST: 'x' is not an INTEGER

> SELECT * FROM t WHERE nosuch = 1
error 42S22: line 1, column 23: Column 'nosuch' not found in any table

> SELECT t2.id FROM t
error 42S02: line 1, column 8: Table 't2' not found

> SELECT * FROM nosuch
error 42S02: line 1, column 15: Object 'nosuch' not found

> SELECT * FROM nosuch.t
error 3F000: line 1, column 15: there is no schema 'nosuch'

> SELECT * FROM tt
error 42S02: line 1, column 15: Object 'tt' not found

> SELECT id FROM t AS a, t AS b
error 42702: line 1, column 8: Column 'id' is ambiguous

> SELECT * FROM t AS a JOIN t AS b ON id = id
error 42702: line 1, column 37: Column 'id' is ambiguous

> SELECT * FROM t WHERE SUM(v) > 1
error 42000: line 1, column 23: Aggregate expression is illegal in WHERE clause

> SELECT g, SUM(v) FROM t
error 42000: line 1, column 8: Expression 'g' is not being grouped

> SELECT g, v FROM t GROUP BY g
error 42000: line 1, column 11: Expression 'v' is not being grouped

> SELECT SUM(SUM(v)) FROM t
error 42000: line 1, column 8: Aggregate expressions cannot be nested

> SELECT * FROM t HAVING v > 1
error 42000: line 1, column 8: Expression 't.id' is not being grouped

> SELECT UPPER(1, 2) FROM t
error 42883: line 1, column 8: Invalid number of arguments to function 'UPPER'. Was expecting 1 arguments

> SELECT UPPER() FROM t
error 42883: line 1, column 8: Invalid number of arguments to function 'UPPER'. Was expecting 1 arguments

> SELECT NOFUNC(id) FROM t
error 42883: line 1, column 8: No match found for function signature NOFUNC(<NUMERIC>)

> SELECT UPER(g) FROM t
error 42883: line 1, column 8: No match found for function signature UPER(<CHARACTER>)

> SELECT SUBSTRING(g) FROM t
error 42601: line 1, column 19: unexpected ")"; expected one of ,, FROM, an operator

> SELECT ABS('a')
error 22018: CAST: 'a' is not a DECIMAL

> SELECT ABS(g) FROM t
error 22018: CAST: 'a' is not a DECIMAL

> SELECT g + 1 FROM t
error 22018: CAST: 'a' is not an INTEGER

> SELECT g * d FROM t
error 22018: CAST: 'a' is not a DECIMAL

> SELECT b + 1 FROM t
error 42804: line 1, column 8: Cannot apply '+' to arguments of type '<BOOLEAN> + <INTEGER>'. Supported form(s): '<NUMERIC> + <NUMERIC>', '<DATETIME_INTERVAL> + <DATETIME_INTERVAL>', '<DATETIME> + <DATETIME_INTERVAL>', '<DATETIME_INTERVAL> + <DATETIME>'

> SELECT dt + 1 FROM t
error 42804: line 1, column 8: Cannot apply '+' to arguments of type '<DATE> + <INTEGER>'. Supported form(s): '<NUMERIC> + <NUMERIC>', '<DATETIME_INTERVAL> + <DATETIME_INTERVAL>', '<DATETIME> + <DATETIME_INTERVAL>', '<DATETIME_INTERVAL> + <DATETIME>'

> SELECT ts - 1 FROM t
error 42804: line 1, column 8: Cannot apply '-' to arguments of type '<TIMESTAMP(6)> - <INTEGER>'. Supported form(s): '<NUMERIC> - <NUMERIC>', '<DATETIME_INTERVAL> - <DATETIME_INTERVAL>', '<DATETIME> - <DATETIME_INTERVAL>'

> SELECT 1/0
error 22012: division by zero

> SELECT id/0 FROM t
error 22012: division by zero

> SELECT 1.0/0, f/0 FROM t
error 22012: division by zero

> SELECT MOD(id, 0) FROM t
error 22012: division by zero

> SELECT 9223372036854775807 + 1
error 22003: 9223372036854775807 + 1 is outside BIGINT

> SELECT 9223372036854775808
EXPR$0 DECIMAL
9223372036854775808

> SELECT 2147483647 + 1
error 22003: 2147483647 + 1 is outside INTEGER

> SELECT v * 2147483647 * 1000 FROM t
error 22003: 10 * 2147483647 is outside INTEGER

> SELECT CAST(300 AS TINYINT)
error 22003: CAST: 300 is outside TINYINT

> SELECT CAST('abc' AS INT)
error 22018: CAST: 'abc' is not an INTEGER

> SELECT CAST('2026-13-01' AS DATE)
error 22007: '2026-13-01' is not a date such as 2026-11-22

> SELECT DATE '2026-02-30'
error 22007: line 1, column 8: Illegal DATE literal '2026-02-30': not in format 'yyyy-MM-dd'

> SELECT TIMESTAMP '2026-01-01'
EXPR$0 TIMESTAMP
2026-01-01T00:00

> SELECT TIME '25:00:00'
error 22007: line 1, column 8: Illegal TIME literal '25:00:00': not in format 'HH:mm:ss'

> SELECT INTERVAL '1' FORTNIGHT
error 42601: line 1, column 21: unexpected "FORTNIGHT"; expected one of DAY, DAYS, HOUR, HOURS, MINUTE, MINUTES, MONTH, MONTHS, QUARTER, QUARTERS, SECOND, SECONDS, … (16 in all)

> SELECT CAST('x' AS UUID), CAST('x' AS BOOLEAN)
error 22018: CAST: 'x' is not a UUID

> SELECT CAST(b AS DATE) FROM t
error 42804: line 1, column 8: Cast function cannot convert value of type BOOLEAN to type DATE NOT NULL

> SELECT CAST(1 AS NOTYPE)
error 42704: line 1, column 18: there is no type NOTYPE

> SELECT SQRT(-1), LN(0)
error 22003: the result of POWER or SQRT is no number, or out of range

> SELECT POWER(10, 400)
error 22003: the result of POWER or SQRT is no number, or out of range

> SELECT EXP(1000)
error 22003: the result of EXP is no number, or out of range

> INSERT INTO t (id, g) VALUES (1, 'x')
error 23505: a row with id = 1 exists already in PUBLIC.t

> INSERT INTO t (id, g) VALUES (9)
error 42601: PUBLIC.t: 2 values are expected, 1 are given

> INSERT INTO t (id, g) VALUES (9, 'a', 3)
error 42601: PUBLIC.t: 2 values are expected, 3 are given

> INSERT INTO t (id, nosuch) VALUES (9, 'a')
error 42S22: line 1, column 20: there is no column 'nosuch' in PUBLIC.t

> INSERT INTO t (id, id) VALUES (9, 9)
error 42S21: line 1, column 20: column id is named twice

> INSERT INTO t VALUES (9)
error 42601: PUBLIC.t: 12 values are expected, 1 are given

> INSERT INTO t (id, g) VALUES (9, 'far too long a text')
error 22001: g: a text of 19 characters does not fit VARCHAR(10)

> INSERT INTO t (id, v) VALUES (9, 3000000000)
error 22003: v: 3000000000 is outside INTEGER

> INSERT INTO t (id, v) VALUES (9, 'x')
error 22018: v: 'x' is not an INTEGER

> INSERT INTO t (id, d) VALUES (9, 123456789012)
error 22003: d: 123456789012 is outside DECIMAL(10, 2)

> INSERT INTO t (id, dt) VALUES (9, '2026-02-31')
error 22007: '2026-02-31' is not a date such as 2026-11-22

> INSERT INTO t (id, dt) VALUES (9, 5)
error 22018: dt: '5' is not a TIMESTAMP

> INSERT INTO t (id, b) VALUES (9, 5)
error 22018: b: '5' is not a BOOLEAN

> INSERT INTO t (id, ts) VALUES (9, TRUE)
error 22018: ts: 'true' is not a TIMESTAMP

> INSERT INTO t (id, a) VALUES (9, ARRAY['x'])
error 22018: a: 'x' is not an INTEGER

> INSERT INTO t (id, a) VALUES (9, 5)
error 22018: a: '5' is not an INTEGER ARRAY

> INSERT INTO t (id, u) VALUES (9, 'nouuid')
error 22018: u: 'nouuid' is not a UUID

> INSERT INTO t (g) VALUES ('a')
error 23502: column id of PUBLIC.t must not be NULL

> INSERT INTO t (id) VALUES (NULL)
error 23502: column id of PUBLIC.t must not be NULL

> INSERT t VALUES (1)
error 42601: line 1, column 8: unexpected "t"; expected INTO

> INSERT INTO t SELECT 1, 2
error 42601: PUBLIC.t: 12 values are expected, 2 are given

> INSERT INTO nosuch VALUES (1)
error 42S02: line 1, column 13: there is no table 'PUBLIC.nosuch'

> UPDATE t SET nosuch = 1
error 42S22: line 1, column 14: there is no column 'nosuch' in PUBLIC.t

> UPDATE t SET v = 'x'
error 22018: v: 'x' is not an INTEGER

> UPDATE t SET v = 1, v = 2
error 42S21: line 1, column 21: column v is set twice

> UPDATE t SET id = 1
error 23505: a row with id = 1 exists already in PUBLIC.t

> UPDATE t SET v = SUM(v)
error 42000: an aggregate has no place in SET: expected a subquery such as (SELECT MAX(c) FROM t)

> UPDATE t v = 1
error 42601: line 1, column 12: unexpected "="; expected SET

> UPDATE t SET v = (SELECT v FROM t)
error 21000: a subquery that is a value gave more than one row

> UPDATE t SET v = nosuch + 1
error 42S22: line 1, column 18: Column 'nosuch' not found in any table

> UPDATE nosuch SET v = 1
error 42S02: line 1, column 8: there is no table 'PUBLIC.nosuch'

> DELETE t
error 42601: line 1, column 8: unexpected "t"; expected FROM

> DELETE FROM t WHERE nosuch = 1
error 42S22: line 1, column 21: Column 'nosuch' not found in any table

> DELETE FROM nosuch
error 42S02: line 1, column 13: there is no table 'PUBLIC.nosuch'

> SELECT (SELECT id FROM t)
error 21000: a subquery that is a value gave more than one row

> SELECT (SELECT id, v FROM t WHERE id = 1)
error 42804: line 1, column 8: a subquery that is a value has one column

> SELECT * FROM t WHERE id IN (SELECT id, v FROM t)
error 42804: line 1, column 23: Values passed to IN operator must have compatible types

> SELECT * FROM t WHERE id IN ('a', 1)
error 22018: CAST: 'a' is not an INTEGER

> SELECT * FROM t WHERE g = 1
error 22018: CAST: 'a' is not an INTEGER

> SELECT * FROM t WHERE b = 1
id INTEGER | g VARCHAR | v INTEGER | d DECIMAL | f DOUBLE | ts TIMESTAMP | tz TIMESTAMP_WITH_TIME_ZONE | tm TIME | dt DATE | b BOOLEAN | u UUID | a ARRAY
1 | a | 10 | 1.50 | 2.5 | 2026-11-22T10:20:30.123456 | 2026-11-22T10:20:30.123456Z | 10:20:30.123456 | 2026-11-22 | true | 123e4567-e89b-42d3-a456-426614174000 | [1, 2]

> SELECT * FROM t WHERE g
error 42804: line 1, column 23: WHERE clause must be a condition

> SELECT * FROM t WHERE v
error 42804: line 1, column 23: WHERE clause must be a condition

> SELECT * FROM t WHERE NOT v
error 42804: line 1, column 23: Cannot apply 'NOT' to arguments of type 'NOT<INTEGER>'. Supported form(s): 'NOT<BOOLEAN>'

> SELECT * FROM t ORDER BY nosuch
error 42S22: line 1, column 26: Column 'nosuch' not found in any table

> SELECT * FROM t ORDER BY 99
error 42000: line 1, column 26: Ordinal out of range

> SELECT DISTINCT g FROM t ORDER BY v
error 42000: line 1, column 35: Expression 'v' is not in the select clause

> SELECT * FROM t LIMIT 'x'
error 42601: line 1, column 23: unexpected "'x'"; expected one of ?, ALL, DECIMAL, a number

> SELECT * FROM t LIMIT -1
error 42601: line 1, column 23: unexpected "-"; expected one of ?, ALL, DECIMAL, a number

> SELECT * FROM t LIMIT 1.5
error 22023: LIMIT: a number of rows is whole and not negative, unlike 1.5

> SELECT id FROM t UNION SELECT id, v FROM t
error 42000: line 1, column 31: Column count mismatch in UNION

> SELECT id FROM t UNION SELECT ts FROM t
error 22018: CAST: '1' is not a TIMESTAMP

> SELECT CASE WHEN v THEN 1 END FROM t
error 42804: line 1, column 8: Expected a boolean type

> SELECT CASE WHEN b THEN 1 ELSE 'x' END FROM t
EXPR$0 VARCHAR
1
x
x

> SELECT COALESCE(v, 'x') FROM t
EXPR$0 VARCHAR
10
20
30

> SELECT COALESCE(ts, v) FROM t
EXPR$0 TIMESTAMP
2026-11-22T10:20:30.123456
2026-11-22T10:20:30.123457
2026-11-22T10:20:30.123457

> SELECT 'abc
error 42601: line 1, column 8: the text that begins here does not end: its second ' is missing

> SELECT "abc
error 42601: line 1, column 8: the name that begins here does not end: its second " is missing

> SELECT 'it's'
error 42601: line 1, column 13: the text that begins here does not end: its second ' is missing

> SELECT * FROM t;
id INTEGER | g VARCHAR | v INTEGER | d DECIMAL | f DOUBLE | ts TIMESTAMP | tz TIMESTAMP_WITH_TIME_ZONE | tm TIME | dt DATE | b BOOLEAN | u UUID | a ARRAY
1 | a | 10 | 1.50 | 2.5 | 2026-11-22T10:20:30.123456 | 2026-11-22T10:20:30.123456Z | 10:20:30.123456 | 2026-11-22 | true | 123e4567-e89b-42d3-a456-426614174000 | [1, 2]
2 | b | 20 | 2.50 | 3.5 | 2026-11-22T10:20:30.123457 | 2026-11-22T10:20:30.123457Z | 10:20:30.123457 | 2026-11-23 | false | NULL | [3]
3 | b | 30 | 4.50 | NULL | 2026-11-22T10:20:30.123457 | 2026-11-22T10:20:30.123457Z | 10:20:30.123457 | 2026-11-23 | NULL | NULL | [3]

> SELECT * FROM t; SELECT 1
error 42601: line 1, column 16: unexpected ";": one statement is run at a time, and this ends one; expected one of (, ,, ., AS, ASOF, CROSS, EXCEPT, EXTEND, FETCH, FOR, FULL, GROUP, … (32 in all)

> SELECT @x
error 42601: line 1, column 8: the character "@" has no meaning here

> SELECT `id` FROM t
error 42601: line 1, column 8: the character "`" has no meaning here

> SELECT [id] FROM t
error 42601: line 1, column 8: unexpected "["; expected an expression

> SELECT $1
error 42S22: line 1, column 8: Column '$1' not found in any table

> SELECT :x
error 42601: line 1, column 8: unexpected ":"; expected an expression

> SELECT /* open
error 42601: line 1, column 15: the comment that begins with /* does not end: its */ is missing

> SELECT x'0g'
error 42601: line 1, column 8: Binary literal string must contain only characters '0' - '9', 'A' - 'F'

> SELECT g LIKE 1 FROM t
EXPR$0 BOOLEAN
false
false
false

> SELECT g LIKE 'a' ESCAPE 'xx' FROM t
error 22023: ESCAPE takes one character

> SELECT EXTRACT(FOO FROM ts) FROM t
error 42000: line 1, column 16: 'FOO' is not a valid time frame

> SELECT EXTRACT(HOUR FROM dt) FROM t
EXPR$0 BIGINT
0
0
0

> SELECT EXTRACT(YEAR FROM tm) FROM t
error 42804: line 1, column 8: Cannot apply 'EXTRACT' to arguments of type 'EXTRACT(<INTERVAL YEAR> FROM <TIME(6)>)'. Supported form(s): 'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME_INTERVAL>)', 'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME>)', 'EXTRACT(<INTERVAL_DAY_TIME> FROM <INTERVAL_YEAR_MONTH>)'

> SELECT EXTRACT(YEAR FROM g) FROM t
error 42804: line 1, column 8: Cannot apply 'EXTRACT' to arguments of type 'EXTRACT(<INTERVAL YEAR> FROM <VARCHAR(10)>)'. Supported form(s): 'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME_INTERVAL>)', 'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME>)', 'EXTRACT(<INTERVAL_DAY_TIME> FROM <INTERVAL_YEAR_MONTH>)'

> SELECT DATE_TRUNC('foo', ts) FROM t
error 22023: 'FOO' is no part of a time: expected YEAR, QUARTER, MONTH, WEEK, DAY, DOW, DOY, HOUR, MINUTE, SECOND, EPOCH …

> SELECT JSON_VALUE('{', '$.a')
EXPR$0 VARCHAR
NULL

> SELECT JSON_VALUE('{"a":1}', 'a')
EXPR$0 VARCHAR
1

> SELECT ROW_NUMBER() FROM t
error 42000: line 1, column 8: OVER clause is necessary for window functions

> SELECT RANK() OVER () FROM t
error 42000: line 1, column 20: RANK or DENSE_RANK functions require ORDER BY clause in window specification

> SELECT LAG(v) FROM t
error 42000: line 1, column 8: OVER clause is necessary for window functions

> SELECT SUM(v) OVER (ORDER BY nosuch) FROM t
error 42S22: line 1, column 30: Column 'nosuch' not found in any table

> SELECT SUM(v) OVER w FROM t
error 42000: line 1, column 20: Window 'w' not found

> SELECT * FROM t WHERE ROW_NUMBER() OVER (ORDER BY id) = 1
error 42000: line 1, column 23: Windowed aggregate expression is illegal in WHERE clause

> SELECT a[1], a[0], a[9], a['x'] FROM t
error 42804: line 1, column 26: Cannot apply 'ITEM' to arguments of type 'ITEM(<INTEGER ARRAY>, <CHAR(1)>)'. Supported form(s): <ARRAY>[<INTEGER>], <MAP>[<ANY>], <ROW>[<CHARACTER>|<INTEGER>], <VARIANT>[<CHARACTER>|<INTEGER>]

> SELECT v[1] FROM t
error 42804: line 1, column 8: Cannot apply 'ITEM' to arguments of type 'ITEM(<INTEGER>, <INTEGER>)'. Supported form(s): <ARRAY>[<INTEGER>], <MAP>[<ANY>], <ROW>[<CHARACTER>|<INTEGER>], <VARIANT>[<CHARACTER>|<INTEGER>]

> SELECT t.* , nosuch.* FROM t
error 42S02: line 1, column 14: Unknown identifier 'nosuch'

> SELECT COUNT(*, 1) FROM t
error 42601: line 1, column 15: unexpected ","; expected )

> SELECT COUNT() FROM t
error 42883: line 1, column 8: Invalid number of arguments to function 'COUNT'. Was expecting 1 arguments

> SELECT SUM(g) FROM t
error 22018: CAST: 'a' is not a DECIMAL

> SELECT AVG(ts) FROM t
error 42804: line 1, column 8: Cannot apply 'AVG' to arguments of type 'AVG(<TIMESTAMP(6)>)'. Supported form(s): 'AVG(<NUMERIC>)'

> SELECT MAX(a) FROM t
EXPR$0 ARRAY
[3]

> SELECT SUM(DISTINCT *) FROM t
error 42601: line 1, column 21: unexpected "*"; expected an expression

> WITH x AS (SELECT 1) SELECT * FROM y
error 42S02: line 1, column 36: Object 'y' not found

> WITH x AS (SELECT 1), x AS (SELECT 2) SELECT * FROM x
error 42000: line 1, column 23: WITH names 'x' twice

> SELECT * FROM t AS x(a, b)
error 42000: line 1, column 22: List of column aliases must have same degree as table; table has 12 columns ('id', 'g', 'v', 'd', 'f', 'ts', 'tz', 'tm', 'dt', 'b', 'u', 'a'), whereas alias list has 2 columns

> SELECT * FROM TABLE(nosuch(1))
error 42883: line 1, column 21: No match found for function signature nosuch(<NUMERIC>)

> SELECT * FROM TABLE(history('nosuch', 'x'))
error 42S02: there is no table 'nosuch'

> SELECT * FROM TABLE(history('t', 'x'))
error 22023: 'x' is not a document id: expected a base32 CID such as bafyrei…

> SELECT * FROM t FOR SYSTEM_TIME AS OF 5
error 22023: there is no commit sequence 5: it is 0 to 4 now

> SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '1999-01-01 00:00:00'
id INTEGER | g VARCHAR | v INTEGER | d DECIMAL | f DOUBLE | ts TIMESTAMP | tz TIMESTAMP_WITH_TIME_ZONE | tm TIME | dt DATE | b BOOLEAN | u UUID | a ARRAY

> SELECT * FROM t FOR SYSTEM_TIME AS OF 'yesterday'
error 22007: 'yesterday' is not a timestamp such as 2026-11-22 10:30:00

> MERGE INTO t USING t AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET nosuch = 1
error 42S22: line 1, column 71: there is no column 'nosuch' in PUBLIC.t

> MERGE INTO t USING (VALUES (1), (1)) AS s(id) ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = 1
error 21000: MERGE finds more than one source row for a row of PUBLIC.t

> SELECT TIMESTAMP '9999-12-31 00:00:00' + INTERVAL '400000' DAY(6)
error 22003: the time is out of range: years are 1 to 9999

> SELECT OVERLAY('abc' PLACING 'x' FROM 0)
error 22011: OVERLAY begins at 1 or later, not at 0

> SELECT SUBSTRING('abc' FROM 2 FOR -1)
error 22011: a negative length of a part of a text: -1

> SELECT TRIM('ab' FROM 'abab')
EXPR$0 VARCHAR

> SELECT REPEAT('a', -1), REPEAT('a', 2000000000)
error 54000: a text of more than 16777216 characters

> SELECT LPAD('a', 2000000000, 'x')
error 54000: a text of more than 16777216 characters

> SELECT CHR(-1), CHR(1114112)
error 22003: -1 is no character

> SELECT GREATEST(1, 'a')
error 42804: line 1, column 8: Cannot infer return type for GREATEST; operand types: [INTEGER, CHAR(1)]

> SELECT NULLIF(1, 'a')
error 22018: CAST: 'a' is not an INTEGER

> SELECT 1 = 'a'
error 22018: CAST: 'a' is not an INTEGER

> SELECT 'a' BETWEEN 1 AND 2
error 22018: CAST: 'a' is not an INTEGER

> SELECT 1 IS TRUE
error 42804: line 1, column 8: Cannot apply 'IS TRUE' to arguments of type '<INTEGER> IS TRUE'. Supported form(s): '<BOOLEAN> IS TRUE'

> SELECT NOT 1
error 42804: line 1, column 8: Cannot apply 'NOT' to arguments of type 'NOT<INTEGER>'. Supported form(s): 'NOT<BOOLEAN>'

> SELECT TRUE AND 1
error 42804: line 1, column 8: Cannot apply 'AND' to arguments of type '<BOOLEAN> AND <INTEGER>'. Supported form(s): '<BOOLEAN> AND <BOOLEAN>'

> SELECT -'a'
error 22018: CAST: 'a' is not a DECIMAL

> SELECT 'a' || 1, 1 || 2
EXPR$0 VARCHAR | EXPR$1 VARCHAR
a1 | 12

> SELECT DATE '2026-01-01' - DATE '2025-01-01', DATE '2026-01-01' + INTERVAL '1' DAY
error 42804: line 1, column 8: Cannot apply '-' to arguments of type '<DATE> - <DATE>'. Supported form(s): '<NUMERIC> - <NUMERIC>', '<DATETIME_INTERVAL> - <DATETIME_INTERVAL>', '<DATETIME> - <DATETIME_INTERVAL>'

> SELECT DATE '2026-01-01' < 5
error 42804: line 1, column 8: Cannot apply '<' to arguments of type '<DATE> < <INTEGER>'. Supported form(s): '<COMPARABLE_TYPE> < <COMPARABLE_TYPE>'

> SELECT g ~ '(' FROM t
error 2201B: '(' is no regular expression: Unclosed group

> SELECT g SIMILAR TO '(' FROM t
error 2201B: '(' is no regular expression: Unclosed group

> SELECT 1 FROM t GROUP BY
error 42601: line 1, column 24: the statement ends too early; expected an expression

> SELECT * FROM t JOIN t AS s
error 42000: line 1, column 17: INNER, LEFT, RIGHT, FULL, or ASOF join requires a condition (NATURAL keyword or ON or USING clause)

> SELECT * FROM t JOIN t AS s ON
error 42601: line 1, column 30: the statement ends too early; expected an expression

> SELECT * FROM t LEFT JOIN t AS s USING (nosuch)
error 42S22: line 1, column 41: Column 'nosuch' not found in any table

> SELECT * FROM t NATURAL JOIN
error 42601: line 1, column 28: the statement ends too early; expected one of (, LATERAL, TABLE, UNNEST, a name

> SELECT * FROM t AS x, t AS x
error 42000: line 1, column 23: Duplicate relation name 'x' in FROM clause

> SELECT id FROM t ORDER
error 42601: line 1, column 22: the statement ends too early; expected BY

> SELECT id FROM t GROUP id
error 42601: line 1, column 24: unexpected "id"; expected BY

> SELECT CAST(id) FROM t
error 42601: line 1, column 15: unexpected ")"; expected one of AS, an operator

> SELECT CAST(id AS) FROM t
error 42601: line 1, column 18: unexpected ")"; expected one of ANY, BIGINT, BINARY, BLOB, BOOLEAN, CHAR, CHARACTER, CLOB, DATE, DEC, DECIMAL, DOUBLE, … (29 in all)

> SELECT (1 + 2
error 42601: line 1, column 13: the statement ends too early; expected one of ), ,, EXCEPT, FETCH, INTERSECT, LIMIT, MINUS, OFFSET, ORDER, UNION, an operator

> SELECT 1 + FROM t
error 42601: line 1, column 12: unexpected "FROM", which is a reserved word (as a name it needs quotes); expected an expression

> SELECT id FROM t WHERE id IN
error 42601: line 1, column 28: the statement ends too early; expected (

> SELECT id FROM t WHERE id IN ()
error 42601: line 1, column 31: unexpected ")"; expected an expression

> SELECT id FROM t WHERE id BETWEEN 1
error 42601: line 1, column 36: BETWEEN operator has no terminating AND

> SELECT id FROM t WHERE id LIKE
error 42601: line 1, column 30: the statement ends too early; expected an expression

> SELECT id FROM t WHERE IS NULL
error 42601: line 1, column 24: unexpected "IS", which is a reserved word (as a name it needs quotes); expected an expression

> SELECT id FROM t WHERE NOT
error 42601: line 1, column 26: the statement ends too early; expected an expression

> SELECT CASE id WHEN 1 THEN 2 FROM t
error 42601: line 1, column 30: unexpected "FROM"; expected one of ELSE, END, WHEN, an operator

> SELECT CASE END
error 42601: line 1, column 13: unexpected "END", which is a reserved word (as a name it needs quotes); expected an expression

> INSERT INTO t (id, g VALUES (1, 'x')
error 42601: line 1, column 22: unexpected "VALUES"; expected one of ), ,

> INSERT INTO t VALUES 1, 2
error 42601: PUBLIC.t: 12 values are expected, 1 are given

> INSERT INTO t (id) VALUES (1,)
error 42601: line 1, column 30: unexpected ")"; expected an expression

> INSERT t (id) VALUES (1)
error 42601: line 1, column 8: unexpected "t"; expected INTO

> UPDATE t SET
error 42601: line 1, column 12: the statement ends too early; expected a name

> UPDATE t SET v
error 42601: line 1, column 14: the statement ends too early; expected one of ., =

> UPDATE t SET v = 
error 42601: line 1, column 16: the statement ends too early; expected an expression

> UPDATE SET v = 1
error 42601: line 1, column 8: unexpected "SET", which is a reserved word (as a name it needs quotes); expected a name

> DELETE FROM
error 42601: line 1, column 11: the statement ends too early; expected a name

> DELETE * FROM t
error 42601: line 1, column 8: unexpected "*"; expected FROM

> MERGE INTO t USING t AS s
error 42601: line 1, column 25: the statement ends too early; expected one of (, MATCH_RECOGNIZE, ON, TABLESAMPLE

> CREATE TABLE
error 42601: line 1, column 12: the statement ends too early; expected a name

> CREATE TABLE x
error 42601: line 1, column 14: the statement ends too early; expected one of (, ., AS

> CREATE TABLE x ()
error 42601: line 1, column 17: unexpected ")"; expected one of CHECK, CONSTRAINT, FOREIGN, PRIMARY, UNIQUE, a name

> CREATE TABLE x (id)
error 42601: line 1, column 19: the statement ends too early; expected AS

> CREATE TABLE x (id INT,)
error 42601: line 1, column 24: unexpected ")"; expected one of CHECK, CONSTRAINT, FOREIGN, PRIMARY, UNIQUE, a name

> CREATE TABLE x (id INT PRIMARY)
error 42601: line 1, column 31: unexpected ")"; expected KEY

> CREATE TABLE x (id INT PRIMARY KEY PRIMARY KEY)
error 42000: a table has one primary key

> CREATE TABLE x (id INT, id INT)
error 42S21: line 1, column 25: column id is there twice

> CREATE TABLE x (id INT DEFAULT)
error 42601: line 1, column 31: unexpected ")"; expected an expression

> CREATE TABLE x (id INT DEFAULT 'x')
error 22018: DEFAULT: 'x' is not an INTEGER

> CREATE TABLE x (id INT CHECK (nosuch > 1))
error 42000: '"nosuch" > 1': name nosuch cannot be used in a CHECK, a DEFAULT or a predicate of PUBLIC.x

> CREATE TABLE x (id INT CHECK (id))
0 rows

> CREATE TABLE x (id INT REFERENCES nosuch)
error 42S01: line 1, column 14: there is a table 'PUBLIC.x' already

> CREATE TABLE x (id INT REFERENCES t (nosuch))
error 42S01: line 1, column 14: there is a table 'PUBLIC.x' already

> CREATE TABLE x (id INT, PRIMARY KEY (nosuch))
error 42S01: line 1, column 14: there is a table 'PUBLIC.x' already

> CREATE TABLE x (id BIGINT IDENTITY(INCREMENT BY 5))
error 42601: line 1, column 50: the numbers of an IDENTITY column have no INCREMENT, as no other node is asked for them; a client that counts on by itself takes CREATE SEQUENCE … INCREMENT BY 5

> CREATE TABLE x (id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 2))
error 42601: line 1, column 84: the numbers of an IDENTITY column have no INCREMENT, as no other node is asked for them; a client that counts on by itself takes CREATE SEQUENCE … INCREMENT BY 2

> CREATE TABLE t (id INT)
error 42S01: line 1, column 14: there is a table 'PUBLIC.t' already

> CREATE TABLE nosuch.x (id INT)
error 3F000: line 1, column 14: there is no schema 'nosuch'

> CREATE TABLE sys.x (id INT)
error 42501: schema sys cannot be changed

> CREATE INDEX i ON nosuch (v)
error 42S02: line 1, column 19: there is no table 'PUBLIC.nosuch'

> CREATE INDEX i ON t (nosuch)
error 42S22: line 1, column 22: there is no column 'nosuch' in PUBLIC.t

> CREATE INDEX i ON t
error 42601: line 1, column 19: the statement ends too early; expected one of (, .

> CREATE VIEW v
error 42601: line 1, column 13: the statement ends too early; expected one of (, ., AS

> CREATE VIEW v AS
error 42601: line 1, column 16: the statement ends too early; expected an expression

> CREATE VIEW v AS SELECT nosuch FROM t
error 42S22: line 1, column 8: Column 'nosuch' not found in any table

> CREATE VIEW v (a, b) AS SELECT 1
error 42000: line 1, column 34: List of column aliases must have same degree as table; table has 1 columns ('EXPR$0'), whereas alias list has 2 columns

> CREATE THING x
error 42601: line 1, column 8: unexpected "THING"; expected one of INDEX, LOCAL, OR, SCHEMA, SEQUENCE, TABLE, UNIQUE, USER, VIEW

> ALTER TABLE t
error 42601: line 1, column 13: the statement ends too early; expected one of ., ADD, ALTER, DROP, RENAME

> ALTER TABLE t ADD
error 42601: line 1, column 17: the statement ends too early; expected one of CHECK, COLUMN, CONSTRAINT, FOREIGN, PRIMARY, UNIQUE, a name

> ALTER TABLE t ADD COLUMN v INT
error 42S21: line 1, column 26: there is a column 'v' in PUBLIC.t already

> ALTER TABLE t DROP COLUMN nosuch
error 42S22: line 1, column 27: there is no column 'nosuch' in PUBLIC.t

> ALTER TABLE t DROP COLUMN id
error 2BP01: line 1, column 27: column id is part of the primary key of PUBLIC.t

> ALTER TABLE t RENAME nosuch TO x
error 42S22: line 1, column 22: there is no column 'nosuch' in PUBLIC.t

> ALTER TABLE t RENAME COLUMN v TO g
error 42S21: line 1, column 34: there is a column 'g' in PUBLIC.t already

> ALTER TABLE t ALTER COLUMN v SET DATA TYPE DATE
error 0A000: column v is INTEGER and cannot become DATE, whose values are stored otherwise: add a column of that type, copy, and drop this one

> ALTER TABLE nosuch ADD x INT
error 42S02: line 1, column 13: there is no table 'PUBLIC.nosuch'

> DROP THING x
error 42601: line 1, column 6: unexpected "THING"; expected one of INDEX, SCHEMA, SEQUENCE, TABLE, USER, VIEW

> DROP TABLE nosuch
error 42S02: line 1, column 12: there is no table 'PUBLIC.nosuch'

> DROP INDEX nosuch
error 42S12: line 1, column 12: there is no index 'PUBLIC.nosuch'

> DROP VIEW nosuch
error 42S02: line 1, column 11: there is no view 'PUBLIC.nosuch'

> DROP SCHEMA nosuch
error 3F000: line 1, column 13: there is no schema 'nosuch'

> DROP SEQUENCE nosuch
error 42704: line 1, column 15: there is no sequence 'PUBLIC.nosuch'

> TRUNCATE nosuch
error 42S02: line 1, column 10: there is no table 'PUBLIC.nosuch'

> SELECT NEXT VALUE FOR nosuch
error 42704: line 1, column 23: there is no sequence 'nosuch'

> COMMENT ON TABLE nosuch IS 'x'
error 42S02: line 1, column 18: there is no table 'PUBLIC.nosuch'

> COMMENT ON TABLE t
error 42601: line 1, column 18: the statement ends too early; expected one of ., IS

> GRANT SELECT ON nosuch TO PEER ANY
error 42S02: line 1, column 17: there is no table 'PUBLIC.nosuch'

> GRANT FLY ON t TO admin
error 42601: line 1, column 7: unexpected "FLY"; expected one of ALL, ALTER, DELETE, INSERT, SELECT, UPDATE, a role

> GRANT SELECT ON t TO nobody
error 42704: line 1, column 22: there is no user 'nobody'

> SET
error 42601: line 1, column 3: the statement ends too early; expected a name

> SET nosuch = 1
error 42704: there is no setting 'nosuch'; there are lock_timeout, statement_timeout, idle_timeout, query_memory, node_number, auto_create

> CALL nosuch()
error 42883: line 1, column 6: there is no procedure 'nosuch'; there are set_replicator, delete_replicator, adopt_collection, connect, disconnect, subscribe_collection, unsubscribe_collection, sync_collection, subscribe_document, unsubscribe_document, sync_document, repair_clock, wait_for_sync

> CALL subscribe_collection()
error 42883: an argument is missing; expected subscribe_collection(collections, [open])

> CALL subscribe_collection(nosuch => 't')
error 42883: there is no argument 'nosuch'; expected subscribe_collection(collections, [open])

> EXPLAIN
error 42601: line 1, column 7: the statement ends too early; expected an expression

> EXPLAIN nosuch
error 42601: line 1, column 9: a statement or a query is expected

> SAVEPOINT
error 42601: line 1, column 9: the statement ends too early; expected a name

> RELEASE SAVEPOINT nosuch
error 3B001: there is no savepoint 'nosuch'

> SELECT id FROM t WHERE b AND
error 42601: line 1, column 28: the statement ends too early; expected an expression

> SELECT id FROM t WHERE (id = 1
error 42601: line 1, column 30: the statement ends too early; expected one of ), ,, EXCEPT, FETCH, INTERSECT, LIMIT, MINUS, OFFSET, ORDER, UNION, an operator

> SELECT id FROM t WHERE id = 1 2
error 42601: line 1, column 31: unexpected "2"; expected one of EXCEPT, FETCH, FOR, GROUP, HAVING, INTERSECT, LIMIT, MINUS, OFFSET, ORDER, QUALIFY, UNION, … (15 in all)

> SELECT id x y FROM t
error 42601: line 1, column 13: unexpected "y"; expected one of ,, EXCEPT, FETCH, FOR, FROM, INTERSECT, LIMIT, MINUS, OFFSET, ORDER, UNION, the end

> SELECT id FROM t GROUP BY id HAVING
error 42601: line 1, column 35: the statement ends too early; expected an expression
