package dev.pando.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs every measure, or those named on the command line, for Pando, H2 and SQLite in turn, and prints a JSON line each.
 *
 * <p>{@code ./mvnw -q -Pbench -pl examples/benchmarks -am -DskipTests verify}
 */
public final class Benchmarks {

    private static final int ROUNDS = 7;
    private static final int ROWS = 20_000;

    private final Report report;
    private final Path directory;

    private Benchmarks(Report report, Path directory) {
        this.report = report;
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("pando-bench");
        var wanted = args.length == 0
                ? List.of("raw", "cold", "select", "text", "range", "insert1", "insert16", "batch", "million", "peer")
                : List.of(args);
        var benchmarks = new Benchmarks(new Report(System.out), directory);
        try {
            for (String name : wanted) {
                benchmarks.run(name);
            }
        } finally {
            delete(directory);
        }
        /* Rivals leave threads behind. */
        System.exit(0);
    }

    private void run(String name) throws Exception {
        switch (name) {
            case "raw" -> raw();
            case "cold" -> cold();
            case "select" -> each(this::select);
            case "text" -> each((subject, at) -> new QueryBenchmarks(report).text(subject, at));
            case "range" -> each((subject, at) -> new QueryBenchmarks(report).range(subject, at));
            case "million" -> each((subject, at) -> new QueryBenchmarks(report).million(subject, at));
            case "insert1" -> each((subject, at) -> insert(subject, at, 1));
            case "insert16" -> each((subject, at) -> insert(subject, at, 16));
            case "batch" -> each(this::batch);
            case "peer" -> PeerBenchmark.run(report, directory.resolve("peer"));
            case "peerlatencies" -> PeerBenchmark.latencies(report, directory.resolve("peerlatencies"));
            case "peersingles" -> PeerBenchmark.singles(report, directory.resolve("peersingles"));
            case "peerbatches" -> PeerBenchmark.batches(report, directory.resolve("peerbatches"));
            case "peermillion" -> PeerBenchmark.many(report, directory.resolve("peermillion"));
            default ->
                throw new IllegalArgumentException(
                        "'" + name
                                + "' is not a measure: raw, cold, select, text, range, insert1, insert16, batch, million, peer, peerlatencies, peersingles, peerbatches, peermillion");
        }
    }

    private interface Measure {
        void run(Subject subject, Path at) throws Exception;
    }

    private void each(Measure measure) throws Exception {
        for (Subject subject : Subject.values()) {
            Path at = Files.createTempDirectory(directory, subject.name());
            measure.run(subject, at);
            delete(at);
        }
    }

    /** What the disk gives: a bare loop of append and force. */
    private void raw() throws IOException {
        double[] micros = new double[ROUNDS];
        Path file = directory.resolve("raw");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var preallocated = ByteBuffer.allocate(1 << 20);
            for (int i = 0; i < 16; i++) {
                channel.write(preallocated.rewind(), (long) i << 20);
            }
            channel.force(true);
            long position = 0;
            for (int round = 0; round < ROUNDS; round++) {
                int n = 500;
                long start = System.nanoTime();
                for (int i = 0; i < n; i++) {
                    var record = ByteBuffer.allocate(600);
                    channel.write(record, position);
                    position += 600;
                    channel.force(false);
                }
                micros[round] = micros(start, n);
            }
        }
        report.line("append-and-force-600-bytes", "disk", "us/op", micros, "preallocated file, one thread");
        Files.delete(file);
    }

    /** A new JVM: create a table in memory, insert a row, select it by key. */
    private void cold() throws Exception {
        for (Subject subject : Subject.values()) {
            double[] inside = new double[ROUNDS];
            double[] whole = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                var process = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                ColdStart.class.getName(),
                                subject.name())
                        .redirectErrorStream(true)
                        .start();
                String output =
                        new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                if (process.waitFor() != 0) {
                    throw new IllegalStateException("cold start of " + subject + " failed: " + output);
                }
                whole[round] = (System.nanoTime() - start) / 1e6;
                inside[round] = output.lines()
                        .filter(l -> l.startsWith("ms "))
                        .mapToDouble(l -> Double.parseDouble(l.substring(3)))
                        .findFirst()
                        .orElseThrow();
            }
            report.line("cold-first-key-select", subject.name(), "ms", inside, "new JVM, from main() to the row");
            report.line("cold-process", subject.name(), "ms", whole, "new JVM, from exec to exit");
        }
    }

    private void select(Subject subject, Path at) throws SQLException {
        try (Connection connection = subject.open(at)) {
            fill(connection, ROWS);
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT title, pages FROM Books WHERE id = ?")) {
                Rounds.report(report, "prepared-key-select", subject, 20_000, i -> {
                    select.setLong(1, (i * 7_919L) % ROWS);
                    try (ResultSet row = select.executeQuery()) {
                        row.next();
                        return row.getInt(2);
                    }
                });
            }
            subject.shutDown(connection);
        }
    }

    private void insert(Subject subject, Path at, int threads) throws Exception {
        try (Connection first = subject.open(at)) {
            createBooks(first);
            double[] perSecond = new double[ROUNDS];
            int perThread = threads == 1 ? 500 : 100;
            var pool = Executors.newFixedThreadPool(threads);
            long next = 0;
            for (int round = -1; round < ROUNDS; round++) {
                var work = new ArrayList<Callable<Long>>();
                for (int t = 0; t < threads; t++) {
                    long from = next;
                    next += perThread;
                    work.add(() -> insertRows(subject, at, from, perThread));
                }
                long start = System.nanoTime();
                for (Future<Long> done : pool.invokeAll(work)) {
                    done.get();
                }
                if (round >= 0) {
                    perSecond[round] = threads * perThread / ((System.nanoTime() - start) / 1e9);
                }
            }
            pool.shutdown();
            pool.awaitTermination(10, TimeUnit.SECONDS);
            report.line(
                    "durable-autocommit-insert-" + threads, subject.name(), "rows/s", perSecond, subject.durability());
            subject.shutDown(first);
        }
    }

    private static long insertRows(Subject subject, Path at, long from, int n) throws SQLException {
        try (Connection connection = subject.open(at);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO Books VALUES (?, ?, ?, ?)")) {
            for (long id = from; id < from + n; id++) {
                bind(insert, id);
                insert.executeUpdate();
            }
        }
        return n;
    }

    private void batch(Subject subject, Path at) throws SQLException {
        try (Connection connection = subject.open(at)) {
            createBooks(connection);
            connection.setAutoCommit(false);
            double[] perSecond = new double[ROUNDS];
            long id = 0;
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO Books VALUES (?, ?, ?, ?)")) {
                for (int round = -2; round < ROUNDS; round++) {
                    int batches = 20;
                    long start = System.nanoTime();
                    for (int b = 0; b < batches; b++) {
                        for (int i = 0; i < 1_000; i++) {
                            bind(insert, id++);
                            insert.addBatch();
                        }
                        insert.executeBatch();
                        connection.commit();
                    }
                    if (round >= 0) {
                        perSecond[round] = batches * 1_000 / ((System.nanoTime() - start) / 1e9);
                    }
                }
            }
            report.line("durable-batches-of-1000", subject.name(), "rows/s", perSecond, subject.durability());
            connection.setAutoCommit(true);
            subject.shutDown(connection);
        }
    }

    static void createBooks(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE Books (id BIGINT PRIMARY KEY, title VARCHAR(80), pages INT, price DECIMAL(10,2))");
        }
    }

    static void fill(Connection connection, int rows) throws SQLException {
        createBooks(connection);
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO Books VALUES (?, ?, ?, ?)")) {
            for (int i = 0; i < rows; i++) {
                bind(insert, i);
                insert.addBatch();
                if (i % 1_000 == 999) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
            insert.executeBatch();
            connection.commit();
        }
        connection.setAutoCommit(true);
    }

    private static void bind(PreparedStatement insert, long id) throws SQLException {
        insert.setLong(1, id);
        insert.setString(2, "The book of number " + id);
        insert.setInt(3, (int) (id % 900));
        insert.setBigDecimal(4, java.math.BigDecimal.valueOf(id % 10_000, 2));
    }

    private static double micros(long startNanos, int operations) {
        return (System.nanoTime() - startNanos) / 1e3 / operations;
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }
}
