package dev.pando.store;

import dev.pando.ipld.Block;
import java.util.List;

/**
 * What is appended to the log as one: after a crash all of it is there, or nothing.
 *
 * @param blocks in the order in which they are replayed; codecs {@link dev.pando.ipld.Cid#DAG_CBOR},
 *     {@link dev.pando.ipld.Cid#RAW} and {@link Codecs#LOCAL_RECORD}. The store trusts that each has the hash that it
 *     claims
 * @param isNew whether the blocks of codec {@link dev.pando.ipld.Cid#DAG_CBOR} are known to differ from each other and
 *     from all that were appended before: then they are not looked for
 */
public record LogTransaction(List<Block> blocks, boolean isNew) {

    /** Larger ones are refused. */
    public static final long BYTES_MAX = 160L << 20;

    public LogTransaction {
        blocks = List.copyOf(blocks);
    }

    public LogTransaction(List<Block> blocks) {
        this(blocks, false);
    }
}
