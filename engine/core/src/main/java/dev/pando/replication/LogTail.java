package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.Replication.SyncStatus;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** This node's admitted commits, in order of admission. Thread-safe. */
public interface LogTail extends Heads {

    /** The log's id: 16 bytes, new at creation and at restore. A cursor holds for one pair of logs. */
    byte[] logId();

    /** The last commit that is on disk. */
    long lastSequence();

    /**
     * Commits after {@code after}, up to {@code upTo}, with a part in {@code collections}, in order, each reduced to these collections.
     * Reads the disk: to be called on a worker.
     *
     * @param bytesMax where a page ends; it holds one commit at least when there is one
     */
    default Page read(long after, long upTo, Set<Cid> collections, int bytesMax) {
        return read(after, upTo, collections, Map.of(), bytesMax);
    }

    /**
     * As above; of the collections in {@code members} only these documents, with the proofs of their deltas. Documents
     * that come in are named in the page, and not in its shares.
     */
    Page read(long after, long upTo, Set<Cid> collections, Map<Cid, Membership> members, int bytesMax);

    /** A hash of the collection's state and its definition's changes, or empty when this node does not hold it. */
    Optional<Cid> stateHash(Cid collection);

    /** Whether the collection has no document here, live or deleted. */
    boolean isEmpty(Cid collection);

    /** Whether that commit is in the log with all its parts of collections that this node holds. */
    boolean contains(Cid commit);

    /** Whether that commit is in the log with all documents of its part in the collection. */
    boolean contains(Cid commit, Cid collection);

    /** The last commit that readers see; it may not be on disk yet. */
    long publishedSequence();

    /**
     * Counts commits after {@code after} with a part in the collection, at most {@link SyncStatus#BEHIND_MAX}, the latest.
     * Reads the disk the first time; then what is asked for is kept along.
     */
    Backlog backlog(long after, Cid collection);

    /** @param firstMillis when the first of those counted was made, 0 for none */
    record Backlog(long commits, long firstMillis) {}

    /** What tells the table of the collection here from one that was dropped and made again; 0 when not held. */
    long instance(Cid collection);

    /**
     * Commits that a node lacks which has, of these documents, just these heads; with those that changed the
     * collections' definitions. Reads the disk: for a worker.
     *
     * @param upTo later commits are left out
     * @return empty when it would take too long to find them out: then all is to be offered
     */
    Optional<Missing> missing(Map<Cid, Map<DocumentId, List<Cid>>> heads, long upTo);

    /**
     * As {@link #read}, of these commits only. Those without a part in {@code collections} are left out.
     *
     * @param sequences ascending
     */
    Page readChosen(List<Long> sequences, Set<Cid> collections, Map<Cid, Membership> members, int bytesMax);

    /**
     * Runs {@code listener}, on a worker or the writer, whenever {@link #lastSequence} has grown; it must not block.
     *
     * @return ends the listening
     */
    Runnable onAdvance(Runnable listener);

    /**
     * @param scannedTo all commits up to here are in this page or out of scope
     * @param bytes of all blocks
     * @param joined documents that these commits bring into a {@link Membership}
     */
    record Page(long scannedTo, List<OutgoingShare> shares, int bytes, Map<Cid, Set<DocumentId>> joined) {
        Page(long scannedTo, List<OutgoingShare> shares, int bytes) {
            this(scannedTo, shares, bytes, Map.of());
        }
    }

    /**
     * @param sequences ascending
     * @param uncertain whether the other named heads that are unknown here: it may have some of these commits
     */
    record Missing(List<Long> sequences, boolean uncertain) {}

    /**
     * @param collections those of its parts that are in it
     * @param blocks the commit's block first, then lists, deltas and raw blocks
     */
    record OutgoingShare(long sequence, Cid commit, Set<Cid> collections, List<Block> blocks) {}
}
