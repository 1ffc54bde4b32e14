package dev.pando.engine;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.SharePart;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.store.LogTransaction;
import java.util.List;

/** A local transaction at the door: signed, its documents locked, to be checked against what merges changed meanwhile. */
final class LocalCommit extends Change<Long> {

    private final Tables tables;
    private final VerifiedShare share;
    private final List<PendingRow> rows;
    private final RowAccess access;
    private final List<Block> blocks;
    private final long bytes;

    LocalCommit(Tables tables, VerifiedShare share, List<PendingRow> rows, RowAccess access) {
        this.tables = tables;
        this.share = share;
        this.rows = rows;
        this.access = access;
        this.blocks = share.blocks();
        this.bytes = blocks.stream().mapToLong(b -> b.bytes().length).sum();
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
        var check = new CommitCheck(tables, access, draft);
        rows.forEach(check::check);
        return new Verdict.Append<>(new LogTransaction(blocks, true));
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
