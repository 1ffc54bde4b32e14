package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.PandoException;
import dev.pando.collection.DeltaDraft;
import dev.pando.collection.HybridClock;
import dev.pando.collection.NetChange;
import dev.pando.crdt.DocumentState;
import dev.pando.crdt.History;
import dev.pando.dag.Commit;
import dev.pando.dag.CommitBuilder;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.VerifiedShare;
import dev.pando.engine.Withdrawals.Left;
import dev.pando.engine.Withdrawals.Withdrawal;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.store.LogTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Withdraws commits of this node and writes what they changed, all together, once more: one transaction of the log, a
 * commit with the records of {@link Withdrawals} behind it, so that a crash leaves all of this or nothing.
 */
final class RepairChange extends Change<Long> {

    /** Changes of one document that are read; with more the repair is refused. */
    private static final int HISTORY_MAX = 1 << 20;

    private final EngineParts parts;
    private final SortedSet<Long> commits;
    private final Set<RowKey> documents;

    private List<LocalRecord> records = List.of();
    private @Nullable VerifiedShare share;
    private final Map<DecodedDelta, TableState> reborn = new HashMap<>();

    /**
     * @param commits that {@link Withdrawals#plan} was told of
     * @param documents that they changed
     */
    RepairChange(EngineParts parts, Set<Long> commits, Set<RowKey> documents) {
        this.parts = parts;
        this.commits = new TreeSet<>(commits);
        this.documents = documents;
    }

    /** A document as it is, and without what is withdrawn. */
    private record Repaired(
            TableState table,
            RowKey key,
            byte[] row,
            DocumentState present,
            DocumentState left,
            @Nullable DeltaDraft draft) {}

    @Override
    Verdict<Long> prepare(Draft draft, long sequence) {
        var repaired = new ArrayList<Repaired>();
        long greatestPrev = -1;
        for (RowKey key : documents) {
            TableState table = parts.tables.byNumber(key.collection());
            byte[] row = table == null ? null : draft.row(key);
            if (table == null || row == null) {
                continue; // dropped meanwhile
            }
            Repaired document = repaired(table, key, row);
            repaired.add(document);
            DeltaDraft change = document.draft();
            greatestPrev = Math.max(greatestPrev, change == null ? -1 : change.greatestPrevHlc());
        }
        long hlc;
        HybridClock clock = parts.clock;
        synchronized (clock) {
            hlc = clock.next(parts.environment.currentTimeMillis(), greatestPrev);
        }
        var builder = new CommitBuilder(hlc, parts.signer);
        var told = new ArrayList<Left>();
        boolean written = false;
        for (Repaired document : repaired) {
            DocumentId id = document.key().document();
            List<Cid> heads = document.left().headCids();
            DeltaDraft change = document.draft();
            DocumentState after = document.left();
            if (change != null) {
                DecodedDelta delta = CommitBuilder.encode(change.finish(hlc, parts.signer.author(), nonce()));
                builder.add(delta).addRaw(change.large());
                after = after.apply(delta.cid(), delta.delta());
                written = true;
                if (document.table().reborn()) {
                    reborn.put(delta, document.table());
                }
            }
            if (change == null || heads.size() != change.prev().size()) {
                told.add(new Left(document.table().collection(), id, heads));
            }
            draft.row(document.key()); // what is replaced was to be read just before
            draft.replace(
                    document.key(),
                    document.row(),
                    document.present(),
                    document.table().codec().encode(sequence, after),
                    after);
        }
        share = written ? builder.build() : null;
        records = RecordChange.records(puts(sequence, told), sequence);
        List<Block> blocks = new ArrayList<>(share == null ? List.of() : share.blocks());
        blocks.addAll(RecordChange.blocks(records));
        reborn.forEach((delta, table) -> parts.admitted.appended(table, delta.cid()));
        return new Verdict.Append<>(new LogTransaction(blocks));
    }

    private Repaired repaired(TableState table, RowKey key, byte[] row) {
        DocumentState present = table.codec().state(row);
        List<DecodedDelta> history = History.of(present.headCids(), parts.store::get, HISTORY_MAX);
        if (history.size() >= HISTORY_MAX) {
            throw new PandoException(
                    PandoException.Kind.LIMIT_EXCEEDED,
                    "document " + key.document() + " has more than " + HISTORY_MAX + " changes, which is the limit");
        }
        var kept = new ArrayList<>(history);
        kept.removeIf(delta -> parts.withdrawals.isWithdrawn(delta.cid()));
        DocumentState left = DocumentState.fold(kept, Long.MAX_VALUE);
        return new Repaired(
                table,
                key,
                row,
                present,
                left,
                NetChange.of(table.collection(), key.document(), left, present, parts.store::get));
    }

    private byte[] nonce() {
        byte[] nonce = new byte[Delta.NONCE_BYTES];
        parts.environment.randomBytes(nonce);
        return nonce;
    }

    /** The first record names the commits; documents are shared out to as many as it takes. */
    private List<RecordChange.Put> puts(long sequence, List<Left> told) {
        var puts = new ArrayList<RecordChange.Put>();
        int from = 0;
        do {
            int to = Math.min(told.size(), from + Withdrawals.DOCUMENTS_MAX);
            var withdrawal =
                    new Withdrawal(puts.isEmpty() ? commits : new TreeSet<>(), List.copyOf(told.subList(from, to)));
            puts.add(new RecordChange.Put(Withdrawals.KIND, sequence + "/" + puts.size(), withdrawal.encode()));
            from = to;
        } while (from < told.size());
        return puts;
    }

    @Override
    boolean mustForce() {
        return true;
    }

    @Override
    long bytes() {
        return Commit.BYTES_MAX; // a group of its own from here on
    }

    @Override
    void applied(long sequence) {
        records.forEach(parts.locals::apply);
        reborn.forEach((delta, table) -> parts.admitted.applied(table, delta.cid()));
        var touched = new HashSet<Integer>();
        for (RowKey key : documents) {
            TableState table = parts.tables.byNumber(key.collection());
            if (table != null && touched.add(key.collection())) {
                table.setPlaces(null); // some of them count no more
            }
        }
    }

    @Override
    void takenBack() {
        reborn.forEach((delta, table) -> parts.admitted.takenBack(delta.cid()));
    }

    /** How many documents were written again. */
    @Override
    Long answer(long sequence) {
        VerifiedShare made = share;
        return made == null ? 0L : made.deltas().size();
    }
}
