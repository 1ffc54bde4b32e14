package dev.pando.store;

import dev.pando.PandoException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the slots of a map, from the first to the one that was last when it began: memory is read in order.
 *
 * <p>Entries that stay in their slot are met there, once. One that moves meanwhile may move past the walk, or back behind
 * it. The writer tells of each, under the same lock under which slots are copied, and the walk remembers the keys that
 * would be missed, to show them at its end, and those that would be met twice:
 *
 * <pre>
 * from       to         key was shown   then
 * behind     ahead      yes             it is skipped there
 * behind     ahead      at the end      it is met there
 * ahead      behind     no              it is shown at the end
 * ahead      behind     skipped         nothing
 * </pre>
 *
 * "Ahead" are the slots that the walk will come to, "behind" are those it has passed and those that were added behind its
 * end. An entry that is removed behind the walk and comes again ahead is skipped too.
 */
final class HeapWalk implements EntryWalk {

    private static final byte[] NOTHING = {};

    /** Copied at a time; a writer waits for no longer than that. */
    private static final int STEP_BYTES = 16 << 10;

    private final MapTable table;
    private final long end;
    private long at = RecordHeap.START;
    private boolean ended;

    /** Some slots as they were copied. */
    private byte[] bytes = new byte[STEP_BYTES];

    /** Where in them entries begin that are to be shown, and how many there are. */
    private int[] entries = new int[STEP_BYTES / SizeClasses.bytes(0)];

    private int count;
    private int next;
    private final CRC32C crc = new CRC32C();

    private byte[] keyBytes = NOTHING;
    private int keyFrom;
    private int keyLength;
    private byte[] valueBytes = NOTHING;
    private int valueFrom;
    private int valueLength;

    /** Keys that are shown already and stand ahead. */
    private final Set<ByteBuffer> shown = new HashSet<>();

    /** Keys that are not shown and stand behind. */
    private final Set<ByteBuffer> missed = new LinkedHashSet<>();

    private final int changesMax;
    private final Function<InternalError, PandoException> unreadable;
    private volatile boolean overrun;

    /**
     * @param changesMax keys that are remembered at most; then the walk ends with SNAPSHOT_TOO_OLD
     * @param unreadable makes an error of the JVM's way to say that a mapped page cannot be read
     */
    HeapWalk(MapTable table, long end, int changesMax, Function<InternalError, PandoException> unreadable) {
        this.unreadable = unreadable;
        this.table = table;
        this.end = end;
        this.changesMax = changesMax;
    }

    private boolean isAhead(long position) {
        return position >= at && position < end;
    }

    /** Under the table's lock. */
    void moved(byte[] key, long from, long to) {
        if (isAhead(from) == isAhead(to) || isOverrun()) {
            return;
        }
        ByteBuffer moved = ByteBuffer.wrap(key.clone());
        if (isAhead(to)) {
            if (!missed.remove(moved)) {
                shown.add(moved);
            }
        } else if (!shown.remove(moved)) {
            missed.add(moved);
        }
    }

    private boolean isOverrun() {
        if (!overrun && shown.size() + missed.size() >= changesMax) {
            shown.clear();
            missed.clear();
            overrun = true;
        }
        return overrun;
    }

    /** Under the table's lock. */
    void removed(byte[] key, long from) {
        if (isAhead(from) || isOverrun()) {
            return;
        }
        ByteBuffer removed = ByteBuffer.wrap(key.clone());
        if (!missed.remove(removed)) {
            shown.add(removed);
        }
    }

    @Override
    public boolean next() {
        try {
            return advance();
        } catch (InternalError e) {
            throw unreadable.apply(e);
        }
    }

    private boolean advance() {
        while (!ended) {
            if (overrun) {
                throw new PandoException(
                        PandoException.Kind.SNAPSHOT_TOO_OLD,
                        "more than " + changesMax + " entries moved while they were read");
            }
            if (next < count) {
                if (show(entries[next++])) {
                    return true;
                }
            } else if (at < end) {
                step();
            } else if (showMissed()) {
                return true;
            }
        }
        return false;
    }

    /** Copies some slots, and finds those of entries. */
    private void step() {
        synchronized (table) {
            table.checkOpen();
            count = 0;
            next = 0;
            long stop = Math.min(end, MappedFile.chunkEnd(at));
            int copied = table.heap().copyTo(at, stop, bytes);
            int from = 0;
            while (from < copied) {
                long header = table.heap().check(bytes, from, copied, at + from, crc);
                if (header == 0) {
                    break;
                }
                if (RecordHeap.kind(header) == RecordHeap.END) {
                    from = (int) (stop - at);
                    break;
                }
                if (RecordHeap.kind(header) <= RecordHeap.ENTRY_IN_PARTS && !isShown(from, header)) {
                    entries[count++] = from;
                }
                from += SizeClasses.bytes(RecordHeap.sizeClass(header));
            }
            if (from == 0) {
                bytes = new byte[2 * bytes.length];
                entries = new int[bytes.length / SizeClasses.bytes(0)];
            }
            at += from;
        }
    }

    private boolean isShown(int from, long header) {
        if (shown.isEmpty()) {
            return false;
        }
        int key = from + RecordHeap.HEADER_BYTES;
        return shown.remove(ByteBuffer.wrap(Arrays.copyOfRange(bytes, key, key + RecordHeap.keyLength(header))));
    }

    /** Turns to a copied entry. A large value is looked up; false when it is gone. */
    private boolean show(int from) {
        long header = RecordHeap.header(bytes, from);
        keyBytes = bytes;
        keyFrom = from + RecordHeap.HEADER_BYTES;
        keyLength = RecordHeap.keyLength(header);
        if (RecordHeap.kind(header) == RecordHeap.ENTRY) {
            valueBytes = bytes;
            valueFrom = keyFrom + keyLength;
            valueLength = RecordHeap.valueLength(header);
            return true;
        }
        return show(Arrays.copyOfRange(bytes, keyFrom, keyFrom + keyLength));
    }

    private boolean show(byte[] key) {
        byte[] value = table.get(key);
        if (value == null) {
            return false;
        }
        keyBytes = key;
        keyFrom = 0;
        keyLength = key.length;
        valueBytes = value;
        valueFrom = 0;
        valueLength = value.length;
        return true;
    }

    /** One of the entries that went past the walk. */
    private boolean showMissed() {
        byte[] key = nextMissed();
        return key != null && show(key);
    }

    private byte @Nullable [] nextMissed() {
        synchronized (table) {
            if (overrun) {
                return null; // What was missed is forgotten: this is not the end.
            }
            Iterator<ByteBuffer> keys = missed.iterator();
            if (!keys.hasNext()) {
                close();
                return null;
            }
            byte[] key = keys.next().array();
            keys.remove();
            return key;
        }
    }

    @Override
    public byte[] keyBytes() {
        return keyBytes;
    }

    @Override
    public int keyFrom() {
        return keyFrom;
    }

    @Override
    public int keyLength() {
        return keyLength;
    }

    @Override
    public byte[] valueBytes() {
        return valueBytes;
    }

    @Override
    public int valueFrom() {
        return valueFrom;
    }

    @Override
    public int valueLength() {
        return valueLength;
    }

    @Override
    public void close() {
        ended = true;
        table.ended(this);
    }
}
