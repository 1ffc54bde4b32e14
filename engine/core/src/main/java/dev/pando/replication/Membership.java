package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.PandoException;
import dev.pando.ipld.Cid;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one collection that a replicator pushes: chosen ones, or those that matched its predicate once. A
 * document that is in stays in. Thread-safe.
 */
public final class Membership {

    /** Documents of one replicator at most; with more it ends with an error: whole tables have no list. */
    static final int DOCUMENTS_MAX = 1_000_000;

    private final @Nullable RowPredicate predicate;
    private final long since;
    private final int documentsMax;
    private final Set<DocumentId> members = ConcurrentHashMap.newKeySet();

    /**
     * @param predicate empty for chosen documents only
     * @param since commits up to here were looked at when the replicator was set
     */
    Membership(Optional<RowPredicate> predicate, long since) {
        this(predicate, since, DOCUMENTS_MAX);
    }

    Membership(Optional<RowPredicate> predicate, long since, int documentsMax) {
        this.predicate = predicate.orElse(null);
        this.since = since;
        this.documentsMax = documentsMax;
    }

    /** @throws PandoException {@code LIMIT_EXCEEDED} */
    void add(Set<DocumentId> documents) {
        if (members.size()
                        + documents.stream().filter(d -> !members.contains(d)).count()
                > documentsMax) {
            throw new PandoException(
                    PandoException.Kind.LIMIT_EXCEEDED,
                    "a replicator of chosen documents or rows pushes at most " + documentsMax
                            + " of them; push the whole table");
        }
        members.addAll(documents);
    }

    /** Takes documents out that came in a moment ago. */
    void remove(Set<DocumentId> documents) {
        members.removeAll(documents);
    }

    /** Up to which commit it is known which documents come in, when the log was read up to {@code position}. */
    long knownTo(long position) {
        return predicate == null ? Long.MAX_VALUE : Math.max(since, position);
    }

    public Set<DocumentId> members() {
        return members;
    }

    public boolean contains(DocumentId document) {
        return members.contains(document);
    }

    /** Whether a document that is not in comes in by {@code delta} of commit {@code sequence}. Reads rows. */
    public boolean joins(DocumentId document, Cid delta, long sequence) {
        return predicate != null && sequence > since && predicate.matches(document, delta);
    }
}
