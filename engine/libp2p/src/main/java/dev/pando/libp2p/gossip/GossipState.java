package dev.pando.libp2p.gossip;

import dev.pando.libp2p.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * What the parts of a {@link GossipRouter} share: the peers, who subscribed to what, the meshes, and what is to be sent.
 * Not thread-safe.
 */
final class GossipState {

    /** Peers that messages of a topic go to that this node only publishes on. */
    static final class Fanout {
        final Set<PeerId> peers = new LinkedHashSet<>();
        long lastPublish;
    }

    final GossipConfig config;
    final IntUnaryOperator random;
    final BiPredicate<PeerId, String> readers;
    final Function<PeerId, byte[]> records;
    final Map<PeerId, GossipPeer> peers = new LinkedHashMap<>();
    final Map<String, Set<PeerId>> subscribers = new HashMap<>();
    final Map<String, Set<PeerId>> mesh = new LinkedHashMap<>();
    final Map<String, Fanout> fanout = new LinkedHashMap<>();
    private final Map<PeerId, RpcBuilder> sending = new LinkedHashMap<>();
    private List<GossipRouter.Output> outputs = new ArrayList<>();

    GossipState(
            GossipConfig config,
            IntUnaryOperator random,
            BiPredicate<PeerId, String> readers,
            Function<PeerId, byte[]> records) {
        this.config = config;
        this.random = random;
        this.readers = readers;
        this.records = records;
    }

    /** What is to be done since the last call; one RPC at most for each peer. */
    List<GossipRouter.Output> drain() {
        sending.forEach((peer, rpc) -> outputs.add(new GossipRouter.Send(peer, rpc.build())));
        sending.clear();
        var drained = outputs;
        outputs = new ArrayList<>();
        return drained;
    }

    void output(GossipRouter.Output output) {
        outputs.add(output);
    }

    RpcBuilder to(PeerId peer) {
        return sending.computeIfAbsent(peer, p -> new RpcBuilder());
    }

    /** Nothing more is sent to {@code peer}. */
    void forget(PeerId peer) {
        sending.remove(peer);
    }

    /** One that is connected, as all in a mesh, a fanout or a topic are. */
    GossipPeer peer(PeerId id) {
        return Objects.requireNonNull(peers.get(id), () -> id + " is not connected");
    }

    Set<PeerId> members(String topic) {
        return mesh.getOrDefault(topic, Set.of());
    }

    Set<PeerId> subscribers(String topic) {
        return subscribers.getOrDefault(topic, Set.of());
    }

    /** Takes over what a peer says of its topics. Whether it subscribed to one that it was not known to follow. */
    boolean subscribed(GossipPeer peer, Rpc.Subscription subscription) {
        String topic = subscription.topic();
        if (!subscription.subscribe()) {
            if (peer.topics.remove(topic)) {
                removeSubscriber(topic, peer.id);
                Set<PeerId> members = mesh.get(topic);
                if (members != null && members.remove(peer.id)) {
                    peer.score.pruned(topic);
                }
                Fanout published = fanout.get(topic);
                if (published != null) {
                    published.peers.remove(peer.id);
                }
            }
        } else if (peer.topics.size() >= GossipConfig.TOPICS_PER_PEER_MAX) {
            peer.score.misbehaved(1);
        } else if (peer.topics.add(topic)) {
            subscribers.computeIfAbsent(topic, t -> new LinkedHashSet<>()).add(peer.id);
            outputs.add(new GossipRouter.Follows(peer.id, topic, true));
            return true;
        }
        return false;
    }

    void removeSubscriber(String topic, PeerId id) {
        subscribers.computeIfPresent(topic, (t, members) -> {
            if (members.remove(id)) {
                outputs.add(new GossipRouter.Follows(id, topic, false));
            }
            return members.isEmpty() ? null : members;
        });
    }

    /** At most {@code count} subscribers of the topic that are {@code suitable} and may read it, by lot. */
    List<PeerId> choose(String topic, int count, Predicate<GossipPeer> suitable) {
        var candidates = new ArrayList<PeerId>();
        for (PeerId id : subscribers(topic)) {
            if (readers.test(id, topic) && suitable.test(peer(id))) {
                candidates.add(id);
            }
        }
        List<PeerId> order = shuffled(candidates);
        return order.subList(0, Math.min(Math.max(count, 0), order.size()));
    }

    <T> List<T> shuffled(Collection<T> items) {
        var order = new ArrayList<>(items);
        Collections.shuffle(order, new RandomAdapter(random));
        return order;
    }
}
