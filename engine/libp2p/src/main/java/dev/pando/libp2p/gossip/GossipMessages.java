package dev.pando.libp2p.gossip;

import static dev.pando.libp2p.gossip.GossipConfig.GOSSIP_THRESHOLD;
import static dev.pando.libp2p.gossip.GossipConfig.PUBLISH_THRESHOLD;

import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.gossip.GossipRouter.Identity;
import dev.pando.libp2p.gossip.GossipRouter.Validate;
import dev.pando.libp2p.gossip.GossipRouter.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The messages of a {@link GossipRouter}: published, received, validated and forwarded once each, advertised to those
 * outside the mesh, and sent to those who ask. Not thread-safe.
 */
final class GossipMessages {

    private static final class Validation {
        final GossipMessage message;
        final PeerId first;

        /** Who sent it too while it was under validation. */
        Set<PeerId> others = Set.of();

        Validation(GossipMessage message, PeerId first) {
            this.message = message;
            this.first = first;
        }

        void cameFrom(PeerId peer) {
            if (others.isEmpty()) {
                others = new LinkedHashSet<>();
            }
            others.add(peer);
        }

        boolean isFrom(PeerId peer) {
            return first.equals(peer) || others.contains(peer);
        }
    }

    private final GossipState state;
    private final MessageHistory history;
    private final SeenCache seen;
    private final Map<MessageId, Validation> validations = new HashMap<>();

    /** Of the messages asked for, one of each request: who promised it, and until when it is due. */
    private final Map<MessageId, Map<PeerId, Long>> promised = new HashMap<>();

    GossipMessages(GossipState state, MessageHistory history) {
        this.state = state;
        this.history = history;
        this.seen = new SeenCache(state.config.seenFor().toMillis());
    }

    // Whole messages

    /** Publishes a message of this node; the number of peers it goes to, or -1 when one with that id was seen of late. */
    int publish(MessageId id, GossipMessage message, long now) {
        if (!seen.add(id, now)) {
            return -1;
        }
        history.put(id, message);
        String topic = message.topic();
        int sent = 0;
        if (state.config.floodPublish()) {
            for (PeerId peer : state.subscribers(topic)) {
                if (state.peer(peer).score.value(now) >= PUBLISH_THRESHOLD && send(peer, id, message)) {
                    sent++;
                }
            }
        } else {
            for (PeerId peer : recipients(topic, now)) {
                if (send(peer, id, message)) {
                    sent++;
                }
            }
        }
        return sent;
    }

    /** Whether it is sent: the peer may read it, and has not said that it has it. */
    private boolean send(PeerId peer, MessageId id, GossipMessage message) {
        if (!state.readers.test(peer, message.topic())
                || state.peer(peer).dontWant.containsKey(id)) {
            return false;
        }
        state.to(peer).messages.add(message);
        return true;
    }

    /* Without flood publishing. */
    private Collection<PeerId> recipients(String topic, long now) {
        var recipients = new LinkedHashSet<PeerId>();
        Predicate<PeerId> worthy = id -> state.peer(id).score.value(now) >= PUBLISH_THRESHOLD;
        for (PeerId id : state.subscribers(topic)) {
            if (!state.peer(id).meshCapable() && worthy.test(id)) {
                recipients.add(id);
            }
        }
        Set<PeerId> members = state.mesh.get(topic);
        if (members != null && !members.isEmpty()) {
            recipients.addAll(members);
            return recipients;
        }
        GossipState.Fanout published = state.fanout.computeIfAbsent(topic, t -> new GossipState.Fanout());
        published.lastPublish = now;
        if (published.peers.isEmpty()) {
            published.peers.addAll(state.choose(topic, state.config.d(), p -> p.meshCapable() && worthy.test(p.id)));
        }
        recipients.addAll(published.peers);
        return recipients;
    }

    /** Whether a message with this id, on this topic, would be looked at. */
    boolean isNew(MessageId id, String topic) {
        return state.mesh.containsKey(topic) && !seen.contains(id);
    }

    /** Forgets what is too old. */
    void shift(long now) {
        history.shift();
        seen.expire(now);
    }

    /** A message came from {@code peer}. */
    void message(GossipPeer peer, GossipMessage message, Identity identity, long now) {
        if (!state.mesh.containsKey(message.topic())) {
            return;
        }
        MessageId id = identity.of(message);
        if (id == null) {
            peer.score.invalidMessage(message.topic());
            return;
        }
        if (seen.contains(id)) {
            Validation pending = validations.get(id);
            if (pending != null) {
                pending.cameFrom(peer.id);
            }
            return;
        }
        if (validations.size() >= GossipConfig.VALIDATIONS_MAX) {
            return;
        }
        /* Known ids first: each message comes from several peers, and a signature costs more than all the rest. */
        if (!identity.authentic(message)) {
            peer.score.invalidMessage(message.topic());
            return;
        }
        if (!promised.isEmpty()) {
            promised.remove(id);
        }
        seen.add(id, now);
        validations.put(id, new Validation(message, peer.id));
        if (message.data().length >= GossipConfig.IDONTWANT_BYTES_MIN) {
            for (PeerId member : state.members(message.topic())) {
                if (!member.equals(peer.id) && state.peer(member).version == GossipPeer.Version.V1_2) {
                    state.to(member).dontWant.add(id);
                }
            }
        }
        state.output(new Validate(id, message, peer.id));
    }

    /** The answer to {@link Validate}. */
    void validated(MessageId id, Verdict verdict) {
        Validation validation = validations.remove(id);
        if (validation == null) {
            return;
        }
        String topic = validation.message.topic();
        if (verdict == Verdict.REJECT) {
            blame(validation.first, topic);
            validation.others.forEach(from -> blame(from, topic));
        } else if (verdict == Verdict.ACCEPT) {
            GossipPeer first = state.peers.get(validation.first);
            if (first != null) {
                first.score.firstDelivery(topic);
            }
            history.put(id, validation.message);
            forward(id, validation);
        }
    }

    private void blame(PeerId from, String topic) {
        GossipPeer peer = state.peers.get(from);
        if (peer != null) {
            peer.score.invalidMessage(topic);
        }
    }

    private void forward(MessageId id, Validation validation) {
        String topic = validation.message.topic();
        Set<PeerId> members = state.members(topic);
        for (PeerId member : members) {
            if (!validation.isFrom(member)) {
                send(member, id, validation.message);
            }
        }
        for (PeerId subscriber : state.subscribers(topic)) {
            if (!state.peer(subscriber).meshCapable()
                    && !members.contains(subscriber)
                    && !validation.isFrom(subscriber)) {
                send(subscriber, id, validation.message);
            }
        }
    }

    // Ids

    void have(GossipPeer peer, Rpc.IHave have, long now) {
        if (!state.mesh.containsKey(have.topic()) || ++peer.haveMessages > GossipConfig.IHAVE_MESSAGES_MAX) {
            return;
        }
        var wanted = new ArrayList<MessageId>();
        for (MessageId id : have.ids()) {
            if (peer.idsAsked + wanted.size() >= GossipConfig.IHAVE_IDS_MAX) {
                break;
            }
            if (!seen.contains(id)) {
                wanted.add(id);
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        peer.idsAsked += wanted.size();
        state.to(peer.id).want.addAll(wanted);
        MessageId sample = wanted.get(state.random.applyAsInt(wanted.size()));
        promised.computeIfAbsent(sample, s -> new HashMap<>())
                .putIfAbsent(peer.id, now + GossipConfig.IWANT_FOLLOW_UP.toMillis());
    }

    /**
     * Advertises what was published just before the peer was known to follow: between two that have just met it would
     * not hear of it else. Of a topic of this node's own the heartbeat tells.
     */
    void tellNewFollower(GossipPeer peer, String topic, long now) {
        if (state.mesh.containsKey(topic)
                || !peer.meshCapable()
                || peer.topicsTold >= GossipConfig.IHAVE_MESSAGES_MAX
                || peer.score.value(now) < GOSSIP_THRESHOLD
                || !state.readers.test(peer.id, topic)) {
            return;
        }
        List<MessageId> ids = history.advertised(topic, GossipConfig.IHAVE_IDS_MAX);
        if (!ids.isEmpty()) {
            peer.topicsTold++;
            state.to(peer.id).have.add(new Rpc.IHave(topic, ids));
        }
    }

    void want(GossipPeer peer, List<MessageId> ids) {
        long bytes = 0;
        for (MessageId id : ids) {
            GossipMessage message = history.askedBy(peer.id, id);
            if (message != null && state.readers.test(peer.id, message.topic())) {
                bytes += message.data().length;
                if (bytes > GossipConfig.IWANT_BYTES_MAX) {
                    return;
                }
                state.to(peer.id).messages.add(message);
            }
        }
    }

    void blameBrokenPromises(long now) {
        promised.values().removeIf(due -> {
            due.entrySet().removeIf(promise -> {
                GossipPeer peer = state.peers.get(promise.getKey());
                boolean over = promise.getValue() < now;
                if (over && peer != null) {
                    peer.score.misbehaved(1);
                }
                return over || peer == null;
            });
            return due.isEmpty();
        });
    }

    void gossip(String topic, Set<PeerId> inFull, long now) {
        Predicate<GossipPeer> hears =
                p -> p.meshCapable() && !inFull.contains(p.id) && p.score.value(now) >= GOSSIP_THRESHOLD;
        long candidates = state.subscribers(topic).stream()
                .filter(id -> hears.test(state.peer(id)))
                .count();
        List<MessageId> ids = candidates == 0 ? List.of() : history.advertised(topic, Integer.MAX_VALUE);
        if (ids.isEmpty()) {
            return;
        }
        int count = Math.max(state.config.dLazy(), (int) (state.config.gossipFactor() * candidates));
        for (PeerId id : state.choose(topic, count, hears)) {
            List<MessageId> told = ids;
            if (ids.size() > GossipConfig.IHAVE_IDS_MAX) {
                told = state.shuffled(ids).subList(0, GossipConfig.IHAVE_IDS_MAX);
            }
            state.to(id).have.add(new Rpc.IHave(topic, told));
        }
    }
}
