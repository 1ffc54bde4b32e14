package dev.pando.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What queries take: new texts, ranges of an index, and reading all of many rows. */
final class QueryBenchmarks {
    private static final int ROUNDS = 7;
    private static final int WARM_UP = 3;
    private static final int ROWS = 20_000;
    private static final int MANY = Integer.getInteger("bench.rows", 1_000_000);
    private static final int GROUPS = 1_000;

    private final Report report;

    QueryBenchmarks(Report report) {
        this.report = report;
    }

    /** Each text is one that was never seen. */
    void text(Subject subject, Path at) throws SQLException {
        try (Connection connection = subject.open(at)) {
            Benchmarks.fill(connection, ROWS);
            double[] micros = new double[ROUNDS];
            long checksum = 0;
            try (Statement statement = connection.createStatement()) {
                for (int round = -WARM_UP; round < ROUNDS; round++) {
                    int n = 2_000;
                    long start = System.nanoTime();
                    for (int i = 0; i < n; i++) {
                        long id = ((long) (round + WARM_UP) * n + i) % ROWS;
                        try (ResultSet row =
                                statement.executeQuery("SELECT title, pages FROM Books WHERE id = " + id)) {
                            row.next();
                            checksum += row.getInt(2);
                        }
                    }
                    keep(micros, round, start, n);
                }
            }
            report.line("new-text-key-select", subject.name(), "us/op", micros, "checksum " + checksum);
            subject.shutDown(connection);
        }
    }

    void range(Subject subject, Path at) throws SQLException {
        try (Connection connection = subject.open(at)) {
            Benchmarks.fill(connection, ROWS);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE INDEX BooksByPrice ON Books (price)");
            }
            String sql = "SELECT title, price FROM Books WHERE price >= ? AND price < ? ORDER BY price";
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                Rounds.report(report, "index-range-of-100", subject, 500, i -> {
                    int from = i * 7 % 9_900;
                    select.setBigDecimal(1, java.math.BigDecimal.valueOf(from, 2));
                    select.setBigDecimal(2, java.math.BigDecimal.valueOf(from + 50, 2));
                    long count = 0;
                    try (ResultSet rows = select.executeQuery()) {
                        while (rows.next()) {
                            count++;
                        }
                    }
                    return count;
                });
            }
            subject.shutDown(connection);
        }
    }

    void million(Subject subject, Path at) throws SQLException {
        try (Connection connection = subject.open(at)) {
            fillMany(connection);
            measure(connection, subject, "scan", "SELECT SUM(n), COUNT(*) FROM Numbers WHERE n >= 0");
            measure(connection, subject, "group-by", "SELECT g, COUNT(*), SUM(n) FROM Numbers GROUP BY g");
            measure(
                    connection,
                    subject,
                    "join-and-group-by",
                    "SELECT w.name, COUNT(*), SUM(x.n) FROM Numbers x JOIN Words w ON w.id = x.g GROUP BY w.name");
            subject.shutDown(connection);
        }
    }

    private void measure(Connection connection, Subject subject, String name, String sql) throws SQLException {
        int rounds = Integer.getInteger("bench.rounds", ROUNDS);
        double[] millis = new double[rounds];
        long checksum = 0;
        try (Statement statement = connection.createStatement()) {
            for (int round = -1; round < rounds; round++) {
                long start = System.nanoTime();
                try (ResultSet rows = statement.executeQuery(sql)) {
                    while (rows.next()) {
                        checksum += rows.getLong(2);
                    }
                }
                if (round >= 0) {
                    millis[round] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        report.line(MANY + "-rows-" + name, subject.name(), "ms", millis, "checksum " + checksum);
    }

    private static void fillMany(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE Numbers (id BIGINT PRIMARY KEY, g INT, n INT)");
            statement.execute("CREATE TABLE Words (id INT PRIMARY KEY, name VARCHAR(20))");
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO Numbers VALUES (?, ?, ?)");
                PreparedStatement word = connection.prepareStatement("INSERT INTO Words VALUES (?, ?)")) {
            for (int i = 0; i < GROUPS; i++) {
                word.setInt(1, i);
                word.setString(2, "word " + i % 100);
                word.addBatch();
            }
            word.executeBatch();
            for (int i = 0; i < MANY; i++) {
                insert.setLong(1, i);
                insert.setInt(2, i % GROUPS);
                insert.setInt(3, i % 10_007);
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

    private static void keep(double[] micros, int round, long start, int operations) {
        if (round >= 0) {
            micros[round] = (System.nanoTime() - start) / 1e3 / operations;
        }
    }
}
