package dev.pando.benchmarks;

import dev.pando.dag.Commit;
import dev.pando.dag.Part;
import dev.pando.dag.Signer;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.KeyPair;
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
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Rows to a peer in another process, over loopback, both durable: from {@code set_replicator} to the last row there, and
 * from a commit to its acknowledgement by a peer that is connected.
 */
final class PeerBenchmark {

    private static final int ROUNDS = 3;
    private static final int SINGLE_ROWS = 10_000;
    private static final int BATCHED_ROWS = 100_000;
    private static final int BATCH = 1_000;
    private static final int LATENCIES = 500;

    private PeerBenchmark() {}

    static void run(Report report, Path directory) throws Exception {
        verify(report);
        double[] singles = new double[ROUNDS];
        double[] batches = new double[ROUNDS];
        double[] medians = new double[ROUNDS];
        double[] worst = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            try (var pair = new Pair(Files.createDirectories(directory.resolve("single" + round)))) {
                pair.fill(SINGLE_ROWS, 1);
                singles[round] = pair.push();
                double[] latencies = pair.latencies();
                medians[round] = latencies[LATENCIES / 2];
                worst[round] = latencies[LATENCIES * 99 / 100];
            }
            try (var pair = new Pair(Files.createDirectories(directory.resolve("batched" + round)))) {
                pair.fill(BATCHED_ROWS, BATCH);
                batches[round] = BATCHED_ROWS / pair.push();
            }
        }
        String note = "two processes on loopback, both durable; each commit signed and verified";
        report.line("10000-single-row-commits-to-an-empty-peer", "pando", "s", singles, note);
        report.line("100000-rows-in-commits-of-1000-to-an-empty-peer", "pando", "rows/s", batches, note);
        report.line("commit-to-acknowledgement-median", "pando", "ms", medians, note);
        report.line("commit-to-acknowledgement-p99", "pando", "ms", worst, note);
    }

    /** What the machine gives: bare checks of signatures, one thread. */
    private static void verify(Report report) {
        KeyPair pair = KeyPair.fromSeed(new byte[KeyPair.SEED_BYTES]);
        Signer signer = Signer.of(pair);
        Cid collection = Cid.ofSha256(Cid.DAG_CBOR, new byte[0]);
        var parts = new TreeMap<>(Map.of(collection, new Part(1, collection)));
        Commit unsigned = new Commit(1, signer.author(), parts, new byte[Commit.SIGNATURE_BYTES]);
        Commit commit = new Commit(1, signer.author(), parts, signer.sign(unsigned.signedBytes()));
        double[] perSecond = new double[7];
        for (int round = -3; round < perSecond.length; round++) {
            long start = System.nanoTime();
            int n = 1_000;
            for (int i = 0; i < n; i++) {
                if (!commit.verifySignature()) {
                    throw new IllegalStateException("a good signature does not verify");
                }
            }
            if (round >= 0) {
                perSecond[round] = n / ((System.nanoTime() - start) / 1e9);
            }
        }
        report.line("verify-signatures", "machine", "1/s", perSecond, "one thread");
    }

    /** A sender in this process, and a receiver in another. */
    private static final class Pair implements AutoCloseable {
        private final Process process;
        private final Connection sender;
        private final BufferedReader answers;
        private final String address;
        private int rows;

        Pair(Path at) throws Exception {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            PeerBenchmark.class.getName(),
                            at.resolve("b").toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            sender = open(at.resolve("a"));
            answers = process.inputReader(StandardCharsets.UTF_8);
            Benchmarks.createBooks(sender);
            String told = answers.readLine();
            if (told == null) {
                throw new IOException("the peer did not start");
            }
            address = told;
        }

        void fill(int count, int batch) throws SQLException {
            sender.setAutoCommit(false);
            try (PreparedStatement insert = sender.prepareStatement("INSERT INTO Books VALUES (?, ?, ?, 1.00)")) {
                for (int i = 0; i < count; i++) {
                    bind(insert);
                    insert.addBatch();
                    if ((i + 1) % batch == 0) {
                        insert.executeBatch();
                        sender.commit();
                    }
                }
            }
            sender.setAutoCommit(true);
        }

        private void bind(PreparedStatement insert) throws SQLException {
            insert.setLong(1, rows);
            insert.setString(2, "The book of number " + rows);
            insert.setInt(3, rows % 900);
            rows++;
        }

        /** Seconds until the peer has all. */
        double push() throws Exception {
            long start = System.nanoTime();
            try (CallableStatement call = sender.prepareCall("{call set_replicator('Books', ?)}")) {
                call.setString(1, address);
                call.execute();
            }
            sync();
            double seconds = (System.nanoTime() - start) / 1e9;
            check();
            return seconds;
        }

        /** Milliseconds from a commit to its acknowledgement, sorted. */
        double[] latencies() throws Exception {
            double[] millis = new double[LATENCIES];
            try (PreparedStatement insert = sender.prepareStatement("INSERT INTO Books VALUES (?, ?, ?, 1.00)")) {
                for (int i = -LATENCIES; i < LATENCIES; i++) {
                    bind(insert);
                    long start = System.nanoTime();
                    insert.executeUpdate();
                    sync();
                    if (i >= 0) {
                        millis[i] = (System.nanoTime() - start) / 1e6;
                    }
                }
            }
            check();
            Arrays.sort(millis);
            return millis;
        }

        private void sync() throws SQLException {
            try (CallableStatement call = sender.prepareCall("{call wait_for_sync('Books', ?, 120000)}")) {
                call.setString(1, address.substring(address.lastIndexOf('/') + 1));
                call.execute();
            }
        }

        private void check() throws IOException {
            process.outputWriter().write("count\n");
            process.outputWriter().flush();
            String count = answers.readLine();
            if (!Integer.toString(rows).equals(count)) {
                throw new IllegalStateException("the peer has " + count + " rows of " + rows);
            }
        }

        @Override
        public void close() throws Exception {
            sender.close();
            answers.close();
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
