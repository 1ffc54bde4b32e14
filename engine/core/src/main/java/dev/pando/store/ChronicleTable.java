package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.shutdown.PriorityHook;
import net.openhft.chronicle.hash.ChronicleHashClosedException;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/** One Chronicle Map of a fixed capacity: keys and values as they are, without checksums or large values. */
final class ChronicleTable {

    /** Larger values are split by the caller. */
    static final int VALUE_BYTES_MAX = 4_096;

    private static final int CHUNK_BYTES = 64;

    /** Room for the largest key and value and what the map adds to them. */
    private static final int CHUNKS_MAX = (DerivedMap.KEY_BYTES_MAX + VALUE_BYTES_MAX) / CHUNK_BYTES + 4;

    /** How far a map may grow beyond its capacity, at the price of speed: never reached, as the caller moves on. */
    private static final double BLOAT_MAX = 10;

    private static final int KEY_BYTES_TYPICAL = 40;
    private static final int VALUE_BYTES_TYPICAL = 220;

    private final String name;
    private final long entries;
    private final ChronicleMap<byte[], byte[]> map;

    private ChronicleTable(String name, long entries, ChronicleMap<byte[], byte[]> map) {
        this.name = name;
        this.entries = entries;
        this.map = map;
    }

    /**
     * Throws what a JVM that cannot run Chronicle Map throws. Chronicle adds a shutdown hook when its releaser's class
     * is loaded: taken back, as it would hold the class loader of an application server's deployment for ever, and does
     * nothing without the releaser's thread. Hooks that were there before are not Pando's.
     */
    static void load() {
        boolean first = PriorityHook.getRegisteredHook() == null;
        if (builder("load", true, 1) == null) {
            throw new IllegalStateException("no builder");
        }
        BackgroundResourceReleaser.releasePendingResources();
        if (first && PriorityHook.getRegisteredHook() != null) {
            PriorityHook.clear();
        }
    }

    /**
     * Makes or opens the file.
     *
     * @param isIndex whether it is for the block index, whose keys and values have fixed sizes
     */
    static ChronicleTable open(Path file, boolean isIndex, long entries) throws IOException {
        String name = String.valueOf(file.getFileName());
        /* Chronicle Map writes the header through a channel, which an interrupt would close. */
        boolean interrupted = Thread.interrupted();
        try {
            ChronicleMap<byte[], byte[]> map = builder(name, isIndex, entries).createPersistedTo(file.toFile());
            return new ChronicleTable(name, entries, map);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static ChronicleMapBuilder<byte[], byte[]> builder(String name, boolean isIndex, long entries) {
        ChronicleMapBuilder<byte[], byte[]> builder = ChronicleMapBuilder.of(byte[].class, byte[].class)
                .name(name)
                .entries(entries)
                .maxBloatFactor(BLOAT_MAX)
                .putReturnsNull(true)
                .removeReturnsNull(true)
                .checksumEntries(false)
                .skipCloseOnExitHook(true);
        if (isIndex) {
            return builder.constantKeySizeBySample(new byte[BlockIndex.KEY_BYTES])
                    .constantValueSizeBySample(new byte[BlockIndex.VALUE_BYTES + GrowingMap.TRAILER_BYTES]);
        }
        return builder.averageKeySize(KEY_BYTES_TYPICAL)
                .averageValueSize(VALUE_BYTES_TYPICAL)
                .actualChunkSize(CHUNK_BYTES)
                .maxChunksPerEntry(CHUNKS_MAX);
    }

    String name() {
        return name;
    }

    long entries() {
        return entries;
    }

    byte @Nullable [] get(byte[] key) {
        try {
            return map.get(key);
        } catch (ChronicleHashClosedException e) {
            throw new PandoException(Kind.CLOSED, "the store is closed", e);
        }
    }

    boolean contains(byte[] key) {
        try {
            return map.containsKey(key);
        } catch (ChronicleHashClosedException e) {
            throw new PandoException(Kind.CLOSED, "the store is closed", e);
        }
    }

    void put(byte[] key, byte[] value) {
        uninterrupted(() -> map.put(key, value));
    }

    void putIfAbsent(byte[] key, byte[] value) {
        uninterrupted(() -> map.putIfAbsent(key, value));
    }

    void remove(byte[] key) {
        uninterrupted(() -> map.remove(key));
    }

    /** Growing the file under a thread that is interrupted closes the file; the interrupt can wait. */
    private static void uninterrupted(Runnable action) {
        boolean interrupted = Thread.currentThread().isInterrupted() && Thread.interrupted();
        try {
            action.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    long size() {
        return map.longSize();
    }

    /** Whether it is time to move on to a larger one. */
    boolean isNearlyFull() {
        return map.longSize() >= entries - entries / 8 || map.remainingAutoResizes() <= 1;
    }

    int segments() {
        return map.segments();
    }

    /** Copies out what one segment holds. */
    List<PageCursor.Entry> segment(int number) {
        List<PageCursor.Entry> copied = new ArrayList<>();
        try (var context = map.segmentContext(number)) {
            /* Not get(), which hands out one array again and again. */
            context.forEachSegmentEntry(entry -> copied.add(new PageCursor.Entry(
                    entry.key().getUsing(null), entry.value().getUsing(null))));
        } catch (ChronicleHashClosedException e) {
            throw new PandoException(Kind.CLOSED, "the store is closed", e);
        }
        return copied;
    }

    void close() {
        map.close();
    }
}
