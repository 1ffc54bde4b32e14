package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** This node's documents as those see them who keep one document equal. Thread-safe; reads the disk. */
public interface Documents {

    /** The document's heads, durable or not; empty when it was never heard of here. */
    List<Cid> heads(Cid collection, DocumentId document);

    /** Whether that delta is admitted here. */
    boolean isAdmitted(Cid collection, Cid delta);

    /**
     * The deltas of the document that are neither among {@code known} nor ancestors of those, a child before its parents.
     * Where there are very many, the oldest of them: with {@link Since#heads} known instead, the next come.
     *
     * @param known heads of somebody else; those not known here tell nothing
     */
    Since since(Cid collection, DocumentId document, Collection<Cid> known);

    /**
     * @param more whether newer ones were left out
     * @param heads those of somebody who knew {@code known} and knows {@code deltas} too: as many as the history is wide,
     *     however long it is
     */
    record Since(List<Cid> deltas, boolean more, Set<Cid> heads) {}

    /**
     * The shares that brought these deltas, in log order, each reduced to one of them and its proof.
     *
     * @param bytesMax where the page ends; it holds one share at least when there is one
     */
    Page read(Cid collection, List<Cid> deltas, int bytesMax);

    /** @param rest of the deltas asked for, to be read next */
    record Page(List<List<Block>> shares, List<Cid> rest) {}
}
