package dev.pando.libp2p.gossip;

import dev.pando.libp2p.Multiaddr;

/** The part of an address that a peer cannot choose freely. */
final class GossipAddress {

    private GossipAddress() {}

    /** The IP address as text; the whole address where there is none. */
    static String of(Multiaddr address) {
        String[] parts = address.toString().split("/", 4);
        return parts.length > 2 && parts[1].startsWith("ip") ? parts[2] : address.toString();
    }
}
