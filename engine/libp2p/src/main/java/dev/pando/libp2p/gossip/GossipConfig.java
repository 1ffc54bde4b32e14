package dev.pando.libp2p.gossip;

import java.time.Duration;

/**
 * The numbers of the protocol, by the specification's names.
 *
 * @param d peers wanted in a mesh
 * @param dLow below this, peers are grafted
 * @param dHigh above this, peers are pruned
 * @param dLazy peers outside the mesh that hear what there is, at least
 * @param dScore peers kept for their score when pruning
 * @param dOut peers of the mesh that this node dialled, at least
 * @param historyLength heartbeats for which a message can be asked for
 * @param historyGossip heartbeats for which a message is advertised
 * @param seenFor how long a message is known to have been seen
 * @param floodPublish whether own messages go to all subscribers rather than the mesh only
 */
public record GossipConfig(
        int d,
        int dLow,
        int dHigh,
        int dLazy,
        int dScore,
        int dOut,
        int historyLength,
        int historyGossip,
        Duration heartbeat,
        Duration fanoutFor,
        Duration seenFor,
        Duration pruneBackoff,
        Duration unsubscribeBackoff,
        double gossipFactor,
        boolean floodPublish) {

    /** What the specification recommends. */
    public static final GossipConfig DEFAULT = new GossipConfig(
            6,
            4,
            12,
            6,
            4,
            2,
            5,
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofMinutes(2),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            0.25,
            true);

    /** Ids taken from one peer's IHAVEs, and asked of it, in one heartbeat; further ones are ignored. */
    static final int IHAVE_IDS_MAX = 5_000;

    /** IHAVE messages taken from one peer in one heartbeat; further ones are ignored. */
    static final int IHAVE_MESSAGES_MAX = 10;

    /** Times one message is sent to one peer that asks for it; further requests are ignored. */
    static final int IWANT_RETRANSMISSIONS = 3;

    /** Bytes of messages sent in answer to one IWANT; the rest may be asked for again. */
    static final int IWANT_BYTES_MAX = 4 << 20;

    /** How long an asked-for message may take before the peer is blamed. */
    static final Duration IWANT_FOLLOW_UP = Duration.ofSeconds(3);

    /** A graft this soon after a prune is a flood, and blamed twice. */
    static final Duration GRAFT_FLOOD = Duration.ofSeconds(10);

    /** Messages at least this large are announced by IDONTWANT before they are validated. */
    static final int IDONTWANT_BYTES_MIN = 512;

    /** IDONTWANT ids kept of one peer; further ones are ignored until the next heartbeat. */
    static final int IDONTWANT_IDS_MAX = 1_000;

    /** Topics kept of one peer; further subscriptions are ignored and blamed. */
    static final int TOPICS_PER_PEER_MAX = 4_096;

    /** Bytes of a topic's name; a longer one is ignored. */
    static final int TOPIC_BYTES_MAX = 512;

    /** Messages under validation; further ones are dropped and may come again. */
    static final int VALIDATIONS_MAX = 1_024;

    /** Messages remembered as seen; the oldest is forgotten. */
    static final int SEEN_MAX = 1 << 17;

    /** Peers named in a PRUNE, and taken from one. */
    static final int PRUNE_PEERS_MAX = 16;

    /** Bytes of the messages that can be asked for; the oldest are dropped. */
    static final int HISTORY_BYTES_MAX = 64 << 20;

    /** Below this score no gossip is exchanged with a peer. */
    static final double GOSSIP_THRESHOLD = -10;

    /** Between two RPCs of a peer whose score is below that; one below the graylist's gets a heartbeat. */
    static final Duration DISTRUST_PAUSE = Duration.ofMillis(20);

    /** Below this score own messages are not sent to a peer. */
    static final double PUBLISH_THRESHOLD = -50;

    /** Below this score everything from a peer is ignored. */
    static final double GRAYLIST_THRESHOLD = -80;

    /** From this score on the peers that a peer names in a PRUNE are taken up. */
    static final double ACCEPT_PX_THRESHOLD = 0;
}
