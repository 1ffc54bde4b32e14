package dev.pando.engine;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.collection.DeltaFactory;
import dev.pando.collection.RowView;
import dev.pando.collection.Types;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import dev.pando.store.Courtesy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** INSERT, UPDATE, DELETE and row locks of one transaction: checks a row and puts it into the overlay. */
final class RowWriter {

    /** Written rows between which other threads may come first. */
    private static final int STEPS = 32;

    private final Core core;
    private final TransactionImpl transaction;
    private final Overlay overlay;
    private final Constraints constraints;
    private final Courtesy courtesy = new Courtesy(STEPS);

    RowWriter(Core core, TransactionImpl transaction, Overlay overlay) {
        this.core = core;
        this.transaction = transaction;
        this.overlay = overlay;
        this.constraints = new Constraints(core, transaction, overlay);
    }

    // ---- lock

    @Nullable
    Row lock(Row seen) {
        TableState state = core.tables().require(seen.table());
        RowKey key = RowKey.of(state.number(), seen.id());
        transaction.acquire(key);
        PendingRow own = overlay.get(key);
        if (own != null) {
            return own.deleted() ? null : core.access().as(seen.table(), own);
        }
        RowView latest = latest(state, seen.table(), key);
        if (latest == null || !latest.live()) {
            return null;
        }
        return latest.version() == seen.version() ? seen : latest;
    }

    /** The last published version, live or dead; fails when this transaction's snapshot is older and must not be. */
    private @Nullable RowView latest(TableState state, Table table, RowKey key) {
        RowView latest = core.access().any(state, table, key, core.snapshots().published());
        if (latest != null && transaction.repeatableRead() && latest.version() > transaction.snapshot()) {
            throw new PandoException(
                    Kind.SERIALIZATION_FAILURE,
                    "a row of " + table.qualifiedName() + " was changed since this transaction began; try again");
        }
        return latest;
    }

    // ---- insert

    /**
     * Inserts a row, or leaves nothing of it but locks.
     *
     * @param row all values, converted
     * @param written ordinals that were named or have a default; not changed afterwards
     */
    PendingRow insert(TableState state, Table present, @Nullable Object[] row, BitSet written) {
        courtesy.step();
        state.rules().check(row);
        SortedMap<String, Value> documentKey = core.documentKey(present, row);
        DocumentId id = core.documentId(state, documentKey);
        RowKey key = RowKey.of(state.number(), id);
        transaction.acquire(key);
        PendingRow pending = inserted(state, present, key, id, row, written, documentKey);
        constraints.check(state, key, null, pending);
        overlay.put(pending);
        return pending;
    }

    private PendingRow inserted(
            TableState state,
            Table present,
            RowKey key,
            DocumentId id,
            @Nullable Object[] row,
            BitSet written,
            SortedMap<String, Value> documentKey) {
        PendingRow own = overlay.get(key);
        RowView base = own == null ? latest(state, present, key) : own.base();
        if (own == null ? base != null && base.live() : !own.deleted()) {
            throw new PandoException(
                    Kind.DUPLICATE_KEY,
                    "a row with " + describeKey(present, row) + " exists already in " + present.qualifiedName());
        }
        boolean replaces = base != null && base.live();
        return new PendingRow(
                key,
                id,
                present,
                base,
                row,
                replaces ? PendingRow.Kind.REPLACE : PendingRow.Kind.INSERT,
                written,
                documentKey);
    }

    private static String describeKey(Table table, @Nullable Object[] row) {
        if (table.primaryKey().isEmpty()) {
            return "this document id";
        }
        List<String> parts = new ArrayList<>();
        for (int ordinal : table.primaryKey()) {
            parts.add(table.columns().get(ordinal).name() + " = " + row[ordinal]);
        }
        return String.join(", ", parts);
    }

    // ---- update

    Row update(Row seen, @Nullable Object[] newValues) {
        courtesy.step();
        TableState state = core.tables().require(seen.table());
        Table present = state.table();
        RowKey key = RowKey.of(state.number(), seen.id());
        Row before = locked(state, key, seen);
        @Nullable Object[] row = changed(present, before, arranged(seen.table(), present, newValues, before));
        if (row == null) {
            return seen;
        }
        if (keyChanged(present, before, row)) {
            return move(state, seen, row);
        }
        state.rules().check(row);
        PendingRow own = overlay.get(key);
        PendingRow pending = new PendingRow(
                key,
                seen.id(),
                present,
                own == null ? (RowView) before : own.base(),
                row,
                own == null ? PendingRow.Kind.UPDATE : own.kind(),
                own == null ? new BitSet() : namedWith(own, before, row),
                own == null ? null : own.documentKey());
        constraints.check(state, key, before, pending);
        overlay.put(pending);
        return core.access().as(seen.table(), pending);
    }

    /** New values by the ordinals of the present definition; columns unknown to the caller stay as they are. */
    private static @Nullable Object[] arranged(Table from, Table to, @Nullable Object[] values, Row before) {
        @Nullable Object[] arranged = RowAccess.asPresent(from, to, values);
        if (from != to) {
            for (Column column : to.columns()) {
                if (TableState.ordinal(from, column.id()) < 0) {
                    arranged[column.ordinal()] = before.get(column.ordinal());
                }
            }
        }
        return arranged;
    }

    /** An insert that is updated writes what either of them set. */
    private static BitSet namedWith(PendingRow own, Row before, @Nullable Object[] row) {
        BitSet named = (BitSet) own.named().clone();
        for (int i = 0; i < row.length; i++) {
            if (!DeltaFactory.same(before.get(i), row[i])) {
                named.set(i);
            }
        }
        return named;
    }

    private Row move(TableState state, Row seen, @Nullable Object[] row) {
        delete(seen);
        BitSet all = new BitSet();
        all.set(0, row.length);
        Row moved = new RowInserter(core, transaction, this, state.table(), all).insert(row);
        return core.access().as(seen.table(), (PendingRow) moved);
    }

    /** The version that a change is made against, of the present definition. */
    private Row locked(TableState state, RowKey key, Row seen) {
        if (!transaction.holds(key) && lock(seen) != seen) {
            throw gone(state);
        }
        PendingRow own = overlay.get(key);
        if (own != null) {
            if (own.deleted()) {
                throw gone(state);
            }
            return core.access().as(state.table(), own);
        }
        if (!(seen instanceof RowView view)) {
            throw gone(state);
        }
        /* What the statement saw, also when a merge came between: it forks, and the fork merges. */
        return core.access().asPresent(state, view);
    }

    private static PandoException gone(TableState state) {
        return new PandoException(
                Kind.SERIALIZATION_FAILURE,
                "a row of " + state.table().qualifiedName() + " was changed or deleted meanwhile; try again");
    }

    /** The values after the change, or null when nothing changes. */
    private static @Nullable Object @Nullable [] changed(Table table, Row before, @Nullable Object[] newValues) {
        @Nullable Object[] row = new @Nullable Object[newValues.length];
        boolean any = false;
        for (Column column : table.columns()) {
            int i = column.ordinal();
            Object old = before.get(i);
            Object converted = Types.convert(column.type(), newValues[i], column.name());
            row[i] = DeltaFactory.same(old, converted) ? old : merged(column, old, converted);
            any |= row[i] != old;
        }
        return any ? row : null;
    }

    private static @Nullable Object merged(Column column, @Nullable Object old, @Nullable Object value) {
        return switch (column.merge()) {
            case LAST -> value;
            case SUM -> {
                if (value == null) {
                    throw new PandoException(
                            Kind.NOT_NULL_VIOLATION, "counter " + column.name() + " must not be set to NULL");
                }
                yield value;
            }
            case MAX -> old == null || value != null && compare(column, value, old) > 0 ? value : old;
            case MIN -> old == null || value != null && compare(column, value, old) < 0 ? value : old;
        };
    }

    private static int compare(Column column, Object a, Object b) {
        ColumnType type = column.type();
        return Values.compare(type.family(), Values.encode(type.family(), a), Values.encode(type.family(), b));
    }

    private static boolean keyChanged(Table table, Row before, @Nullable Object[] row) {
        for (int ordinal : table.primaryKey()) {
            if (!DeltaFactory.same(before.get(ordinal), row[ordinal])) {
                return true;
            }
        }
        return false;
    }

    // ---- delete

    void delete(Row seen) {
        courtesy.step();
        TableState state = core.tables().require(seen.table());
        RowKey key = RowKey.of(state.number(), seen.id());
        Row before = locked(state, key, seen);
        constraints.checkDelete(state, before);
        PendingRow own = overlay.get(key);
        RowView base = own == null ? (RowView) before : own.base();
        if (base == null || !base.live()) {
            overlay.remove(key);
        } else {
            overlay.put(new PendingRow(
                    key, seen.id(), state.table(), base, null, PendingRow.Kind.DELETE, new BitSet(), null));
        }
    }
}
