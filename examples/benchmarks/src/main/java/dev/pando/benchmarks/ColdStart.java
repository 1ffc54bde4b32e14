package dev.pando.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;

/** The process that {@code cold} measures. */
final class ColdStart {

    private ColdStart() {}

    public static void main(String[] args) throws Exception {
        long start = System.nanoTime();
        try (Connection connection = Subject.valueOf(args[0]).openInMemory();
                Statement statement = connection.createStatement()) {
            Benchmarks.createBooks(connection);
            statement.executeUpdate("INSERT INTO Books VALUES (1, 'one', 100, 9.99)");
            try (ResultSet row = statement.executeQuery("SELECT title, pages FROM Books WHERE id = 1")) {
                if (!row.next() || row.getInt(2) != 100) {
                    throw new IllegalStateException("the row is not there");
                }
            }
        }
        System.out.println("ms " + (System.nanoTime() - start) / 1e6);
        System.exit(0);
    }
}
