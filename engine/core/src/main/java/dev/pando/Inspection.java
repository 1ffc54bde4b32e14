package dev.pando;

import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happened to rows, by whom, what lost, and what is not as it should be. Reads only; thread-safe. */
public interface Inspection {

    /** Changes of one document that are read at most; {@code LIMIT_EXCEEDED} beyond. */
    int HISTORY_MAX = 100_000;

    /**
     * All changes of a document that this node has admitted, in an order in which none comes before what it builds upon.
     * Empty for a document never heard of.
     */
    List<Change> history(Table table, DocumentId document);

    /** The document as it was at {@code time}: the same on all nodes that hold the same blocks. */
    Optional<Row> asOf(Table table, DocumentId document, Instant time);

    /** The document of a primary key, whether it was ever written or not. */
    DocumentId document(Table table, List<Object> key);

    /** All rows as they were at {@code time}, in primary key order of today's rows, then those deleted since. */
    RowCursor scanAsOf(Table table, Instant time);

    /**
     * The document as it was when this node had admitted the commits up to {@code sequence} and none after it. Reads the
     * log after {@code sequence}. Other nodes admit in another order: the sequence means something here only.
     *
     * @throws PandoException {@code INVALID_ARGUMENT} for a sequence that has not come yet
     */
    Optional<Row> asOf(Table table, DocumentId document, long sequence);

    /** All rows as they were at that commit, in the order of {@link #scanAsOf(Table, Instant)}. */
    RowCursor scanAsOf(Table table, long sequence);

    /**
     * Commits that this node has admitted and has on disk, in order of admission.
     *
     * @param after only those with a greater sequence
     * @param max commits at most
     */
    List<CommitInfo> commits(long after, int max);

    /** The newest changes of a document: what the next change builds upon. Empty for one never heard of. */
    List<Cid> heads(Table table, DocumentId document);

    /** The locks that local transactions hold now. */
    List<LockInfo> locks();

    /** Writes of one column that did not see each other, the last one of each column of each document. */
    List<Conflict> conflicts(Table table);

    /**
     * What merges left in rows that a local write would not have been allowed, and CHECKs that merges of definitions left
     * without a column that they name: those are asked of no row. Reads the whole table.
     *
     * @param max violations found at most
     */
    List<Violation> violations(Table table, int max);

    /**
     * One change of a document.
     *
     * @param id of its block
     * @param kind {@code insert}, {@code update} or {@code delete}
     * @param values by name of the column, or its id where the table does not show it; of a SUM column what was added
     * @param parents what its author had seen
     */
    record Change(
            Cid id,
            Instant time,
            long hlc,
            PeerId author,
            String kind,
            Map<String, Optional<Object>> values,
            List<Cid> parents) {}

    /**
     * One admitted commit.
     *
     * @param id of its block
     * @param time at which its author made it
     * @param documents changed, by collection id; definitions are a collection of their own
     */
    record CommitInfo(long sequence, Cid id, Instant time, PeerId author, Map<Cid, Integer> documents) {}

    /**
     * A lock on a document, or on a value of a unique index (then without one).
     *
     * @param holder the transaction that has it
     * @param waiting transactions that want it
     */
    record LockInfo(Optional<Table> table, Optional<DocumentId> document, String holder, int waiting) {}

    /**
     * Two writes of which neither saw the other.
     *
     * @param column its name, or its id where the table does not show it
     * @param winner the change whose value shows
     * @param loser the other
     */
    record Conflict(
            DocumentId document,
            String column,
            Cid winner,
            @Nullable Object winnerValue,
            Cid loser,
            @Nullable Object loserValue,
            Instant time) {}

    /**
     * @param document null when it is no row but the constraint itself that does not fit the table any more
     * @param constraint its name, or that of the column
     * @param kind what a local write would have failed with
     */
    record Violation(@Nullable DocumentId document, String constraint, PandoException.Kind kind, String message) {}
}
