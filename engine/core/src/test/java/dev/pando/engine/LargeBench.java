package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.insert;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.KeyRange;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** A database of a million documents of 200 bytes: opening, first reads, memory, space, and latency beside a scan. */
final class LargeBench {

    private static final int BATCH = 1_000;
    private static final String TEXT = "t".repeat(150);
    private static final int LATENCIES = 1_500;

    private final BenchReport report;
    private final Path directory;
    private final int documents;

    LargeBench(BenchReport report, Path directory, int documents) {
        this.report = report;
        this.directory = directory;
        this.documents = documents;
    }

    /** The database that the measures share: made when it is not there. */
    private Path loaded() throws IOException {
        Path loaded = directory.resolve("loaded");
        if (!Files.exists(loaded.resolve("CLEAN"))) {
            EngineBench.delete(loaded);
            load(loaded);
        }
        return loaded;
    }

    void opening() throws IOException {
        Path loaded = loaded();
        clean(loaded);
        Path crashed = directory.resolve("crashed");
        crash(loaded, crashed);
        opened(crashed, "open after a kill, with a checkpoint");
        Files.delete(crashed.resolve("ckpt"));
        for (Path left : List.of(crashed.resolve("CLEAN"), crashed.resolve("OPENED"))) {
            Files.deleteIfExists(left);
        }
        opened(crashed, "open after a kill, whole log");
        EngineBench.delete(crashed);
    }

    private void load(Path at) {
        long start = System.nanoTime();
        try (Engine engine = Engine.open(EngineOptions.at(at))) {
            Table table = books(engine);
            for (int from = 0; from < documents; from += BATCH) {
                try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                    for (int i = from; i < from + BATCH; i++) {
                        insert(tx, table, key(i), TEXT + i, (long) i, 1L);
                    }
                    tx.commit();
                }
            }
            report.line("load, batches of 1,000", documents / seconds(start), "documents/s");
            count(engine, table);
            long closing = System.nanoTime();
            engine.close();
            report.line("clean close", seconds(closing), "s");
        }
    }

    private static String key(long i) {
        return "key" + Long.reverse(i * 0x9E3779B97F4A7C15L);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** In a JVM that had a database open before: the first one also loads some thousand classes. */
    private void clean(Path at) throws IOException {
        Path small = directory.resolve("small");
        Files.createDirectories(small);
        try (Engine engine = Engine.open(EngineOptions.at(small))) {
            Table table = books(engine);
            TestDatabase.commit(engine, tx -> insert(tx, table, key(0), TEXT, 0L, 1L));
            read(engine, table, 0);
            firstRow(engine, table);
        }
        EngineBench.delete(small);
        long start = System.nanoTime();
        try (Engine engine = Engine.open(EngineOptions.at(at))) {
            Table table = books(engine);
            read(engine, table, documents / 2);
            report.line("clean open and first read by key", 1e3 * seconds(start), "ms");
            long first = System.nanoTime();
            firstRow(engine, table);
            report.line("first row of the first ordered scan", seconds(first), "s");
            long rest = System.nanoTime();
            count(engine, table);
            report.line("first whole ordered scan, after that", seconds(rest), "s");
        }
    }

    private void read(Engine engine, Table table, int document) {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            tx.beginStatement();
            var row = tx.get(table, List.of(key(document)));
            if (row == null || row.getLong(2) != document) {
                throw new IllegalStateException("document " + document + " is " + row);
            }
        }
    }

    private static void firstRow(Engine engine, Table table) {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            tx.beginStatement();
            try (RowCursor cursor = tx.scan(table, KeyRange.all(), false)) {
                if (cursor.next() == null) {
                    throw new IllegalStateException("no row");
                }
            }
        }
    }

    private void count(Engine engine, Table table) {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            tx.beginStatement();
            long rows = 0;
            try (RowCursor cursor = tx.scan(table, KeyRange.all(), false)) {
                while (cursor.next() != null) {
                    rows++;
                }
            }
            if (rows < documents) {
                throw new IllegalStateException(rows + " rows");
            }
        }
    }

    /** Files as a kill leaves them a moment after a checkpoint. */
    private void crash(Path from, Path to) throws IOException {
        try (Engine engine = Engine.open(EngineOptions.at(from))) {
            long start = System.nanoTime();
            engine.maintenance().checkpoint();
            report.line("checkpoint", seconds(start), "s");
            Table table = books(engine);
            for (int i = 0; i < 10; i++) {
                String key = "late" + System.nanoTime();
                TestDatabase.commit(engine, tx -> insert(tx, table, key, TEXT, 1L, 1L));
            }
            Files.createDirectories(to);
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    if (Files.isRegularFile(file) && !file.endsWith("LOCK")) {
                        Files.copy(file, to.resolve(from.relativize(file)));
                    }
                }
            }
        }
    }

    private void opened(Path at, String measure) throws IOException {
        long start = System.nanoTime();
        Path left = at.resolve("OPENED");
        byte[] opened = Files.exists(left) ? Files.readAllBytes(left) : null;
        try (Engine engine = Engine.open(EngineOptions.at(at))) {
            read(engine, books(engine), documents - 1);
            report.line(measure, seconds(start), "s");
        }
        /* As before, for the next opening. */
        Files.deleteIfExists(at.resolve("CLEAN"));
        if (opened != null) {
            Files.write(left, opened);
        }
    }

    // ---- the writer's latency

    void latency() throws Exception {
        try (Engine engine = Engine.open(EngineOptions.at(loaded()))) {
            Table table = books(engine);
            count(engine, table);
            latencies(engine, table);
            double idle = latencies(engine, table);
            var scanning = new AtomicBoolean(true);
            Thread scan = new Thread(() -> {
                while (scanning.get()) {
                    count(engine, table);
                }
            });
            scan.start();
            double busy = latencies(engine, table);
            scanning.set(false);
            scan.join();
            report.against("99th percentile of a commit beside a whole scan", busy, "us", "idle", idle);
            besideLarge(engine, table); // warm: the compiler would take a core away from both
            double[] beside = besideLarge(engine, table);
            double percentile = beside[beside.length * 99 / 100];
            report.against("99th percentile beside a transaction of 100,000", percentile, "us", "idle", idle);
            report.line("longest of these " + beside.length, beside[beside.length - 1] / 1e3, "ms");
        }
    }

    private double latencies(Engine engine, Table table) {
        double[] micros = new double[LATENCIES];
        for (int i = 0; i < micros.length; i++) {
            long start = System.nanoTime();
            String key = "latency" + start;
            TestDatabase.commit(engine, tx -> insert(tx, table, key, "title", 1L, 1L));
            micros[i] = (System.nanoTime() - start) / 1e3;
        }
        Arrays.sort(micros);
        return micros[micros.length * 99 / 100];
    }

    /** Microseconds of each commit, ascending. */
    private double[] besideLarge(Engine engine, Table table) throws InterruptedException {
        var large = new Thread(() -> {
            try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                for (int i = 0; i < 100_000; i++) {
                    insert(tx, table, "large" + System.nanoTime() + "." + i, "title", 1L, 1L);
                }
                tx.commit();
            }
        });
        large.start();
        double[] micros = new double[1 << 20];
        int count = 0;
        while (large.isAlive() && count < micros.length) {
            long start = System.nanoTime();
            String key = "beside" + start;
            TestDatabase.commit(engine, tx -> insert(tx, table, key, "title", 1L, 1L));
            micros[count++] = (System.nanoTime() - start) / 1e3;
        }
        large.join();
        double[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return sorted;
    }

    // ---- memory and space

    void memory() throws IOException, InterruptedException {
        Path at = loaded();
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Memory.class.getName(),
                        at.toString(),
                        Integer.toString(documents))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (child.waitFor() != 0) {
            throw new IllegalStateException("the child ended with " + child.exitValue() + ": " + output);
        }
        for (String line : output.split("\n")) {
            String[] words = line.split(" ");
            report.line(words[0] + " of an engine with -Xmx128m", Long.parseLong(words[1]) / 1024.0, "MiB");
        }
    }

    /** The process whose memory is measured: opens, reads, scans, and writes. */
    static final class Memory {

        public static void main(String[] args) throws IOException {
            int documents = Integer.parseInt(args[1]);
            var bench = new LargeBench(new BenchReport(System.err), Path.of(args[0]), documents);
            try (Engine engine = Engine.open(EngineOptions.at(Path.of(args[0])))) {
                Table table = books(engine);
                for (int i = 0; i < 100_000; i++) {
                    bench.read(engine, table, (int) (i * 7919L % documents));
                }
                bench.count(engine, table);
                for (int i = 0; i < 50; i++) {
                    try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                        for (int j = 0; j < BATCH; j++) {
                            insert(tx, table, "memory" + System.nanoTime(), TEXT, 1L, 1L);
                        }
                        tx.commit();
                    }
                }
                bench.count(engine, table);
                print("RssAnon", "/proc/self/status");
                print("VmRSS", "/proc/self/status");
                print("RssFile", "/proc/self/status");
            }
        }

        private static void print(String name, String file) throws IOException {
            for (String line : Files.readAllLines(Path.of(file))) {
                if (line.startsWith(name + ":")) {
                    System.out.println(name + " " + line.replaceAll("[^0-9]", ""));
                }
            }
        }
    }

    /** Ten updates of each document, then the space of all files against the bytes of all blocks. */
    void space() throws IOException, InterruptedException {
        Path at = loaded();
        long[] blocks = {0};
        try (Engine engine = Engine.open(EngineOptions.at(at))) {
            Table table = books(engine);
            for (int round = 0; round < 10; round++) {
                for (int from = 0; from < documents; from += BATCH) {
                    update(engine, table, from, round);
                }
            }
            engine.maintenance().checkpoint();
            blocks[0] = engine.maintenance().check().bytes();
            report.against("space on disk while open", diskBytes(at), "bytes", "bytes of blocks", blocks[0]);
        }
        report.against("space on disk when closed", diskBytes(at), "bytes", "bytes of blocks", blocks[0]);
    }

    private static void update(Engine engine, Table table, int from, int round) {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            tx.beginStatement();
            for (int i = from; i < from + BATCH; i++) {
                var row = tx.lock(tx.get(table, List.of(key(i))));
                var values = TestDatabase.values(row);
                values[1] = TEXT + round + "." + i;
                tx.update(row, values);
            }
            tx.commit();
        }
    }

    private static double diskBytes(Path at) throws IOException, InterruptedException {
        Process du = new ProcessBuilder("du", "-sk", at.toString()).start();
        String output = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        du.waitFor();
        return 1024.0 * Long.parseLong(output.substring(0, output.indexOf('\t')));
    }
}
