package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.List;
import java.util.Set;

/** Says what the log holds in vain. Called by {@link Store#compact}, more than once for the same transaction. */
@FunctionalInterface
public interface Retention {

    /**
     * The blocks of a transaction that are of no use in it any more; the answer never shrinks as time goes on.
     *
     * @param blocks as they were appended, without those that were dropped before
     */
    Set<Cid> unused(long sequence, List<Block> blocks);
}
