package dev.pando.libp2p.host;

import dev.pando.libp2p.PeerConnection;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.transport.MuxedConnection;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** A connection of the table, with the inbound streams it carries by protocol. */
final class Link {
    final PeerId peer;
    final MuxedConnection connection;
    final Instant since;
    private final Map<String, Integer> inboundStreams = new HashMap<>();

    Link(PeerId peer, MuxedConnection connection, Instant since) {
        this.peer = peer;
        this.connection = connection;
        this.since = since;
    }

    /** Whether one more stream of {@code protocol} is within bounds; it is counted then. */
    synchronized boolean enter(String protocol, int max) {
        int count = inboundStreams.getOrDefault(protocol, 0);
        if (count == max) {
            return false;
        }
        inboundStreams.put(protocol, count + 1);
        return true;
    }

    synchronized void leave(String protocol) {
        inboundStreams.computeIfPresent(protocol, (p, count) -> count == 1 ? null : count - 1);
    }

    PeerConnection describe() {
        return new PeerConnection(peer, connection.remoteAddress(), connection.inbound(), since);
    }
}
