package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.collection.RowCodec;
import dev.pando.collection.RowView;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.SharePart;
import dev.pando.dag.VerifiedShare;
import dev.pando.store.LogTransaction;
import dev.pando.store.OrderedIndex;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A local transaction at the door: signed, its documents locked, to be checked against what merges changed meanwhile. */
final class LocalCommit extends Change<Long> {

    private final Tables tables;
    private final VerifiedShare share;
    private final List<PendingRow> rows;
    private final RowAccess access;
    private final long bytes;

    LocalCommit(Tables tables, VerifiedShare share, List<PendingRow> rows, RowAccess access) {
        this.tables = tables;
        this.share = share;
        this.rows = rows;
        this.access = access;
        this.bytes = share.byteSize();
    }

    @Override
    Verdict<Long> prepare(Draft draft, long sequence) {
        for (SharePart part : share.parts()) {
            TableState state = tables.byId(part.collection());
            if (state == null) {
                throw new PandoException(Kind.UNKNOWN_TABLE, "a table of this transaction was dropped meanwhile");
            }
            for (DecodedDelta delta : part.deltas()) {
                Merger.merge(state, delta, draft, sequence);
            }
        }
        for (PendingRow row : rows) {
            if (!row.deleted()) {
                checkUnique(row, draft);
            }
        }
        return new Verdict.Append<>(new LogTransaction(share.blocks()));
    }

    /** The row as it will be, against rows that came by merge and against earlier members of the group. */
    private void checkUnique(PendingRow pending, Draft draft) {
        TableState state = tables.require(pending.table());
        for (TableIndex index : state.indexes()) {
            if (!index.unique()) {
                continue;
            }
            byte[] value = uniqueKey(state, index, pending.key(), draft);
            if (value == null) {
                continue;
            }
            RowKey taken = draft.claim(new UniqueValue(index, value), pending.key());
            if (taken != null && !taken.equals(pending.key()) && has(state, index, taken, value, draft)) {
                throw Constraints.duplicate(state, index);
            }
            OrderedIndex.Cursor hits = index.entries().from(value, true, false);
            ByteRange range = ByteRange.prefix(value);
            while (hits.next() && !range.reachedEnd(hits.key())) {
                RowKey other = RowKey.of(state.number(), DocumentId.of(hits.value()));
                if (!other.equals(pending.key()) && has(state, index, other, value, draft)) {
                    throw Constraints.duplicate(state, index);
                }
            }
        }
    }

    private boolean has(TableState state, TableIndex index, RowKey key, byte[] value, Draft draft) {
        return Arrays.equals(value, uniqueKey(state, index, key, draft));
    }

    private byte @Nullable [] uniqueKey(TableState state, TableIndex index, RowKey key, Draft draft) {
        byte[] row = draft.row(key);
        if (row == null || !RowCodec.live(row)) {
            return null;
        }
        RowView view = access.view(state, key, row);
        return index.uniqueKey(state.table(), view);
    }

    @Override
    boolean mustForce() {
        return false;
    }

    @Override
    long bytes() {
        return bytes;
    }

    @Override
    Long answer(long sequence) {
        return sequence;
    }
}
