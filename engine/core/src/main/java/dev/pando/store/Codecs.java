package dev.pando.store;

/**
 * Codecs of the blocks that only a log holds, from the private range of the multicodec table. Blocks of these codecs
 * are never served, exported or found by {@link Store#get}.
 */
public final class Codecs {

    /** A record of this node: the layers above know what it holds. */
    public static final long LOCAL_RECORD = 0x300001;

    /** Ends a transaction. DAG-CBOR. */
    static final long MARKER = 0x300002;

    /** The first block of a segment. DAG-CBOR. */
    static final long SEGMENT_HEADER = 0x300003;

    /** Stands for blocks of a transaction that the log holds already. DAG-CBOR. */
    static final long REFERENCES = 0x300004;

    /** Says of a transaction that compaction took blocks out of it. DAG-CBOR. */
    static final long TOMBSTONE = 0x300005;

    private Codecs() {}
}
