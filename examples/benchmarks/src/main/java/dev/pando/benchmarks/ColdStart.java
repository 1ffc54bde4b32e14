package dev.pando.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The process that {@link ColdBenchmark} measures. */
final class ColdStart {

    /** What is done with the table of one row. */
    enum Work {
        KEY_SELECT("SELECT title, pages FROM Books WHERE id = 1"),
        PLANNED_JOIN("SELECT a.title, MAX(b.pages) FROM Books a JOIN Books b ON a.pages = b.pages"
                + " WHERE b.price > 1 GROUP BY a.title ORDER BY 2");

        private final String sql;

        Work(String sql) {
            this.sql = sql;
        }
    }

    private ColdStart() {}

    public static void main(String[] args) throws SQLException {
        long start = System.nanoTime();
        try (Connection connection = Subject.valueOf(args[0]).openInMemory();
                Statement statement = connection.createStatement()) {
            Subject.createBooks(connection);
            statement.executeUpdate("INSERT INTO Books VALUES (1, 'one', 100, 9.99)");
            try (ResultSet row = statement.executeQuery(Work.valueOf(args[1]).sql)) {
                if (!row.next() || row.getInt(2) != 100) {
                    throw new IllegalStateException("the row is not there");
                }
            }
            System.out.println("ms " + (System.nanoTime() - start) / 1e6);
        }
        System.exit(0);
    }
}
