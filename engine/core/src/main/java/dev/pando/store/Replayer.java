package dev.pando.store;

import dev.pando.ipld.Block;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings derived state up to the log when a store opens. Called on the thread that called {@link Store#recover}. */
public interface Replayer {

    /**
     * Called once, before any {@link #replay}.
     *
     * @param discarded whether the maps of the last run were given up. They then hold what the last checkpoint held, or
     *     nothing, and values in them may be newer than the transactions that are replayed first: whoever applies one
     *     skips what a value already contains
     */
    void begin(boolean discarded);

    /**
     * Makes of a block whatever {@link #replay} will want of it, so that this need not be done there: called ahead of
     * it, maybe by another thread. A function of the block alone.
     */
    default @Nullable Object prepare(Block block) {
        return null;
    }

    /**
     * One transaction that the maps may lack, in log order.
     *
     * @param prepared of each block
     */
    void replay(long sequence, List<Block> blocks, List<@Nullable Object> prepared);
}
