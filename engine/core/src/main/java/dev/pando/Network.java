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
    PeerId connect(Multiaddr address);

    /** Ends the connection; does nothing when there is none. */
    void disconnect(PeerId peer);

    /** Peers known or connected. */
    List<PeerInfo> peers();

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
