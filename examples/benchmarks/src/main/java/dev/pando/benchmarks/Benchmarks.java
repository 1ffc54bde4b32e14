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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
                ? List.of(
                        "raw",
                        "cold",
                        "select",
                        "text",
                        "range",
                        "insert1",
                        "insert16",
                        "batch",
                        "change",
                        "million",
                        "peer")
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
            case "cold" -> new ColdBenchmark(report, directory).run();
            case "select" -> each(this::select);
            case "text" -> each((subject, at) -> new QueryBenchmarks(report).text(subject, at));
            case "range" -> each((subject, at) -> new QueryBenchmarks(report).range(subject, at));
            case "million" -> each((subject, at) -> new QueryBenchmarks(report).million(subject, at));
            case "insert1" -> each((subject, at) -> insert(subject, at, 1));
            case "insert16" -> each((subject, at) -> insert(subject, at, 16));
            case "batch" -> each((subject, at) -> new BatchBenchmarks(report).insert(subject, at));
            case "change" -> each((subject, at) -> new BatchBenchmarks(report).change(subject, at));
            case "peer" -> PeerBenchmark.run(report, directory.resolve("peer"));
            case "peerlatencies" -> PeerBenchmark.latencies(report, directory.resolve("peerlatencies"));
            case "peersingles" -> PeerBenchmark.singles(report, directory.resolve("peersingles"));
            case "peerbatches" -> PeerBenchmark.batches(report, directory.resolve("peerbatches"));
            case "peermillion" -> PeerBenchmark.many(report, directory.resolve("peermillion"));
            default ->
                throw new IllegalArgumentException(
                        "'" + name
                                + "' is not a measure: raw, cold, select, text, range, insert1, insert16, batch, change, million, peer, peerlatencies, peersingles, peerbatches, peermillion");
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
            Subject.createBooks(first);
            int perThread = threads == 1 ? 500 : 100;
            var pool = Executors.newFixedThreadPool(threads);
            var next = new AtomicLong();
            String measure = "durable-autocommit-insert-" + threads;
            Rounds.reportRate(report, measure, subject, Rounds.WARM_UP_SECONDS_SINGLE, threads * perThread, () -> {
                var work = new ArrayList<Callable<Long>>();
                for (int t = 0; t < threads; t++) {
                    work.add(() -> insertRows(subject, at, next.getAndAdd(perThread), perThread));
                }
                for (Future<Long> done : pool.invokeAll(work)) {
                    done.get();
                }
            });
            pool.shutdown();
            pool.awaitTermination(10, TimeUnit.SECONDS);
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

    static void fill(Connection connection, int rows) throws SQLException {
        Subject.createBooks(connection);
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

    static void bind(PreparedStatement insert, long id) throws SQLException {
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
