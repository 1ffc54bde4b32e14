package dev.pando.libp2p.kad;

import dev.pando.libp2p.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The servers that this node knows, more of them the nearer they are: a bucket of at most {@link #K} for each length of
 * the prefix that they share with it. A full bucket keeps those that have answered for longest. Not thread-safe.
 */
final class RoutingTable {

    /** Peers in a bucket, and peers that a lookup returns. */
    static final int K = 20;

    /** Failures in a row after which a peer is dropped. */
    private static final int FAILURES_MAX = 2;

    private final KadId self;
    private final Map<Integer, Map<PeerId, KadId>> buckets = new HashMap<>();
    private final Map<PeerId, Integer> failures = new HashMap<>();

    RoutingTable(PeerId self) {
        this.self = KadId.of(self);
    }

    /** False when its bucket is full. */
    boolean add(PeerId peer) {
        failures.remove(peer);
        KadId id = KadId.of(peer);
        int prefix = self.commonPrefix(id);
        if (prefix == KadId.BITS) {
            return false;
        }
        Map<PeerId, KadId> bucket = buckets.computeIfAbsent(prefix, p -> new LinkedHashMap<>());
        if (bucket.containsKey(peer)) {
            return true;
        }
        if (bucket.size() >= K) {
            PeerId failing = bucket.keySet().stream()
                    .filter(failures::containsKey)
                    .findFirst()
                    .orElse(null);
            if (failing == null) {
                return false;
            }
            bucket.remove(failing);
            failures.remove(failing);
        }
        bucket.put(peer, id);
        return true;
    }

    void remove(PeerId peer) {
        failures.remove(peer);
        Map<PeerId, KadId> bucket = buckets.get(self.commonPrefix(KadId.of(peer)));
        if (bucket != null) {
            bucket.remove(peer);
        }
    }

    /** The peer did not answer. */
    void failed(PeerId peer) {
        if (contains(peer) && failures.merge(peer, 1, Integer::sum) >= FAILURES_MAX) {
            remove(peer);
        }
    }

    boolean contains(PeerId peer) {
        Map<PeerId, KadId> bucket = buckets.get(self.commonPrefix(KadId.of(peer)));
        return bucket != null && bucket.containsKey(peer);
    }

    int size() {
        return buckets.values().stream().mapToInt(Map::size).sum();
    }

    /** The known peers nearest to {@code target}, nearest first. */
    List<PeerId> nearest(KadId target, int count) {
        var all = new ArrayList<Map.Entry<PeerId, KadId>>();
        buckets.values().forEach(bucket -> all.addAll(bucket.entrySet()));
        all.sort((a, b) -> target.compareDistance(a.getValue(), b.getValue()));
        return all.stream().limit(count).map(Map.Entry::getKey).toList();
    }

    /** Prefix lengths whose buckets hold peers. */
    Set<Integer> populated() {
        return Set.copyOf(buckets.keySet());
    }
}
