package dev.pando.store;

import dev.pando.ipld.Block;
import java.util.List;

/** Is shown committed transactions in log order. */
@FunctionalInterface
public interface LogVisitor {

    /**
     * Called for each transaction.
     *
     * @param sequence of the transaction, consecutive from 1
     * @param blocks as they were appended, hashes checked; without those that compaction dropped, perhaps none
     * @return false to stop
     */
    boolean visit(long sequence, List<Block> blocks);
}
