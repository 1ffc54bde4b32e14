package dev.pando.libp2p.gossip;

import java.util.HashMap;
import java.util.Map;

/**
 * What a peer is worth: the specification's score function (gossipsub-v1.1.md, "Peer Scoring").
 *
 * <p>P1 time in mesh, P2 first deliveries, P4 invalid messages (squared) by topic; P5 from outside; P6 peers at one
 * address; P7 misbehaviour (squared). P3 (deliveries expected of a mesh) is left out: on topics as quiet as those of a
 * database it blames honest peers.
 */
final class PeerScore {

    private static final double TIME_IN_MESH_WEIGHT = 0.01;
    private static final double TIME_IN_MESH_SECONDS_MAX = 300;
    private static final double FIRST_DELIVERIES_WEIGHT = 0.5;
    private static final double FIRST_DELIVERIES_MAX = 50;
    private static final double INVALID_WEIGHT = -10;
    private static final double BEHAVIOUR_WEIGHT = -5;

    /** Misbehaviours that cost nothing: an honest peer's race loses one now and then. */
    private static final double BEHAVIOUR_THRESHOLD = 1;

    private static final double COLOCATION_WEIGHT = -1;

    /** Peers at one address that cost nothing. */
    private static final int COLOCATION_MAX = 8;

    private static final double DECAY = 0.98;
    private static final double DECAY_TO_ZERO = 0.01;

    private static final class TopicStats {
        long meshSinceMillis = -1;
        double firstDeliveries;
        double invalid;
    }

    private final Map<String, TopicStats> topics = new HashMap<>();

    /* What all topics count for, as it was computed last; it is asked for with each message. */
    private double topicsValue;
    private long topicsValueAt;
    private boolean topicsChanged = true;

    private double behaviour;
    double applicationSpecific;
    int peersAtAddress = 1;

    void grafted(String topic, long nowMillis) {
        stats(topic).meshSinceMillis = nowMillis;
        topicsChanged = true;
    }

    void pruned(String topic) {
        stats(topic).meshSinceMillis = -1;
        topicsChanged = true;
    }

    void firstDelivery(String topic) {
        TopicStats stats = stats(topic);
        if (stats.firstDeliveries < FIRST_DELIVERIES_MAX) {
            stats.firstDeliveries = Math.min(FIRST_DELIVERIES_MAX, stats.firstDeliveries + 1);
            topicsChanged = true;
        }
    }

    void invalidMessage(String topic) {
        stats(topic).invalid++;
        topicsChanged = true;
    }

    void misbehaved(double times) {
        behaviour += times;
    }

    void decay() {
        topicsChanged = true;
        topics.values().removeIf(stats -> {
            stats.firstDeliveries = decayed(stats.firstDeliveries);
            stats.invalid = decayed(stats.invalid);
            return stats.meshSinceMillis < 0 && stats.firstDeliveries == 0 && stats.invalid == 0;
        });
        behaviour = decayed(behaviour);
    }

    private static double decayed(double value) {
        double less = value * DECAY;
        return less < DECAY_TO_ZERO ? 0 : less;
    }

    double value(long nowMillis) {
        if (topicsChanged || topicsValueAt != nowMillis) {
            topicsValue = topicsValue(nowMillis);
            topicsValueAt = nowMillis;
            topicsChanged = false;
        }
        double excess = Math.max(0, behaviour - BEHAVIOUR_THRESHOLD);
        double crowd = Math.max(0, peersAtAddress - COLOCATION_MAX);
        return topicsValue
                + applicationSpecific
                + BEHAVIOUR_WEIGHT * excess * excess
                + COLOCATION_WEIGHT * crowd * crowd;
    }

    private double topicsValue(long nowMillis) {
        double score = 0;
        for (TopicStats stats : topics.values()) {
            if (stats.meshSinceMillis >= 0) {
                double seconds = (nowMillis - stats.meshSinceMillis) / 1e3;
                score += TIME_IN_MESH_WEIGHT * Math.min(TIME_IN_MESH_SECONDS_MAX, seconds);
            }
            score += FIRST_DELIVERIES_WEIGHT * stats.firstDeliveries;
            score += INVALID_WEIGHT * stats.invalid * stats.invalid;
        }
        return score;
    }

    /* One a topic that the peer has to do with; unknown topics never get here. */
    private TopicStats stats(String topic) {
        return topics.computeIfAbsent(topic, t -> new TopicStats());
    }
}
