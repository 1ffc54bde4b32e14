package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.Row;
import dev.pando.RowWalk;
import dev.pando.Table;
import dev.pando.collection.RowCodec;
import dev.pando.collection.RowReader;
import dev.pando.store.Courtesy;
import dev.pando.store.EntryWalk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table in the order in which the row map keeps them, at one snapshot, with a transaction's own writes as
 * they were when the walk began.
 *
 * <p>Documents stay in the row map when they are deleted. So each that the snapshot sees is there during the whole walk,
 * which shows it once, in its present version. A version that is newer than the snapshot was written after the version
 * before it was saved: that one is found in the undo map.
 *
 * <p>Keeps its snapshot alive until it is closed or at its end.
 */
final class MapWalk implements RowWalk {

    /** Smaller tables are read along their keys, which also gives an order that people expect to see. */
    static final long ROWS_MIN = 1_024;

    /** Entries of any table that are walked over in the time of finding one row by its key. */
    private static final long ENTRIES_PER_LOOKUP = 5;

    /**
     * Rows that may be moved by writers while a walk goes on, or waits for the one who reads it; then it ends with
     * SNAPSHOT_TOO_OLD. About 32 MiB.
     */
    static final int CHANGES_MAX = 1 << 18;

    /** Entries between which other threads may come first. */
    private static final int STEPS = 256;

    private final int collection;
    private final Snapshots snapshots;
    private final Snapshots.Slot slot;
    private final long snapshot;
    private final Runnable checkCancelled;
    private final Courtesy courtesy = new Courtesy(STEPS);
    private final EntryWalk entries;
    private final RowReader reader;
    private final Set<RowKey> written = new HashSet<>();
    private final Iterator<Row> own;
    private byte[] keyBytes = new byte[0];
    private int keyFrom;
    private @Nullable Row ownRow;
    private boolean ended;
    private boolean closed;

    /** @param writes of the transaction to this table */
    MapWalk(
            TableState state,
            Table table,
            RowAccess access,
            Snapshots snapshots,
            Snapshots.Slot slot,
            Collection<PendingRow> writes,
            Runnable checkCancelled) {
        this.collection = state.number();
        this.snapshots = snapshots;
        this.slot = slot;
        this.snapshot = slot.sequence();
        this.checkCancelled = checkCancelled;
        this.reader = access.reader(state, table);
        List<Row> rows = new ArrayList<>();
        for (PendingRow row : writes) {
            written.add(row.key());
            if (!row.deleted()) {
                rows.add(access.as(table, row));
            }
        }
        this.own = rows.iterator();
        this.entries = access.walk(CHANGES_MAX);
    }

    /**
     * Whether walking over all that the row map holds is quicker than finding each row by its key.
     *
     * @param rows of the table; negative when not known
     * @param entries of the map
     */
    static boolean pays(long rows, LongSupplier entries) {
        return rows >= ROWS_MIN && rows * ENTRIES_PER_LOOKUP >= entries.getAsLong();
    }

    @Override
    public boolean next() {
        while (!ended) {
            if (!entries.next()) {
                ended = true;
                break;
            }
            checkCancelled.run();
            courtesy.step();
            keyBytes = entries.keyBytes();
            keyFrom = entries.keyFrom();
            if (RowKey.collection(keyBytes, keyFrom) == collection && show()) {
                return true;
            }
        }
        if (!closed && own.hasNext()) {
            ownRow = own.next();
            return true;
        }
        close();
        return false;
    }

    /** Turns to what the snapshot sees of the entry; false when that is nothing, or the transaction's own. */
    private boolean show() {
        byte[] bytes = entries.valueBytes();
        int from = entries.valueFrom();
        boolean newer = RowCodec.sequence(bytes, from) > snapshot;
        if (newer || !written.isEmpty()) {
            RowKey key = RowKey.of(Arrays.copyOfRange(keyBytes, keyFrom, keyFrom + RowKey.BYTES));
            if (written.contains(key)) {
                return false;
            }
            if (newer) {
                byte[] old = snapshots.old(key, snapshot);
                if (old == null) {
                    return false;
                }
                bytes = old;
                from = 0;
            }
        }
        reader.show(bytes, from);
        return RowCodec.live(bytes, from);
    }

    @Override
    public DocumentId id() {
        if (ownRow != null) {
            return ownRow.id();
        }
        int from = keyFrom + RowKey.BYTES - DocumentId.BYTES;
        return DocumentId.of(Arrays.copyOfRange(keyBytes, from, from + DocumentId.BYTES));
    }

    @Override
    public @Nullable Object get(int ordinal) {
        return ownRow == null ? reader.get(ordinal) : ownRow.get(ordinal);
    }

    @Override
    public boolean isNull(int ordinal) {
        return ownRow == null ? reader.isNull(ordinal) : ownRow.isNull(ordinal);
    }

    @Override
    public long getLong(int ordinal) {
        return ownRow == null ? reader.getLong(ordinal) : ownRow.getLong(ordinal);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            ended = true;
            entries.close();
            snapshots.close(slot);
        }
    }
}
