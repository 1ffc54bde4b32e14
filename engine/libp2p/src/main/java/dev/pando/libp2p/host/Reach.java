package dev.pando.libp2p.host;

import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.multiaddr.Protocol;

/** From how far away an address can be dialled. */
final class Reach {
    private Reach() {}

    /** Whether {@code address} leads to the machine that it is dialled on. */
    static boolean isLoopback(Multiaddr address) {
        var first = address.components().get(0);
        return first.protocol() == Protocol.IP4 && first.value().startsWith("127.")
                || first.protocol() == Protocol.IP6 && first.value().equals("::1");
    }
}
