package dev.pando.store;

import dev.pando.ipld.Block;
import java.util.List;

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

    /** One transaction that the maps may lack, in log order. */
    void replay(long sequence, List<Block> blocks);
}
