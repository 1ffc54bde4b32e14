package dev.pando.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** A database under measurement, embedded, with its most durable setting that is common in use. */
enum Subject {
    PANDO("group commit, forced before each commit returns") {
        @Override
        String url(Path directory) {
            return "jdbc:pando:file:" + directory.resolve("pando");
        }

        @Override
        String memoryUrl() {
            return "jdbc:pando:mem:bench";
        }
    },
    H2("WRITE_DELAY=0; its commits are not each forced") {
        @Override
        String url(Path directory) {
            return "jdbc:h2:file:" + directory.resolve("h2")
                    + ";WRITE_DELAY=0;DB_CLOSE_DELAY=-1;OPTIMIZE_REUSE_RESULTS=0";
        }

        @Override
        String memoryUrl() {
            return "jdbc:h2:mem:bench;DB_CLOSE_DELAY=-1";
        }
    },
    SQLITE("WAL, synchronous=FULL") {
        @Override
        String url(Path directory) {
            return "jdbc:sqlite:" + directory.resolve("sqlite.db");
        }

        @Override
        String memoryUrl() {
            return "jdbc:sqlite::memory:";
        }

        @Override
        Properties properties() {
            var properties = new Properties();
            properties.put("journal_mode", "WAL");
            properties.put("synchronous", "FULL");
            properties.put("busy_timeout", "60000");
            return properties;
        }
    };

    private final String durability;

    Subject(String durability) {
        this.durability = durability;
    }

    abstract String url(Path directory);

    abstract String memoryUrl();

    Properties properties() {
        return new Properties();
    }

    String durability() {
        return durability;
    }

    Connection open(Path directory) throws SQLException {
        return DriverManager.getConnection(url(directory), properties());
    }

    Connection openInMemory() throws SQLException {
        return DriverManager.getConnection(memoryUrl());
    }

    /** The table of all measures. */
    static void createBooks(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE Books (id BIGINT PRIMARY KEY, title VARCHAR(80), pages INT, price DECIMAL(10,2))");
        }
    }

    /** Inserts a row of that table, or changes the one with its key. */
    String upsertOfBooks() {
        return switch (this) {
            case PANDO -> "UPSERT INTO Books VALUES (?, ?, ?, ?)";
            case H2 -> "MERGE INTO Books KEY (id) VALUES (?, ?, ?, ?)";
            case SQLITE ->
                "INSERT INTO Books VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title,"
                        + " pages = excluded.pages, price = excluded.price";
        };
    }

    /** Gives back what outlives the last connection. */
    void shutDown(Connection last) throws SQLException {
        if (this == H2) {
            try (Statement statement = last.createStatement()) {
                statement.execute("SHUTDOWN");
            }
        }
    }
}
