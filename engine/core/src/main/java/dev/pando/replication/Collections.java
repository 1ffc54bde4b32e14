package dev.pando.replication;

import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.util.Set;

/** Which collections this node holds and who may do what with them. Thread-safe. */
public interface Collections {

    /** Whether this node has the collection, and it is not a local table. */
    boolean holds(Cid collection);

    /** Whether {@code peer} may write to it here. */
    boolean mayWrite(PeerId peer, Cid collection);

    /** Whether {@code peer} may read it here. */
    boolean mayRead(PeerId peer, Cid collection);

    /** All collections that this node holds, local tables left out. */
    Set<Cid> held();

    /**
     * A condition on the rows of a collection that is held here.
     *
     * @throws dev.pando.PandoException {@code INVALID_DEFINITION} for text that is no condition on them
     */
    RowPredicate predicate(Cid collection, String sql);

    /** {@code schema.name}, or the id where there is no such table. */
    String nameOf(Cid collection);

    /**
     * Runs {@code listener}, which must not block, after tables or grants have changed.
     *
     * @return ends the listening
     */
    Runnable onChange(Runnable listener);
}
