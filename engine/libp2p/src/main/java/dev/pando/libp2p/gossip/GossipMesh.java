package dev.pando.libp2p.gossip;

import static dev.pando.libp2p.gossip.GossipConfig.ACCEPT_PX_THRESHOLD;

import dev.pando.libp2p.PeerId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The meshes of a {@link GossipRouter}: for each topic this node subscribed to, about {@code d} peers that messages go to
 * in full. Grafts and prunes, by both sides. Not thread-safe.
 */
final class GossipMesh {
    private final GossipState state;
    private final MessageHistory history;

    GossipMesh(GossipState state, MessageHistory history) {
        this.state = state;
        this.history = history;
    }

    // This node's topics

    void join(String topic, long now) {
        if (state.mesh.containsKey(topic)) {
            return;
        }
        Set<PeerId> members = new LinkedHashSet<>();
        state.mesh.put(topic, members);
        announce(new Rpc.Subscription(true, topic));
        GossipState.Fanout published = state.fanout.remove(topic);
        if (published != null) {
            published.peers.stream()
                    .filter(id -> graftable(topic, now).test(state.peer(id)))
                    .limit(state.config.d())
                    .toList()
                    .forEach(id -> graft(topic, id, now));
        }
        if (members.size() < state.config.d()) {
            state.choose(topic, state.config.d() - members.size(), graftable(topic, now))
                    .forEach(id -> graft(topic, id, now));
        }
    }

    void leave(String topic, long now) {
        Set<PeerId> members = state.mesh.remove(topic);
        if (members == null) {
            return;
        }
        announce(new Rpc.Subscription(false, topic));
        for (PeerId id : members) {
            prune(topic, id, state.config.unsubscribeBackoff().toMillis(), true, now);
        }
    }

    private void announce(Rpc.Subscription subscription) {
        state.peers.keySet().forEach(id -> state.to(id).subscriptions.add(subscription));
    }

    // What peers ask for

    void grafted(GossipPeer peer, String topic, long now) {
        Set<PeerId> members = state.mesh.get(topic);
        /* Silence for an unknown topic: an answer would let a peer make us work for topics it makes up. */
        if (members == null || members.contains(peer.id)) {
            return;
        }
        if (peer.backedOff(topic, now)) {
            peer.score.misbehaved(1);
            long began = peer.backoff.getOrDefault(topic, 0L)
                    - state.config.pruneBackoff().toMillis();
            if (now - began < GossipConfig.GRAFT_FLOOD.toMillis()) {
                peer.score.misbehaved(1);
            }
            refuse(peer, topic, now);
        } else if (peer.score.value(now) < 0 || !state.readers.test(peer.id, topic)) {
            refuse(peer, topic, now);
        } else if (members.size() >= state.config.dHigh() && !peer.outbound) {
            refuse(peer, topic, now);
        } else {
            /* Who grafts has the topic, whether or not its subscription came first. */
            state.subscribed(peer, new Rpc.Subscription(true, topic));
            members.add(peer.id);
            peer.score.grafted(topic, now);
            tellNewMember(topic, peer.id);
        }
    }

    private void refuse(GossipPeer peer, String topic, long now) {
        long backoff = state.config.pruneBackoff().toMillis();
        peer.backoff.put(topic, now + backoff);
        state.to(peer.id).prune.add(new Rpc.Prune(topic, List.of(), backoff / 1_000));
    }

    void pruned(GossipPeer peer, Rpc.Prune prune, long now) {
        Set<PeerId> members = state.mesh.get(prune.topic());
        if (members == null) {
            return;
        }
        if (members.remove(peer.id)) {
            peer.score.pruned(prune.topic());
        }
        long seconds = Math.min(prune.backoffSeconds(), 3_600);
        long backoff =
                seconds > 0 ? seconds * 1_000 : state.config.pruneBackoff().toMillis();
        peer.backoff.merge(prune.topic(), now + backoff, Math::max);
        if (!prune.peers().isEmpty() && peer.score.value(now) >= ACCEPT_PX_THRESHOLD) {
            state.output(new GossipRouter.Connect(
                    prune.peers().stream().limit(GossipConfig.PRUNE_PEERS_MAX).toList()));
        }
    }

    // What this node wants

    private void graft(String topic, PeerId id, long now) {
        state.mesh.computeIfAbsent(topic, t -> new LinkedHashSet<>()).add(id);
        state.peer(id).score.grafted(topic, now);
        state.to(id).graft.add(topic);
        tellNewMember(topic, id);
    }

    /**
     * Advertises what came before the peer was in the mesh. The specification leaves that to the heartbeat, which tells
     * only those outside the mesh: whoever is grafted just after a message would never hear of it.
     */
    private void tellNewMember(String topic, PeerId id) {
        List<MessageId> ids = history.advertised(topic, GossipConfig.IHAVE_IDS_MAX);
        if (!ids.isEmpty()) {
            state.to(id).have.add(new Rpc.IHave(topic, ids));
        }
    }

    private void prune(String topic, PeerId id, long backoffMillis, boolean exchange, long now) {
        GossipPeer peer = state.peer(id);
        peer.score.pruned(topic);
        peer.backoff.put(topic, now + backoffMillis);
        List<Rpc.PeerHint> hints = exchange && peer.version.compareTo(GossipPeer.Version.V1_1) >= 0
                ? state
                        .choose(topic, GossipConfig.PRUNE_PEERS_MAX, p -> !p.id.equals(id) && p.score.value(now) >= 0)
                        .stream()
                        .map(p -> new Rpc.PeerHint(p.toBytes(), state.records.apply(p)))
                        .toList()
                : List.of();
        state.to(id).prune.add(new Rpc.Prune(topic, hints, backoffMillis / 1_000));
    }

    private Predicate<GossipPeer> graftable(String topic, long now) {
        return p -> p.meshCapable()
                && p.score.value(now) >= 0
                && !p.backedOff(topic, now)
                && !state.members(topic).contains(p.id);
    }

    void maintain(String topic, Set<PeerId> members, long now) {
        for (PeerId id : List.copyOf(members)) {
            if (state.peer(id).score.value(now) < 0) {
                members.remove(id);
                prune(topic, id, state.config.pruneBackoff().toMillis(), false, now);
            }
        }
        if (members.size() < state.config.dLow()) {
            state.choose(topic, state.config.d() - members.size(), graftable(topic, now))
                    .forEach(id -> graft(topic, id, now));
        }
        if (members.size() > state.config.dHigh()) {
            shrink(topic, members, now);
        }
        long outbound = members.stream().filter(id -> state.peer(id).outbound).count();
        if (members.size() >= state.config.dLow() && outbound < state.config.dOut()) {
            state.choose(
                            topic,
                            (int) (state.config.dOut() - outbound),
                            graftable(topic, now).and(p -> p.outbound))
                    .forEach(id -> graft(topic, id, now));
        }
    }

    /** Keeps the best, some that this node dialled, and others by lot. */
    private void shrink(String topic, Set<PeerId> members, long now) {
        List<PeerId> order = state.shuffled(members);
        order.sort((a, b) -> Double.compare(
                state.peer(b).score.value(now), state.peer(a).score.value(now)));
        List<PeerId> others = state.shuffled(order.subList(state.config.dScore(), order.size()));
        var keep = new LinkedHashSet<PeerId>(order.subList(0, state.config.dScore()));
        long outbound = keep.stream().filter(id -> state.peer(id).outbound).count();
        for (PeerId id : others) {
            if (outbound < state.config.dOut() && state.peer(id).outbound) {
                keep.add(id);
                outbound++;
            }
        }
        for (PeerId id : others) {
            if (keep.size() < state.config.d()) {
                keep.add(id);
            }
        }
        for (PeerId id : order) {
            if (!keep.contains(id)) {
                members.remove(id);
                prune(topic, id, state.config.pruneBackoff().toMillis(), true, now);
            }
        }
    }
}
