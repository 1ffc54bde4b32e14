package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import java.util.function.Consumer;

/** A SQL condition on the rows of one collection, evaluated on this node's rows. Thread-safe; reads rows. */
public interface RowPredicate {

    /** Whether the row matches now, or matched when it had just been changed by {@code delta}. */
    boolean matches(DocumentId document, Cid delta);

    /** Shows all documents whose rows match now. */
    void matching(Consumer<DocumentId> found);
}
