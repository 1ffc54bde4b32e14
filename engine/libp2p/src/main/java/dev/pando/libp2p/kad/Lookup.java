package dev.pando.libp2p.kad;

import dev.pando.libp2p.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An iterative lookup without I/O: it says whom to ask, is told the answers, and ends when the {@link RoutingTable#K}
 * nearest peers that answer have been asked. Not thread-safe.
 */
final class Lookup {

    /** Requests under way at once. */
    static final int ALPHA = 10;

    /** Peers learnt in one lookup; further ones are ignored. */
    static final int CANDIDATES_MAX = 2_048;

    /** Peers taken from one answer; further ones are ignored. */
    static final int PEERS_PER_ANSWER_MAX = 2 * RoutingTable.K;

    private final PeerId self;
    private final Map<KadId, PeerId> candidates;
    private final Map<PeerId, Integer> hops = new HashMap<>();
    private final Set<PeerId> asked = new HashSet<>();
    private final Set<PeerId> waiting = new HashSet<>();
    private final Set<PeerId> answered = new HashSet<>();
    private final Set<PeerId> failed = new HashSet<>();
    private int requests;
    private int hopsMax;

    Lookup(PeerId self, KadId target, Collection<PeerId> seeds) {
        this.self = self;
        this.candidates = new TreeMap<>(target::compareDistance);
        seeds.forEach(peer -> learn(peer, 0));
    }

    private void learn(PeerId peer, int hop) {
        if (!peer.equals(self) && hops.size() < CANDIDATES_MAX && hops.putIfAbsent(peer, hop) == null) {
            candidates.put(KadId.of(peer), peer);
        }
    }

    /** Peers to ask now; each is told to {@link #answered} or {@link #failed} later. */
    List<PeerId> next() {
        var next = new ArrayList<PeerId>();
        int alive = 0;
        for (PeerId peer : candidates.values()) {
            if (alive == RoutingTable.K || waiting.size() >= ALPHA) {
                break;
            }
            if (failed.contains(peer)) {
                continue;
            }
            alive++;
            if (asked.add(peer)) {
                waiting.add(peer);
                next.add(peer);
                requests++;
                hopsMax = Math.max(hopsMax, hops.getOrDefault(peer, 0) + 1);
            }
        }
        return next;
    }

    /** The peer named these. */
    void answered(PeerId peer, List<PeerId> closer) {
        if (waiting.remove(peer)) {
            answered.add(peer);
            int hop = hops.getOrDefault(peer, 0) + 1;
            closer.stream().limit(PEERS_PER_ANSWER_MAX).forEach(p -> learn(p, hop));
        }
    }

    void failed(PeerId peer) {
        if (waiting.remove(peer)) {
            failed.add(peer);
        }
    }

    /** Whether nothing is under way and nobody is left to ask, as {@link #next} has just shown. */
    boolean done() {
        return waiting.isEmpty();
    }

    /** The nearest peers that have answered, nearest first. */
    List<PeerId> nearest() {
        return candidates.values().stream()
                .filter(answered::contains)
                .limit(RoutingTable.K)
                .toList();
    }

    int requests() {
        return requests;
    }

    /** The longest way by which an asked peer was learnt of: 1 for those known at the start. */
    int hops() {
        return hopsMax;
    }
}
