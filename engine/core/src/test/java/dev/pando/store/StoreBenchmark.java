package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Measures the store against the bare disk. Prints a JSON line a measure. Run as a program, with a directory on the disk
 * to measure:
 *
 * <pre>
 * ./mvnw -q -Pquick -pl engine/core -am test-compile
 * java -cp … dev.pando.store.StoreBenchmark /var/tmp/pando-bench
 * </pre>
 */
final class StoreBenchmark {

    private static final int BLOCK_BYTES = 300;
    private static final int ROUNDS = 5;
    private static final int COMMITS = 2_000;
    private static final int BATCH = 1_000;
    private static final int BATCHES = 100;
    private static final int DOCUMENTS = 1_000_000;

    private final Path directory;
    private final Random random = new Random(1);
    private int next;

    private StoreBenchmark(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        StoreBenchmark benchmark = new StoreBenchmark(Path.of(args[0]));
        benchmark.commits();
        benchmark.batches();
        benchmark.indexes();
        benchmark.maps();
        benchmark.recovery();
    }

    private static void print(String measure, double value, String unit) {
        System.out.printf("{\"measure\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"}%n", measure, value, unit);
    }

    private Block block() {
        byte[] content = new byte[BLOCK_BYTES];
        ByteBuffer.wrap(content).putLong(random.nextLong()).putInt(next++);
        return Block.of(Cid.DAG_CBOR, content);
    }

    private Path fresh(String name) throws IOException {
        Path path = directory.resolve(name + "-" + System.nanoTime());
        Files.createDirectories(path);
        return path;
    }

    private static void delete(Path path) throws IOException {
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** One block a commit, each durable: the bare loop and the store take turns. */
    private void commits() throws IOException {
        List<Double> ratios = new ArrayList<>();
        List<Double> bares = new ArrayList<>();
        List<Double> stores = new ArrayList<>();
        Path path = fresh("commits");
        try (Store store = Blocks.open(NioDisk.open(path));
                FileChannel bare =
                        FileChannel.open(path.resolve("bare"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Bare loop = new Bare(bare);
            for (int round = 0; round <= ROUNDS; round++) {
                double b = perSecond(COMMITS, i -> loop.append(BLOCK_BYTES + 180));
                double s = perSecond(COMMITS, i -> {
                    store.append(Blocks.transaction(block()));
                    store.force();
                });
                if (round > 0) {
                    bares.add(b);
                    stores.add(s);
                    ratios.add(s / b);
                }
            }
        }
        delete(path);
        print("bare append+fdatasync", median(bares), "commits/s");
        print("store append+force", median(stores), "commits/s");
        print("store/bare", median(ratios), "ratio");
    }

    /** Appends to a file that is given space ahead as the store's are. */
    private static final class Bare {

        private final FileChannel file;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(4_096);
        private long at;
        private long allocated;

        Bare(FileChannel file) {
            this.file = file;
        }

        void append(int bytes) throws IOException {
            if (at + bytes > allocated) {
                file.write(ByteBuffer.allocate(StoreOptions.DEFAULT.preallocateBytes()), allocated);
                allocated += StoreOptions.DEFAULT.preallocateBytes();
            }
            file.write(buffer.clear().limit(bytes), at);
            file.force(false);
            at += bytes;
        }
    }

    private void batches() throws IOException {
        Path path = fresh("batches");
        List<Double> rates = new ArrayList<>();
        try (Store store = Blocks.open(NioDisk.open(path))) {
            for (int round = 0; round <= ROUNDS; round++) {
                double rate = BATCH
                        * perSecond(BATCHES, i -> {
                            List<Block> blocks = new ArrayList<>(BATCH);
                            for (int j = 0; j < BATCH; j++) {
                                blocks.add(block());
                            }
                            store.append(new LogTransaction(blocks));
                            store.force();
                        });
                if (round > 0) {
                    rates.add(rate);
                }
            }
        }
        delete(path);
        print("batches of 1,000, hashed and indexed", median(rates), "blocks/s");
    }

    private void indexes() throws IOException {
        for (boolean ascending : new boolean[] {true, false}) {
            List<Double> puts = new ArrayList<>();
            List<Double> scans = new ArrayList<>();
            for (int round = 0; round <= 3; round++) {
                OrderedIndex index = new PagedIndex();
                puts.add(perSecond(DOCUMENTS, i -> index.put(key(ascending ? i : random.nextInt()), new byte[32])));
                scans.add(1e6
                        / perSecond(20_000, i -> {
                            OrderedIndex.Cursor cursor = index.from(key(random.nextInt()), true, i % 2 == 0);
                            for (int n = 0; n < 100 && cursor.next(); n++) {
                                cursor.value();
                            }
                        }));
            }
            String order = ascending ? "ascending" : "random";
            print("ordered index put, " + order, median(puts), "puts/s");
            print("ordered index scan of 100, " + order, median(scans), "us");
        }
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(8).putInt(number ^ 0x8000_0000).array();
    }

    private void maps() throws IOException {
        Path path = fresh("maps");
        try (Store store = Blocks.open(NioDisk.open(path))) {
            DerivedMap rows = store.map("rows");
            byte[] value = new byte[200];
            print("rows put", perSecond(DOCUMENTS, i -> rows.put(hashKey(i), value)), "puts/s");
            print("rows get", perSecond(DOCUMENTS, i -> rows.get(hashKey(random.nextInt(DOCUMENTS)))), "gets/s");
            long start = System.nanoTime();
            long entries = 0;
            try (PageCursor pages = rows.pages()) {
                for (var page = pages.next(); !page.isEmpty(); page = pages.next()) {
                    entries += page.size();
                }
            }
            print("rows iterate", entries * 1e9 / (System.nanoTime() - start), "entries/s");
        }
        delete(path);
    }

    private static byte[] hashKey(int number) {
        return ByteBuffer.allocate(36)
                .putLong(number * 0x9E3779B97F4A7C15L)
                .putInt(32, number)
                .array();
    }

    private void recovery() throws IOException {
        Path path = fresh("recovery");
        StoreOptions options = StoreOptions.DEFAULT;
        Store store = Blocks.open(NioDisk.open(path), options, new Blocks.Recorder());
        DerivedMap rows = store.map("rows");
        for (int i = 0; i < DOCUMENTS / BATCH; i++) {
            List<Block> blocks = new ArrayList<>(BATCH);
            for (int j = 0; j < BATCH; j++) {
                Block block = block();
                blocks.add(block);
                rows.put(block.cid().digest(), block.bytes());
            }
            store.append(new LogTransaction(blocks));
            store.force();
        }
        time("checkpoint of 1 M blocks and rows", store::checkpoint);
        time("clean close", store::close);
        for (int round = 0; round < 2; round++) {
            Store clean = timedOpen("clean open", path, options);
            time("clean close", clean::close);
        }
        Files.delete(path.resolve("CLEAN"));
        timedOpen("open with checkpoint", path, options).close();
        Files.delete(path.resolve("CLEAN"));
        Files.delete(path.resolve("ckpt"));
        timedOpen("full replay of 1 M blocks into rows", path, options).close();
        delete(path);
    }

    private static Store timedOpen(String measure, Path path, StoreOptions options) {
        long start = System.nanoTime();
        Store store = Store.open(NioDisk.open(path), options, Blocks.environment(1));
        TreeMap<Long, Integer> seen = new TreeMap<>();
        store.recover(new Replayer() {
            @Override
            public void begin(boolean discarded) {
                // Nothing to prepare.
            }

            @Override
            public void replay(long sequence, List<Block> blocks, List<@Nullable Object> prepared) {
                seen.put(sequence, blocks.size());
                DerivedMap rows = store.map("rows");
                blocks.forEach(block -> rows.put(block.cid().digest(), block.bytes()));
            }
        });
        print(measure + " (" + seen.size() + " replayed)", (System.nanoTime() - start) / 1e6, "ms");
        return store;
    }

    private interface Action {
        void run(int i) throws IOException;
    }

    private static double perSecond(int times, Action action) throws IOException {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            action.run(i);
        }
        return times * 1e9 / (System.nanoTime() - start);
    }

    private static void time(String measure, Runnable action) {
        long start = System.nanoTime();
        action.run();
        print(measure, (System.nanoTime() - start) / 1e6, "ms");
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
