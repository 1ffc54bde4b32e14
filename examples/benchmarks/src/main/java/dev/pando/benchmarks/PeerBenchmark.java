package dev.pando.benchmarks;

import dev.pando.dag.Commit;
import dev.pando.dag.Part;
import dev.pando.dag.Signer;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.KeyPair;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Rows to a peer, two processes over loopback, both durable: from {@code set_replicator} to the last acknowledgement, and
 * from a commit to its acknowledgement by a peer that is connected. What each process does is in {@link PeerSide}.
 */
final class PeerBenchmark {

    private static final int ROUNDS = 3;
    private static final int SINGLE_ROWS = 10_000;
    private static final int BATCHED_ROWS = 100_000;
    private static final int BATCH = 1_000;
    private static final int MANY_ROWS = Integer.getInteger("bench.many", 1_000_000);
    private static final int LATENCIES = 1_000;

    /** Rounds that would begin later are left out, so that all ends in about a minute; one is made of each measure. */
    private static final long SECONDS_OF_A_MEASURE = 20;

    private static final String NOTE = "two processes on loopback, both durable; each commit signed and verified";

    private static final String COLD = "; processes that just began";

    private final Report report;
    private final Path directory;

    private PeerBenchmark(Report report, Path directory) {
        this.report = report;
        this.directory = directory;
    }

    /** Small and large commits, and one at a time. */
    static void run(Report report, Path directory) throws Exception {
        verify(report);
        latencies(report, directory);
        singles(report, directory);
        batches(report, directory);
    }

    static void latencies(Report report, Path directory) throws Exception {
        new PeerBenchmark(report, directory).latencies();
    }

    static void singles(Report report, Path directory) throws Exception {
        new PeerBenchmark(report, directory).pushes(SINGLE_ROWS, 1, "single-row-commits", "s");
    }

    static void batches(Report report, Path directory) throws Exception {
        new PeerBenchmark(report, directory).pushes(BATCHED_ROWS, BATCH, "rows-in-commits-of-1000", "rows/s");
    }

    /** A million rows, with the memory of both processes. */
    static void many(Report report, Path directory) throws Exception {
        var benchmark = new PeerBenchmark(report, directory);
        try (var pair = benchmark.pair("-Xmx192m")) {
            double[] tenths = pair.tenths("Books", MANY_ROWS, BATCH);
            String note = NOTE + "; -Xmx192m";
            double all = tenths[tenths.length - 1];
            report.line(MANY_ROWS + "-rows-to-an-empty-peer", "pando", "rows/s", one(MANY_ROWS / all), note);
            double last = all - tenths[tenths.length - 2];
            report.line("rate-of-the-last-tenth-to-that-of-the-first", "pando", "ratio", one(tenths[0] / last), note);
            report.line("anonymous-memory-of-the-sender", "pando", "MB", one(pair.sender.memory()), note);
            report.line("anonymous-memory-of-the-receiver", "pando", "MB", one(pair.receiver.memory()), note);
        }
    }

    private static double[] one(double value) {
        return new double[] {value};
    }

    private void pushes(int rows, int batch, String what, String unit) throws Exception {
        double[] cold = new double[ROUNDS];
        double[] warm = new double[ROUNDS];
        double[] cpu = new double[ROUNDS];
        int done = rounds(round -> {
            try (var pair = pair("-Xmx1g")) {
                cold[round] = pair.seconds("Before", rows, batch);
                warm[round] = pair.seconds("Books", rows, batch);
                cpu[round] = 1e6 * pair.cpuOfPush / rows;
                if (batch > 1) {
                    cold[round] = rows / cold[round];
                    warm[round] = rows / warm[round];
                }
            }
        });
        String measure = rows + "-" + what + "-to-an-empty-";
        report.line(measure + "table", "pando", unit, Arrays.copyOf(warm, done), NOTE);
        report.line(measure + "table-cpu", "pando", "us/row", Arrays.copyOf(cpu, done), NOTE + "; of both processes");
        report.line(measure + "peer", "pando", unit, Arrays.copyOf(cold, done), NOTE + COLD);
    }

    private interface Round {
        void run(int number) throws Exception;
    }

    /** How many were made. */
    private static int rounds(Round round) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_OF_A_MEASURE);
        int done = 0;
        while (done < ROUNDS && (done == 0 || System.nanoTime() < end)) {
            round.run(done++);
        }
        return done;
    }

    private void latencies() throws Exception {
        try (var pair = pair("-Xmx1g")) {
            pair.seconds("Books", 1, 1);
            double[] millis = numbers(pair.sender.ask("latencies Books " + LATENCIES));
            pair.check("Books");
            double median = millis[LATENCIES / 2];
            double worst = millis[LATENCIES * 99 / 100];
            report.line("commit-to-acknowledgement-median", "pando", "ms", one(median), NOTE);
            report.line("commit-to-acknowledgement-p99", "pando", "ms", one(worst), NOTE);
        }
    }

    private static double[] numbers(String words) {
        return Arrays.stream(words.split(" ")).mapToDouble(Double::parseDouble).toArray();
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

    private Pair pair(String memory) throws Exception {
        return new Pair(Files.createTempDirectory(Files.createDirectories(directory), "pair"), memory);
    }

    private static final class Pair implements AutoCloseable {
        final Side receiver;
        final Side sender;
        double cpuOfPush;

        Pair(Path at, String memory) throws IOException {
            receiver = new Side(at.resolve("b"), memory);
            sender = new Side(at.resolve("a"), memory);
        }

        double seconds(String table, int rows, int batch) throws IOException {
            double[] tenths = tenths(table, rows, batch);
            return tenths[tenths.length - 1];
        }

        /** Seconds until each tenth of the rows is acknowledged. */
        double[] tenths(String table, int rows, int batch) throws IOException {
            receiver.ask("create " + table);
            sender.ask("create " + table);
            sender.ask("fill " + table + " " + rows + " " + batch);
            double before = sender.cpuSeconds() + receiver.cpuSeconds();
            double[] tenths = numbers(sender.ask("push " + table + " " + receiver.address()));
            cpuOfPush = sender.cpuSeconds() + receiver.cpuSeconds() - before;
            check(table);
            return tenths;
        }

        void check(String table) throws IOException {
            String expected = sender.ask("count " + table);
            String count = receiver.ask("count " + table);
            if (!expected.equals(count)) {
                throw new IllegalStateException("the peer has " + count + " rows of " + expected);
            }
        }

        @Override
        public void close() throws Exception {
            sender.close();
            receiver.close();
        }
    }

    /** A process that is asked one thing at a time. */
    private static final class Side implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final BufferedWriter questions;
        private final String address;

        Side(Path at, String memory) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            memory,
                            "-cp",
                            System.getProperty("java.class.path"),
                            PeerSide.class.getName(),
                            at.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            answers = process.inputReader(StandardCharsets.UTF_8);
            questions = process.outputWriter(StandardCharsets.UTF_8);
            address = answer();
        }

        String address() {
            return address;
        }

        String ask(String question) throws IOException {
            questions.write(question);
            questions.newLine();
            questions.flush();
            return answer();
        }

        private String answer() throws IOException {
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("the process of one side has ended");
            }
            return line;
        }

        double cpuSeconds() throws IOException {
            return Double.parseDouble(ask("cpu"));
        }

        /** Megabytes that no file backed, at the worst of moments. */
        double memory() throws IOException {
            return Long.parseLong(ask("anonymous")) / 1e6;
        }

        @Override
        public void close() throws Exception {
            process.destroy();
            process.waitFor();
        }
    }
}
