package dev.pando.jdbc;

import dev.pando.sql.session.BatchResult;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.Database;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.GeneratedKeys;
import dev.pando.sql.session.Isolation;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.ScramCredentials;
import dev.pando.sql.session.ScramSha256;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import dev.pando.sql.session.SqlType;
import dev.pando.sql.session.SqlWarningInfo;
import dev.pando.sql.session.StatementKind;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database that does what its statements' texts say, to test what carries sessions and not SQL:
 * {@code ROWS n}, {@code TYPES}, {@code ECHO ? …}, {@code COUNT n}, {@code FAIL state}, {@code BLOCK} until cancelled,
 * {@code BIG n} a row of n bytes, {@code WARN}.
 */
public final class ScriptedDatabase implements Database {
    public static final List<ColumnMeta> TYPE_COLUMNS = Arrays.stream(SqlType.values())
            .filter(type -> type != SqlType.NULL && type != SqlType.OTHER)
            .map(type -> new ColumnMeta(
                    "c_" + type.name(),
                    type.name(),
                    "Things",
                    "PUBLIC",
                    type,
                    type.defaultPrecision(),
                    type.defaultScale(),
                    type == SqlType.ARRAY ? SqlType.INTEGER : null,
                    true,
                    type == SqlType.BIGINT))
            .toList();

    /** What sessions were told, in order. */
    public final List<String> log = new CopyOnWriteArrayList<>();

    /** Sessions, results and statements that were opened and not closed. */
    public final AtomicInteger sessions = new AtomicInteger();

    public final AtomicInteger results = new AtomicInteger();
    public final AtomicInteger statements = new AtomicInteger();

    /** Released when a statement blocks. */
    public final Semaphore blocked = new Semaphore(0);

    @Override
    public Session openSession(SessionUser user) {
        sessions.incrementAndGet();
        return new ScriptedSession(user);
    }

    @Override
    public ScramCredentials credentials(String userName) throws SQLException {
        return userName.equalsIgnoreCase("ada")
                ? ScramSha256.derive(new SessionUser("ada", Role.WRITER), "pencil", new byte[16], 4096)
                : null;
    }

    @Override
    public String version() {
        return "9.8.7";
    }

    @Override
    public void close() {}

    /** The value of a column of {@code TYPES}. */
    static Object sample(SqlType type) {
        return switch (type) {
            case BOOLEAN -> true;
            case TINYINT -> (byte) -7;
            case SMALLINT -> (short) -700;
            case INTEGER -> -70_000;
            case BIGINT -> Long.MIN_VALUE;
            case DECIMAL -> new BigDecimal("-12345678901234567890.1234567890");
            case REAL -> 1.5f;
            case DOUBLE -> -2.25e300;
            case CHAR, VARCHAR, CLOB -> "héllo 🌳";
            case JSON -> "{\"a\":1}";
            case BINARY, VARBINARY, BLOB -> new byte[] {0, 1, -1};
            case DATE -> LocalDate.of(1969, 12, 31);
            case TIME -> LocalTime.of(23, 59, 59, 123_456_000);
            case TIMESTAMP -> LocalDateTime.of(1960, 2, 29, 1, 2, 3, 456_789_000);
            case TIMESTAMP_WITH_TIME_ZONE -> OffsetDateTime.of(2026, 11, 1, 0, 0, 0, 1_000, ZoneOffset.UTC);
            case UUID -> UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
            case ARRAY -> Arrays.asList(1, null, 3);
            case INTERVAL -> "P1D";
            case NULL, OTHER -> throw new IllegalArgumentException();
        };
    }

    private final class ScriptedPrepared implements Prepared {
        private final String sql;
        private final int parameters;

        ScriptedPrepared(String sql) {
            this.sql = sql;
            this.parameters = (int) sql.chars().filter(c -> c == '?').count();
            statements.incrementAndGet();
        }

        @Override
        public String sql() {
            return sql;
        }

        @Override
        public StatementKind kind() {
            return columns().isEmpty() ? StatementKind.UPDATE : StatementKind.QUERY;
        }

        @Override
        public List<ParameterMeta> parameters() {
            return java.util.Collections.nCopies(parameters, new ParameterMeta(SqlType.DECIMAL, 10, 2));
        }

        @Override
        public List<ColumnMeta> columns() {
            String word = sql.split(" ")[0];
            return switch (word) {
                case "ROWS" -> List.of(ColumnMeta.of("Id", SqlType.INTEGER), ColumnMeta.of("Name", SqlType.VARCHAR));
                case "TYPES", "NULLS" -> TYPE_COLUMNS;
                case "ECHO" -> java.util.Collections.nCopies(parameters, ColumnMeta.of("v", SqlType.OTHER));
                case "BIG" -> List.of(ColumnMeta.of("b", SqlType.BLOB));
                case "CALL", "call" -> List.of(ColumnMeta.of("r", SqlType.VARCHAR));
                default -> List.of();
            };
        }

        @Override
        public void close() {
            statements.decrementAndGet();
        }
    }

    private final class ScriptedResult implements Result {
        private final List<ColumnMeta> columns;
        private final List<Object[]> rows;
        private final long count;
        private final Result keys;
        private final List<SqlWarningInfo> warnings;
        private int next;

        ScriptedResult(
                List<ColumnMeta> columns, List<Object[]> rows, long count, Result keys, List<SqlWarningInfo> warnings) {
            this.columns = columns;
            this.rows = rows;
            this.count = count;
            this.keys = keys;
            this.warnings = warnings;
            results.incrementAndGet();
        }

        @Override
        public long updateCount() {
            return count;
        }

        @Override
        public List<ColumnMeta> columns() {
            return columns;
        }

        @Override
        public List<Object[]> fetch(int rowsMax) {
            /* Short pages on purpose: only an empty one is the end. */
            int end = Math.min(rows.size(), next + Math.min(rowsMax, 7));
            List<Object[]> page = rows.subList(next, end);
            next = end;
            return page;
        }

        @Override
        public Result generatedKeys() {
            return keys;
        }

        @Override
        public List<SqlWarningInfo> warnings() {
            return warnings;
        }

        @Override
        public void close() {
            results.decrementAndGet();
        }
    }

    private final class ScriptedSession implements Session {
        private final SessionUser user;
        private final Semaphore cancelled = new Semaphore(0);
        private List<SqlWarningInfo> warnings = List.of();
        private boolean autoCommit = true;
        private boolean readOnly;
        private boolean inTransaction;
        private Isolation isolation = Isolation.READ_COMMITTED;
        private String schema = "PUBLIC";
        private boolean closed;

        ScriptedSession(SessionUser user) {
            this.user = user;
        }

        @Override
        public Prepared prepare(String sql) throws SQLException {
            if (sql.startsWith("SYNTAX")) {
                throw PandoSqlState.SYNTAX.exception("at 1:1: expected a statement");
            }
            return new ScriptedPrepared(sql);
        }

        @Override
        public Result execute(Prepared statement, Object[] parameters, ExecuteOptions options) throws SQLException {
            ScriptedPrepared prepared = (ScriptedPrepared) statement;
            if (parameters.length != prepared.parameters) {
                throw PandoSqlState.PARAMETER_COUNT.exception("expected " + prepared.parameters + " parameters");
            }
            log.add("execute " + prepared.sql);
            inTransaction = !autoCommit;
            String[] words = prepared.sql.split(" ");
            Result keys = options.generatedKeys() instanceof GeneratedKeys.None
                    ? null
                    : new ScriptedResult(
                            List.of(ColumnMeta.of("k", SqlType.BIGINT)),
                            List.<Object[]>of(new Object[] {77L}),
                            -1,
                            null,
                            List.of());
            return switch (words[0]) {
                case "ROWS" -> {
                    List<Object[]> rows = new ArrayList<>();
                    long limit = options.maxRows() == 0 ? Long.MAX_VALUE : options.maxRows();
                    for (int i = 0; i < Math.min(limit, Integer.parseInt(words[1])); i++) {
                        rows.add(new Object[] {i, i % 10 == 3 ? null : "name " + i});
                    }
                    yield rows(prepared, rows);
                }
                case "TYPES" ->
                    rows(
                            prepared,
                            List.<Object[]>of(TYPE_COLUMNS.stream()
                                    .map(column -> sample(column.type()))
                                    .toArray()));
                case "NULLS" -> rows(prepared, List.<Object[]>of(new Object[TYPE_COLUMNS.size()]));
                case "ECHO" -> rows(prepared, List.<Object[]>of(parameters));
                case "CALL", "call" ->
                    rows(prepared, List.<Object[]>of(new Object[] {prepared.sql + Arrays.toString(parameters)}));
                case "BIG" -> rows(prepared, List.<Object[]>of(new Object[] {new byte[Integer.parseInt(words[1])]}));
                case "COUNT" -> new ScriptedResult(List.of(), List.of(), Long.parseLong(words[1]), keys, List.of());
                case "WARN" -> {
                    warnings = List.of(new SqlWarningInfo("of the session", "01000"));
                    yield new ScriptedResult(
                            List.of(), List.of(), 0, keys, List.of(new SqlWarningInfo("careful", "01004")));
                }
                case "FAIL" -> throw PandoSqlState.exception("as told", words[1], null);
                case "BUG" -> throw new AssertionError("a bug");
                case "BLOCK" -> {
                    cancelled.drainPermits();
                    blocked.release();
                    cancelled.acquireUninterruptibly();
                    throw PandoSqlState.CANCELLED.exception("cancelled");
                }
                default -> throw PandoSqlState.SYNTAX.exception("unknown script " + prepared.sql);
            };
        }

        private Result rows(ScriptedPrepared prepared, List<Object[]> rows) {
            return new ScriptedResult(prepared.columns(), rows, -1, null, List.of());
        }

        @Override
        public BatchResult executeBatch(Prepared statement, List<Object[]> parameterRows, ExecuteOptions options)
                throws SQLException {
            long[] counts = new long[parameterRows.size()];
            for (int i = 0; i < counts.length; i++) {
                Object first = parameterRows.get(i)[0];
                if ("bad".equals(first)) {
                    SQLException cause = PandoSqlState.UNIQUE.exception("duplicate");
                    throw new BatchUpdateException("duplicate", "23505", 0, Arrays.copyOf(counts, i), cause);
                }
                counts[i] = i;
            }
            log.add("batch of " + counts.length);
            return new BatchResult(counts, null, List.of());
        }

        @Override
        public boolean autoCommit() {
            return autoCommit;
        }

        @Override
        public void setAutoCommit(boolean value) {
            log.add("autocommit " + value);
            autoCommit = value;
            inTransaction = false;
        }

        @Override
        public void commit() {
            log.add("commit");
            inTransaction = false;
        }

        @Override
        public void rollback() {
            log.add("rollback");
            inTransaction = false;
        }

        @Override
        public void setSavepoint(String name) {
            log.add("savepoint " + name);
        }

        @Override
        public void rollbackTo(String name) {
            log.add("rollback to " + name);
        }

        @Override
        public void releaseSavepoint(String name) {
            log.add("release " + name);
        }

        @Override
        public boolean readOnly() {
            return readOnly;
        }

        @Override
        public void setReadOnly(boolean value) {
            readOnly = value;
        }

        @Override
        public Isolation isolation() {
            return isolation;
        }

        @Override
        public void setIsolation(Isolation value) {
            isolation = value;
        }

        @Override
        public String schema() {
            return schema;
        }

        @Override
        public void setSchema(String value) throws SQLException {
            if (value.equals("nowhere")) {
                throw PandoSqlState.NO_SCHEMA.exception("there is no schema nowhere");
            }
            schema = value;
        }

        @Override
        public boolean inTransaction() {
            return inTransaction;
        }

        @Override
        public SessionUser user() {
            return user;
        }

        @Override
        public List<SqlWarningInfo> warnings() {
            return warnings;
        }

        @Override
        public void clearWarnings() {
            warnings = List.of();
        }

        @Override
        public void cancel() {
            cancelled.release();
        }

        @Override
        public boolean isValid(Duration timeout) {
            return !closed;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                sessions.decrementAndGet();
            }
        }
    }
}
