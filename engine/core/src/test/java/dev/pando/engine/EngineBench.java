package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.insert;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Grants.Right;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import dev.pando.collection.DeltaFactory;
import dev.pando.collection.Keys;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.CommitBuilder;
import dev.pando.dag.Signer;
import dev.pando.ipld.Block;
import dev.pando.libp2p.KeyPair;
import dev.pando.replication.AdmissionOutcome;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Figures of the engine beside the limits of the machine and beside SQLite, in one run; a line of JSON each. See
 * CONTRIBUTING.md for the command and docs/performance.md for what to make of it.
 *
 * <p>System properties: {@code bench} (measures with commas between, all of them by default), {@code bench.dir},
 * {@code bench.seconds} of each measure, {@code bench.docs} of the large database.
 */
@Tag("bench")
final class EngineBench {

    private static final List<String> ALL =
            List.of("single", "writers", "batch", "read", "merge", "history", "open", "latency", "memory", "space");

    private static final int BATCH = 1_000;

    private final BenchReport report = new BenchReport(System.out);
    private final Path directory;
    private final double seconds;
    private final BenchLimits limits;
    private final AtomicLong keys = new AtomicLong();
    private final AtomicLong endedNanos = new AtomicLong();
    private double cpuMicros;

    EngineBench() throws IOException {
        String at = System.getProperty("bench.dir", "");
        directory = at.isEmpty() ? Files.createTempDirectory("pando-bench") : Files.createDirectories(Path.of(at));
        seconds = Double.parseDouble(System.getProperty("bench.seconds", "3"));
        limits = new BenchLimits(directory, seconds);
    }

    public static void main(String[] args) throws Exception {
        new EngineBench().measure();
    }

    @Test
    void measure() throws Exception {
        String wanted = System.getProperty("bench", "");
        List<String> names = wanted.isEmpty() ? ALL : List.of(wanted.split(","));
        for (String name : names) {
            switch (name) {
                case "single" -> onEngine(this::single);
                case "writers" -> onEngine(this::writers);
                case "batch" -> onEngine(this::batches);
                case "read" -> onEngine(this::reads);
                case "merge" -> onEngine(this::merge);
                case "history" -> onEngine(this::history);
                case "open" -> large().opening();
                case "latency" -> large().latency();
                case "memory" -> large().memory();
                case "space" -> large().space();
                default -> throw new IllegalArgumentException("'" + name + "' is none of " + ALL);
            }
        }
    }

    private LargeBench large() {
        return new LargeBench(report, directory.resolve("large"), Integer.getInteger("bench.docs", 1_000_000));
    }

    private interface Measure {
        void run(Engine engine, Table table) throws Exception;
    }

    private void onEngine(Measure measure) throws Exception {
        Path at = Files.createTempDirectory(directory, "db");
        try (Engine engine = Engine.open(EngineOptions.at(at))) {
            measure.run(engine, books(engine));
        } finally {
            delete(at);
        }
    }

    // ---- writing

    private void single(Engine engine, Table table) throws Exception {
        warmUp(engine, table);
        double raw = limits.appends(BenchLimits.COMMIT_BYTES);
        double rate = insertAlone(engine, table, 1, seconds);
        double cpu = cpuMicros;
        double rawAfter = limits.appends(BenchLimits.COMMIT_BYTES);
        report.withCpu(
                "durable commit of one document, 1 writer",
                rate,
                "1/s",
                "append + fdatasync",
                (raw + rawAfter) / 2,
                cpu);
    }

    private void writers(Engine engine, Table table) throws Exception {
        warmUp(engine, table);
        double signatures = limits.plainSignatures();
        double appends = 64 * limits.appends(64 * BenchLimits.COMMIT_BYTES);
        double rate = insertAlone(engine, table, 64, seconds);
        double cpu = cpuMicros;
        report.withCpu(
                "durable commits of one document, 64 writers",
                rate,
                "1/s",
                "min(2 x BouncyCastle signatures, appends forced by 64)",
                Math.min(2 * signatures, appends),
                cpu);
        report.against("the same", rate, "1/s", "SQLite WAL FULL, one a transaction", limits.sqlite(1));
        rate = insertAlone(engine, table, 16, seconds);
        report.withCpu("durable commits of one document, 16 writers", rate, "1/s", "64 forced", appends, cpuMicros);
    }

    private double insertAlone(Engine engine, Table table, int threads, double seconds) throws InterruptedException {
        var done = new AtomicLong();
        var ended = new CountDownLatch(threads);
        long cpu = cpuNanos();
        long start = System.nanoTime();
        for (int t = 0; t < threads; t++) {
            new Thread(() -> {
                        while (System.nanoTime() - start < seconds * 1e9) {
                            insertBatch(engine, table, 1);
                            done.incrementAndGet();
                        }
                        ended();
                        ended.countDown();
                    })
                    .start();
        }
        ended.await();
        cpuMicros = (cpuNanos() - cpu) / 1e3 / done.get();
        return done.get() / ((System.nanoTime() - start) / 1e9);
    }

    /**
     * A lone writer of one document a force would need minutes until its code is compiled well. After half of this time
     * the compiler still takes a seventh of both cores.
     */
    private void warmUp(Engine engine, Table table) throws InterruptedException {
        batchesFor(engine, table, 1, seconds);
        insertAlone(engine, table, 64, 5 * seconds);
        insertAlone(engine, table, 1, seconds);
    }

    private void batches(Engine engine, Table table) throws Exception {
        batchesFor(engine, table, 1, 3 * seconds); // warm
        double sqlite = limits.sqlite(BATCH);
        double one = batchesFor(engine, table, 1, seconds);
        report.withCpu("batches of 1,000, 1 writer", one, "documents/s", "SQLite WAL FULL", sqlite, cpuMicros);
        double four = batchesFor(engine, table, 4, seconds);
        report.withCpu("batches of 1,000, 4 writers", four, "documents/s", "SQLite WAL FULL", sqlite, cpuMicros);
    }

    private double batchesFor(Engine engine, Table table, int threads, double seconds) throws InterruptedException {
        var done = new AtomicLong();
        var ended = new CountDownLatch(threads);
        long cpu = cpuNanos();
        long start = System.nanoTime();
        for (int t = 0; t < threads; t++) {
            new Thread(() -> {
                        while (System.nanoTime() - start < seconds * 1e9) {
                            insertBatch(engine, table, BATCH);
                            done.addAndGet(BATCH);
                        }
                        ended();
                        ended.countDown();
                    })
                    .start();
        }
        ended.await();
        cpuMicros = (cpuNanos() - cpu) / 1e3 / done.get();
        return done.get() / ((System.nanoTime() - start) / 1e9);
    }

    private void insertBatch(Engine engine, Table table, int rows) {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            for (int i = 0; i < rows; i++) {
                long key = keys.incrementAndGet();
                insert(tx, table, "key" + key, "a title of middling length " + key, key, 1L);
            }
            tx.commit();
        }
    }

    /** CPU time of all threads of Java code, also of those that ended: the compiler's is not in it. */
    private long cpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = endedNanos.get();
        for (long id : threads.getAllThreadIds()) {
            nanos += Math.max(0, threads.getThreadCpuTime(id));
        }
        return nanos;
    }

    private void ended() {
        endedNanos.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
    }

    // ---- reading

    private void reads(Engine engine, Table table) {
        long first = keys.get() + 1;
        for (int i = 0; i < 100; i++) {
            insertBatch(engine, table, BATCH);
        }
        readByKey(engine, table, first, 500_000);
        report.line("point read by key, one transaction", readByKey(engine, table, first, 1_000_000), "1/s");
    }

    private double readByKey(Engine engine, Table table, long first, int count) {
        long rows = keys.get() + 1 - first;
        long sum = 0;
        long start = System.nanoTime();
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            tx.beginStatement();
            for (int i = 0; i < count; i++) {
                var row = tx.get(table, List.of("key" + (first + i * 7919L % rows)));
                sum += row == null ? 0 : row.getLong(3);
            }
        }
        if (sum != count) {
            throw new IllegalStateException("read " + sum + " of " + count + " rows");
        }
        return count / ((System.nanoTime() - start) / 1e9);
    }

    // ---- commits of others

    private void merge(Engine engine, Table table) throws Exception {
        KeyPair author = KeyPair.fromSeed(new byte[32]);
        engine.grants().grant(table, java.util.Optional.of(author.peerId()), Set.of(Right.WRITE));
        var shares = new ArrayList<List<Block>>();
        for (int i = 0; i < 100; i++) {
            shares.add(share(engine, table, author, i));
        }
        double perSecond = 0;
        double perCpuSecond = 0;
        int half = shares.size() / 2;
        for (List<List<Block>> some : List.of(shares.subList(0, half), shares.subList(half, 2 * half))) {
            long cpu = cpuNanos();
            long start = System.nanoTime();
            for (List<Block> share : some) {
                if (!(((EngineImpl) engine).admit(author.peerId(), share) instanceof AdmissionOutcome.Applied)) {
                    throw new IllegalStateException("not applied");
                }
            }
            perSecond = some.size() * BATCH / ((System.nanoTime() - start) / 1e9);
            perCpuSecond = some.size() * BATCH / ((cpuNanos() - cpu) / 1e9);
        }
        report.line("merge of a peer's commits of 1,000, one after the other", perSecond, "documents/s");
        report.line("merge of a peer's commits of 1,000, one core", perCpuSecond, "documents/s of CPU");
    }

    private List<Block> share(Engine engine, Table table, KeyPair author, int number) {
        long hlc = (System.currentTimeMillis() << 16) + number;
        var builder = new CommitBuilder(hlc, Signer.of(author));
        var all = new BitSet();
        all.set(0, 4);
        for (int i = 0; i < BATCH; i++) {
            long key = keys.incrementAndGet();
            Object[] values = {"key" + key, "a title of middling length " + key, key, 1L};
            byte[] nonce = ByteBuffer.allocate(16).putLong(key).array();
            builder.add(
                    DeltaFactory.insert(table, Keys.of(table, List.of(values[0])), values, all, DocumentState.empty())
                            .finish(hlc, author.publicKey().raw(), nonce));
        }
        return builder.build().blocks();
    }

    // ---- one document's history

    private void history(Engine engine, Table table) {
        insertOne(engine, table, "short");
        insertOne(engine, table, "long");
        updates(engine, table, "short", 10);
        updates(engine, table, "long", 10_000);
        double ofShort = 0;
        double ofLong = 0;
        for (int round = 0; round < 5; round++) {
            /* Ever new documents with few updates, and the one with many, by turns. */
            ofLong += cpuOfUpdates(engine, table, "long", 400);
            for (int i = 0; i < 40; i++) {
                String key = "short" + round + "." + i;
                insertOne(engine, table, key);
                ofShort += cpuOfUpdates(engine, table, key, 10);
            }
        }
        report.against(
                "one more update of a document with 10,000", ofLong / 2_000, "us of CPU", "with 10", ofShort / 2_000);
    }

    private static void insertOne(Engine engine, Table table, String key) {
        TestDatabase.commit(engine, tx -> insert(tx, table, key, "a title", 1L, 1L));
    }

    private double cpuOfUpdates(Engine engine, Table table, String key, int count) {
        long cpu = cpuNanos();
        updates(engine, table, key, count);
        return (cpuNanos() - cpu) / 1e3;
    }

    private static void updates(Engine engine, Table table, String key, int count) {
        for (int i = 0; i < count; i++) {
            long pages = System.nanoTime();
            TestDatabase.commit(
                    engine, tx -> TestDatabase.update(tx, table, key, values -> values[2] = pages % 10_000));
        }
    }

    static void delete(Path root) throws IOException {
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
