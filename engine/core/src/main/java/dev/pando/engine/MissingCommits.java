package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.dag.Delta;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.store.DerivedMap;
import dev.pando.store.Store;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * What of some documents' histories another node lacks, told by the heads that it has. Each document costs what is
 * lacking and a little of what is not: the walk goes from the heads back in time, and ends when all that is left is the
 * other's too.
 */
final class MissingCommits {

    /** Deltas of all documents together; with more the whole log is offered instead. */
    static final int DELTAS_MAX = 262_144;

    private final Store store;
    private final DerivedMap rows;
    private final Set<Cid> missing = new HashSet<>();
    private boolean uncertain;

    MissingCommits(Store store, DerivedMap rows) {
        this.store = store;
        this.rows = rows;
    }

    /** A delta on the way. */
    private record Step(Cid cid, Delta delta) {}

    /** Adds one document; false when there is too much. */
    boolean add(TableState state, DocumentId document, List<Cid> theirs) {
        byte[] row = rows.get(RowKey.of(state.number(), document).bytes());
        if (row == null) {
            return true;
        }
        var walk = new Walk();
        state.codec().state(row).headCids().forEach(walk::mine);
        for (Cid head : theirs) {
            uncertain |= !walk.theirs(head);
        }
        return walk.run();
    }

    private final class Walk {
        private final PriorityQueue<Step> queue = new PriorityQueue<>(
                Comparator.comparingLong((Step step) -> step.delta().hlc()).reversed());
        private final Map<Cid, Boolean> isTheirs = new HashMap<>();
        private int mineQueued;

        void mine(Cid cid) {
            if (!isTheirs.containsKey(cid) && push(cid)) {
                isTheirs.put(cid, false);
                mineQueued++;
            }
        }

        /** False when this node does not know it. */
        boolean theirs(Cid cid) {
            Boolean known = isTheirs.get(cid);
            if (known == null && !push(cid)) {
                return false;
            }
            if (known != null && !known) {
                mineQueued--;
            }
            isTheirs.put(cid, true);
            return true;
        }

        private boolean push(Cid cid) {
            byte[] block = store.get(cid);
            if (block == null || BlockKind.of(new Block(cid, block)) != BlockKind.DELTA) {
                return false;
            }
            queue.add(new Step(cid, Delta.decode(block)));
            return true;
        }

        /* Nothing is older than what it builds upon, so whatever makes a step theirs comes before it. */
        boolean run() {
            while (mineQueued > 0) {
                Step step = queue.remove();
                boolean known = isTheirs.getOrDefault(step.cid(), false);
                if (!known) {
                    mineQueued--;
                    missing.add(step.cid());
                    if (missing.size() > DELTAS_MAX) {
                        return false;
                    }
                }
                for (Cid parent : step.delta().prev()) {
                    if (known) {
                        theirs(parent);
                    } else {
                        mine(parent);
                    }
                }
            }
            return true;
        }
    }

    /** Whether the other named heads that are not known here: it may have some of the commits already. */
    boolean uncertain() {
        return uncertain;
    }

    /** The commits, by place in the log. */
    List<Long> sequences() {
        return store.sequencesOf(missing);
    }
}
