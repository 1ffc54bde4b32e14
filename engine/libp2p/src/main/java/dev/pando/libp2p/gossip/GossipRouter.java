package dev.pando.libp2p.gossip;

import static dev.pando.libp2p.gossip.GossipConfig.GOSSIP_THRESHOLD;
import static dev.pando.libp2p.gossip.GossipConfig.GRAYLIST_THRESHOLD;
import static dev.pando.libp2p.gossip.GossipConfig.PUBLISH_THRESHOLD;

import dev.pando.libp2p.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/**
 * Gossipsub as a state machine without I/O: every method takes the time, none blocks, and what is to be done gathers in
 * {@link #drain()}.
 *
 * <p>For each topic this node subscribed to, it keeps a <em>mesh</em> of about {@code d} peers; a message goes in full to
 * the mesh, and its id to some others, who may ask for it. What a peer may cost is bounded: see {@link GossipConfig}. Not
 * thread-safe. The cost of a message does not depend on the number of topics or of peers outside its topic, but for the
 * heartbeat, which visits them all once.
 *
 * <p>{@link GossipMesh} keeps the meshes, {@link GossipMessages} the messages, over one {@link GossipState}.
 */
final class GossipRouter {

    /** Something to be done. */
    sealed interface Output {}

    record Send(PeerId peer, Rpc rpc) implements Output {}

    /** A message to be validated; the answer is {@link #validated}. */
    record Validate(MessageId id, GossipMessage message, PeerId from) implements Output {}

    /** Peers that another one told of; to be tried. */
    record Connect(List<Rpc.PeerHint> peers) implements Output {}

    /** A peer has subscribed to a topic, or does so no longer. */
    record Follows(PeerId peer, String topic, boolean subscribed) implements Output {}

    /** What a validator found. */
    enum Verdict {
        ACCEPT,
        /** Dropped, without blame. */
        IGNORE,
        /** Dropped, and the senders are blamed. */
        REJECT
    }

    /** Computes a message's id. */
    @FunctionalInterface
    interface Identity {
        /** Null for a message that is not shaped as the signing policy wants. Cheap. */
        @org.jspecify.annotations.Nullable
        MessageId of(GossipMessage message);

        /** Whether the message's signature fits, where there is one; asked once an id is new. */
        default boolean authentic(GossipMessage message) {
            return true;
        }
    }

    private final GossipState state;
    private final GossipMesh mesh;
    private final GossipMessages messages;
    private final Map<String, Integer> atAddress = new HashMap<>();

    /** @param random a number from 0 up to its argument, exclusive */
    GossipRouter(GossipConfig config, IntUnaryOperator random) {
        this(config, random, (peer, topic) -> true, peer -> new byte[0]);
    }

    /**
     * @param readers which peers may be sent messages of a topic, whatever they subscribe to; may change
     * @param records the signed record of a peer, or no bytes when there is none
     */
    GossipRouter(
            GossipConfig config,
            IntUnaryOperator random,
            BiPredicate<PeerId, String> readers,
            Function<PeerId, byte[]> records) {
        this.state = new GossipState(config, random, readers, records);
        var history = new MessageHistory(config.historyLength(), config.historyGossip());
        this.mesh = new GossipMesh(state, history);
        this.messages = new GossipMessages(state, history);
    }

    /** What is to be done since the last call; one RPC at most for each peer. */
    List<Output> drain() {
        return state.drain();
    }

    Set<PeerId> mesh(String topic) {
        return Set.copyOf(state.members(topic));
    }

    Set<PeerId> subscribers(String topic) {
        return Set.copyOf(state.subscribers(topic));
    }

    Set<String> topics() {
        return Set.copyOf(state.mesh.keySet());
    }

    double score(PeerId peer, long now) {
        GossipPeer known = state.peers.get(peer);
        return known == null ? 0 : known.score.value(now);
    }

    /** What the application thinks of the peer (P5). */
    void setApplicationScore(PeerId peer, double score) {
        GossipPeer known = state.peers.get(peer);
        if (known != null) {
            known.score.applicationSpecific = score;
        }
    }

    // Peers

    /** A peer's protocol is known, and a stream to it is open; or another one, in place of one that was lost. */
    void peerAdded(PeerId id, GossipPeer.Version version, boolean outbound, String address) {
        GossipPeer known = state.peers.get(id);
        if (known != null && known.version != version) {
            peerRemoved(id);
            known = null;
        }
        if (known == null) {
            state.peers.put(id, new GossipPeer(id, version, outbound, address));
            crowd(address, 1);
        }
        if (!state.mesh.isEmpty()) {
            greet(id);
        }
    }

    /** Says all that the peer has to know; to one that knows it already, that changes nothing. */
    private void greet(PeerId id) {
        var rpc = state.to(id);
        state.mesh.forEach((topic, members) -> {
            rpc.subscriptions.add(new Rpc.Subscription(true, topic));
            if (members.contains(id)) {
                rpc.graft.add(topic);
            }
        });
    }

    void peerRemoved(PeerId id) {
        GossipPeer gone = state.peers.remove(id);
        if (gone == null) {
            return;
        }
        crowd(gone.address, -1);
        state.forget(id);
        gone.topics.forEach(topic -> state.removeSubscriber(topic, id));
        state.mesh.values().forEach(members -> members.remove(id));
        state.fanout.values().forEach(f -> f.peers.remove(id));
    }

    private void crowd(String address, int change) {
        int now = atAddress.merge(address, change, Integer::sum);
        if (now == 0) {
            atAddress.remove(address);
        }
        state.peers.values().stream().filter(p -> p.address.equals(address)).forEach(p -> p.score.peersAtAddress = now);
    }

    // This node's topics

    void subscribe(String topic, long now) {
        mesh.join(topic, now);
    }

    void unsubscribe(String topic, long now) {
        mesh.leave(topic, now);
    }

    // Messages

    /** Publishes a message of this node; the number of peers it goes to, or -1 when one with that id was seen of late. */
    int publish(MessageId id, GossipMessage message, long now) {
        return messages.publish(id, message, now);
    }

    /** Whether {@link #received} would look at a message with this id. */
    boolean isNew(MessageId id, String topic) {
        return messages.isNew(id, topic);
    }

    /** Whether anything this peer sends is ignored. */
    boolean isGraylisted(PeerId from, long now) {
        return score(from, now) < GRAYLIST_THRESHOLD;
    }

    /** The answer to {@link Validate}. */
    void validated(MessageId id, Verdict verdict) {
        messages.validated(id, verdict);
    }

    /** One RPC of a peer; {@code id} of a message is computed by {@code identity}, null for one that is malformed. */
    void received(PeerId from, Rpc rpc, Identity identity, long now) {
        GossipPeer peer = state.peers.get(from);
        if (peer == null || peer.score.value(now) < GRAYLIST_THRESHOLD) {
            return;
        }
        for (Rpc.Subscription subscription : rpc.subscriptions()) {
            if (state.subscribed(peer, subscription)) {
                messages.tellNewFollower(peer, subscription.topic(), now);
            }
        }
        rpc.messages().forEach(message -> messages.message(peer, message, identity, now));
        if (!peer.meshCapable()) {
            return;
        }
        if (peer.score.value(now) >= GOSSIP_THRESHOLD) {
            rpc.have().forEach(have -> messages.have(peer, have, now));
            messages.want(peer, rpc.want());
        }
        rpc.graft().forEach(topic -> mesh.grafted(peer, topic, now));
        rpc.prune().forEach(prune -> mesh.pruned(peer, prune, now));
        for (MessageId id : rpc.dontWant()) {
            if (peer.dontWant.size() < GossipConfig.IDONTWANT_IDS_MAX) {
                peer.dontWant.put(id, now);
            }
        }
    }

    /** The heartbeat: once a second. */
    void heartbeat(long now) {
        messages.blameBrokenPromises(now);
        for (GossipPeer peer : state.peers.values()) {
            beat(peer, now);
        }
        state.mesh.forEach((topic, members) -> {
            mesh.maintain(topic, members, now);
            messages.gossip(topic, members, now);
        });
        state.fanout
                .values()
                .removeIf(f -> f.lastPublish + state.config.fanoutFor().toMillis() < now);
        state.fanout.forEach((topic, published) -> {
            published.peers.removeIf(id -> state.peer(id).score.value(now) < PUBLISH_THRESHOLD);
            if (published.peers.size() < state.config.d()) {
                published.peers.addAll(state.choose(
                        topic,
                        state.config.d() - published.peers.size(),
                        p -> p.meshCapable()
                                && !published.peers.contains(p.id)
                                && p.score.value(now) >= PUBLISH_THRESHOLD));
            }
            messages.gossip(topic, published.peers, now);
        });
        messages.shift(now);
    }

    private void beat(GossipPeer peer, long now) {
        peer.idsAsked = 0;
        peer.haveMessages = 0;
        peer.topicsTold = 0;
        peer.score.decay();
        peer.backoff.values().removeIf(until -> until + state.config.heartbeat().toMillis() < now);
        peer.dontWant
                .values()
                .removeIf(since -> since + 3 * state.config.heartbeat().toMillis() < now);
    }
}
