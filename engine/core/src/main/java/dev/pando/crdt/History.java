package dev.pando.crdt;

import dev.pando.dag.BlockSource;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a document's deltas back, from its heads to its inserts. */
public final class History {

    private History() {}

    /**
     * The deltas that lead to these heads, by stamp: a causal order. What AS OF a time shows is
     * {@link DocumentState#fold} of them.
     *
     * @param blocks admitted blocks
     * @param deltasMax the oldest are left out beyond; a state folded then would be wrong
     */
    public static List<DecodedDelta> of(Collection<Cid> heads, BlockSource blocks, int deltasMax) {
        List<DecodedDelta> read = new ArrayList<>();
        Deque<Cid> open = new ArrayDeque<>(heads);
        Set<Cid> seen = new HashSet<>(heads);
        while (!open.isEmpty() && read.size() < deltasMax) {
            Cid cid = open.remove();
            byte[] bytes = blocks.require(cid);
            Delta delta = Delta.decode(bytes);
            read.add(new DecodedDelta(cid, delta, new Block(cid, bytes)));
            for (Cid parent : delta.prev()) {
                if (seen.add(parent)) {
                    open.add(parent);
                }
            }
        }
        read.sort(Comparator.comparing(DecodedDelta::stamp));
        return read;
    }

    /** Whether {@link #of} would leave nothing out. */
    public static boolean isWhole(List<DecodedDelta> history) {
        Set<Cid> present = new HashSet<>();
        history.forEach(delta -> present.add(delta.cid()));
        return history.stream()
                .allMatch(delta -> present.containsAll(delta.delta().prev()));
    }
}
