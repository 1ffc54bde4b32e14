package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.PandoException;
import dev.pando.ipld.Block;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A small engine over a store, driven by a seed: groups of transactions, a map that counts them, checkpoints while it
 * goes on, restarts. Remembers what was acknowledged and what was only tried.
 */
final class CrashWorkload {

    private static final StoreOptions OPTIONS =
            StoreOptions.DEFAULT.withSegmentBytes(9_000).withPreallocateBytes(8_192);

    private final Random random;
    private final TreeMap<Long, List<Block>> acknowledged = new TreeMap<>();
    private final TreeMap<Long, List<Block>> tried = new TreeMap<>();
    private final List<Block> known = new ArrayList<>();
    private @Nullable Throwable failure;

    CrashWorkload(long seed) {
        this.random = new Random(seed);
    }

    /** What it knows now, to go on in another way. */
    CrashWorkload copy(long seed) {
        CrashWorkload copy = new CrashWorkload(seed);
        copy.acknowledged.putAll(acknowledged);
        copy.tried.putAll(tried);
        copy.known.addAll(known);
        return copy;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Opens the store, takes steps, closes; stops at the first error of the disk. */
    void runUntilFailure(Disk disk, int steps) {
        failure = null;
        Store store = null;
        try {
            store = open(disk);
            for (int step = 0; step < steps; step++) {
                int kind = random.nextInt(20);
                if (kind == 0) {
                    store.close();
                    store = open(disk);
                } else if (kind == 1) {
                    checkpointWhileWriting(store);
                } else {
                    group(store, random.nextInt(4) == 0 ? 3 : 1);
                }
            }
        } catch (PandoException e) {
            assertThat(e.kind()).isIn(PandoException.Kind.IO_ERROR, PandoException.Kind.DISK_FULL);
            failure = e;
        } finally {
            close(store);
        }
    }

    private void close(@Nullable Store store) {
        try {
            if (store != null) {
                store.close();
            }
        } catch (PandoException e) {
            assertThat(e.kind()).isIn(PandoException.Kind.IO_ERROR, PandoException.Kind.DISK_FULL);
            failure = e;
        }
    }

    private Store open(Disk disk) {
        Store store = Store.open(disk, OPTIONS, Blocks.environment(random.nextLong()));
        /* What it learns on the way counts only when it has recovered as a whole. */
        store.recover(new Counter(store));
        return store;
    }

    /** Transactions that share a force, and are applied to the map after it. */
    private void group(Store store, int transactions) {
        long before = store.lastSequence();
        for (int i = 0; i < transactions; i++) {
            List<Block> blocks = new ArrayList<>();
            for (int j = random.nextInt(3); j >= 0; j--) {
                blocks.add(block());
            }
            tried.put(before + 1 + i, blocks);
            assertThat(store.append(new LogTransaction(blocks))).isEqualTo(before + 1 + i);
        }
        store.force();
        for (long sequence = before + 1; sequence <= before + transactions; sequence++) {
            List<Block> blocks = tried.remove(sequence);
            acknowledged.put(sequence, blocks);
            apply(store.map("rows"), sequence, blocks);
        }
    }

    private Block block() {
        int kind = random.nextInt(12);
        if (kind == 0 && !known.isEmpty()) {
            return known.get(random.nextInt(known.size()));
        }
        if (kind == 1) {
            return Blocks.local("record " + random.nextInt(10));
        }
        Block block = Blocks.raw(random, kind == 2 ? 2_000 : random.nextInt(200));
        known.add(block);
        return block;
    }

    private void checkpointWhileWriting(Store store) {
        Runnable checkpoint = store.beginCheckpoint();
        group(store, 1);
        checkpoint.run();
    }

    /** One entry a document: the sequence that wrote it, and how many blocks did. */
    private static void apply(DerivedMap rows, long sequence, List<Block> blocks) {
        fold(blocks).forEach((document, times) -> {
            byte[] key = {document.byteValue()};
            byte[] value = rows.get(key);
            long writtenBy = value == null ? 0 : ByteBuffer.wrap(value).getLong();
            long count = value == null ? 0 : ByteBuffer.wrap(value).getLong(8);
            if (writtenBy < sequence) { // Else of a checkpoint that was made while the writer went on.
                rows.put(
                        key,
                        ByteBuffer.allocate(16)
                                .putLong(sequence)
                                .putLong(count + times)
                                .array());
            }
        });
    }

    private static Map<Integer, Long> fold(List<Block> blocks) {
        Map<Integer, Long> counts = new HashMap<>();
        blocks.forEach(block -> counts.merge(block.bytes().length % 50, 1L, Long::sum));
        return counts;
    }

    private static Map<Integer, Long> fold(TreeMap<Long, List<Block>> log) {
        return fold(log.values().stream().flatMap(List::stream).toList());
    }

    /** Opens the store, and checks that all is there that was acknowledged and nothing that was not tried. */
    void verify(Disk disk) {
        Store store = open(disk);
        try {
            TreeMap<Long, List<Block>> found = Blocks.scan(store);
            TreeMap<Long, List<Block>> expected = new TreeMap<>(acknowledged);
            tried.headMap(store.lastSequence(), true).forEach(expected::put);
            assertThat(found.size()).as("acknowledged").isGreaterThanOrEqualTo(acknowledged.size());
            assertThat(found).isEqualTo(expected);
            acknowledged.putAll(found);
            tried.clear();
            for (List<Block> blocks : found.values()) {
                for (Block block : blocks) {
                    assertThat(store.contains(block.cid())).isEqualTo(BlockIndex.isIndexed(block.cid()));
                    if (BlockIndex.isIndexed(block.cid())) {
                        assertThat(store.get(block.cid())).isEqualTo(block.bytes());
                    }
                }
            }
            Map<Integer, Long> rows = new HashMap<>();
            fold(found).keySet().forEach(key -> {
                byte[] value = store.map("rows").get(new byte[] {key.byteValue()});
                rows.put(key, value == null ? -1 : ByteBuffer.wrap(value).getLong(8));
            });
            assertThat(rows).isEqualTo(fold(found));
            assertThat(store.map("rows").size()).isEqualTo(rows.size());
            known.retainAll(found.values().stream().flatMap(List::stream).toList());
        } finally {
            close(store);
        }
    }

    /** Replays as an engine does. */
    private final class Counter implements Replayer {

        private final Store store;

        Counter(Store store) {
            this.store = store;
        }

        @Override
        public void begin(boolean discarded) {
            // The map is as it was, or as a checkpoint has it.
        }

        @Override
        public void replay(long sequence, List<Block> blocks, List<@Nullable Object> prepared) {
            apply(store.map("rows"), sequence, blocks);
        }
    }
}
