package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.collection.RowView;
import dev.pando.store.Courtesy;
import dev.pando.store.OrderedIndex;
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
        while (!ended) {
            byte[] key = cursor.next() ? cursor.key() : null;
            if (key == null || outside(key)) {
                ended = true;
                return;
            }
            checkCancelled.run();
            courtesy.step();
            RowKey rowKey = RowKey.of(state.number(), DocumentId.of(cursor.value()));
            if (!written.isEmpty() && written.contains(rowKey)) {
                continue;
            }
            RowView row = access.live(state, table, rowKey, snapshot);
            if (row != null && isCurrent(key, row)) {
                committed = row;
                committedKey = key;
                return;
            }
        }
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
        snapshots.close(slot);
    }
}
