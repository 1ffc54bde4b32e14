package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Blocks, transactions and recorders for tests. */
final class Blocks {

    private static final AtomicLong SEEDS = new AtomicLong();

    private Blocks() {}

    static StoreEnvironment environment(long seed) {
        return new Random(seed)::nextBytes;
    }

    static Block raw(String text) {
        return Block.of(Cid.RAW, text.getBytes(StandardCharsets.UTF_8));
    }

    static Block local(String text) {
        return Block.of(Codecs.LOCAL_RECORD, text.getBytes(StandardCharsets.UTF_8));
    }

    static Block raw(Random random, int bytes) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        return Block.of(Cid.RAW, content);
    }

    static LogTransaction transaction(Block... blocks) {
        return new LogTransaction(List.of(blocks));
    }

    /** Everything that a store shows from its first transaction on. */
    static TreeMap<Long, List<Block>> scan(Store store) {
        TreeMap<Long, List<Block>> found = new TreeMap<>();
        store.scan(1, (sequence, blocks) -> {
            found.put(sequence, new ArrayList<>(blocks));
            return true;
        });
        return found;
    }

    /** Remembers what it was told. */
    static final class Recorder implements Replayer {

        boolean discarded;
        int begun;
        final TreeMap<Long, List<Block>> replayed = new TreeMap<>();

        @Override
        public void begin(boolean discarded) {
            this.discarded = discarded;
            begun++;
        }

        @Override
        public void replay(long sequence, List<Block> blocks, List<@Nullable Object> prepared) {
            if (begun != 1 || (!replayed.isEmpty() && replayed.lastKey() != sequence - 1)) {
                throw new IllegalStateException("replay of " + sequence + " after " + replayed.keySet());
            }
            replayed.put(sequence, new ArrayList<>(blocks));
        }
    }

    static Store open(Disk disk) {
        return open(disk, StoreOptions.DEFAULT, new Recorder());
    }

    static Store open(Disk disk, StoreOptions options, Replayer replayer) {
        Store store = Store.open(disk, options, environment(SEEDS.incrementAndGet()));
        store.recover(replayer);
        return store;
    }
}
