package dev.pando.crdt;

import dev.pando.dag.Delta;
import dev.pando.dag.Stamp;
import dev.pando.ipld.Cid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Walks from a delta back to its ancestors, as far as may matter and no further: hlc shrinks on the way.
 *
 * @param admitted reads an admitted delta of the document
 */
public record Ancestry(Function<Cid, @Nullable Delta> admitted) {

    /** Deltas read for one question at most; beyond, the answer is {@link Answer#UNKNOWN}. */
    public static final int VISITS_MAX = 256;

    /** Whether one delta is an ancestor of another. */
    public enum Answer {
        YES,
        NO,
        /** The limit was reached first. */
        UNKNOWN
    }

    /** Whether {@code candidate} is an ancestor of {@code delta}. */
    public Answer isAncestor(Stamp candidate, Delta delta) {
        Deque<Delta> open = new ArrayDeque<>();
        Set<Cid> seen = new HashSet<>();
        open.add(delta);
        while (!open.isEmpty()) {
            for (Cid parent : open.remove().prev()) {
                if (parent.equals(candidate.cid())) {
                    return Answer.YES;
                }
                if (!seen.add(parent)) {
                    continue;
                }
                if (seen.size() > VISITS_MAX) {
                    return Answer.UNKNOWN;
                }
                Delta read = admitted.apply(parent);
                if (read != null && read.hlc() > candidate.hlc()) {
                    open.add(read);
                }
            }
        }
        return Answer.NO;
    }
}
