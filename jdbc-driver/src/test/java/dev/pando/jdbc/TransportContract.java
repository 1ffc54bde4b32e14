package dev.pando.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.SqlType;
import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the java.sql classes do, whatever carries the session below them. */
@Timeout(60)
abstract class TransportContract {
    final ScriptedDatabase database = new ScriptedDatabase();
    private Connection connection;

    /** A new connection to {@link #database}. */
    abstract Connection connect() throws Exception;

    @BeforeEach
    void open() throws Exception {
        connection = connect();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        eventually(() -> database.sessions.get() == 0);
    }

    static void eventually(java.util.concurrent.Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.call()) {
            assertThat(System.nanoTime())
                    .as("the condition did not come true in time")
                    .isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static void assertState(String state, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.toString()).isEqualTo(state));
    }

    @Test
    void rowsComeForwardsToTheirEnd() throws Exception {
        for (int fetchSize : new int[] {0, 1, 50, 5000}) {
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(fetchSize);
                try (ResultSet rows = statement.executeQuery("ROWS 2345")) {
                    assertThat(rows.isBeforeFirst()).isTrue();
                    for (int i = 0; i < 2345; i++) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getInt("id")).isEqualTo(i);
                        assertThat(rows.getString(2)).isEqualTo(i % 10 == 3 ? null : "name " + i);
                        assertThat(rows.wasNull()).isEqualTo(i % 10 == 3);
                    }
                    assertThat(rows.next()).isFalse();
                    assertThat(rows.next()).isFalse();
                    assertThat(rows.isAfterLast()).isTrue();
                    assertState("55000", () -> rows.getInt(1));
                }
            }
        }
        connection.isValid(1);
        assertThat(database.results.get()).isZero();
        assertThat(database.statements.get())
                .as("a closed statement is not kept")
                .isLessThanOrEqualTo(4);
    }

    @Test
    void severalResultsAreOpenAtOnce() throws Exception {
        try (Statement a = connection.createStatement();
                Statement b = connection.createStatement()) {
            a.setFetchSize(10);
            b.setFetchSize(10);
            ResultSet first = a.executeQuery("ROWS 100");
            ResultSet second = b.executeQuery("ROWS 100");
            for (int i = 0; i < 100; i++) {
                assertThat(first.next() && second.next()).isTrue();
                assertThat(first.getInt(1)).isEqualTo(second.getInt(1)).isEqualTo(i);
            }
            assertThat(first.next() || second.next()).isFalse();
        }
    }

    @Test
    void everyTypeArrivesAsItWasSent() throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("TYPES")) {
            assertThat(row.next()).isTrue();
            for (ColumnMeta column : ScriptedDatabase.TYPE_COLUMNS) {
                SqlType type = column.type();
                Object sent = ScriptedDatabase.sample(type);
                if (type == SqlType.ARRAY) {
                    Array array = row.getArray(column.label());
                    assertThat(array.getBaseType()).isEqualTo(Types.INTEGER);
                    assertThat((Object[]) array.getArray()).containsExactly(1, null, 3);
                } else if (type != SqlType.BLOB && type != SqlType.CLOB) {
                    assertThat(row.getObject(column.label(), type.javaClass()))
                            .as(type.name())
                            .isEqualTo(sent);
                }
                assertThat(row.getObject(column.label())).as(type.name()).isNotNull();
            }
            assertThat(row.getBytes("c_BLOB")).containsExactly(0, 1, -1);
            assertThat(row.getClob("c_CLOB").getSubString(1, 5)).isEqualTo("héllo");
            assertThat(row.getObject("c_DATE")).isEqualTo(Date.valueOf("1969-12-31"));
            assertThat(row.getTimestamp("c_TIMESTAMP")).isEqualTo(Timestamp.valueOf("1960-02-29 01:02:03.456789"));
            assertThat(row.getString("c_DECIMAL")).isEqualTo("-12345678901234567890.1234567890");
            assertThat(row.getLong("c_BIGINT")).isEqualTo(Long.MIN_VALUE);
            assertState("22003", () -> row.getInt("c_BIGINT"));
            assertState("22003", () -> row.getLong("c_DECIMAL"));
            assertState("22018", () -> row.getInt("c_VARCHAR"));
            assertState("07006", () -> row.getInt("c_UUID"));
            assertState(PandoSqlState.NO_COLUMN.code(), () -> row.getInt("nothing"));
            assertState(PandoSqlState.NO_COLUMN.code(), () -> row.getInt(99));
        }
    }

    @Test
    void nullsOfEveryTypeArrive() throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("NULLS")) {
            assertThat(row.next()).isTrue();
            for (int i = 1; i <= ScriptedDatabase.TYPE_COLUMNS.size(); i++) {
                assertThat(row.getObject(i)).isNull();
                assertThat(row.wasNull()).isTrue();
                assertThat(row.getInt(i)).isZero();
                assertThat(row.getString(i)).isNull();
            }
        }
    }

    @Test
    void columnsDescribeThemselves() throws Exception {
        try (PreparedStatement statement = connection.prepareStatement("TYPES")) {
            ResultSetMetaData before = statement.getMetaData();
            ResultSetMetaData after = statement.executeQuery().getMetaData();
            for (ResultSetMetaData meta : List.of(before, after)) {
                assertThat(meta.getColumnCount()).isEqualTo(ScriptedDatabase.TYPE_COLUMNS.size());
                for (int i = 1; i <= meta.getColumnCount(); i++) {
                    ColumnMeta column = ScriptedDatabase.TYPE_COLUMNS.get(i - 1);
                    assertThat(meta.getColumnLabel(i)).isEqualTo(column.label());
                    assertThat(meta.getColumnName(i)).isEqualTo(column.name());
                    assertThat(meta.getTableName(i)).isEqualTo("Things");
                    assertThat(meta.getSchemaName(i)).isEqualTo("PUBLIC");
                    assertThat(meta.getColumnType(i)).isEqualTo(column.type().jdbcType());
                    assertThat(meta.getPrecision(i)).isEqualTo(column.precision());
                    assertThat(meta.getScale(i)).isEqualTo(column.scale());
                    assertThat(meta.isAutoIncrement(i)).isEqualTo(column.type() == SqlType.BIGINT);
                }
            }
        }
    }

    @Test
    void parametersArriveAsTheyWereSet() throws Exception {
        UUID uuid = UUID.randomUUID();
        LocalDateTime time = LocalDateTime.of(2026, 11, 22, 1, 2, 3, 4_000);
        try (PreparedStatement statement = connection.prepareStatement("ECHO ?,?,?,?,?,?,?,?,?,?,?,?,?")) {
            assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(13);
            assertThat(statement.getParameterMetaData().getParameterType(1)).isEqualTo(Types.DECIMAL);
            statement.setInt(1, -5);
            statement.setString(2, "tree 🌳");
            statement.setNull(3, Types.VARCHAR);
            statement.setBigDecimal(4, new BigDecimal("1.50"));
            statement.setObject(5, uuid);
            statement.setObject(6, time);
            statement.setTimestamp(7, Timestamp.valueOf(time));
            statement.setBytes(8, new byte[] {9});
            statement.setObject(9, "12", Types.BIGINT);
            statement.setCharacterStream(10, new StringReader("long text"));
            statement.setArray(11, connection.createArrayOf("VARCHAR", new Object[] {"a", null}));
            statement.setDate(12, Date.valueOf("2026-01-02"));
            statement.setObject(13, OffsetDateTime.parse("2026-01-02T03:04:05+02:00"));
            try (ResultSet row = statement.executeQuery()) {
                assertThat(row.next()).isTrue();
                assertThat(row.getObject(1)).isEqualTo(-5);
                assertThat(row.getObject(2)).isEqualTo("tree 🌳");
                assertThat(row.getObject(3)).isNull();
                assertThat(row.getObject(4)).isEqualTo(new BigDecimal("1.50"));
                assertThat(row.getObject(5)).isEqualTo(uuid);
                assertThat(row.getObject(6)).isEqualTo(time);
                assertThat(row.getObject(7)).isEqualTo(time);
                assertThat((byte[]) row.getObject(8)).containsExactly(9);
                assertThat(row.getObject(9)).isEqualTo(12L);
                assertThat(row.getObject(10)).isEqualTo("long text");
                assertThat((Object[]) row.getArray(11).getArray()).containsExactly("a", null);
                assertThat(row.getObject(12)).isEqualTo(LocalDate.of(2026, 1, 2));
                assertThat(row.getObject(13)).isEqualTo(OffsetDateTime.parse("2026-01-02T01:04:05Z"));
            }
        }
    }

    @Test
    void aParameterThatIsNotSetIsAnError() throws Exception {
        try (PreparedStatement statement = connection.prepareStatement("ECHO ?,?")) {
            assertState("07001", statement::executeQuery);
            statement.setInt(2, 1);
            assertState("07001", statement::executeQuery);
            statement.setInt(1, 1);
            statement.executeQuery();
            statement.setInt(3, 1);
            assertState("07001", statement::executeQuery);
            assertState("07001", () -> statement.setInt(0, 1));
        }
    }

    @Test
    void updateCountsKeysAndWarningsCome() throws Exception {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("COUNT 3")).isEqualTo(3);
            assertThat(statement.getMoreResults()).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(-1);
            assertThat(statement.executeUpdate("COUNT 1", Statement.RETURN_GENERATED_KEYS))
                    .isEqualTo(1);
            try (ResultSet keys = statement.getGeneratedKeys()) {
                assertThat(keys.next()).isTrue();
                assertThat(keys.getLong(1)).isEqualTo(77);
                assertThat(keys.next()).isFalse();
            }
            assertThat(statement.executeLargeUpdate("COUNT 5000000000")).isEqualTo(5_000_000_000L);
            statement.execute("WARN");
            assertThat(statement.getWarnings().getSQLState()).isEqualTo("01004");
            assertThat(connection.getWarnings().getMessage()).isEqualTo("of the session");
            connection.clearWarnings();
            assertThat((Object) connection.getWarnings()).isNull();
            assertState("22023", () -> statement.executeQuery("COUNT 1"));
            assertState("22023", () -> statement.executeUpdate("ROWS 1"));
        }
    }

    @Test
    void errorsKeepTheirStateAndLeaveTheConnectionUsable() throws Exception {
        try (Statement statement = connection.createStatement()) {
            assertState("23505", () -> statement.execute("FAIL 23505"));
            assertThatThrownBy(() -> statement.execute("FAIL 40001"))
                    .isInstanceOf(java.sql.SQLTransactionRollbackException.class)
                    .hasMessage("as told");
            assertState("42601", () -> statement.execute("SYNTAX"));
            assertState("42601", () -> {
                try (PreparedStatement prepared = connection.prepareStatement("SYNTAX ?")) {
                    prepared.setInt(1, 1);
                    prepared.execute();
                }
            });
            assertThat(statement.executeUpdate("COUNT 2")).isEqualTo(2);
        }
    }

    @Test
    void batchesAreOneMessageOrMany() throws Exception {
        try (PreparedStatement statement = connection.prepareStatement("COUNT ?")) {
            assertThat(statement.executeBatch()).isEmpty();
            for (int i = 0; i < 5_000; i++) {
                statement.setString(1, "x".repeat(1_000));
                statement.addBatch();
            }
            assertThat(statement.executeBatch())
                    .hasSize(5_000)
                    .startsWith(0, 1, 2)
                    .endsWith(4_999);
            assertThat(database.log).containsOnlyOnce("batch of 5000");
            assertThat(statement.executeBatch())
                    .as("a batch is gone once it ran")
                    .isEmpty();
            statement.setString(1, "good");
            statement.addBatch();
            statement.setString(1, "bad");
            statement.addBatch();
            assertThatThrownBy(statement::executeBatch).isInstanceOfSatisfying(BatchUpdateException.class, e -> {
                assertThat(e.getUpdateCounts()).containsExactly(0);
                assertThat(e.getSQLState()).isEqualTo("23505");
                assertThat(e.getCause()).isInstanceOf(java.sql.SQLIntegrityConstraintViolationException.class);
            });
        }
    }

    @Test
    void aBatchOfTextsIsOneTransaction() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.addBatch("COUNT 1");
            statement.addBatch("COUNT 2");
            assertThat(statement.executeBatch()).containsExactly(1, 2);
            assertThat(database.log)
                    .containsExactly(
                            "autocommit false", "execute COUNT 1", "execute COUNT 2", "commit", "autocommit true");
            database.log.clear();
            statement.addBatch("COUNT 1");
            statement.addBatch("FAIL 23502");
            assertThatThrownBy(statement::executeBatch).isInstanceOf(BatchUpdateException.class);
            assertThat(database.log).contains("rollback").doesNotContain("commit");
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    @Test
    void transactionsAndSavepointsReachTheSession() throws Exception {
        assertState("25000", connection::commit);
        assertState("25000", connection::setSavepoint);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("COUNT 1");
            Savepoint savepoint = connection.setSavepoint("here");
            assertThat(savepoint.getSavepointName()).isEqualTo("here");
            connection.rollback(savepoint);
            connection.releaseSavepoint(savepoint);
            connection.commit();
            statement.execute("COUNT 1");
            connection.rollback();
        }
        connection.setAutoCommit(true);
        assertThat(database.log)
                .containsExactly(
                        "autocommit false",
                        "execute COUNT 1",
                        "savepoint here",
                        "rollback to here",
                        "release here",
                        "commit",
                        "execute COUNT 1",
                        "rollback",
                        "autocommit true");
    }

    @Test
    void settingsReachTheSession() throws Exception {
        connection.setReadOnly(true);
        assertThat(connection.isReadOnly()).isTrue();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
        assertState("0A000", () -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
        connection.setSchema("other");
        assertThat(connection.getSchema()).isEqualTo("other");
        assertState("3F000", () -> connection.setSchema("nowhere"));
        assertThat(connection.getSchema()).isEqualTo("other");
        assertThat(connection.isValid(5)).isTrue();
    }

    @Test
    void aRunningStatementCanBeCancelled() throws Exception {
        try (Statement statement = connection.createStatement()) {
            CompletableFuture<SQLException> failure = CompletableFuture.supplyAsync(() -> {
                try {
                    statement.execute("BLOCK");
                    return new SQLException("it ended by itself");
                } catch (SQLException e) {
                    return e;
                }
            });
            database.blocked.acquire();
            statement.cancel();
            assertThat(failure.get(60, TimeUnit.SECONDS).getSQLState()).isEqualTo("57014");
            assertThat(statement.executeUpdate("COUNT 1")).isEqualTo(1);
        }
    }

    @Test
    void abortEndsWhatRuns() throws Exception {
        Statement statement = connection.createStatement();
        CompletableFuture<SQLException> failure = CompletableFuture.supplyAsync(() -> {
            try {
                statement.execute("BLOCK");
                return new SQLException("it ended by itself");
            } catch (SQLException e) {
                return e;
            }
        });
        database.blocked.acquire();
        connection.abort(Runnable::run);
        assertThat(failure.get(60, TimeUnit.SECONDS).getSQLState()).isIn("57014", "08006");
        assertThat(connection.isClosed()).isTrue();
        assertThat(connection.isValid(1)).isFalse();
    }

    @Test
    void callsTakeTheEscape() throws Exception {
        try (CallableStatement call = connection.prepareCall("{call f(?)}")) {
            call.setInt(1, 4);
            ResultSet row = call.executeQuery();
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("CALL f(?)[4]".replace("CALL", "call"));
        }
        try (CallableStatement call = connection.prepareCall("{ ? = CALL f(?) }")) {
            call.registerOutParameter(1, Types.VARCHAR);
            call.setInt(2, 5);
            assertThat(call.execute()).isFalse();
            assertThat(call.getString(1)).isEqualTo("CALL f(?)[5]");
            assertState("07001", () -> call.getString(2));
            assertState("0A000", () -> call.getString("name"));
        }
    }

    @Test
    void closingIsFinalAndOrderly() throws Exception {
        Connection other = connect();
        Statement statement = other.createStatement();
        statement.setFetchSize(1);
        ResultSet rows = statement.executeQuery("ROWS 10");
        rows.next();
        other.close();
        other.close();
        assertThat(statement.isClosed()).isTrue();
        assertThat(rows.isClosed()).isTrue();
        assertState("55000", rows::next);
        assertState("55000", () -> statement.execute("COUNT 1"));
        assertState("08003", other::createStatement);
        assertState("08003", () -> other.setAutoCommit(false));
        eventually(() -> database.results.get() == 0 && database.sessions.get() == 1);
    }

    @Test
    void maxRowsAndCloseOnCompletionAreKept() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.setMaxRows(3);
            statement.closeOnCompletion();
            try (ResultSet rows = statement.executeQuery("ROWS 10")) {
                List<Integer> seen = new ArrayList<>();
                while (rows.next()) {
                    seen.add(rows.getInt(1));
                }
                assertThat(seen).containsExactly(0, 1, 2);
            }
            assertThat(statement.isClosed()).isTrue();
        }
    }

    @Test
    void theGreatestValueFits() throws Exception {
        int bytes = 4 * 1024 * 1024;
        try (Statement statement = connection.createStatement()) {
            ResultSet rows = statement.executeQuery("BIG " + bytes);
            assertThat(rows.next()).isTrue();
            assertThat(rows.getBytes(1)).hasSize(bytes);
        }
        try (PreparedStatement statement = connection.prepareStatement("ECHO ?")) {
            byte[] value = new byte[bytes];
            Arrays.fill(value, (byte) 3);
            statement.setBytes(1, value);
            ResultSet rows = statement.executeQuery();
            assertThat(rows.next()).isTrue();
            assertThat(rows.getBytes(1)).isEqualTo(value);
        }
    }

    @Test
    void whatIsNotThereSaysSo() throws Exception {
        try (Statement statement =
                connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
            assertThat(connection.getWarnings().getSQLState()).isEqualTo("01000");
            ResultSet rows = statement.executeQuery("ROWS 2");
            assertThat(rows.getType()).isEqualTo(ResultSet.TYPE_FORWARD_ONLY);
            assertThatThrownBy(rows::previous).isInstanceOf(SQLFeatureNotSupportedException.class);
            assertState("0A000", () -> rows.updateInt(1, 1));
            assertState("0A000", connection::createSQLXML);
        }
    }

    @Test
    void metadataOfTheDriverNeedsNoQuery() throws Exception {
        assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("Pando");
        assertThat(connection.getMetaData().getDatabaseProductVersion()).isEqualTo("9.8.7");
        assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(9);
        assertThat(connection.getMetaData().getUserName()).isEqualTo("ada");
        assertThat(connection.getMetaData().getURL()).startsWith("jdbc:pando:");
        try (ResultSet types = connection.getMetaData().getTypeInfo()) {
            int count = 0;
            while (types.next()) {
                count++;
            }
            assertThat(count).isGreaterThan(15);
        }
    }
}
