package dev.pando.dag;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.ArrayList;
import java.util.List;

/**
 * A commit, what came of its parts, and the lists that prove that they belong together: hashed, decoded, checked and
 * signed. Whether its author may write here and whether its parents are here is not known yet. Immutable; made by
 * {@link ShareVerifier} and {@link CommitBuilder} only.
 */
public final class VerifiedShare implements ShareOutcome {

    private final Block commitBlock;
    private final Commit commit;
    private final List<SharePart> parts;
    private final List<Block> raw;

    VerifiedShare(Block commitBlock, Commit commit, List<SharePart> parts, List<Block> raw) {
        this.commitBlock = commitBlock;
        this.commit = commit;
        this.parts = List.copyOf(parts);
        this.raw = List.copyOf(raw);
    }

    public Block commitBlock() {
        return commitBlock;
    }

    public Cid cid() {
        return commitBlock.cid();
    }

    public Commit commit() {
        return commit;
    }

    /** By collection id; parts of the commit that did not come are absent. */
    public List<SharePart> parts() {
        return parts;
    }

    /** Large values that its deltas link, as raw blocks. */
    public List<Block> raw() {
        return raw;
    }

    /** The deltas of all parts. */
    public List<DecodedDelta> deltas() {
        List<DecodedDelta> all = new ArrayList<>();
        for (SharePart part : parts) {
            all.addAll(part.deltas());
        }
        return all;
    }

    /** All blocks, proofs first: commit, then lists, large values and deltas of each part. */
    public List<Block> blocks() {
        List<Block> all = new ArrayList<>();
        all.add(commitBlock);
        for (SharePart part : parts) {
            all.addAll(part.lists());
        }
        all.addAll(raw);
        for (SharePart part : parts) {
            for (DecodedDelta delta : part.deltas()) {
                all.add(delta.block());
            }
        }
        return all;
    }

    /** Bytes of all blocks. */
    public long byteSize() {
        long bytes = commitBlock.bytes().length;
        for (Block block : raw) {
            bytes += block.bytes().length;
        }
        for (SharePart part : parts) {
            for (Block list : part.lists()) {
                bytes += list.bytes().length;
            }
            for (DecodedDelta delta : part.deltas()) {
                bytes += delta.block().bytes().length;
            }
        }
        return bytes;
    }
}
