package dev.pando.libp2p;

import java.time.Instant;

/**
 * An open connection.
 *
 * @param remoteAddress the address of the other side, without {@code /p2p/}
 * @param inbound whether the peer dialled us
 */
public record PeerConnection(PeerId peer, Multiaddr remoteAddress, boolean inbound, Instant since) {}
