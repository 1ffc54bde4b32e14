package dev.pando.replication;

import dev.pando.PandoException;
import dev.pando.Table;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.util.Optional;

/** What CREATE said of this node's tables, and tables made from what it said elsewhere. Thread-safe; changes wait. */
public interface Definitions {

    /** What CREATE said (docs/formats/definitions.md); empty for a collection that is not held, or local. */
    Optional<byte[]> created(Cid collection);

    /** The collection of the table of that name. */
    Optional<Cid> find(String schema, String name);

    /**
     * Makes the table that {@code from} pushes, if {@code allowed}, and lets that peer write to it and alter it.
     *
     * @return why not; empty when it is there now
     */
    Optional<String> create(PeerId from, Cid collection, byte[] created, boolean allowed);

    /**
     * Puts the table that {@code created} tells of in the place of the local one of that name, with its grants.
     *
     * @throws PandoException {@code INVALID_ARGUMENT} when the local one has had a row, or the definition is another
     *     table's
     */
    Table adopt(String schema, String name, byte[] created);
}
