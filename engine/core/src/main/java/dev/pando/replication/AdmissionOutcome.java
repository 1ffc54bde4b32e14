package dev.pando.replication;

import dev.pando.ipld.Cid;
import java.util.List;
import java.util.Optional;

/** What became of a share at the door (docs/rules.md §2, §7). */
public sealed interface AdmissionOutcome {

    /** Merged, and forced to disk as this node's commit {@code sequence}. */
    record Applied(long sequence) implements AdmissionOutcome {}

    /** Admitted before, and on disk. */
    record AlreadyKnown() implements AdmissionOutcome {}

    /** Ancestors are missing here; nothing was kept. At most {@link #PARENTS_MAX} are named. */
    record MissingParents(List<Cid> parents) implements AdmissionOutcome {
        /** Parents named in one outcome; the others show when these are there. */
        public static final int PARENTS_MAX = 64;
    }

    /** This node does not hold the collection. */
    record UnknownCollection(Cid collection) implements AdmissionOutcome {}

    /** Neither the author nor the sender may write here. */
    record Refused(String reason) implements AdmissionOutcome {}

    /**
     * The bytes themselves are at fault: shape, hash, signature.
     *
     * @param delta the one at fault, when it is one
     */
    record Invalid(String reason, Optional<Cid> delta) implements AdmissionOutcome {
        public Invalid(String reason) {
            this(reason, Optional.empty());
        }
    }

    /**
     * Its deltas do not go together, which the author signed; its sender may have admitted them one by one. Told as
     * {@link Invalid} is, and held against nobody.
     */
    record Discordant(String reason) implements AdmissionOutcome {}

    /**
     * Something of a collection that this node holds in full has not come: it waits in the {@link Frontier}. To be offered
     * again at {@code atMillis} of physical time.
     *
     * @param soon whether the rest comes another way in a moment, or not at all
     */
    record Incomplete(long atMillis, String lacks, boolean soon) implements AdmissionOutcome {}

    /** From a clock that is ahead: to be offered again at {@code atMillis} of physical time. */
    record Later(long atMillis) implements AdmissionOutcome {}
}
