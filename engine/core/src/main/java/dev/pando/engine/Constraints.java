package dev.pando.engine;

import dev.pando.Column;
import dev.pando.DocumentId;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.collection.Keys;
import dev.pando.collection.RowView;
import dev.pando.dag.ColumnId;
import dev.pando.store.OrderedIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * UNIQUE and foreign keys, as one transaction's statement sees them: what is published, and over it what the transaction
 * wrote. The writer looks again at commit.
 */
final class Constraints {

    private final Core core;
    private final TransactionImpl transaction;
    private final Overlay overlay;

    Constraints(Core core, TransactionImpl transaction, Overlay overlay) {
        this.core = core;
        this.transaction = transaction;
        this.overlay = overlay;
    }

    /**
     * @param before the row before the change; null for an insert
     * @throws PandoException {@code DUPLICATE_KEY}, {@code FOREIGN_KEY_VIOLATION}
     */
    void check(TableState state, RowKey key, @Nullable Row before, PendingRow after) {
        for (TableIndex index : state.indexes()) {
            if (index.unique()) {
                checkUnique(state, index, key, before, after);
            }
        }
        for (Table.ForeignKey reference : state.table().foreignKeys()) {
            checkReference(state, reference, before, after);
        }
    }

    private void checkUnique(TableState state, TableIndex index, RowKey key, @Nullable Row before, PendingRow after) {
        byte[] value = index.uniqueKey(state.table(), after);
        if (value == null || before != null && Arrays.equals(value, index.uniqueKey(state.table(), before))) {
            return;
        }
        var unique = new UniqueValue(index, value);
        transaction.acquire(unique);
        RowKey claimed = overlay.claimed(unique);
        if (claimed != null && !claimed.equals(key) && ownHas(state, index, claimed, value)) {
            throw duplicate(state, index);
        }
        core.indexes().ensureBuilt(index);
        OrderedIndex.Cursor hits = index.entries().from(value, true, false);
        ByteRange range = ByteRange.prefix(value);
        while (hits.next() && !range.reachedEnd(hits.key())) {
            RowKey other = RowKey.of(state.number(), DocumentId.of(hits.value()));
            if (!other.equals(key) && overlay.get(other) == null && committedHas(state, index, other, value)) {
                throw duplicate(state, index);
            }
        }
        overlay.claim(unique, key);
    }

    private boolean ownHas(TableState state, TableIndex index, RowKey key, byte[] value) {
        PendingRow own = overlay.get(key);
        return own != null
                && !own.deleted()
                && Arrays.equals(
                        value, index.uniqueKey(state.table(), core.access().as(state.table(), own)));
    }

    private boolean committedHas(TableState state, TableIndex index, RowKey key, byte[] value) {
        RowView row =
                core.access().live(state, state.table(), key, core.snapshots().published());
        return row != null && Arrays.equals(value, index.uniqueKey(state.table(), row));
    }

    static PandoException duplicate(TableState state, TableIndex index) {
        List<String> names = index.ordinals().stream()
                .map(o -> state.table().columns().get(o).name())
                .toList();
        return new PandoException(
                Kind.DUPLICATE_KEY,
                "a row of " + state.table().qualifiedName() + " with the same " + String.join(", ", names)
                        + " exists already (" + index + ")");
    }

    // ---- foreign keys

    private void checkReference(TableState state, Table.ForeignKey reference, @Nullable Row before, PendingRow after) {
        List<@Nullable Object> values = new ArrayList<>();
        boolean changed = before == null;
        for (int ordinal : reference.columns()) {
            values.add(after.get(ordinal));
            changed |= before != null && !java.util.Objects.deepEquals(before.get(ordinal), after.get(ordinal));
        }
        if (!changed || values.contains(null)) {
            return;
        }
        TableState target = target(reference);
        if (target == null || !exists(target, reference, values)) {
            throw new PandoException(
                    Kind.FOREIGN_KEY_VIOLATION,
                    "no row of " + reference.targetSchema() + "." + reference.targetTable() + " has "
                            + String.join(", ", reference.targetColumns()) + " = " + values + " ("
                            + reference.name() + " of " + state.table().qualifiedName() + ")");
        }
    }

    /** Whether the row that {@code row} refers to is there. */
    boolean holds(Table.ForeignKey reference, Row row) {
        List<@Nullable Object> values = new ArrayList<>();
        reference.columns().forEach(o -> values.add(row.get(o)));
        TableState target = target(reference);
        return values.contains(null) || target != null && exists(target, reference, values);
    }

    private @Nullable TableState target(Table.ForeignKey reference) {
        return core.tables()
                .view()
                .byName(reference.targetSchema(), reference.targetTable())
                .orElse(null);
    }

    private boolean exists(TableState target, Table.ForeignKey reference, List<@Nullable Object> values) {
        List<Integer> ordinals = ordinals(target.table(), reference.targetColumns());
        if (ordinals.equals(target.table().primaryKey())) {
            RowKey key = RowKey.of(target.number(), Keys.documentId(target.table(), values));
            return present(target, key) != null;
        }
        Optional<TableIndex> index = target.indexes().stream()
                .filter(i -> i.unique() && i.ordinals().equals(ordinals))
                .findFirst();
        return index.isPresent() && anyRow(target, index.get(), values);
    }

    /** The row as this transaction would see it now; null when there is none. */
    private @Nullable Row present(TableState state, RowKey key) {
        PendingRow own = overlay.get(key);
        if (own != null) {
            return own.deleted() ? null : core.access().as(state.table(), own);
        }
        return core.access().live(state, state.table(), key, core.snapshots().published());
    }

    private boolean anyRow(TableState state, TableIndex index, List<@Nullable Object> values) {
        byte[] prefix = index.prefix(state.table(), values);
        for (PendingRow own : overlay.of(state.number())) {
            if (!own.deleted()
                    && ByteRange.prefix(prefix)
                            .contains(index.key(
                                    state.table(), own.id(), core.access().as(state.table(), own)))) {
                return true;
            }
        }
        core.indexes().ensureBuilt(index);
        OrderedIndex.Cursor hits = index.entries().from(prefix, true, false);
        ByteRange range = ByteRange.prefix(prefix);
        while (hits.next() && !range.reachedEnd(hits.key())) {
            RowKey key = RowKey.of(state.number(), DocumentId.of(hits.value()));
            if (overlay.get(key) == null) {
                RowView row = core.access()
                        .live(state, state.table(), key, core.snapshots().published());
                if (row != null && Arrays.equals(hits.key(), index.key(row))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** @throws PandoException {@code FOREIGN_KEY_VIOLATION} when rows refer to the one to be deleted */
    void checkDelete(TableState state, Row row) {
        Table table = state.table();
        for (TableState other : core.tables().view().tables()) {
            for (Table.ForeignKey reference : other.table().foreignKeys()) {
                boolean refers = ColumnId.fold(reference.targetSchema()).equals(ColumnId.fold(table.schema()))
                        && ColumnId.fold(reference.targetTable()).equals(ColumnId.fold(table.name()));
                if (refers && isReferred(other, reference, table, row)) {
                    throw new PandoException(
                            Kind.FOREIGN_KEY_VIOLATION,
                            "rows of " + other.table().qualifiedName() + " refer to this row of "
                                    + table.qualifiedName() + " (" + reference.name() + ")");
                }
            }
        }
    }

    private boolean isReferred(TableState referring, Table.ForeignKey reference, Table table, Row row) {
        List<@Nullable Object> values = new ArrayList<>();
        ordinals(table, reference.targetColumns()).forEach(o -> values.add(row.get(o)));
        if (values.contains(null)) {
            return false;
        }
        return referring.indexes().stream()
                .filter(i -> i.ordinals().equals(reference.columns()))
                .findFirst()
                .map(i -> anyRow(referring, i, values))
                .orElse(false);
    }

    private static List<Integer> ordinals(Table table, List<String> names) {
        return names.stream()
                .map(n -> table.column(n).map(Column::ordinal).orElse(-1))
                .toList();
    }
}
