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

    /** All rows as they were at {@code time}, in primary key order of today's rows, then those deleted since. */
    RowCursor scanAsOf(Table table, Instant time);

    /** Writes of one column that did not see each other, the last one of each column of each document. */
    List<Conflict> conflicts(Table table);

    /**
     * What merges left in rows that a local write would not have been allowed. Reads the whole table.
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
     * @param constraint its name, or that of the column
     * @param kind what a local write would have failed with
     */
    record Violation(DocumentId document, String constraint, PandoException.Kind kind, String message) {}
}
