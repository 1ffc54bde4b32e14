package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.dag.Delta;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.replication.Documents;
import dev.pando.replication.ShareTree;
import dev.pando.store.Store;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Documents read from rows, blocks and log. Thread-safe. */
final class DocumentsImpl implements Documents {

    /** Deltas of one document told at once, the oldest; who has these asks for the next. */
    static final int SINCE_MAX = 100_000;

    private final Store store;
    private final Tables tables;
    private final RowAccess access;
    private final Snapshots snapshots;
    private final Admitted admitted;
    private final Departures departures;
    private final int sinceMax;

    DocumentsImpl(
            Store store,
            Tables tables,
            RowAccess access,
            Snapshots snapshots,
            Admitted admitted,
            Departures departures) {
        this(store, tables, access, snapshots, admitted, departures, SINCE_MAX);
    }

    DocumentsImpl(
            Store store,
            Tables tables,
            RowAccess access,
            Snapshots snapshots,
            Admitted admitted,
            Departures departures,
            int sinceMax) {
        this.departures = departures;
        this.sinceMax = sinceMax;
        this.store = store;
        this.tables = tables;
        this.access = access;
        this.snapshots = snapshots;
        this.admitted = admitted;
    }

    @Override
    public List<Cid> heads(Cid collection, DocumentId document) {
        TableState state = tables.view().byId(collection);
        byte[] row = state == null ? null : access.stored(RowKey.of(state.number(), document), snapshots.published());
        return state == null || row == null
                ? List.of()
                : state.codec().state(row).headCids();
    }

    @Override
    public boolean isAdmitted(Cid collection, Cid delta) {
        TableState state = tables.view().byId(collection);
        return state != null && admitted.isApplied(state, delta);
    }

    /** A delta on the way from the heads down; {@code known} when the other side has it. */
    private static final class Step {
        private final Cid cid;
        private final Delta delta;
        private boolean known;

        Step(Cid cid, Delta delta) {
            this.cid = cid;
            this.delta = delta;
        }
    }

    /*
     * From the greatest hlc down: a child's is greater than its parents', so whether a delta is known is settled when its
     * turn comes, and the walk ends as soon as only known ones are left. For the same reason nobody comes back to one that
     * had its turn: what is held at a time is as wide as the history, not as long.
     */
    @Override
    public Since since(Cid collection, DocumentId document, Collection<Cid> known) {
        TableState state = tables.view().byId(collection);
        if (state == null) {
            return new Since(List.of(), false, Set.copyOf(known));
        }
        var steps = new HashMap<Cid, Step>();
        var open = new PriorityQueue<Step>(
                Comparator.comparingLong((Step step) -> step.delta.hlc()).reversed());
        heads(collection, document).forEach(head -> visit(state, document, head, false, steps, open));
        known.forEach(head -> visit(state, document, head, true, steps, open));
        long unknown = steps.values().stream().filter(step -> !step.known).count();
        var since = new ArrayDeque<Step>();
        boolean more = false;
        while (unknown > 0) {
            Step next = open.remove();
            steps.remove(next.cid);
            if (!next.known) {
                unknown--;
                since.add(next);
                if (since.size() > sinceMax) {
                    since.remove();
                    more = true;
                }
            }
            for (Cid parent : next.delta.prev()) {
                Step before = steps.get(parent);
                if (before == null) {
                    visit(state, document, parent, next.known, steps, open);
                    unknown += steps.containsKey(parent) && !next.known ? 1 : 0;
                } else if (next.known && !before.known) {
                    before.known = true;
                    unknown--;
                }
            }
        }
        var heads = new LinkedHashSet<>(known);
        since.forEach(step -> heads.add(step.cid));
        since.forEach(step -> step.delta.prev().forEach(heads::remove));
        return new Since(since.stream().map(step -> step.cid).toList(), more, heads);
    }

    private void visit(
            TableState state,
            DocumentId document,
            Cid cid,
            boolean known,
            Map<Cid, Step> steps,
            PriorityQueue<Step> open) {
        Step present = steps.get(cid);
        if (present != null) {
            present.known |= known;
            return;
        }
        Delta delta = admitted(state, cid);
        if (delta != null && delta.document().equals(document)) {
            var step = new Step(cid, delta);
            step.known = known;
            steps.put(cid, step);
            open.add(step);
        }
    }

    private @Nullable Delta admitted(TableState state, Cid cid) {
        if (!admitted.isApplied(state, cid)) {
            return null;
        }
        byte[] block = store.get(cid);
        return block == null || BlockKind.of(new Block(cid, block)) != BlockKind.DELTA ? null : Delta.decode(block);
    }

    @Override
    public Page read(Cid collection, List<Cid> deltas, int bytesMax) {
        Set<Cid> left = new LinkedHashSet<>(deltas);
        var shares = new ArrayList<List<Block>>();
        var leaving = new ArrayList<Long>();
        long bytes = 0;
        for (long sequence : store.sequencesOf(deltas)) {
            if (bytes >= bytesMax) {
                break;
            }
            for (List<Block> share : shares(sequence, collection, left)) {
                shares.add(share);
                leaving.add(sequence);
                bytes += share.stream().mapToLong(b -> b.bytes().length).sum();
            }
        }
        if (!departures.leave(leaving)) {
            return new Page(List.of(), List.of()); // what stands in its place is announced
        }
        /* What the log does not hold durably yet is announced when it does. */
        return new Page(shares, shares.isEmpty() ? List.of() : List.copyOf(left));
    }

    /** What one commit brought of {@code left}, from which it is taken. */
    private List<List<Block>> shares(long sequence, Cid collection, Set<Cid> left) {
        var shares = new ArrayList<List<Block>>();
        store.scan(sequence, (at, blocks) -> {
            if (BlockKind.isCommit(blocks)) {
                var tree = new ShareTree(blocks);
                tree.documents(collection).values().stream()
                        .filter(left::remove)
                        .forEach(delta -> shares.add(tree.only(collection, delta)));
            }
            return false;
        });
        return shares;
    }
}
