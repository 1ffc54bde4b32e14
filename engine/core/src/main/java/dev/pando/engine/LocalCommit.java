package dev.pando.engine;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.SharePart;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.store.LogTransaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** A local transaction at the door: signed, its documents locked, to be checked against what merges changed meanwhile. */
final class LocalCommit extends Change<Long> {

    private final Tables tables;
    private final VerifiedShare share;
    private final Map<Cid, FirstRow> firsts;
    private final List<PendingRow> rows;
    private final RowAccess access;
    private final Admitted admitted;
    private final Withdrawals withdrawals;
    private final Runnable checkCancelled;
    private final List<Block> blocks;
    private final long bytes;

    /** Its parts in tables that were dropped and made again. */
    private final Map<SharePart, TableState> reborn = new LinkedHashMap<>();

    /**
     * @param firsts what deltas of new documents make, by their CIDs: of all, some or none
     * @param checkCancelled throws what refuses it when its session does not want it any more
     */
    LocalCommit(
            Tables tables,
            VerifiedShare share,
            Map<Cid, FirstRow> firsts,
            List<PendingRow> rows,
            RowAccess access,
            Admitted admitted,
            Withdrawals withdrawals,
            Runnable checkCancelled) {
        this.withdrawals = withdrawals;
        this.checkCancelled = checkCancelled;
        this.firsts = firsts;
        this.admitted = admitted;
        this.tables = tables;
        this.share = share;
        this.rows = rows;
        this.access = access;
        this.blocks = share.blocks();
        this.bytes = share.byteSize();
    }

    @Override
    Verdict<Long> prepare(Draft draft, long sequence) {
        if (withdrawals.isBuiltUpon(share)) {
            throw new PandoException(
                    Kind.SERIALIZATION_FAILURE, "repair_clock has written what this transaction read again meanwhile");
        }
        checkCancelled.run();
        for (SharePart part : share.parts()) {
            TableState state = tables.byId(part.collection());
            if (state == null) {
                throw new PandoException(Kind.UNKNOWN_TABLE, "a table of this transaction was dropped meanwhile");
            }
            for (DecodedDelta delta : part.deltas()) {
                checkCancelled.run();
                Merger.merge(state, delta, firsts.get(delta.cid()), draft, sequence);
            }
            if (state.reborn()) {
                reborn.put(part, state);
            }
        }
        var check = new CommitCheck(tables, access, draft);
        for (PendingRow row : rows) {
            checkCancelled.run();
            check.check(row);
        }
        eachReborn(admitted::appended);
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

    private void eachReborn(BiConsumer<TableState, Cid> action) {
        reborn.forEach((part, state) -> part.deltas().forEach(delta -> action.accept(state, delta.cid())));
    }

    @Override
    void applied(long sequence) {
        eachReborn(admitted::applied);
        for (SharePart part : share.parts()) {
            TableState state = tables.byId(part.collection());
            if (state != null) {
                state.committed(sequence, share.commit().hlc());
            }
        }
    }

    @Override
    void takenBack() {
        eachReborn((state, delta) -> admitted.takenBack(delta));
    }

    @Override
    Long answer(long sequence) {
        return sequence;
    }
}
