package dev.pando.jdbc.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Two transactions, one, and other, over one database in memory with the rows (1, 10) and (2, 20) of {@code t}. */
final class TwoSessions implements AutoCloseable {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final long WAIT_SECONDS = 30;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    final String url = "jdbc:pando:mem:isolation" + DATABASES.incrementAndGet();
    final Connection one;
    final Connection other;

    TwoSessions(int isolation) throws SQLException {
        one = DriverManager.getConnection(url);
        other = DriverManager.getConnection(url);
        run(one, "CREATE TABLE t (id INT PRIMARY KEY, v INT)");
        run(one, "INSERT INTO t VALUES (1, 10), (2, 20)");
        for (Connection each : new Connection[] {one, other}) {
            each.setTransactionIsolation(isolation);
            each.setAutoCommit(false);
        }
    }

    static int run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql) ? 0 : statement.getUpdateCount();
        }
    }

    static int value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getInt(1) : Integer.MIN_VALUE;
        }
    }

    /** Runs in another thread, as it may wait. */
    Future<Integer> later(Connection connection, String sql) {
        return thread.submit(() -> run(connection, sql));
    }

    /** The rows changed, or the state of the error. */
    static Object outcome(Future<Integer> future) throws Exception {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return ((SQLException) e.getCause()).getSQLState();
        }
    }

    /** Whether it still waits a while after it began. */
    static boolean waits(Future<Integer> future) throws Exception {
        try {
            future.get(200, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        }
    }

    static String state(Connection connection, String sql) {
        try {
            run(connection, sql);
            return "00000";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    @Override
    public void close() throws SQLException {
        thread.shutdownNow();
        one.rollback();
        other.rollback();
        one.close();
        other.close();
    }
}
