package dev.pando.jdbc.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds rows counts them, and what runs long ends when it is told to. {@code -Dpando.rows=1000000} for a million. */
class MemoryTest {
    /** As many as the memory that a statement has unless told otherwise is enough for. */
    private static final int ROWS_THAT_FIT = 20_000;

    private static final int ROWS = Integer.getInteger("pando.rows", ROWS_THAT_FIT);
    private static final String CROSS = "SELECT COUNT(*) FROM t x, t y, t z WHERE x.n + y.n + z.n < 0";

    private static final List<Long> cancelMillis = new ArrayList<>();

    private static Connection connection;

    @BeforeAll
    static void fill() throws SQLException {
        connection = DriverManager.getConnection("jdbc:pando:mem:memory");
        run("CREATE TABLE t (id INT PRIMARY KEY, n INT, s VARCHAR)");
        connection.setAutoCommit(false);
        try (var insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?)")) {
            for (int i = 0; i < ROWS; i++) {
                insert.setInt(1, i);
                insert.setInt(2, (int) (i * 2_654_435_761L % ROWS));
                insert.setString(3, "row number " + i);
                insert.addBatch();
                if (i % 10_000 == 9_999) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
            insert.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    @AfterAll
    static void close() throws SQLException {
        System.out.println("cancelled after ms: " + cancelMillis);
        connection.close();
    }

    private static void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long rows(String sql) throws SQLException {
        long count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                count++;
            }
        }
        return count;
    }

    /** How many rows a query gives, or that its memory was not enough for them. */
    private static String outcome(String sql) throws SQLException {
        try {
            return rows(sql) + " rows";
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("53200");
            return "too many rows";
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id, s FROM t ORDER BY s",
                "SELECT x.s, y.s FROM t x JOIN t y ON x.n = y.n + 0",
                "SELECT s, COUNT(*) FROM t GROUP BY s",
                "SELECT DISTINCT s FROM t",
                "SELECT COUNT(DISTINCT s) FROM t",
                "SELECT s FROM t INTERSECT SELECT s FROM t",
                "SELECT id FROM t WHERE s IN (SELECT s FROM t WHERE n >= 0)",
                "SELECT id, SUM(n) OVER (ORDER BY s) FROM t"
            })
    void whatHoldsRowsStaysWithinItsBytesOrEnds(String sql) throws SQLException {
        String all = outcome(sql);
        assertThat(all).isNotEqualTo("0 rows");
        if (ROWS <= ROWS_THAT_FIT) {
            assertThat(all).endsWith(" rows");
        }
        run("SET query_memory = 200000");
        try {
            assertThatThrownBy(() -> rows(sql))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("53200"));
        } finally {
            run("SET query_memory = 0");
        }
        assertThat(outcome(sql)).as("nothing stays taken").isEqualTo(all);
    }

    @Test
    void whatHoldsFewRowsNeedsLittle() throws SQLException {
        run("SET query_memory = 200000");
        try {
            assertThat(rows("SELECT id, s FROM t ORDER BY s LIMIT 10")).isEqualTo(10);
            assertThat(rows("SELECT n % 10, COUNT(*), MAX(s) FROM t GROUP BY n % 10"))
                    .isEqualTo(10);
            assertThat(rows("SELECT id FROM t ORDER BY id")).isEqualTo(ROWS);
        } finally {
            run("SET query_memory = 0");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CROSS,
                "SELECT COUNT(*) FROM t x WHERE (SELECT COUNT(*) FROM t y WHERE y.n > x.n) < 0",
                "SELECT COUNT(*) FROM t x JOIN t y ON x.n <> y.n JOIN t z ON z.n <> x.n + y.n",
                "SELECT COUNT(*) FROM (SELECT x.id, SUM(y.n) FROM t x, t y GROUP BY x.id ORDER BY 2)"
            })
    void aStatementThatIsCancelledEnds(String sql) throws Exception {
        try (Statement statement = connection.createStatement()) {
            var begun = new CountDownLatch(1);
            CompletableFuture<String> ended = CompletableFuture.supplyAsync(() -> {
                begun.countDown();
                try {
                    statement.executeQuery(sql).next();
                    return "ended by itself";
                } catch (SQLException e) {
                    return e.getSQLState();
                }
            });
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            /* It runs: it has not ended after a while. */
            assertThatThrownBy(() -> ended.get(400, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            long start = System.nanoTime();
            statement.cancel();
            String state = ended.get(60, TimeUnit.SECONDS);
            cancelMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            assertThat(state).isEqualTo("57014");
        }
    }

    @Test
    void aStatementWhoseTimeIsOverEnds() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            long start = System.nanoTime();
            assertThatThrownBy(() -> statement.executeQuery(CROSS).next())
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(10_000);
        }
    }
}
