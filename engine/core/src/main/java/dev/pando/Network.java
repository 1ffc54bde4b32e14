package dev.pando;

import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The node's place in the network. Thread-safe. */
public interface Network {

    /** Whether this node has a host. */
    boolean enabled();

    /** Full addresses at which this node can be dialled; empty when off. */
    List<Multiaddr> addresses();

    /**
     * Connects.
     *
     * @param address with or without the Peer ID
     * @throws PandoException {@code UNREACHABLE} when it cannot be reached or is not who the address says
     */
    default PeerId connect(Multiaddr address) {
        return connect(address, new Cancellation());
    }

    /** As {@link #connect(Multiaddr)}; fails with {@code CANCELLED} once that is asked for. */
    PeerId connect(Multiaddr address, Cancellation cancellation);

    /** Ends the connection; does nothing when there is none. */
    void disconnect(PeerId peer);

    /** How peers are found that nobody named. */
    Discovery discovery();

    /** Peers known or connected. */
    List<PeerInfo> peers();

    /**
     * How peers are found that nobody named.
     *
     * @param table this node's part in the hash table
     * @param servers of the table that this node knows
     * @param topics announced in the table and looked up there
     * @param lookups of topics so far
     * @param found peers that lookups of topics named and that were not connected
     * @param local whether peers of the local network are looked for
     * @param foundLocally how often a peer of the local network was met that was not connected
     */
    record Discovery(Table table, int servers, int topics, int lookups, int found, boolean local, int foundLocally) {
        /** A client asks and does not answer: it cannot be dialled. */
        public enum Table {
            OFF,
            CLIENT,
            SERVER
        }
    }

    /**
     * A peer as this node knows it.
     *
     * @param address where it is or was reached
     * @param outbound whether this node dialled
     */
    record PeerInfo(
            PeerId peer,
            boolean connected,
            Optional<Multiaddr> address,
            boolean outbound,
            Optional<String> agent,
            Optional<Instant> since) {}
}
