package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.collection.RowView;
import dev.pando.store.Courtesy;
import dev.pando.store.OrderedIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the order of an index, at one snapshot, with a transaction's own writes as they were when the scan began: a
 * statement does not meet the rows that it writes itself.
 *
 * <p>Keeps its snapshot alive until it is closed or at its end, also beyond its transaction's statement.
 */
final class RowScan implements RowCursor {

    /** A row of the overlay and its key in the index. */
    @SuppressWarnings("ArrayRecordComponent")
    record Own(byte[] key, Row row) {}

    /** Entries whose rows are looked up together at most: memory answers about so many questions at a time. */
    private static final int AHEAD_MAX = 16;

    /** When the rows that were read ahead are larger, fewer are read ahead the next time. */
    private static final int AHEAD_BYTES = 64 << 10;

    /** Rows between which other threads may come first. */
    private static final int STEPS = 64;

    private final TableState state;
    private final Table table;
    private final TableIndex index;
    private final ByteRange range;
    private final boolean descending;
    private final RowAccess access;
    private final Snapshots snapshots;
    private final Snapshots.Slot slot;
    private final long snapshot;
    private final Runnable checkCancelled;
    private final Courtesy courtesy = new Courtesy(STEPS);

    private final OrderedIndex.Cursor cursor;
    private final Set<RowKey> written;
    private final List<Own> own;
    private int nextOwn;

    private byte @Nullable [] committedKey;
    private @Nullable RowView committed;
    private boolean ended;

    /** Of entries that were read ahead: their keys, and their rows or null. */
    private final List<byte[]> keysAhead = new ArrayList<>();

    private @Nullable RowView[] rowsAhead = new RowView[0];
    private int nextAhead;
    private int aheadMax = 1;
    private boolean cursorEnded;

    /**
     * @param written documents of the table that the transaction wrote: their committed versions are not shown
     * @param own its live rows in the range, in the order of the scan
     */
    RowScan(
            TableState state,
            Table table,
            TableIndex index,
            ByteRange range,
            boolean descending,
            RowAccess access,
            Snapshots snapshots,
            Snapshots.Slot slot,
            Set<RowKey> written,
            List<Own> own,
            Runnable checkCancelled) {
        this.state = state;
        this.table = table;
        this.index = index;
        this.range = range;
        this.descending = descending;
        this.access = access;
        this.snapshots = snapshots;
        this.slot = slot;
        this.snapshot = slot.sequence();
        this.written = new HashSet<>(written);
        this.own = own;
        this.checkCancelled = checkCancelled;
        this.cursor = index.entries().from(descending ? range.to() : range.from(), !descending, descending);
        if (range.isEmpty()) {
            ended = true;
        } else {
            advance();
        }
    }

    @Override
    public @Nullable Row next() {
        if (ended && nextOwn >= own.size()) {
            close();
            return null;
        }
        Row ofIndex = committed;
        byte[] key = committedKey;
        if (nextOwn < own.size()
                && (ofIndex == null || key == null || isBefore(own.get(nextOwn).key(), key))) {
            return own.get(nextOwn++).row();
        }
        advance();
        return ofIndex;
    }

    private boolean isBefore(byte[] a, byte[] b) {
        int order = Arrays.compareUnsigned(a, b);
        return descending ? order > 0 : order < 0;
    }

    /** Moves to the next committed row that the snapshot sees under the key by which it was met. */
    private void advance() {
        committed = null;
        committedKey = null;
        while (true) {
            while (nextAhead < keysAhead.size()) {
                checkCancelled.run();
                courtesy.step();
                byte[] key = keysAhead.get(nextAhead);
                RowView row = rowsAhead[nextAhead++];
                if (row != null && isCurrent(key, row)) {
                    committed = row;
                    committedKey = key;
                    return;
                }
            }
            if (cursorEnded) {
                ended = true;
                return;
            }
            lookAhead();
        }
    }

    /** Finds the rows of the next few entries at once: of more each time, as many who scan want few. */
    private void lookAhead() {
        keysAhead.clear();
        nextAhead = 0;
        List<RowKey> documents = new ArrayList<>(aheadMax);
        while (documents.size() < aheadMax && !cursorEnded) {
            byte[] key = cursor.next() ? cursor.key() : null;
            if (key == null || outside(key)) {
                cursorEnded = true;
                break;
            }
            RowKey document = RowKey.of(state.number(), DocumentId.of(cursor.value()));
            if (written.isEmpty() || !written.contains(document)) {
                keysAhead.add(key);
                documents.add(document);
            } else {
                checkCancelled.run();
            }
        }
        rowsAhead = access.live(state, table, documents, snapshot);
        long bytes = 0;
        for (RowView row : rowsAhead) {
            bytes += row == null ? 0 : row.bytes().length;
        }
        aheadMax = bytes > AHEAD_BYTES ? Math.max(1, aheadMax / 2) : Math.min(AHEAD_MAX, 2 * aheadMax);
    }

    /** A primary key never changes; the columns of another index do, and leave entries behind. */
    private boolean isCurrent(byte[] key, RowView row) {
        return index.isPrimary() || index.isKeyOf(access.asPresent(state, row), key);
    }

    private boolean outside(byte[] key) {
        return descending ? range.beforeBegin(key) : range.reachedEnd(key);
    }

    @Override
    public void close() {
        ended = true;
        nextOwn = own.size();
        committed = null;
        keysAhead.clear();
        nextAhead = 0;
        cursorEnded = true;
        snapshots.close(slot);
    }
}
