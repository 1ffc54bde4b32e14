package dev.pando;

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

    /**
     * Waits until {@code peer} has durably applied all commits of the table up to now.
     *
     * @return false when {@code timeout} passed first
     * @throws PandoException {@code PEER_REFUSED} at once when a commit in scope was refused or invalid there
     */
    boolean awaitSync(Table table, PeerId peer, Duration timeout);

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
            String status,
            Optional<String> lastError,
            Optional<Instant> lastSuccess) {}
}
