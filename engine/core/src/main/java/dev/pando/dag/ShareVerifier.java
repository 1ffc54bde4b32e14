package dev.pando.dag;

import dev.pando.ipld.Block;
import java.util.Collection;

/**
 * Checks a share before it comes near the writer: hashes, formats, the shape of lists, the proof of each delta, that
 * clock and author agree, and the signature. Stateless and thread-safe; the cost is one signature for each share and one
 * hash for each block.
 */
public final class ShareVerifier {

    private ShareVerifier() {}

    /**
     * Verifies what came of one commit.
     *
     * @param commit the commit's block
     * @param blocks its lists, deltas and large values in any order; a part of which nothing came is not looked at. When
     *     all deltas of a part are there it is complete, else it holds chosen documents with the lists on their paths.
     *     Each block must belong to the commit. Their claimed CIDs are not trusted.
     */
    public static ShareOutcome verify(Block commit, Collection<Block> blocks) {
        return new ShareReading(commit, blocks, false).outcome();
    }

    /** As {@link #verify}, of blocks whose CIDs this node computed from their bytes: they are not hashed again. */
    public static ShareOutcome verifyHashed(Block commit, Collection<Block> blocks) {
        return new ShareReading(commit, blocks, true).outcome();
    }
}
