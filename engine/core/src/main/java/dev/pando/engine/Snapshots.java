package dev.pando.engine;

import dev.pando.PandoException;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What readers may see: the published commit sequence, the snapshots taken of it, and the old versions of rows that they
 * still need.
 *
 * <p>The writer saves the old version of each row before it overwrites it, publishes, then trims what no snapshot can
 * see any more. A reader reads the row first and its undo chain second: the old version was there before the new one.
 *
 * <p>Taking a snapshot writes the reader's own slot and looks at the published sequence again. The writer reads the
 * published sequence before it looks at the slots. So either the writer sees the slot, or the reader sees the newer
 * sequence and takes that.
 */
final class Snapshots {

    /** A reader's place among the snapshots; holds none when {@link #sequence} is {@link #NONE}. */
    static final class Slot {
        private volatile long sequence = NONE;

        long sequence() {
            return sequence;
        }
    }

    /** An old version of a row, valid for snapshots from {@code from} (inclusive) to {@code until} (exclusive). */
    private static final class Version {
        private final long from;
        private final long until;
        private final byte @Nullable [] value;
        private volatile @Nullable Version older;

        Version(long from, long until, byte @Nullable [] value, @Nullable Version older) {
            this.from = from;
            this.until = until;
            this.value = value;
            this.older = older;
        }
    }

    /** What is to be done when no snapshot before {@code until} is left. */
    private record Expiry(
            long until,
            @Nullable RowKey key,
            long bytes,
            @Nullable Runnable action) {}

    /** Old versions held at most; then the oldest snapshots end with {@code SNAPSHOT_TOO_OLD}. */
    static final long UNDO_BYTES_MAX = 256L << 20;

    /** What one version costs beyond its bytes: map entry, chain link, queue entry. */
    private static final int VERSION_OVERHEAD_BYTES = 200;

    private static final long NONE = Long.MAX_VALUE;

    private final long undoBytesMax;
    private final Set<Slot> slots = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<RowKey, Version> undo = new ConcurrentHashMap<>();

    /** In order of {@code until}; the writer's alone. */
    private final ArrayDeque<Expiry> expiries = new ArrayDeque<>();

    private long undoBytes;
    private volatile long published;

    /** Snapshots before this one have lost versions. */
    private volatile long floor;

    Snapshots(long undoBytesMax) {
        this.undoBytesMax = undoBytesMax;
    }

    /** The lesser of {@link #UNDO_BYTES_MAX} and a tenth of the heap. */
    static long defaultUndoBytesMax() {
        return Math.min(UNDO_BYTES_MAX, Runtime.getRuntime().maxMemory() / 10);
    }

    long published() {
        return published;
    }

    // ---- readers

    /** A place for one reader; given back with {@link #close}. */
    Slot open() {
        var slot = new Slot();
        slots.add(slot);
        return slot;
    }

    /** A second place for the snapshot of {@code slot}, which must be held meanwhile. */
    Slot share(Slot slot) {
        var shared = new Slot();
        shared.sequence = slot.sequence;
        slots.add(shared);
        return shared;
    }

    /** Lets {@code slot} see what is published now. */
    long take(Slot slot) {
        while (true) {
            long sequence = published;
            slot.sequence = sequence;
            if (published == sequence) {
                return sequence;
            }
        }
    }

    /** Lets {@code slot} see nothing, until it takes again. */
    void release(Slot slot) {
        slot.sequence = NONE;
    }

    void close(Slot slot) {
        slot.sequence = NONE;
        slots.remove(slot);
    }

    /**
     * The version of the row that {@code snapshot} sees, when its present version is newer; null when there was none.
     *
     * @throws PandoException {@code SNAPSHOT_TOO_OLD}
     */
    byte @Nullable [] old(RowKey key, long snapshot) {
        byte[] value = null;
        for (Version version = undo.get(key); version != null; version = version.older) {
            if (version.from <= snapshot && snapshot < version.until) {
                value = version.value;
                break;
            }
        }
        check(snapshot);
        return value;
    }

    /** @throws PandoException {@code SNAPSHOT_TOO_OLD} when versions of {@code snapshot} were given up */
    void check(long snapshot) {
        if (snapshot < floor) {
            throw new PandoException(
                    PandoException.Kind.SNAPSHOT_TOO_OLD,
                    "the snapshot at commit " + snapshot + " is too old: more than " + undoBytesMax
                            + " bytes of row versions changed since; begin the transaction again");
        }
    }

    /** Whether some reader's snapshot is older than {@code sequence}. Exact on the writer between groups. */
    boolean anyBefore(long sequence) {
        return oldest() < sequence;
    }

    // ---- the writer

    /**
     * Saves the version that commit {@code until} overwrites.
     *
     * @param from the sequence that wrote it
     */
    void save(RowKey key, long from, long until, byte @Nullable [] value) {
        Version newest = undo.get(key);
        undo.put(key, new Version(from, until, value, newest));
        long bytes = VERSION_OVERHEAD_BYTES + (value == null ? 0 : value.length);
        undoBytes += bytes;
        expiries.add(new Expiry(until, key, bytes, null));
    }

    /** Runs {@code action} on the writer when no snapshot before {@code until} is left. */
    void whenUnseen(long until, Runnable action) {
        undoBytes += VERSION_OVERHEAD_BYTES;
        expiries.add(new Expiry(until, null, VERSION_OVERHEAD_BYTES, action));
    }

    /** Makes everything up to {@code sequence} visible to new snapshots. */
    void publish(long sequence) {
        if (sequence < published) {
            throw new IllegalStateException("published " + published + " already, not " + sequence);
        }
        published = sequence;
    }

    /** Forgets what no snapshot can see, and at the limit what the oldest ones could. */
    void trim() {
        if (expiries.isEmpty()) {
            return;
        }
        long oldest = oldest();
        for (Expiry next = expiries.peek(); next != null; next = expiries.peek()) {
            if (next.until > oldest) {
                if (undoBytes <= undoBytesMax || next.until > published) {
                    return;
                }
                /* Before the version goes: a reader that misses it must find the floor raised. */
                floor = next.until;
            }
            expiries.remove();
            undoBytes -= next.bytes;
            if (next.key != null) {
                dropOldest(next.key, next.until);
            }
            if (next.action != null) {
                next.action.run();
            }
        }
    }

    /** Read {@link #published} first: see the class. */
    private long oldest() {
        long oldest = published;
        for (Slot slot : slots) {
            oldest = Math.min(oldest, slot.sequence);
        }
        return oldest;
    }

    private void dropOldest(RowKey key, long until) {
        Version version = undo.get(key);
        if (version == null) {
            throw new IllegalStateException("no old version of " + key);
        }
        if (version.until == until) {
            undo.remove(key);
            return;
        }
        while (version.older != null && version.older.until != until) {
            version = version.older;
        }
        version.older = null;
    }

    /** The versions that still exist besides the present one, newest first. On the writer. */
    Iterable<byte[]> versions(RowKey key) {
        var values = new ArrayDeque<byte[]>();
        for (Version version = undo.get(key); version != null; version = version.older) {
            if (version.value != null) {
                values.add(version.value);
            }
        }
        return values;
    }

    long undoBytes() {
        return undoBytes;
    }
}
