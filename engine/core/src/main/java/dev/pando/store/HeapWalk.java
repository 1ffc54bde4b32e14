package dev.pando.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
final class HeapWalk implements PageCursor {

    private static final int PAGE_ENTRIES = 4_096;
    private static final int PAGE_BYTES = 1 << 20;

    /** Copied at a time; a writer waits for no longer than that. */
    private static final int STEP_BYTES = 16 << 10;

    private final MapTable table;
    private final long end;
    private long at = RecordHeap.START;
    private boolean ended;

    /** Keys that are shown already and stand ahead. */
    private final Set<ByteBuffer> shown = new HashSet<>();

    /** Keys that are not shown and stand behind. */
    private final Set<ByteBuffer> missed = new LinkedHashSet<>();

    HeapWalk(MapTable table, long end) {
        this.table = table;
        this.end = end;
    }

    private boolean isAhead(long position) {
        return position >= at && position < end;
    }

    /** Under the table's lock. */
    void moved(byte[] key, long from, long to) {
        if (isAhead(from) == isAhead(to)) {
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

    /** Under the table's lock. */
    void removed(byte[] key, long from) {
        if (isAhead(from)) {
            return;
        }
        ByteBuffer removed = ByteBuffer.wrap(key.clone());
        if (!missed.remove(removed)) {
            shown.add(removed);
        }
    }

    @Override
    public List<Entry> next() {
        List<Entry> page = new ArrayList<>();
        while (!ended && page.isEmpty()) {
            page = at < end ? slots() : last();
        }
        return page;
    }

    private List<Entry> slots() {
        List<Entry> page = new ArrayList<>();
        int bytes = 0;
        while (page.size() < PAGE_ENTRIES && bytes < PAGE_BYTES && at < end) {
            for (RecordHeap.Copy slot : step()) {
                byte[] value = slot.kind() == RecordHeap.ENTRY ? slot.value() : table.get(slot.key());
                if (value != null) {
                    page.add(new Entry(slot.key(), value));
                    bytes += value.length;
                }
            }
        }
        return page;
    }

    /** The entries in some slots. A large value is looked up afterwards. */
    private List<RecordHeap.Copy> step() {
        List<RecordHeap.Copy> step = new ArrayList<>();
        synchronized (table) {
            table.checkOpen();
            for (long stop = Math.min(end, at + STEP_BYTES); at < stop; ) {
                RecordHeap.Copy slot = table.heap().copy(at);
                at = slot.kind() == RecordHeap.END ? MappedFile.chunkEnd(at) : at + SizeClasses.bytes(slot.sizeClass());
                if (slot.kind() <= RecordHeap.ENTRY_IN_PARTS && !isShown(slot.key())) {
                    step.add(slot);
                }
            }
        }
        return step;
    }

    private boolean isShown(byte[] key) {
        return !shown.isEmpty() && shown.remove(ByteBuffer.wrap(key));
    }

    /** The entries that went past the walk. */
    private List<Entry> last() {
        List<Entry> page = new ArrayList<>();
        while (page.size() < PAGE_ENTRIES && !ended) {
            byte[] key = nextMissed();
            byte[] value = key == null ? null : table.get(key);
            if (key != null && value != null) {
                page.add(new Entry(key, value));
            }
        }
        return page;
    }

    private byte @Nullable [] nextMissed() {
        synchronized (table) {
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
    public void close() {
        ended = true;
        table.ended(this);
    }
}
