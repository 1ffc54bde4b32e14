package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Table;
import dev.pando.collection.DeltaFactory;
import dev.pando.collection.Keys;
import dev.pando.collection.RowCodec;
import dev.pando.collection.RowView;
import dev.pando.dag.ColumnId;
import dev.pando.store.OrderedIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * UNIQUE and foreign keys of a transaction once more, on the writer: against rows that came by merge since its
 * statements ran, and against earlier members of its group.
 */
final class CommitCheck {

    /** That some row of the group refers to this one. */
    private record Referred(RowKey target) {}

    private final Tables tables;
    private final RowAccess access;
    private final Draft draft;

    CommitCheck(Tables tables, RowAccess access, Draft draft) {
        this.tables = tables;
        this.access = access;
        this.draft = draft;
    }

    /** @throws PandoException {@code DUPLICATE_KEY}, {@code FOREIGN_KEY_VIOLATION} */
    void check(PendingRow pending) {
        TableState state = tables.require(pending.table());
        if (pending.deleted()) {
            checkNotReferred(state, pending);
            return;
        }
        for (TableIndex index : state.indexes()) {
            if (index.unique() && index.usable()) {
                checkUnique(state, index, pending.key());
            }
        }
        for (Table.ForeignKey reference : state.table().foreignKeys()) {
            checkReference(state, reference, pending);
        }
    }

    private void checkUnique(TableState state, TableIndex index, RowKey key) {
        byte[] value = uniqueKey(state, index, key);
        if (value == null) {
            return;
        }
        RowKey taken = draft.claim(new UniqueValue(index, value), key);
        if (taken != null && !taken.equals(key) && Arrays.equals(value, uniqueKey(state, index, taken))) {
            throw Constraints.duplicate(state, index);
        }
        OrderedIndex.Cursor hits = index.entries().from(value, true, false);
        ByteRange range = ByteRange.prefix(value);
        while (hits.next() && !range.reachedEnd(hits.key())) {
            RowKey other = RowKey.of(state.number(), DocumentId.of(hits.value()));
            if (!other.equals(key) && Arrays.equals(value, uniqueKey(state, index, other))) {
                throw Constraints.duplicate(state, index);
            }
        }
    }

    private byte @Nullable [] uniqueKey(TableState state, TableIndex index, RowKey key) {
        RowView row = live(state, key);
        return row == null ? null : index.uniqueKey(state.table(), row);
    }

    private @Nullable RowView live(TableState state, RowKey key) {
        byte[] row = draft.row(key);
        return row == null || !RowCodec.live(row) ? null : access.view(state, key, row);
    }

    /* A reference to a unique index is left to the statement's check; one to a primary key costs one look. */
    private void checkReference(TableState state, Table.ForeignKey reference, PendingRow pending) {
        RowView row = live(state, pending.key());
        TableState target = tables.view()
                .byName(reference.targetSchema(), reference.targetTable())
                .orElse(null);
        if (row == null || target == null || !refersToKey(reference, target)) {
            return;
        }
        List<@Nullable Object> values = new ArrayList<>();
        boolean changed = pending.base() == null;
        for (int ordinal : reference.columns()) {
            values.add(row.get(ordinal));
            RowView base = pending.base();
            changed |= base != null
                    && !DeltaFactory.same(access.asPresent(state, base).get(ordinal), row.get(ordinal));
        }
        if (!changed || values.contains(null)) {
            return;
        }
        RowKey targetKey = RowKey.of(target.number(), Keys.documentId(target.table(), values));
        if (live(target, targetKey) == null) {
            throw new PandoException(
                    Kind.FOREIGN_KEY_VIOLATION,
                    "the row of " + target.table().qualifiedName() + " that " + reference.name()
                            + " refers to was deleted meanwhile");
        }
        draft.claim(new Referred(targetKey), pending.key());
    }

    private static boolean refersToKey(Table.ForeignKey reference, TableState target) {
        List<String> keyNames = target.table().primaryKey().stream()
                .map(o -> ColumnId.fold(target.table().columns().get(o).name()))
                .toList();
        return keyNames.equals(
                reference.targetColumns().stream().map(ColumnId::fold).toList());
    }

    private void checkNotReferred(TableState state, PendingRow deleted) {
        RowKey claimed = draft.claimed(new Referred(deleted.key()));
        if (claimed != null) {
            TableState referring = tables.byNumber(claimed.collection());
            if (referring != null && live(referring, claimed) != null) {
                throw new PandoException(
                        Kind.FOREIGN_KEY_VIOLATION,
                        "a row of " + referring.table().qualifiedName() + " refers to the deleted row of "
                                + state.table().qualifiedName() + " since a moment ago");
            }
        }
    }
}
