package dev.pando.libp2p.kad;

import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.util.List;

/** A peer and where it can be dialled; the addresses may be none. */
public record KadPeerInfo(PeerId peer, List<Multiaddr> addresses) {}
