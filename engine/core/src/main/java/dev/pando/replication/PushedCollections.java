package dev.pando.replication;

import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.PeerId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * Which peers push which collections to this node as a whole: those it holds in full (docs/rules.md §2), also right after
 * a restart, before the peers have said so again. Thread-safe.
 */
final class PushedCollections {

    private final DurableRecords records;
    private final BiPredicate<PeerId, Cid> counts;
    private final Map<PeerId, Set<Cid>> byPeer = new HashMap<>();
    private volatile Map<Cid, Set<PeerId>> byCollection = Map.of();

    /**
     * @param records key is Peer ID, space, collection id
     * @param counts whether what a peer pushes of a collection would be admitted; of all else nothing is kept
     */
    PushedCollections(DurableRecords records, BiPredicate<PeerId, Cid> counts) {
        this.records = records;
        this.counts = counts;
        records.all().keySet().forEach(key -> {
            int space = key.indexOf(' ');
            try {
                byPeer.computeIfAbsent(PeerId.parse(key.substring(0, space)), p -> new HashSet<>())
                        .add(Cid.parse(key.substring(space + 1)));
            } catch (DecodeException | IllegalArgumentException e) {
                throw new IllegalStateException("a record of a pushed collection that is none: " + key, e);
            }
        });
        turnRound();
    }

    /** What the peer pushes from now on. */
    synchronized void set(PeerId peer, Set<Cid> offered) {
        Set<Cid> collections = offered.stream()
                .filter(collection -> counts.test(peer, collection))
                .collect(Collectors.toUnmodifiableSet());
        Set<Cid> before = collections.isEmpty() ? byPeer.remove(peer) : byPeer.put(peer, collections);
        turnRound();
        Set<Cid> known = before == null ? Set.of() : before;
        collections.stream()
                .filter(collection -> !known.contains(collection))
                .forEach(collection -> records.put(peer + " " + collection, new byte[] {1}));
        known.stream()
                .filter(collection -> !collections.contains(collection))
                .forEach(collection -> records.remove(peer + " " + collection));
    }

    /** Peers that push the collection; costs next to nothing where there is none. Any thread. */
    Set<PeerId> peersOf(Cid collection) {
        return byCollection.getOrDefault(collection, Set.of());
    }

    /** What each peer pushes, as far as it has told, now or before a restart. */
    synchronized Map<PeerId, Set<Cid>> all() {
        return Map.copyOf(byPeer);
    }

    private void turnRound() {
        var turned = new HashMap<Cid, Set<PeerId>>();
        byPeer.forEach((peer, collections) -> collections.forEach(collection ->
                turned.computeIfAbsent(collection, c -> new HashSet<>()).add(peer)));
        byCollection = Map.copyOf(turned);
    }
}
