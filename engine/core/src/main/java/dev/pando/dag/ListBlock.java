package dev.pando.dag;

import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.List;

/** A node of the tree between a commit and its deltas: links to deltas, or to further lists. */
public record ListBlock(List<Cid> links) {

    /** Links of one list at most; all but the last list of a level are full. */
    public static final int LINKS_MAX = 64;

    /** Lists on the path to a delta at most. */
    public static final int DEPTH_MAX = 3;

    /** Canonical DAG-CBOR. */
    public byte[] encode() {
        return CommitCodec.encodeList(this);
    }

    /**
     * Decodes a block.
     *
     * @throws DecodeException when it is invalid
     * @throws UnknownVersionException when it must be kept waiting
     */
    public static ListBlock decode(byte[] block) {
        return CommitCodec.decodeList(block);
    }
}
