package dev.pando;

import dev.pando.ipld.Cid;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Active replication: persistent pushes to peers, acknowledged after merge and force. Thread-safe. */
public interface Replication {

    /**
     * Sets, durably, a replicator that pushes {@code tables} to a peer; what stands is pushed first. Setting one again
     * replaces its tables' scope. Reading rights within the scope are implied (docs/rules.md §6).
     *
     * @throws PandoException {@code INVALID_ARGUMENT} towards oneself, for a local table; nothing is stored then
     */
    void setReplicator(ReplicatorSpec spec);

    /** Ends the replication of {@code tables} to {@code peer}, durably. */
    void deleteReplicator(PeerId peer, List<Table> tables);

    /** The present replicators, one for each peer and table. */
    List<ReplicatorInfo> replicators();

    /** Whether this node makes tables that peers push to it and it has not got. */
    boolean autoCreate();

    /**
     * Sets that, durably. A table made so lets the peer that pushes it write to it and alter it, nobody else.
     */
    void setAutoCreate(boolean allowed);

    /**
     * Takes a peer's definition of a table, in the place of the local one if that never had a row; grants are kept,
     * subscriptions and replicators of the old one are to be set again.
     *
     * @throws PandoException {@code UNREACHABLE}; {@code INVALID_ARGUMENT} when the peer has no such table or does not let
     *     this node read it, or the local one has had a row
     */
    default Table adopt(String schema, String name, PeerId peer, Duration timeout) {
        return adopt(schema, name, peer, timeout, new Cancellation());
    }

    /** As {@link #adopt(String, String, PeerId, Duration)}; fails with {@code CANCELLED} once that is asked for. */
    Table adopt(String schema, String name, PeerId peer, Duration timeout, Cancellation cancellation);

    /**
     * Waits until {@code peer} has durably applied all commits of the table up to now.
     *
     * @return false when {@code timeout} passed first
     * @throws PandoException {@code PEER_REFUSED} at once when a commit in scope was refused or invalid there
     */
    default boolean awaitSync(Table table, PeerId peer, Duration timeout) {
        return awaitSync(table, peer, timeout, new Cancellation());
    }

    /** As {@link #awaitSync(Table, PeerId, Duration)}; fails with {@code CANCELLED} once that is asked for. */
    boolean awaitSync(Table table, PeerId peer, Duration timeout, Cancellation cancellation);

    /** How each collection stands towards each peer, a row for each direction. Reads the log as far as peers are behind. */
    List<SyncStatus> syncStatus();

    /** Commits that came and wait for something, and those that were admitted though not all of them came. */
    List<PendingCommit> pending();

    /** Blocks that came and break a rule by themselves. */
    List<QuarantinedBlock> quarantine();

    /** Which way commits go. */
    enum Direction {
        /** To the peer. */
        OUT,
        /** From the peer. */
        IN
    }

    /**
     * @param equal whether nothing of the sender's scope is missing at the receiver, as far as this node was told; empty
     *     when it cannot know: a receiver does not know what its peer will send
     * @param behind commits of the sender's scope that the receiver has not answered for; at most {@link #BEHIND_MAX}
     * @param behindSince when the first of them was made
     * @param filled commits sent of those that were found missing at the peer
     * @param toFill how many were found missing; 0 when no back-fill is under way
     * @param offlineSince since when there is no connection for this
     * @param refused the last commit that the receiver did not apply, with the reason
     * @param state for people, in a word or two
     */
    record SyncStatus(
            Table table,
            PeerId peer,
            Direction direction,
            Optional<Boolean> equal,
            long behind,
            Optional<Instant> behindSince,
            long filled,
            long toFill,
            Optional<Instant> offlineSince,
            Optional<String> refused,
            String state) {

        /** Commits that are counted; there may be more. */
        public static final int BEHIND_MAX = 100_000;
    }

    /**
     * @param from who sent it last
     * @param reason what it waits for
     * @param notBefore when its sender may offer it again
     */
    record PendingCommit(Cid commit, PeerId from, Instant since, String reason, Optional<Instant> notBefore) {}

    /** @param block the CID of the bytes as they came */
    record QuarantinedBlock(Cid block, PeerId from, Instant since, int bytes, String reason) {}

    /**
     * @param address where to find it; empty when only its id is known
     * @param documents only these; empty for all
     * @param predicate SQL condition on a row; a document that once matched stays in scope
     */
    record ReplicatorSpec(
            PeerId peer,
            Optional<Multiaddr> address,
            List<Table> tables,
            List<DocumentId> documents,
            Optional<String> predicate) {}

    /**
     * @param acknowledged commit sequence up to which the peer has answered
     * @param pending commits of the log not yet acknowledged
     * @param commitsPerSecond acknowledged lately
     * @param status for people: {@code connected}, {@code offline}, {@code suspended: …}
     */
    record ReplicatorInfo(
            PeerId peer,
            Optional<Multiaddr> address,
            Table table,
            Optional<String> predicate,
            boolean connected,
            long acknowledged,
            long pending,
            double commitsPerSecond,
            String status,
            Optional<String> lastError,
            Optional<Instant> lastSuccess) {}
}
