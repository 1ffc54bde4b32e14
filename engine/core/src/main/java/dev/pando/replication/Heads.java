package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import java.util.List;
import java.util.Optional;

/** What this node has of its collections' documents, as head exchanges ask for it. Thread-safe. */
public interface Heads {

    /**
     * The digests of the collection's documents, kept along from the first call on, which reads all rows: for a worker.
     * Empty when this node does not hold it.
     */
    Optional<HeadTree> heads(Cid collection);

    /** The heads of a document, sorted; empty when it was never heard of. */
    List<Cid> headsOf(Cid collection, DocumentId document);
}
