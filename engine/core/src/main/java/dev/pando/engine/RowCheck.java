package dev.pando.engine;

import dev.pando.Cancellation;
import dev.pando.Table;

/** Looks through all rows of this node for one that breaks what a table is about to ask of them. Not for the writer. */
interface RowCheck {

    /**
     * @param asked the table as it will show; of its NOT NULLs, CHECKs and foreign keys only the new ones
     * @throws dev.pando.PandoException as a local write of such a row does
     */
    void check(TableState state, Table asked, Cancellation cancellation);
}
