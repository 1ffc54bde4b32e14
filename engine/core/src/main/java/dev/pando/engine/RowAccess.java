package dev.pando.engine;

import dev.pando.Column;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.collection.RowCodec;
import dev.pando.collection.RowLayout;
import dev.pando.collection.RowReader;
import dev.pando.collection.RowView;
import dev.pando.dag.BlockSource;
import dev.pando.store.DerivedMap;
import dev.pando.store.EntryWalk;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows as a snapshot sees them and a table shows them. Thread-safe.
 *
 * <p>Callers may hold an older definition of a table: ordinals are those of the definition that they hold.
 */
final class RowAccess {

    private final DerivedMap rows;
    private final Snapshots snapshots;
    private final BlockSource blocks;

    RowAccess(DerivedMap rows, Snapshots snapshots, BlockSource blocks) {
        this.rows = rows;
        this.snapshots = snapshots;
        this.blocks = blocks;
    }

    /** The stored row, live or dead, at {@code snapshot}; null when there was none. */
    byte @Nullable [] stored(RowKey key, long snapshot) {
        byte[] row = rows.get(key.bytes());
        return row == null || RowCodec.sequence(row) <= snapshot ? row : snapshots.old(key, snapshot);
    }

    /** The rows at {@code snapshot}; null where there is none to be seen. */
    @Nullable
    RowView[] live(TableState state, Table table, List<RowKey> keys, long snapshot) {
        byte[][] bytes = new byte[keys.size()][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = keys.get(i).bytes();
        }
        byte[] @Nullable [] stored = rows.getAll(bytes);
        RowLayout layout = state.layout(table);
        @Nullable RowView[] views = new RowView[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            RowKey key = keys.get(i);
            byte[] row = stored[i];
            if (row != null && RowCodec.sequence(row) > snapshot) {
                row = snapshots.old(key, snapshot);
            }
            views[i] = row == null || !RowCodec.live(row) ? null : RowCodec.view(layout, key.document(), row, blocks);
        }
        return views;
    }

    /** The row at {@code snapshot}, live or dead; null when there was none. */
    @Nullable
    RowView any(TableState state, Table table, RowKey key, long snapshot) {
        byte[] row = stored(key, snapshot);
        return row == null ? null : RowCodec.view(state.layout(table), key.document(), row, blocks);
    }

    /** The row at {@code snapshot}; null when there is none to be seen. */
    @Nullable
    RowView live(TableState state, Table table, RowKey key, long snapshot) {
        byte[] row = stored(key, snapshot);
        return row == null || !RowCodec.live(row)
                ? null
                : RowCodec.view(state.layout(table), key.document(), row, blocks);
    }

    /** A reader of rows as {@code table} shows them. */
    RowReader reader(TableState state, Table table) {
        return new RowReader(state.layout(table), blocks);
    }

    /** A walk over the rows of all tables that remembers so many changes at most. */
    EntryWalk walk(int changesMax) {
        return rows.walk(changesMax);
    }

    /** Stored bytes as the present definition shows them. */
    RowView view(TableState state, RowKey key, byte[] row) {
        return RowCodec.view(state.layout(), key.document(), row, blocks);
    }

    /** The same version as the present definition shows it. */
    RowView asPresent(TableState state, RowView row) {
        return row.table() == state.table() ? row : RowCodec.view(state.layout(), row.id(), row.bytes(), blocks);
    }

    /** A row of the overlay as {@code table} shows it. */
    Row as(Table table, PendingRow row) {
        if (row.table() == table || row.values() == null) {
            return row;
        }
        @Nullable Object[] values = asPresent(row.table(), table, row.values());
        return new PendingRow(
                row.key(), row.id(), table, row.base(), values, row.kind(), row.named(), row.documentKey());
    }

    /** Values by the ordinals of one definition, arranged for another. */
    static @Nullable Object[] asPresent(Table from, Table to, @Nullable Object[] values) {
        if (from == to) {
            return values;
        }
        @Nullable Object[] arranged = new @Nullable Object[to.columns().size()];
        for (Column column : from.columns()) {
            int ordinal = TableState.ordinal(to, column.id());
            if (ordinal >= 0) {
                arranged[ordinal] = values[column.ordinal()];
            }
        }
        return arranged;
    }

    /** Ordinals of one definition as those of another. */
    static BitSet asPresent(Table from, Table to, BitSet ordinals) {
        BitSet arranged = new BitSet();
        for (int i = ordinals.nextSetBit(0); i >= 0; i = ordinals.nextSetBit(i + 1)) {
            int ordinal = from == to
                    ? i
                    : TableState.ordinal(to, from.columns().get(i).id());
            if (ordinal >= 0) {
                arranged.set(ordinal);
            }
        }
        return arranged;
    }
}
