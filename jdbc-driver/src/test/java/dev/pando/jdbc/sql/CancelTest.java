package dev.pando.jdbc.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends a statement that runs: a cancel, its time, and the end of its connection; whatever it is doing. */
class CancelTest {
    private static final int ROWS = 3_000;

    /** What a user may notice is 200 ms; ten times that, as the machine that tests may be busy with others. */
    private static final long SOON_MILLIS = Long.getLong("pando.cancel.millis", 2_000);

    private static final long TIMEOUT_MILLIS = 300;

    /** A stage of planning runs to its end: half a second for ten tables where nothing else runs. */
    private static final long STAGE_MILLIS = 5 * SOON_MILLIS;

    private static final long PATIENCE_SECONDS = 60;

    private static final String PEER = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
    private static final String CROSS = "SELECT COUNT(*) FROM t x, t y, t z WHERE x.n + y.n + z.n < 0";

    private static final String COMMITS =
            "SELECT COUNT(*) FROM sys.sessions WHERE statement = 'COMMIT' AND statement_started_at IS NOT NULL";

    private static final List<Long> ENDED_MILLIS = new ArrayList<>();

    private ServerSocket silent;
    private Connection connection;
    private Connection other;

    @BeforeEach
    void open() throws Exception {
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        connection = DriverManager.getConnection("jdbc:pando:mem:cancel;p2p=true;p2paddr=/ip4/127.0.0.1/tcp/0");
        other = DriverManager.getConnection("jdbc:pando:mem:cancel");
        run(connection, "CREATE TABLE t (id INT PRIMARY KEY, n INT, s VARCHAR)");
        run(connection, "CREATE TABLE copies (id INT PRIMARY KEY, n BIGINT)");
        connection.setAutoCommit(false);
        try (var insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?)")) {
            for (int i = 0; i < ROWS; i++) {
                insert.setInt(1, i);
                insert.setInt(2, i * 7_919 % ROWS);
                insert.setString(3, "row number " + i);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
        run(connection, "CALL set_replicator('t', '" + address() + "')");
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        other.close();
        silent.close();
    }

    @AfterAll
    static void tell() {
        System.out.println("ended after ms: " + ENDED_MILLIS);
    }

    private String address() {
        return "/ip4/127.0.0.1/tcp/" + silent.getLocalPort() + "/p2p/" + PEER;
    }

    private static void run(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int number(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /* It is planned before: what ends then ends while it executes. */
    private PreparedStatement prepared(String sql) throws SQLException {
        return connection.prepareStatement(sql.replace("$ADDRESS", address()));
    }

    /** Runs it in another thread, which has begun; ends with the state of its error. */
    private static CompletableFuture<String> later(PreparedStatement statement) throws InterruptedException {
        var begun = new CountDownLatch(1);
        var ended = CompletableFuture.supplyAsync(() -> {
            begun.countDown();
            try {
                if (statement.execute()) {
                    statement.getResultSet().next();
                }
                return "ended by itself";
            } catch (SQLException e) {
                return e.getSQLState();
            }
        });
        assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return ended;
    }

    private static void assertRuns(CompletableFuture<String> statement) {
        assertThatThrownBy(() -> statement.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
    }

    private static void assertEndsSoon(CompletableFuture<String> statement, long sinceNanos) throws Exception {
        assertEndsWithin(SOON_MILLIS, statement, sinceNanos);
    }

    private static void assertEndsWithin(long most, CompletableFuture<String> statement, long sinceNanos)
            throws Exception {
        assertThat(statement.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("57014");
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
        ENDED_MILLIS.add(millis);
        assertThat(millis).isLessThan(most);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CROSS,
                "SELECT x.s FROM t x, t y, t z WHERE x.n + y.n + z.n < 0 ORDER BY x.s || y.s",
                "SELECT x.id, COUNT(*) FROM t x, t y, t z GROUP BY x.id",
                "SELECT COUNT(*) FROM t x JOIN t y ON x.id / 3000 = y.id / 3000 JOIN t z ON z.id / 3000 = y.id / 3000",
                "SELECT SUM(x.n) OVER (ORDER BY x.id) FROM t x, t y, t z WHERE x.n + y.n + z.n < 0",
                "SELECT MAX(r) FROM (SELECT MAX(x.n * y.n) OVER (ORDER BY x.id, y.id ROWS BETWEEN 50000 PRECEDING"
                        + " AND CURRENT ROW) AS r FROM t x JOIN t y ON y.id < 20)",
                "SELECT MAX(r) FROM (SELECT SUM(x.n) OVER (ORDER BY x.id * 20 + y.id RANGE BETWEEN 50000 PRECEDING"
                        + " AND CURRENT ROW) AS r FROM t x JOIN t y ON y.id < 20)",
                "INSERT INTO copies SELECT x.id, COUNT(*) FROM t x, t y, t z GROUP BY x.id",
                "DELETE FROM t WHERE id IN (SELECT x.id FROM t x, t y, t z WHERE x.n + y.n + z.n < 0)",
                "UPDATE t SET n = (SELECT COUNT(*) FROM t y, t z WHERE y.n + z.n < t.n)",
                "CALL connect('$ADDRESS')",
                "CALL wait_for_sync('t', '" + PEER + "', 60000)",
                "CALL adopt_collection('other', '$ADDRESS', 60000)"
            })
    void aCancelEndsIt(String sql) throws Exception {
        try (PreparedStatement statement = prepared(sql)) {
            CompletableFuture<String> running = later(statement);
            assertRuns(running);
            long start = System.nanoTime();
            statement.cancel();
            assertEndsSoon(running, start);
        }
        assertThat(number(connection, "SELECT COUNT(*) FROM t"))
                .as("the session goes on")
                .isEqualTo(ROWS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CROSS,
                "UPDATE t SET n = (SELECT COUNT(*) FROM t y, t z WHERE y.n + z.n < t.n)",
                "CALL connect('$ADDRESS')",
                "CALL wait_for_sync('t', '" + PEER + "', 60000)"
            })
    void itsTimeEndsIt(String sql) throws Exception {
        run(connection, "SET statement_timeout = " + TIMEOUT_MILLIS);
        try (PreparedStatement statement = prepared(sql)) {
            long start = System.nanoTime();
            assertEndsWithin(TIMEOUT_MILLIS + SOON_MILLIS, later(statement), start);
        }
        run(connection, "SET statement_timeout = DEFAULT");
        assertThat(number(connection, "SELECT COUNT(*) FROM t")).isEqualTo(ROWS);
    }

    @ParameterizedTest
    @ValueSource(strings = {CROSS, "DELETE FROM t WHERE id = 1", "CALL wait_for_sync('t', '" + PEER + "', 60000)"})
    void theEndOfItsConnectionEndsIt(String sql) throws Exception {
        other.setAutoCommit(false);
        run(other, "UPDATE t SET n = 0 WHERE id = 1");
        CompletableFuture<String> running = later(prepared(sql));
        assertRuns(running);
        long start = System.nanoTime();
        connection.close();
        assertEndsSoon(running, start);
        other.rollback();
        assertThat(number(other, "SELECT COUNT(*) FROM t")).isEqualTo(ROWS);
    }

    @Test
    void aCancelEndsItsPlanning() throws Exception {
        StringBuilder sql = new StringBuilder("SELECT COVAR_POP(DISTINCT t0.n, t0.id) FROM t t0");
        for (int i = 1; i < 10; i++) {
            sql.append(" JOIN t t" + i + " ON t" + i + ".n = t" + (i - 1) + ".id + t" + i / 2 + ".n");
        }
        try (Statement statement = connection.createStatement()) {
            var begun = new CountDownLatch(1);
            CompletableFuture<String> running = CompletableFuture.supplyAsync(() -> {
                begun.countDown();
                try {
                    statement.execute(sql.toString());
                    return "ended by itself";
                } catch (SQLException e) {
                    return e.getSQLState();
                }
            });
            assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertRuns(running);
            long start = System.nanoTime();
            statement.cancel();
            assertEndsWithin(STAGE_MILLIS, running, start);
        }
        assertThat(number(connection, "SELECT COUNT(*) FROM t")).isEqualTo(ROWS);
    }

    @Test
    void aCancelEndsTheWaitForALockAndLeavesTheTransactionOpen() throws Exception {
        other.setAutoCommit(false);
        run(other, "UPDATE t SET n = 0 WHERE id = 1");
        connection.setAutoCommit(false);
        run(connection, "UPDATE t SET n = -5 WHERE id = 2");
        try (PreparedStatement statement = prepared("UPDATE t SET n = 1 WHERE id = 1")) {
            CompletableFuture<String> running = later(statement);
            assertRuns(running);
            long start = System.nanoTime();
            statement.cancel();
            assertEndsSoon(running, start);
        }
        other.rollback();
        connection.commit();
        assertThat(number(other, "SELECT n FROM t WHERE id = 2")).isEqualTo(-5);
    }

    /* How long a commit takes is nobody's to say: it may be in the log before the cancel comes, and is not called back. */
    @Test
    void aCancelEndsACommitThatIsNotInTheLog() throws Exception {
        String outcome = "";
        for (int i = 0; i < 20 && !outcome.equals("57014"); i++) {
            connection.setAutoCommit(false);
            run(connection, "DELETE FROM copies");
            run(connection, "COMMIT");
            run(connection, "INSERT INTO copies SELECT x.id * 10 + y.id, 1 FROM t x JOIN t y ON y.id < 10");
            try (PreparedStatement statement = prepared("COMMIT")) {
                CompletableFuture<String> running = later(statement);
                while (!running.isDone() && number(other, COMMITS) == 0) {
                    Thread.onSpinWait();
                }
                statement.cancel();
                outcome = running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            int copied = number(other, "SELECT COUNT(*) FROM copies");
            assertThat(copied).isEqualTo(outcome.equals("57014") ? 0 : 10 * ROWS);
        }
        assertThat(outcome).isEqualTo("57014");
        run(connection, "INSERT INTO copies VALUES (1, 1)");
        connection.commit();
        assertThat(number(other, "SELECT COUNT(*) FROM copies")).isEqualTo(1);
    }

    @Test
    void aCancelEndsTheReadingOfRows() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(1);
            ResultSet rows = statement.executeQuery("SELECT x.id FROM t x, t y");
            assertThat(rows.next()).isTrue();
            statement.cancel();
            assertThatThrownBy(rows::next)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
        }
        assertThat(number(connection, "SELECT COUNT(*) FROM t")).isEqualTo(ROWS);
    }

    @Test
    void aCancelOfOpenRowsLeavesTheStatementThatRunsNow() throws Exception {
        try (Statement first = connection.createStatement();
                Statement second = connection.createStatement()) {
            first.setFetchSize(1);
            second.setFetchSize(1);
            ResultSet rows = first.executeQuery("SELECT x.id FROM t x, t y");
            assertThat(rows.next()).isTrue();
            ResultSet others = second.executeQuery("SELECT x.id FROM t x, t y");
            assertThat(others.next()).isTrue();
            first.cancel();
            assertThat(others.next()).isTrue();
            assertThatThrownBy(rows::next)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
        }
    }

    @Test
    void aCancelOfAStatementThatDoesNotRunLeavesTheOthersOfItsConnection() throws Exception {
        try (Statement idle = connection.createStatement();
                Statement statement = connection.createStatement()) {
            statement.setFetchSize(1);
            ResultSet rows = statement.executeQuery("SELECT id FROM t");
            assertThat(rows.next()).isTrue();
            idle.cancel();
            assertThat(rows.next()).isTrue();
        }
    }
}
