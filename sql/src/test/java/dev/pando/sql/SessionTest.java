package dev.pando.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pando.sql.session.BatchResult;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.GeneratedKeys;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import dev.pando.sql.session.SqlType;
import dev.pando.sql.session.StatementKind;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTest {
    private TestDatabase database;
    private Session session;

    @BeforeEach
    void open() throws SQLException {
        database = new TestDatabase();
        session = database.session();
        session.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, name VARCHAR, price DECIMAL(10,2), at1 TIMESTAMP(6))");
    }

    @AfterEach
    void close() throws SQLException {
        session.close();
        database.close();
    }

    private long update(String sql, @Nullable Object... parameters) throws SQLException {
        return session.execute(session.prepare(sql), parameters, ExecuteOptions.DEFAULT)
                .updateCount();
    }

    private List<List<Object>> query(String sql, @Nullable Object... parameters) throws SQLException {
        try (Result result = session.execute(session.prepare(sql), parameters, ExecuteOptions.DEFAULT)) {
            return drain(result);
        }
    }

    private static List<List<Object>> drain(Result result) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        for (var page = result.fetch(2); !page.isEmpty(); page = result.fetch(2)) {
            page.forEach(row -> rows.add(new ArrayList<>(java.util.Arrays.asList(row))));
        }
        return rows;
    }

    private List<SqlType> parameterTypes(String sql) throws SQLException {
        return session.prepare(sql).parameters().stream()
                .map(ParameterMeta::type)
                .toList();
    }

    @Test
    void parametersAreLikeWhatStandsBesideThem() throws SQLException {
        assertThat(parameterTypes("SELECT COALESCE(?, id), COALESCE(?, price) FROM t"))
                .containsExactly(SqlType.BIGINT, SqlType.DECIMAL);
        assertThat(parameterTypes("SELECT id FROM t WHERE COALESCE(?, at1) > at1 AND COALESCE(name, ?) = 'x'"))
                .containsExactly(SqlType.TIMESTAMP, SqlType.VARCHAR);
        update("INSERT INTO t (id, name) VALUES (1, 'a'), (2, 'b')");
        assertThat(query("SELECT COALESCE(?, id) FROM t ORDER BY id", new Object[] {null}))
                .containsExactly(List.of(1L), List.of(2L));
        assertThat(query("SELECT id FROM t WHERE (id, name) IN ((?, ?), (?, ?))", 1, "a", 2, "x"))
                .containsExactly(List.of(1L));
        assertThat(query("SELECT id FROM t WHERE (id, name) NOT IN ((?, ?))", 1, "a"))
                .containsExactly(List.of(2L));
    }

    @Test
    void rowsLeftUnreadCountAsMemory() throws SQLException {
        session.setAutoCommit(false);
        update("INSERT INTO t (id, name) SELECT v, RPAD('x', 1000, 'x') FROM (VALUES (1), (2), (3), (4)) AS n(v)");
        update(
                "INSERT INTO t (id, name) SELECT a.id * 1000 + b.id * 100 + c.id * 10 + d.id, a.name FROM t a, t b, t c, t d");
        session.execute("SET query_memory = 200000");
        try (Result unread = session.execute("SELECT name FROM t")) {
            unread.fetch(1);
            session.execute("SELECT COUNT(*) FROM t").close();
            assertThatThrownBy(() -> drain(unread))
                    .hasFieldOrPropertyWithValue("SQLState", "53200")
                    .hasMessageContaining("query_memory");
        }
        assertThatThrownBy(() -> query("SELECT COUNT(*) OVER (PARTITION BY id) FROM t"))
                .hasFieldOrPropertyWithValue("SQLState", "53200");
    }

    @Test
    void parametersTakeTheTypeOfTheirPlace() throws SQLException {
        LocalDateTime micros = LocalDateTime.of(2026, 11, 22, 10, 0, 0, 123_456_000);
        assertThat(update("INSERT INTO t VALUES (?, ?, ?, ?)", 1, "one", 9.5, micros))
                .isEqualTo(1);
        assertThat(update("INSERT INTO t (id, price) VALUES (?, ?)", "2", null)).isEqualTo(1);
        assertThat(query("SELECT id, name, price, at1 FROM t WHERE id = ?", 1))
                .containsExactly(List.of(1L, "one", new BigDecimal("9.50"), micros));
        assertThat(query("SELECT count(*) FROM t WHERE price > ? AND name LIKE ?", 9, "o%"))
                .containsExactly(List.of(1L));
        assertThat(update("UPDATE t SET price = price + ?, name = ? WHERE id = ?", 1, "x", 1))
                .isEqualTo(1);
        assertThat(update("UPDATE t SET name = ? WHERE id IN (SELECT id FROM t WHERE id = ?)", "y", 1))
                .isEqualTo(1);
        assertThat(query("SELECT name, price FROM t WHERE id = ?", 1))
                .containsExactly(List.of("y", new BigDecimal("10.50")));
        assertThat(query("SELECT id FROM t ORDER BY id LIMIT ? OFFSET ?", 1, 1)).containsExactly(List.of(2L));
        assertThat(query("SELECT id FROM t LIMIT ?", 1)).containsExactly(List.of(1L));
        assertThat(update("DELETE FROM t WHERE id BETWEEN ? AND ?", 1, 2)).isEqualTo(2);
    }

    @Test
    void aStatementTellsWhatItTakesAndGives() throws SQLException {
        Prepared select = session.prepare("SELECT id AS k, price FROM t WHERE name = ?");
        assertThat(select.kind()).isEqualTo(StatementKind.QUERY);
        assertThat(select.parameters()).extracting(ParameterMeta::type).containsExactly(SqlType.VARCHAR);
        assertThat(select.columns().get(0).label()).isEqualTo("k");
        assertThat(select.columns().get(0).name()).isEqualTo("id");
        assertThat(select.columns().get(0).table()).isEqualTo("t");
        assertThat(select.columns().get(0).nullable()).isFalse();
        assertThat(select.columns().get(1).scale()).isEqualTo(2);
        Prepared planned = session.prepare("SELECT id + ?, name FROM t GROUP BY id, name ORDER BY 1");
        assertThat(planned.parameters()).extracting(ParameterMeta::type).containsExactly(SqlType.BIGINT);
        assertThat(planned.columns().get(1).table()).isEqualTo("t");
        Prepared insert = session.prepare("INSERT INTO t (id, price) VALUES (?, ? * 2)");
        assertThat(insert.parameters())
                .extracting(ParameterMeta::type)
                .containsExactly(SqlType.BIGINT, SqlType.DECIMAL);
        assertThat(insert.columns()).isEmpty();
    }

    @Test
    void aNumberThatNoKeyIsFindsNothing() throws SQLException {
        update("INSERT INTO t (id, price) VALUES (1, 1.50), (2, 2)");
        assertThat(query("SELECT id FROM t WHERE id = ?", 1.5)).isEmpty();
        assertThat(query("SELECT id FROM t WHERE id = ?", new BigDecimal("1.00")))
                .containsExactly(List.of(1L));
        assertThat(query("SELECT id FROM t WHERE id > ?", 1.5)).containsExactly(List.of(2L));
        assertThat(query("SELECT id FROM t WHERE id <= ?", new BigDecimal("1.9")))
                .containsExactly(List.of(1L));
        assertThat(query("SELECT id FROM t WHERE id < ?", 1e30)).hasSize(2);
        assertThat(query("SELECT id FROM t WHERE price = ?", new BigDecimal("1.499")))
                .isEmpty();
        assertThat(update("UPDATE t SET price = ? WHERE id = ?", 1.996, 1)).isEqualTo(1);
        assertThat(query("SELECT price FROM t WHERE id = 1")).containsExactly(List.of(new BigDecimal("2.00")));
        assertThatThrownBy(() -> update("UPDATE t SET id = id + ? WHERE id = 1", 1.5))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22003"));
    }

    @Test
    void textsAreOrderedByCodePoint() throws SQLException {
        String beyond = "\ud83c\udf33";
        String before = "\uff5e";
        update("INSERT INTO t (id, name) VALUES (1, ?), (2, ?)", beyond, before);
        assertThat(query("SELECT id FROM t WHERE name > ?", before)).containsExactly(List.of(1L));
        assertThat(query("SELECT id FROM t WHERE name < ?", beyond)).containsExactly(List.of(2L));
        update("CREATE INDEX ON t (name)");
        assertThat(query("SELECT id FROM t WHERE name > ?", before)).containsExactly(List.of(1L));
    }

    @Test
    void aSumOfBigintsIsExact() throws SQLException {
        update("INSERT INTO t (id) VALUES (?), (?)", Long.MAX_VALUE, Long.MAX_VALUE - 1);
        assertThat(query("SELECT SUM(id) FROM t")).containsExactly(List.of(new BigDecimal("18446744073709551613")));
        assertThat(query("SELECT SUM(id) OVER () FROM t WHERE id > ?", 5))
                .contains(List.of(new BigDecimal("18446744073709551613")));
    }

    @Test
    void theStatementsTimeEndsAWaitForALock() throws SQLException {
        update("INSERT INTO t (id) VALUES (1)");
        try (Session other = database.session()) {
            other.setAutoCommit(false);
            other.execute("UPDATE t SET name = 'x' WHERE id = 1").close();
            session.execute("SET statement_timeout = 50").close();
            assertThatThrownBy(() -> update("UPDATE t SET name = 'y' WHERE id = 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
            session.execute("SET statement_timeout = DEFAULT").close();
            session.execute("SET lock_timeout = 50").close();
            assertThatThrownBy(() -> update("UPDATE t SET name = 'y' WHERE id = 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("HYT00"));
        }
    }

    @Test
    void aWrongNumberOfParametersIsRefused() throws SQLException {
        assertThatThrownBy(() -> update("INSERT INTO t (id) VALUES (?)"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("07001"));
    }

    @Test
    void aStatementSurvivesAChangeOfItsTable() throws SQLException {
        Prepared all = session.prepare("SELECT * FROM t");
        session.execute("ALTER TABLE t ADD COLUMN more INT");
        try (Result result = session.execute(all, new Object[0], ExecuteOptions.DEFAULT)) {
            assertThat(result.columns()).hasSize(5);
        }
        session.execute("DROP TABLE t");
        assertThatThrownBy(() -> session.execute(all, new Object[0], ExecuteOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42S02"));
    }

    @Test
    void aBatchInAutocommitIsAllOrNothing() throws SQLException {
        Prepared insert = session.prepare("INSERT INTO t (id, name) VALUES (?, ?)");
        BatchResult result = session.executeBatch(
                insert, List.of(new Object[] {1, "a"}, new Object[] {2, "b"}), ExecuteOptions.DEFAULT);
        assertThat(result.updateCounts()).containsExactly(1, 1);
        assertThatThrownBy(() -> session.executeBatch(
                        insert, List.of(new Object[] {3, "c"}, new Object[] {1, "d"}), ExecuteOptions.DEFAULT))
                .isInstanceOfSatisfying(BatchUpdateException.class, e -> {
                    assertThat(e.getSQLState()).isEqualTo("23505");
                    assertThat(e.getUpdateCounts()).containsOnly(Statement.EXECUTE_FAILED);
                });
        assertThat(query("SELECT id FROM t")).containsExactly(List.of(1L), List.of(2L));
        assertThat(session.inTransaction()).isFalse();
    }

    @Test
    void aBatchInsideATransactionKeepsWhatCameBeforeTheError() throws SQLException {
        session.setAutoCommit(false);
        Prepared insert = session.prepare("INSERT INTO t (id) VALUES (?)");
        assertThatThrownBy(() -> session.executeBatch(
                        insert, List.of(new Object[] {1}, new Object[] {1}), ExecuteOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        BatchUpdateException.class,
                        e -> assertThat(e.getLargeUpdateCounts()).containsExactly(1L));
        session.commit();
        assertThat(query("SELECT id FROM t")).containsExactly(List.of(1L));
    }

    @Test
    void aRowOfABatchThatFailsLeavesTheTransactionAsTheRowsBeforeMadeIt() throws SQLException {
        session.execute("CREATE TABLE p (id INT PRIMARY KEY)");
        session.execute(
                "CREATE TABLE c (id INT PRIMARY KEY, code INT UNIQUE, p INT REFERENCES p, n INT CHECK (n > 0))");
        session.execute("INSERT INTO p VALUES (1)");
        session.setAutoCommit(false);
        session.execute("INSERT INTO c VALUES (1, 10, 1, 1)");
        Prepared insert = session.prepare("INSERT INTO c VALUES (?, ? + 1, ?, ?)");
        Object[] good = {2, 19, 1, 1};
        assertThat(failed(insert, good, new Object[] {3, 19, 1, 1})).isEqualTo("23505");
        assertThat(failed(insert, new Object[] {3, 29, 2, 1})).isEqualTo("23503");
        assertThat(failed(insert, new Object[] {3, 29, 1, 0})).isEqualTo("23514");
        assertThat(failed(insert, new Object[] {null, 29, 1, 1})).isEqualTo("23502");
        assertThat(failed(insert, new Object[] {"three", 29, 1, 1})).startsWith("22");
        assertThat(failed(insert, new Object[] {3, 29, 1})).isEqualTo("07001");
        session.executeBatch(insert, List.<Object[]>of(new Object[] {3, 29, 1, 1}), ExecuteOptions.DEFAULT);
        session.commit();
        assertThat(query("SELECT id, code FROM c ORDER BY id"))
                .containsExactly(List.of(1, 10), List.of(2, 20), List.of(3, 30));
    }

    /* The SQLState of what the last row of a batch ends with; the rows before it count. */
    private String failed(Prepared insert, Object[]... rows) {
        var thrown = catchThrowableOfType(
                BatchUpdateException.class, () -> session.executeBatch(insert, List.of(rows), ExecuteOptions.DEFAULT));
        assertThat(thrown.getLargeUpdateCounts())
                .isEqualTo(LongStream.generate(() -> 1).limit(rows.length - 1L).toArray());
        return thrown.getSQLState();
    }

    @Test
    void aBatchOfChangesByKeyCountsEachAndSeesThoseBefore() throws SQLException {
        Prepared upsert = session.prepare("UPSERT INTO t (id, name) VALUES (?, ?)");
        assertThat(counts(upsert, new Object[] {1, "a"}, new Object[] {2, "b"}, new Object[] {1, "c"}))
                .containsExactly(1, 1, 1);
        Prepared update = session.prepare("UPDATE t SET name = name || ? WHERE id = ? AND name <> 'b'");
        assertThat(counts(update, new Object[] {"x", 1}, new Object[] {"x", 2}, new Object[] {"y", 1}, new Object[] {
                    "y", null
                }))
                .containsExactly(1, 0, 1, 0);
        assertThat(query("SELECT id, name FROM t ORDER BY id")).containsExactly(List.of(1L, "cxy"), List.of(2L, "b"));
        Prepared move = session.prepare("UPDATE t SET id = ? WHERE id = ?");
        assertThat(counts(move, new Object[] {3, 1}, new Object[] {1, 2}, new Object[] {9, 2}))
                .containsExactly(1, 1, 0);
        Prepared delete = session.prepare("DELETE FROM t WHERE id = ?");
        assertThat(counts(delete, new Object[] {1}, new Object[] {1}, new Object[] {2}))
                .containsExactly(1, 0, 0);
        assertThat(query("SELECT id, name FROM t")).containsExactly(List.of(3L, "cxy"));
    }

    private long[] counts(Prepared statement, Object[]... rows) throws SQLException {
        return session.executeBatch(statement, List.of(rows), ExecuteOptions.DEFAULT)
                .updateCounts();
    }

    @Test
    void aChangeOfABatchThatFailsLeavesNothingOfItsOwn() throws SQLException {
        session.execute("CREATE TABLE c (id INT PRIMARY KEY, code INT UNIQUE, n INT CHECK (n > 0))");
        session.execute("INSERT INTO c VALUES (1, 10, 1), (2, 20, 1), (3, 30, 1)");
        session.setAutoCommit(false);
        Prepared update = session.prepare("UPDATE c SET code = ?, n = ? WHERE id = ?");
        assertThat(failed(update, new Object[] {11, 2, 1}, new Object[] {11, 2, 2}))
                .isEqualTo("23505");
        assertThat(failed(update, new Object[] {12, 0, 1})).isEqualTo("23514");
        assertThat(failed(update, new Object[] {12, 1})).isEqualTo("07001");
        /* A key that changes is a delete and an insert: both or none. */
        Prepared move = session.prepare("UPDATE c SET id = ? WHERE id = ?");
        assertThat(failed(move, new Object[] {4, 1}, new Object[] {3, 2})).isEqualTo("23505");
        Prepared upsert = session.prepare("UPSERT INTO c VALUES (?, ?, ?)");
        assertThat(failed(upsert, new Object[] {5, 50, 1}, new Object[] {2, 30, 1}))
                .isEqualTo("23505");
        session.commit();
        assertThat(query("SELECT id, code, n FROM c ORDER BY id"))
                .containsExactly(List.of(2, 20, 1), List.of(3, 30, 1), List.of(4, 11, 2), List.of(5, 50, 1));
    }

    @Test
    void aBatchOfChangesMeetsRowsThatOthersCommitMeanwhile() throws SQLException {
        session.execute("INSERT INTO t (id, price) VALUES (1, 1), (2, 1)");
        session.setAutoCommit(false);
        Prepared update = session.prepare("UPDATE t SET price = price + 1 WHERE id = ?");
        Prepared upsert = session.prepare("UPSERT INTO t (id, price) VALUES (?, 9)");
        assertThat(counts(update, new Object[] {1})).containsExactly(1);
        try (Session other = database.session()) {
            other.execute("UPDATE t SET price = 5 WHERE id = 2");
            other.execute("INSERT INTO t (id, price) VALUES (3, 5)");
        }
        assertThat(counts(update, new Object[] {2}, new Object[] {3})).containsExactly(1, 1);
        assertThat(counts(upsert, new Object[] {3}, new Object[] {4})).containsExactly(1, 1);
        session.commit();
        assertThat(query("SELECT id, price FROM t ORDER BY id"))
                .containsExactly(
                        List.of(1L, new BigDecimal("2.00")),
                        List.of(2L, new BigDecimal("6.00")),
                        List.of(3L, new BigDecimal("9.00")),
                        List.of(4L, new BigDecimal("9.00")));
    }

    @Test
    void aBatchOfSeveralRowsEachUndoesTheWholeOfOneThatFails() throws SQLException {
        session.setAutoCommit(false);
        Prepared insert = session.prepare("INSERT INTO t (id) VALUES (?), (?)");
        assertThatThrownBy(() -> session.executeBatch(
                        insert, List.of(new Object[] {1, 2}, new Object[] {3, 1}), ExecuteOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        BatchUpdateException.class,
                        e -> assertThat(e.getLargeUpdateCounts()).containsExactly(2L));
        session.commit();
        assertThat(query("SELECT id FROM t ORDER BY id")).containsExactly(List.of(1L), List.of(2L));
    }

    @Test
    void aBatchSeesWhatIsAlteredAndRolledBackBetweenItsExecutions() throws SQLException {
        Prepared insert = session.prepare("INSERT INTO t (id, name) VALUES (?, DEFAULT)");
        session.executeBatch(insert, List.<Object[]>of(new Object[] {1}), ExecuteOptions.DEFAULT);
        session.execute("ALTER TABLE t ADD COLUMN more INT DEFAULT 7");
        session.setAutoCommit(false);
        session.setSavepoint("before");
        session.executeBatch(insert, List.<Object[]>of(new Object[] {2}), ExecuteOptions.DEFAULT);
        session.rollbackTo("before");
        session.executeBatch(insert, List.of(new Object[] {2}, new Object[] {3}), ExecuteOptions.DEFAULT);
        session.commit();
        assertThat(query("SELECT id, more FROM t ORDER BY id"))
                .containsExactly(List.of(1L, 7), List.of(2L, 7), List.of(3L, 7));
    }

    @Test
    void generatedKeysComeBack() throws SQLException {
        session.execute("CREATE TABLE g (id BIGINT IDENTITY PRIMARY KEY, u UUID DEFAULT RANDOM_UUID(), v INT)");
        Prepared insert = session.prepare("INSERT INTO g (v) VALUES (?), (?)");
        ExecuteOptions all = ExecuteOptions.DEFAULT.withGeneratedKeys(GeneratedKeys.ALL);
        Result result = session.execute(insert, new Object[] {5, 6}, all);
        assertThat(result.updateCount()).isEqualTo(2);
        Result keys = result.generatedKeys();
        assertThat(keys).isNotNull();
        assertThat(keys.columns()).extracting(column -> column.label()).containsExactly("id", "u");
        assertThat(drain(keys)).doesNotHaveDuplicates().hasSize(2);
        ExecuteOptions named = ExecuteOptions.DEFAULT.withGeneratedKeys(new GeneratedKeys.Named(List.of("V", "id")));
        Prepared one = session.prepare("INSERT INTO g (v) VALUES (?)");
        BatchResult batch = session.executeBatch(one, List.of(new Object[] {7}, new Object[] {8}), named);
        assertThat(drain(batch.generatedKeys())).extracting(row -> row.get(0)).containsExactly(7, 8);
        assertThatThrownBy(() -> session.execute(
                        one,
                        new Object[] {1},
                        ExecuteOptions.DEFAULT.withGeneratedKeys(new GeneratedKeys.Named(List.of("nope")))))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void rowsOutliveTheNextStatementAndCommit() throws SQLException {
        for (int i = 0; i < 10; i++) {
            update("INSERT INTO t (id) VALUES (?)", i);
        }
        session.setAutoCommit(false);
        Result open = session.execute("SELECT id FROM t");
        assertThat(open.fetch(3)).hasSize(3);
        update("DELETE FROM t");
        session.commit();
        assertThat(drain(open)).hasSize(7);
        assertThat(query("SELECT id FROM t")).isEmpty();
    }

    @Test
    void maxRowsEndsAResult() throws SQLException {
        for (int i = 0; i < 10; i++) {
            update("INSERT INTO t (id) VALUES (?)", i);
        }
        ExecuteOptions three = ExecuteOptions.DEFAULT.withMaxRows(3);
        assertThat(drain(session.execute("SELECT id FROM t", three))).hasSize(3);
        assertThat(drain(session.execute("SELECT id FROM t ORDER BY id DESC", three)))
                .hasSize(3);
        assertThat(drain(session.execute("SELECT id, count(*) FROM t GROUP BY id", three)))
                .hasSize(3);
    }

    @Test
    void cancelEndsAStatementBetweenRows() throws SQLException {
        for (int i = 0; i < 10; i++) {
            update("INSERT INTO t (id) VALUES (?)", i);
        }
        try (Result open = session.execute("SELECT id FROM t")) {
            open.fetch(1);
            session.cancel();
            assertThatThrownBy(() -> open.fetch(1))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
        }
        assertThat(query("SELECT count(*) FROM t")).containsExactly(List.of(10L));
    }

    @Test
    void aStatementEndsWhenItsTimeIsOver() throws SQLException {
        for (int i = 0; i < 40; i++) {
            update("INSERT INTO t (id) VALUES (?)", i);
        }
        ExecuteOptions soon = ExecuteOptions.DEFAULT.withTimeout(Duration.ofNanos(1));
        assertThatThrownBy(() ->
                        drain(session.execute("SELECT count(*) FROM t a, t b, t c WHERE a.id + b.id + c.id = 7", soon)))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
    }

    @Test
    void rolesBoundWhatAUserMayDo() throws SQLException {
        try (Session reader = database.database().openSession(new SessionUser("r", Role.READER));
                Session writer = database.database().openSession(new SessionUser("w", Role.WRITER))) {
            writer.execute("INSERT INTO t (id) VALUES (1)");
            assertThat(drain(reader.execute("SELECT id FROM t"))).hasSize(1);
            assertState("42501", () -> reader.execute("INSERT INTO t (id) VALUES (2)"));
            assertState("42501", () -> reader.execute("CREATE TABLE x (a INT)"));
            assertState("42501", () -> writer.execute("GRANT SELECT ON t TO PEER ANY"));
            assertState("42501", () -> writer.execute("CREATE USER u PASSWORD 'x'"));
            assertState("42501", () -> writer.execute("CALL connect('/ip4/127.0.0.1/tcp/1')"));
            assertState("42501", () -> writer.execute("DROP USER u"));
        }
    }

    private interface Act {
        void run() throws SQLException;
    }

    private static void assertState(String state, Act act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }

    @Test
    void credentialsAreKeptAndThePasswordIsNot() throws SQLException {
        session.execute("CREATE USER Shop PASSWORD 'secret' ROLE reader");
        var credentials = database.database().credentials("shop");
        assertThat(credentials).isNotNull();
        assertThat(credentials.user()).isEqualTo(new SessionUser("Shop", Role.READER));
        assertThat(credentials.storedKey()).hasSize(32);
        assertThat(database.database().credentials("nobody")).isNull();
    }

    @Test
    void aClosedSessionSaysSo() throws SQLException {
        Session other = database.session();
        other.close();
        other.close();
        assertThat(other.isValid(Duration.ofSeconds(1))).isFalse();
        assertState("08003", () -> other.execute("SELECT 1"));
    }

    @Test
    void literalsOfTimesKeepTheirMicrosecondsBesideAnOrder() throws SQLException {
        update("CREATE TABLE m (id INTEGER PRIMARY KEY, ts TIMESTAMP(6), tm TIME(6))");
        update("INSERT INTO m VALUES (1, TIMESTAMP '2020-01-01 10:00:00.123456', TIME '10:00:00.123456'),"
                + " (2, TIMESTAMP '1960-01-01 10:00:00.999999', TIME '10:00:00')");
        for (String condition : List.of(
                "ts = TIMESTAMP '2020-01-01 10:00:00.123456'",
                "ts >= TIMESTAMP '2020-01-01 10:00:00.123456'",
                "ts NOT IN (TIMESTAMP '1960-01-01 10:00:00.999999', TIMESTAMP '1970-01-01 00:00:00')",
                "tm = TIME '10:00:00.123456'")) {
            assertThat(query("SELECT id FROM m WHERE " + condition + " ORDER BY id"))
                    .as(condition)
                    .isEqualTo(List.of(List.of(1)));
        }
        assertThat(query("SELECT id FROM m WHERE ts > TIMESTAMP '2020-01-01 10:00:00.123456' ORDER BY id"))
                .isEmpty();
    }

    @Test
    void aCastToFewerDigitsOrBytesCutsBesideAnOrder() throws SQLException {
        update("CREATE TABLE m (id INTEGER PRIMARY KEY, ts TIMESTAMP(6), tm TIME(6), b VARBINARY(10))");
        update("INSERT INTO m VALUES (1, TIMESTAMP '2020-01-01 10:00:00.123456', TIME '10:00:00.5', X'010203')");
        assertThat(query("SELECT CAST(ts AS TIMESTAMP(0)), CAST(ts AS TIMESTAMP(3)), CAST(ts AS TIMESTAMP),"
                        + " CAST(tm AS TIME(0)) FROM m ORDER BY id"))
                .isEqualTo(List.of(List.of(
                        LocalDateTime.of(2020, 1, 1, 10, 0),
                        LocalDateTime.of(2020, 1, 1, 10, 0, 0, 123_000_000),
                        LocalDateTime.of(2020, 1, 1, 10, 0, 0, 123_456_000),
                        LocalTime.of(10, 0))));
        assertThat(query("SELECT id FROM m WHERE CAST(ts AS TIMESTAMP(0)) = TIMESTAMP '2020-01-01 10:00:00'"
                        + " AND CAST(b AS VARBINARY(2)) = X'0102' AND CAST(b AS BINARY(4)) = X'01020300' ORDER BY id"))
                .isEqualTo(List.of(List.of(1)));
    }

    @Test
    void whatNoNumberOfTheTypeHoldsIsOutOfRangeInFunctionsToo() throws SQLException {
        update("CREATE TABLE m (id INTEGER PRIMARY KEY, t TINYINT, d DOUBLE)");
        update("INSERT INTO m VALUES (-2147483648, -128, 1e308), (-7, -7, 1e308)");
        for (String value : List.of("ABS(id)", "ABS(t)", "AVG(d)")) {
            assertThatThrownBy(() -> query("SELECT " + value + " FROM m"))
                    .as(value)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22003"));
        }
        assertThat(query("SELECT ABS(id), ABS(t) FROM m WHERE id = -7")).isEqualTo(List.of(List.of(7, (byte) 7)));
    }

    @Test
    void rowsOfNotInThatHoldNullsCountAsMemory() throws SQLException {
        update("CREATE TABLE m (id INTEGER PRIMARY KEY, n INTEGER)");
        StringBuilder rows = new StringBuilder("INSERT INTO m VALUES (0, NULL)");
        for (int i = 1; i < 2_000; i++) {
            rows.append(", (").append(i).append(", NULL)");
        }
        update(rows.toString());
        update("SET query_memory = 50000");
        assertThatThrownBy(() -> query("SELECT COUNT(*) FROM m WHERE (id, 1) NOT IN (SELECT id, n FROM m)"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("53200"));
        assertThat(query("SELECT COUNT(*) FROM m WHERE id NOT IN (SELECT n FROM m)"))
                .isEqualTo(List.of(List.of(0L)));
    }
}
