package dev.pando.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Rows to an empty peer in another process, over loopback, both durable: from {@code set_replicator} to the last row. */
final class PeerBenchmark {

    private static final int ROUNDS = 3;
    private static final int ROWS = 10_000;

    private PeerBenchmark() {}

    static void run(Report report, Path directory) throws Exception {
        double[] seconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            Path at = Files.createDirectories(directory.resolve("round" + round));
            seconds[round] = round(at);
        }
        report.line(
                "10000-single-row-commits-to-an-empty-peer",
                "pando",
                "s",
                seconds,
                "two processes on loopback, both durable; each commit signed and verified");
    }

    private static double round(Path at) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PeerBenchmark.class.getName(),
                        at.resolve("b").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (Connection sender = open(at.resolve("a"));
                BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
            Benchmarks.createBooks(sender);
            String address = answers.readLine();
            if (address == null) {
                throw new IOException("the peer did not start");
            }
            try (PreparedStatement insert = sender.prepareStatement("INSERT INTO Books VALUES (?, ?, ?, 1.00)")) {
                for (int i = 0; i < ROWS; i++) {
                    insert.setLong(1, i);
                    insert.setString(2, "The book of number " + i);
                    insert.setInt(3, i % 900);
                    insert.executeUpdate();
                }
            }
            long start = System.nanoTime();
            String peer = address.substring(address.lastIndexOf('/') + 1);
            try (CallableStatement call = sender.prepareCall("{call set_replicator('Books', ?)}")) {
                call.setString(1, address);
                call.execute();
            }
            try (CallableStatement call = sender.prepareCall("{call wait_for_sync('Books', ?, 120000)}")) {
                call.setString(1, peer);
                call.execute();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            process.outputWriter().write("count\n");
            process.outputWriter().flush();
            String count = answers.readLine();
            if (!Integer.toString(ROWS).equals(count)) {
                throw new IllegalStateException("the peer has " + count + " rows");
            }
            return seconds;
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /** The receiving process: prints its address, then the number of rows when asked. */
    public static void main(String[] args) throws Exception {
        try (Connection receiver = open(Path.of(args[0]))) {
            Benchmarks.createBooks(receiver);
            try (Statement statement = receiver.createStatement()) {
                statement.execute("GRANT INSERT, UPDATE, DELETE ON Books TO PEER ANY");
                System.out.println(one(statement, "SELECT address FROM sys.addresses"));
                while (System.in.read() >= 0) {
                    if (System.in.available() == 0) {
                        System.out.println(one(statement, "SELECT COUNT(*) FROM Books"));
                    }
                }
            }
        }
    }

    private static String one(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection open(Path root) throws SQLException {
        var properties = new Properties();
        properties.put("p2p", "true");
        properties.put("p2paddr", "/ip4/127.0.0.1/tcp/0");
        return DriverManager.getConnection("jdbc:pando:file:" + root, properties);
    }
}
