package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.dag.Delta;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Commits of this node that {@code repair_clock} took back before anybody else had them (docs/rules.md §4): their blocks
 * are in the log, so that they are never admitted again, and nothing shows, serves or counts them. The writer changes
 * this; any thread asks.
 */
final class Withdrawals {

    static final String KIND = "Withdrawn";

    /** Documents in one record at most: a record's value stays far below its limit. */
    static final int DOCUMENTS_MAX = 1_000;

    private volatile Set<Long> sequences = Set.of();

    /** Deltas of what was withdrawn since the engine was opened, or is about to be. */
    private volatile Set<Cid> deltas = Set.of();

    /**
     * One record.
     *
     * @param commits by their sequences, ascending
     * @param documents that no delta of the same transaction tells the heads of
     */
    record Withdrawal(SortedSet<Long> commits, List<Left> documents) {

        private static final String VERSION = "v";
        private static final String COMMITS = "commits";
        private static final String DOCUMENTS = "documents";

        /** Sequences as distances from the one before: a byte or two each. */
        byte[] encode() {
            List<Long> distances = new ArrayList<>();
            long before = 0;
            for (long sequence : commits) {
                distances.add(sequence - before);
                before = sequence;
            }
            return DagCbor.encode(Map.of(
                    VERSION,
                    1L,
                    COMMITS,
                    distances,
                    DOCUMENTS,
                    documents.stream()
                            .map(left ->
                                    List.of(left.collection(), left.document().bytes(), left.heads()))
                            .toList()));
        }

        static Withdrawal decode(byte[] value) {
            if (DagCbor.decode(value) instanceof Map<?, ?> map
                    && Long.valueOf(1).equals(map.get(VERSION))
                    && map.get(COMMITS) instanceof List<?> distances
                    && map.get(DOCUMENTS) instanceof List<?> documents) {
                SortedSet<Long> commits = new TreeSet<>();
                long sequence = 0;
                for (Object distance : distances) {
                    if (!(distance instanceof Long number)) {
                        throw new DecodeException("a withdrawn commit whose sequence is no number");
                    }
                    sequence += number;
                    commits.add(sequence);
                }
                return new Withdrawal(
                        commits, documents.stream().map(Left::decode).toList());
            }
            throw new DecodeException("no record of withdrawn commits");
        }
    }

    /**
     * A document of which something was withdrawn.
     *
     * @param heads of what is left; none when nothing is
     */
    record Left(Cid collection, DocumentId document, List<Cid> heads) {

        private static Left decode(Object value) {
            if (value instanceof List<?> fields
                    && fields.size() == 3
                    && fields.get(0) instanceof Cid collection
                    && fields.get(1) instanceof byte[] document
                    && fields.get(2) instanceof List<?> heads) {
                List<Cid> cids = new ArrayList<>();
                for (Object head : heads) {
                    if (!(head instanceof Cid cid)) {
                        throw new DecodeException("a head that is no link");
                    }
                    cids.add(cid);
                }
                return new Left(collection, DocumentId.of(document), List.copyOf(cids));
            }
            throw new DecodeException("no document of which something was withdrawn");
        }
    }

    Withdrawals(Locals locals) {
        locals.all(KIND)
                .values()
                .forEach(value -> addSequences(Withdrawal.decode(value).commits()));
    }

    /** Whether the commit of this sequence counts for nothing. */
    boolean contains(long sequence) {
        Set<Long> known = sequences;
        return !known.isEmpty() && known.contains(sequence);
    }

    /** Whether a transaction built on what was withdrawn after it had read it. */
    boolean isBuiltUpon(VerifiedShare share) {
        Set<Cid> known = deltas;
        return !known.isEmpty()
                && share.deltas().stream()
                        .map(decoded -> decoded.delta())
                        .map(Delta::prev)
                        .anyMatch(prev -> prev.stream().anyMatch(known::contains));
    }

    boolean isWithdrawn(Cid delta) {
        return deltas.contains(delta);
    }

    /** From now on these go nowhere, and nothing is built on them. On the writer. */
    void plan(Collection<Long> commits, Collection<Cid> itsDeltas) {
        var more = new HashSet<>(deltas);
        more.addAll(itsDeltas);
        deltas = more;
        addSequences(commits);
    }

    /** What was planned did not come about. */
    void giveUp(Collection<Long> commits, Collection<Cid> itsDeltas) {
        var fewer = new HashSet<>(sequences);
        fewer.removeAll(commits);
        sequences = fewer;
        var fewerDeltas = new HashSet<>(deltas);
        fewerDeltas.removeAll(itsDeltas);
        deltas = fewerDeltas;
    }

    private void addSequences(Collection<Long> commits) {
        var more = new HashSet<>(sequences);
        more.addAll(commits);
        sequences = more;
    }
}
