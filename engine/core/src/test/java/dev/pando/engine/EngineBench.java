package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.insert;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.KeyRange;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Figures of the engine beside a bare append + fdatasync loop of the same run. One line of JSON each:
 *
 * <pre>java -cp … dev.pando.engine.EngineBench [directory] [seconds]</pre>
 */
final class EngineBench {

    private static final int RAW_BYTES = 700;

    private final Path directory;
    private final double seconds;

    private EngineBench(Path directory, double seconds) {
        this.directory = directory;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        Path directory = args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("pando-bench");
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 3;
        String only = args.length > 2 ? args[2] : "";
        new EngineBench(directory, seconds).run(only);
    }

    private void run(String only) throws Exception {
        double raw = only.isEmpty() || only.contains("raw") ? rawAppends() : 0;
        boolean memory = only.contains("memory");
        var options = memory ? EngineOptions.inMemory() : EngineOptions.at(directory.resolve("db"));
        try (Engine engine = Engine.open(options)) {
            Table table = books(engine);
            if (only.isEmpty() || only.contains("insert")) {
                writers(engine, table, 1, seconds); // warm
                raw = rawAppends();
                double one = writers(engine, table, 1, seconds);
                print("durable insert, 1 writer", one, "ratio to raw", one / raw);
                double sixteen = writers(engine, table, 16, seconds);
                print("durable insert, 16 writers", sixteen, "ratio to raw", sixteen / raw);
                double sixtyFour = writers(engine, table, 64, seconds);
                print("durable insert, 64 writers", sixtyFour, "ratio to raw", sixtyFour / raw);
            }
            if (only.isEmpty() || only.contains("batch")) {
                batches(engine, table, seconds);
                print("batches of 1,000, documents", batches(engine, table, seconds), "", 0);
            }
            if (only.contains("noread")) {
                return;
            }
            reads(engine, table);
            print("point reads, one transaction", reads(engine, table), "", 0);
            print("scan rows", scan(engine, table), "", 0);
        }
    }

    /** Appends and fdatasyncs to a preallocated file. */
    private double rawAppends() throws IOException {
        Path file = directory.resolve("raw");
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(0);
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                raw.write(zeros);
            }
            raw.getChannel().force(true);
            ByteBuffer block = ByteBuffer.allocateDirect(RAW_BYTES);
            long end = System.nanoTime() + (long) (seconds * 1e9);
            long start = System.nanoTime();
            long count = 0;
            long position = 0;
            while (System.nanoTime() < end) {
                block.clear();
                raw.getChannel().write(block, position);
                position = (position + RAW_BYTES) % (63 << 20);
                raw.getChannel().force(false);
                count++;
            }
            double rate = count / ((System.nanoTime() - start) / 1e9);
            print("raw append + fdatasync", rate, "", 0);
            return rate;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static final AtomicLong KEYS = new AtomicLong();

    private static double writers(Engine engine, Table table, int threads, double seconds) throws Exception {
        var done = new AtomicLong();
        var ended = new CountDownLatch(threads);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        for (int t = 0; t < threads; t++) {
            new Thread(() -> {
                        while (System.nanoTime() < end) {
                            try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                                long key = KEYS.incrementAndGet();
                                insert(tx, table, "key" + key, "a title of middling length " + key, key, 1L);
                                tx.commit();
                                done.incrementAndGet();
                            }
                        }
                        ended.countDown();
                    })
                    .start();
        }
        ended.await();
        return done.get() / ((System.nanoTime() - start) / 1e9);
    }

    private static double batches(Engine engine, Table table, double seconds) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long rows = 0;
        while (System.nanoTime() < end) {
            try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                for (int i = 0; i < 1_000; i++) {
                    long key = KEYS.incrementAndGet();
                    insert(tx, table, "key" + key, "a title of middling length " + key, key, 1L);
                }
                tx.commit();
                rows += 1_000;
            }
        }
        return rows / ((System.nanoTime() - start) / 1e9);
    }

    private static double reads(Engine engine, Table table) {
        int count = 1_000_000;
        long max = Math.max(1, KEYS.get());
        long sum = 0;
        long start = System.nanoTime();
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            tx.beginStatement();
            for (int i = 0; i < count; i++) {
                Row row = tx.get(table, List.of("key" + (1 + (i * 7919L) % max)));
                sum += row == null ? 0 : row.getLong(3);
            }
        }
        if (sum == 0) {
            throw new IllegalStateException("nothing was read");
        }
        return count / ((System.nanoTime() - start) / 1e9);
    }

    private static double scan(Engine engine, Table table) {
        double rate = 0;
        for (int i = 0; i < 3; i++) {
            long rows = 0;
            long start = System.nanoTime();
            try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                tx.beginStatement();
                try (RowCursor cursor = tx.scan(table, KeyRange.all(), false)) {
                    while (cursor.next() != null) {
                        rows++;
                    }
                }
            }
            rate = rows / ((System.nanoTime() - start) / 1e9);
        }
        return rate;
    }

    private static void print(String measure, double perSecond, String extra, double value) {
        String more = extra.isEmpty() ? "" : String.format(Locale.ROOT, ", \"%s\": %.2f", extra, value);
        System.out.println(
                String.format(Locale.ROOT, "{\"measure\": \"%s\", \"per second\": %.0f%s}", measure, perSecond, more));
    }
}
