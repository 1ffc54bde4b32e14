package dev.pando.libp2p.gossip;

import dev.pando.libp2p.PeerId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What the router knows of one connected peer. */
final class GossipPeer {

    /** The protocol that a peer speaks; each includes the ones before it. */
    enum Version {
        FLOODSUB,
        V1_0,
        V1_1,
        V1_2
    }

    final PeerId id;
    final Version version;

    /** Whether this node dialled. */
    final boolean outbound;

    final String address;
    final PeerScore score = new PeerScore();
    final Set<String> topics = new HashSet<>();

    /** Until when, in milliseconds, a topic's mesh must not be grafted again; both sides keep it. */
    final Map<String, Long> backoff = new HashMap<>();

    /** Messages the peer does not want, and since when. */
    final Map<MessageId, Long> dontWant = new LinkedHashMap<>();

    int idsAsked;
    int haveMessages;

    /** Topics of which the peer was told, when it subscribed to them, what there is; in this heartbeat. */
    int topicsTold;

    GossipPeer(PeerId id, Version version, boolean outbound, String address) {
        this.id = id;
        this.version = version;
        this.outbound = outbound;
        this.address = address;
    }

    boolean meshCapable() {
        return version != Version.FLOODSUB;
    }

    boolean backedOff(String topic, long nowMillis) {
        Long until = backoff.get(topic);
        return until != null && until > nowMillis;
    }
}
