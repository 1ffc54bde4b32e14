package dev.pando.dag;

import dev.pando.ipld.Cid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link ShareVerifier} found. */
public sealed interface ShareOutcome
        permits VerifiedShare,
                ShareOutcome.Invalid,
                ShareOutcome.Discordant,
                ShareOutcome.Waiting,
                ShareOutcome.Lacking {

    /**
     * Breaks a rule.
     *
     * @param block the block whose own bytes are at fault, under the CID computed from them: what quarantine keeps; null
     *     when no block is at fault by itself (a wrong hash, a stray block, blocks that do not belong together)
     */
    record Invalid(String reason, @Nullable Cid block) implements ShareOutcome {}

    /**
     * Its deltas do not go together, though each with its proof may do by itself: the author has signed two of one document,
     * or not in their order. Whoever got them one by one could not see it, and is not to blame for passing them on.
     */
    record Discordant(String reason) implements ShareOutcome {}

    /** Holds a block of a version this program does not know: keep, blame nobody. */
    record Waiting(Cid block, String reason) implements ShareOutcome {}

    /** Blocks that belong to it did not come. */
    record Lacking(List<Cid> missing) implements ShareOutcome {}
}
