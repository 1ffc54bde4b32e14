package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.collection.DeltaDraft;
import dev.pando.collection.DeltaFactory;
import dev.pando.collection.HybridClock;
import dev.pando.collection.RowView;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.Commit;
import dev.pando.dag.CommitBuilder;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.Signer;
import dev.pando.ipld.Cid;
import dev.pando.store.Courtesy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From an overlay to a signed commit, in the thread of the session: the writer only appends and merges. Thread-safe. */
final class CommitFactory {

    /** Rows between which other threads may come first. */
    private static final int STEPS = 32;

    private final Environment environment;
    private final Signer signer;
    private final HybridClock clock;
    private final Tables tables;
    private final RowAccess access;
    private final Committer committer;
    private final Admitted admitted;
    private final Withdrawals withdrawals;
    private final Environment.Threads threads;

    CommitFactory(
            Environment environment,
            Signer signer,
            HybridClock clock,
            Tables tables,
            RowAccess access,
            Committer committer,
            Admitted admitted,
            Withdrawals withdrawals,
            Environment.Threads threads) {
        this.withdrawals = withdrawals;
        this.threads = threads;
        this.admitted = admitted;
        this.environment = environment;
        this.signer = signer;
        this.clock = clock;
        this.tables = tables;
        this.access = access;
        this.committer = committer;
    }

    /**
     * Commits what is in the overlay and returns the sequence.
     *
     * @param checkCancelled throws what the commit is to end with; asked until it is in the log
     */
    long commit(Overlay overlay, Runnable checkCancelled) {
        if (overlay.documents() > Commit.DOCUMENTS_MAX) {
            throw new PandoException(
                    PandoException.Kind.LIMIT_EXCEEDED,
                    "a transaction changes at most " + Commit.DOCUMENTS_MAX + " documents, not " + overlay.documents());
        }
        var rows = overlay.all();
        var drafts = new ArrayList<DeltaDraft>(rows.size());
        long greatestPrev = -1;
        var courtesy = new Courtesy(STEPS);
        for (PendingRow row : rows) {
            courtesy.step();
            checkCancelled.run();
            DeltaDraft draft = draft(row);
            if (draft != null) {
                drafts.add(draft);
                greatestPrev = Math.max(greatestPrev, draft.greatestPrevHlc());
            }
        }
        if (drafts.isEmpty()) {
            return committer.forcedSequence();
        }
        return commit(drafts, greatestPrev, rows, checkCancelled);
    }

    /** Commits these drafts; {@code rows} are those to be checked once more. */
    long commit(List<DeltaDraft> drafts, long greatestPrev, List<PendingRow> rows, Runnable checkCancelled) {
        long hlc = next(greatestPrev);
        var nonces = new Nonces(environment, drafts.size());
        var deltas = new Delta[drafts.size()];
        for (int i = 0; i < deltas.length; i++) {
            deltas[i] = drafts.get(i).finish(hlc, signer.author(), nonces.next());
        }
        var encoded = new DecodedDelta[deltas.length];
        var firsts = new @Nullable FirstRow[deltas.length];
        boolean ahead = deltas.length >= Pieces.HELPED_MIN;
        Pieces.run(threads, deltas.length, (from, to) -> {
            var courtesy = new Courtesy(STEPS);
            for (int i = from; i < to; i++) {
                courtesy.step();
                checkCancelled.run();
                encoded[i] = CommitBuilder.encode(deltas[i]);
                firsts[i] = ahead ? first(encoded[i]) : null;
            }
        });
        var builder = new CommitBuilder(hlc, signer);
        Map<Cid, FirstRow> byDelta = ahead ? new HashMap<>(2 * deltas.length) : Map.of();
        for (int i = 0; i < deltas.length; i++) {
            builder.add(encoded[i]);
            builder.addRaw(drafts.get(i).large());
            FirstRow first = firsts[i];
            if (first != null) {
                byDelta.put(encoded[i].cid(), first);
            }
        }
        return committer.commit(
                new LocalCommit(tables, builder.build(), byDelta, rows, access, admitted, withdrawals, checkCancelled));
    }

    /** Null for a document that was known before, and in a table that was dropped meanwhile. */
    private @Nullable FirstRow first(DecodedDelta delta) {
        TableState table = tables.byId(delta.delta().collection());
        return table == null || !delta.delta().prev().isEmpty() ? null : FirstRow.of(table, delta);
    }

    private long next(long greatestPrev) {
        synchronized (clock) {
            return clock.next(environment.currentTimeMillis(), greatestPrev);
        }
    }

    /** Null when nothing changes. */
    private @Nullable DeltaDraft draft(PendingRow row) {
        TableState state = tables.require(row.table());
        RowView base = row.base() == null ? null : access.asPresent(state, row.base());
        if (row.kind() == PendingRow.Kind.DELETE) {
            return DeltaFactory.delete(Objects.requireNonNull(base));
        }
        @Nullable
        Object[] values = RowAccess.asPresent(row.table(), state.table(), Objects.requireNonNull(row.values()));
        return switch (row.kind()) {
            case INSERT ->
                DeltaFactory.insert(
                        state.table(),
                        row.id(),
                        Objects.requireNonNull(row.documentKey()),
                        values,
                        RowAccess.asPresent(row.table(), state.table(), row.named()),
                        base == null ? DocumentState.empty() : base.state());
            case REPLACE -> DeltaFactory.replace(Objects.requireNonNull(base), values);
            default -> DeltaFactory.update(Objects.requireNonNull(base), values);
        };
    }

    /** Random bytes for deltas, fetched many at a time. */
    private static final class Nonces {

        private static final int BATCH = 256;

        private final Environment environment;
        private int left;
        private byte[] bytes = {};
        private int at;

        Nonces(Environment environment, int count) {
            this.environment = environment;
            this.left = count;
        }

        byte[] next() {
            if (at == bytes.length) {
                bytes = new byte[Math.min(left, BATCH) * Delta.NONCE_BYTES];
                left -= bytes.length / Delta.NONCE_BYTES;
                environment.randomBytes(bytes);
                at = 0;
            }
            byte[] nonce = java.util.Arrays.copyOfRange(bytes, at, at + Delta.NONCE_BYTES);
            at += Delta.NONCE_BYTES;
            return nonce;
        }
    }
}
