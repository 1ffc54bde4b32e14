package dev.pando.benchmarks;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/** Rows written by {@code executeBatch}, a thousand in a durable transaction. */
final class BatchBenchmarks {

    private static final int BATCHES = 20;
    private static final int BATCH_ROWS = 1_000;

    /** Rows of the table whose rows are changed. */
    private static final int ROWS = 100_000;

    private final Report report;

    BatchBenchmarks(Report report) {
        this.report = report;
    }

    /** Sets the parameters for one row. */
    private interface Binding {
        void bind(PreparedStatement statement, long number) throws SQLException;
    }

    void insert(Subject subject, Path at) throws Exception {
        try (Connection connection = subject.open(at)) {
            Subject.createBooks(connection);
            String sql = "INSERT INTO Books VALUES (?, ?, ?, ?)";
            run(connection, subject, "durable-batches-of-1000", sql, Benchmarks::bind);
            subject.shutDown(connection);
        }
    }

    /** Changes by key of rows that are there, and of inserts that change them. */
    void change(Subject subject, Path at) throws Exception {
        try (Connection connection = subject.open(at)) {
            Benchmarks.fill(connection, ROWS);
            String update = "UPDATE Books SET pages = ?, price = ? WHERE id = ?";
            run(connection, subject, "durable-updates-in-1000", update, (statement, number) -> {
                statement.setInt(1, (int) (number % 1_000_003));
                statement.setBigDecimal(2, BigDecimal.valueOf(number % 9_973, 2));
                statement.setLong(3, number * 7_919 % ROWS);
            });
            run(connection, subject, "durable-upserts-in-1000", subject.upsertOfBooks(), (statement, number) -> {
                long id = number * 7_919 % (2 * ROWS);
                statement.setLong(1, id);
                statement.setString(2, "The other book of number " + number);
                statement.setInt(3, (int) (number % 900));
                statement.setBigDecimal(4, BigDecimal.valueOf(number % 9_973, 2));
            });
            subject.shutDown(connection);
        }
    }

    private void run(Connection connection, Subject subject, String measure, String sql, Binding binding)
            throws Exception {
        connection.setAutoCommit(false);
        var next = new AtomicLong();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int rows = BATCHES * BATCH_ROWS;
            Rounds.reportRate(report, measure, subject, Rounds.WARM_UP_SECONDS_BATCH, rows, () -> {
                for (int b = 0; b < BATCHES; b++) {
                    for (int i = 0; i < BATCH_ROWS; i++) {
                        binding.bind(statement, next.getAndIncrement());
                        statement.addBatch();
                    }
                    statement.executeBatch();
                    connection.commit();
                }
            });
        }
        connection.setAutoCommit(true);
    }
}
