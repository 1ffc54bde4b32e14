package dev.pando.libp2p.gossip;

import static dev.pando.libp2p.gossip.GossipConfig.ACCEPT_PX_THRESHOLD;
import static dev.pando.libp2p.gossip.GossipConfig.GOSSIP_THRESHOLD;
import static dev.pando.libp2p.gossip.GossipConfig.GRAYLIST_THRESHOLD;
import static dev.pando.libp2p.gossip.GossipConfig.PUBLISH_THRESHOLD;

import dev.pando.libp2p.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * Gossipsub as a state machine without I/O: every method takes the time, none blocks, and what is to be done gathers in
 * {@link #drain()}.
 *
 * <p>For each topic this node subscribed to, it keeps a <em>mesh</em> of about {@code d} peers; a message goes in full to
 * the mesh, and its id to some others, who may ask for it. What a peer may cost is bounded: see {@link GossipConfig}. Not
 * thread-safe. The cost of a message does not depend on the number of topics or of peers outside its topic, but for the
 * heartbeat, which visits them all once.
 */
final class GossipRouter {

    /** Something to be done. */
    sealed interface Output {}

    record Send(PeerId peer, Rpc rpc) implements Output {}

    /** A message to be validated; the answer is {@link #validated}. */
    record Validate(MessageId id, GossipMessage message, PeerId from) implements Output {}

    /** Peers that another one told of; to be tried. */
    record Connect(List<Rpc.PeerHint> peers) implements Output {}

    /** What a validator found. */
    enum Verdict {
        ACCEPT,
        /** Dropped, without blame. */
        IGNORE,
        /** Dropped, and the senders are blamed. */
        REJECT
    }

    private static final class Validation {
        final GossipMessage message;
        final Set<PeerId> from = new LinkedHashSet<>();

        Validation(GossipMessage message) {
            this.message = message;
        }
    }

    private static final class Fanout {
        final Set<PeerId> peers = new LinkedHashSet<>();
        long lastPublish;
    }

    private final GossipConfig config;
    private final IntUnaryOperator random;
    private final BiPredicate<PeerId, String> readers;
    private final Map<PeerId, GossipPeer> peers = new LinkedHashMap<>();
    private final Map<String, Set<PeerId>> subscribers = new HashMap<>();
    private final Map<String, Set<PeerId>> mesh = new LinkedHashMap<>();
    private final Map<String, Fanout> fanout = new LinkedHashMap<>();
    private final Map<String, Integer> atAddress = new HashMap<>();
    private final SeenCache seen;
    private final MessageHistory history;
    private final Map<MessageId, Validation> validations = new HashMap<>();

    /** Of the messages asked for, one of each request: who promised it, and until when it is due. */
    private final Map<MessageId, Map<PeerId, Long>> promised = new HashMap<>();

    private final Map<PeerId, RpcBuilder> sending = new LinkedHashMap<>();
    private final List<Output> outputs = new ArrayList<>();

    /** @param random a number from 0 up to its argument, exclusive */
    GossipRouter(GossipConfig config, IntUnaryOperator random) {
        this(config, random, (peer, topic) -> true);
    }

    /** @param readers which peers may be sent messages of a topic, whatever they subscribe to; may change */
    GossipRouter(GossipConfig config, IntUnaryOperator random, BiPredicate<PeerId, String> readers) {
        this.readers = readers;
        this.config = config;
        this.random = random;
        this.seen = new SeenCache(config.seenFor().toMillis());
        this.history = new MessageHistory(config.historyLength(), config.historyGossip());
    }

    /** What is to be done since the last call; one RPC at most for each peer. */
    List<Output> drain() {
        sending.forEach((peer, rpc) -> outputs.add(new Send(peer, rpc.build())));
        sending.clear();
        var drained = List.copyOf(outputs);
        outputs.clear();
        return drained;
    }

    Set<PeerId> mesh(String topic) {
        return Set.copyOf(mesh.getOrDefault(topic, Set.of()));
    }

    Set<PeerId> subscribers(String topic) {
        return Set.copyOf(subscribers.getOrDefault(topic, Set.of()));
    }

    Set<String> topics() {
        return Set.copyOf(mesh.keySet());
    }

    double score(PeerId peer, long now) {
        GossipPeer known = peers.get(peer);
        return known == null ? 0 : known.score.value(now);
    }

    /** What the application thinks of the peer (P5). */
    void setApplicationScore(PeerId peer, double score) {
        GossipPeer known = peers.get(peer);
        if (known != null) {
            known.score.applicationSpecific = score;
        }
    }

    // Peers

    /** A peer's protocol is known, and a stream to it is open. */
    void peerAdded(PeerId id, GossipPeer.Version version, boolean outbound, String address) {
        if (peers.containsKey(id)) {
            return;
        }
        peers.put(id, new GossipPeer(id, version, outbound, address));
        crowd(address, 1);
        if (!mesh.isEmpty()) {
            var rpc = to(id);
            mesh.keySet().forEach(topic -> rpc.subscriptions.add(new Rpc.Subscription(true, topic)));
        }
    }

    void peerRemoved(PeerId id) {
        GossipPeer gone = peers.remove(id);
        if (gone == null) {
            return;
        }
        crowd(gone.address, -1);
        sending.remove(id);
        gone.topics.forEach(topic -> removeSubscriber(topic, id));
        mesh.values().forEach(members -> members.remove(id));
        fanout.values().forEach(f -> f.peers.remove(id));
    }

    private void crowd(String address, int change) {
        int now = atAddress.merge(address, change, Integer::sum);
        if (now == 0) {
            atAddress.remove(address);
        }
        peers.values().stream().filter(p -> p.address.equals(address)).forEach(p -> p.score.peersAtAddress = now);
    }

    private void removeSubscriber(String topic, PeerId id) {
        subscribers.computeIfPresent(topic, (t, members) -> {
            members.remove(id);
            return members.isEmpty() ? null : members;
        });
    }

    // This node's topics

    void subscribe(String topic, long now) {
        if (mesh.containsKey(topic)) {
            return;
        }
        Set<PeerId> members = new LinkedHashSet<>();
        mesh.put(topic, members);
        announce(new Rpc.Subscription(true, topic));
        Fanout published = fanout.remove(topic);
        if (published != null) {
            published.peers.stream()
                    .filter(id -> graftable(topic, now).test(peer(id)))
                    .limit(config.d())
                    .toList()
                    .forEach(id -> graft(topic, id, now));
        }
        if (members.size() < config.d()) {
            choose(topic, config.d() - members.size(), graftable(topic, now)).forEach(id -> graft(topic, id, now));
        }
    }

    void unsubscribe(String topic, long now) {
        Set<PeerId> members = mesh.remove(topic);
        if (members == null) {
            return;
        }
        announce(new Rpc.Subscription(false, topic));
        for (PeerId id : members) {
            prune(topic, id, config.unsubscribeBackoff().toMillis(), false, now);
        }
    }

    private void announce(Rpc.Subscription subscription) {
        peers.keySet().forEach(id -> to(id).subscriptions.add(subscription));
    }

    // Messages

    /** Publishes a message of this node; false when one with that id was seen of late. */
    boolean publish(MessageId id, GossipMessage message, long now) {
        if (!seen.add(id, now)) {
            return false;
        }
        history.put(id, message);
        for (PeerId peer : recipients(message.topic(), now)) {
            if (readers.test(peer, message.topic()) && !peer(peer).dontWant.containsKey(id)) {
                to(peer).messages.add(message);
            }
        }
        return true;
    }

    private Collection<PeerId> recipients(String topic, long now) {
        Set<PeerId> all = subscribers.getOrDefault(topic, Set.of());
        var recipients = new LinkedHashSet<PeerId>();
        Predicate<PeerId> worthy = id -> peer(id).score.value(now) >= PUBLISH_THRESHOLD;
        if (config.floodPublish()) {
            all.stream().filter(worthy).forEach(recipients::add);
            return recipients;
        }
        all.stream().filter(id -> !peer(id).meshCapable()).filter(worthy).forEach(recipients::add);
        Set<PeerId> members = mesh.get(topic);
        if (members != null && !members.isEmpty()) {
            recipients.addAll(members);
            return recipients;
        }
        Fanout published = fanout.computeIfAbsent(topic, t -> new Fanout());
        published.lastPublish = now;
        if (published.peers.isEmpty()) {
            published.peers.addAll(choose(topic, config.d(), p -> p.meshCapable() && worthy.test(p.id)));
        }
        recipients.addAll(published.peers);
        return recipients;
    }

    /** One RPC of a peer; {@code id} of a message is computed by {@code identity}, null for one that is malformed. */
    void received(PeerId from, Rpc rpc, Identity identity, long now) {
        GossipPeer peer = peers.get(from);
        if (peer == null || peer.score.value(now) < GRAYLIST_THRESHOLD) {
            return;
        }
        rpc.subscriptions().forEach(s -> subscribed(peer, s));
        rpc.messages().forEach(message -> message(peer, message, identity, now));
        if (!peer.meshCapable()) {
            return;
        }
        if (peer.score.value(now) >= GOSSIP_THRESHOLD) {
            rpc.have().forEach(have -> have(peer, have, now));
            want(peer, rpc.want());
        }
        rpc.graft().forEach(topic -> grafted(peer, topic, now));
        rpc.prune().forEach(prune -> pruned(peer, prune, now));
        for (MessageId id : rpc.dontWant()) {
            if (peer.dontWant.size() < GossipConfig.IDONTWANT_IDS_MAX) {
                peer.dontWant.put(id, now);
            }
        }
    }

    /** Computes a message's id after the checks of the signing policy. */
    @FunctionalInterface
    interface Identity {
        /** Null for a message that breaks the policy. */
        @org.jspecify.annotations.Nullable
        MessageId of(GossipMessage message);
    }

    private void subscribed(GossipPeer peer, Rpc.Subscription subscription) {
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
        }
    }

    private void message(GossipPeer peer, GossipMessage message, Identity identity, long now) {
        if (!mesh.containsKey(message.topic())) {
            return;
        }
        MessageId id = identity.of(message);
        if (id == null) {
            peer.score.invalidMessage(message.topic());
            return;
        }
        promised.remove(id);
        Validation pending = validations.get(id);
        if (pending != null) {
            pending.from.add(peer.id);
            return;
        }
        if (seen.contains(id) || validations.size() >= GossipConfig.VALIDATIONS_MAX) {
            return;
        }
        seen.add(id, now);
        Validation validation = new Validation(message);
        validation.from.add(peer.id);
        validations.put(id, validation);
        if (message.data().length >= GossipConfig.IDONTWANT_BYTES_MIN) {
            for (PeerId member : mesh.getOrDefault(message.topic(), Set.of())) {
                if (!member.equals(peer.id) && peer(member).version == GossipPeer.Version.V1_2) {
                    to(member).dontWant.add(id);
                }
            }
        }
        outputs.add(new Validate(id, message, peer.id));
    }

    /** The answer to {@link Validate}. */
    void validated(MessageId id, Verdict verdict) {
        Validation validation = validations.remove(id);
        if (validation == null) {
            return;
        }
        String topic = validation.message.topic();
        if (verdict == Verdict.REJECT) {
            for (PeerId from : validation.from) {
                GossipPeer peer = peers.get(from);
                if (peer != null) {
                    peer.score.invalidMessage(topic);
                }
            }
        } else if (verdict == Verdict.ACCEPT) {
            GossipPeer first = peers.get(validation.from.iterator().next());
            if (first != null) {
                first.score.firstDelivery(topic);
            }
            history.put(id, validation.message);
            forward(id, validation);
        }
    }

    private void forward(MessageId id, Validation validation) {
        String topic = validation.message.topic();
        var recipients = new LinkedHashSet<>(mesh.getOrDefault(topic, Set.of()));
        for (PeerId subscriber : subscribers.getOrDefault(topic, Set.of())) {
            if (!peer(subscriber).meshCapable()) {
                recipients.add(subscriber);
            }
        }
        recipients.removeAll(validation.from);
        for (PeerId recipient : recipients) {
            if (readers.test(recipient, topic) && !peer(recipient).dontWant.containsKey(id)) {
                to(recipient).messages.add(validation.message);
            }
        }
    }

    // Control

    private void have(GossipPeer peer, Rpc.IHave have, long now) {
        if (!mesh.containsKey(have.topic()) || ++peer.haveMessages > GossipConfig.IHAVE_MESSAGES_MAX) {
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
        to(peer.id).want.addAll(wanted);
        MessageId sample = wanted.get(random.applyAsInt(wanted.size()));
        promised.computeIfAbsent(sample, s -> new HashMap<>())
                .putIfAbsent(peer.id, now + GossipConfig.IWANT_FOLLOW_UP.toMillis());
    }

    private void want(GossipPeer peer, List<MessageId> ids) {
        long bytes = 0;
        for (MessageId id : ids) {
            GossipMessage message = history.askedBy(peer.id, id);
            if (message != null && readers.test(peer.id, message.topic())) {
                bytes += message.data().length;
                if (bytes > GossipConfig.IWANT_BYTES_MAX) {
                    return;
                }
                to(peer.id).messages.add(message);
            }
        }
    }

    private void grafted(GossipPeer peer, String topic, long now) {
        Set<PeerId> members = mesh.get(topic);
        /* Silence for an unknown topic: an answer would let a peer make us work for topics it makes up. */
        if (members == null || members.contains(peer.id)) {
            return;
        }
        if (peer.backedOff(topic, now)) {
            peer.score.misbehaved(1);
            long began =
                    peer.backoff.getOrDefault(topic, 0L) - config.pruneBackoff().toMillis();
            if (now - began < GossipConfig.GRAFT_FLOOD.toMillis()) {
                peer.score.misbehaved(1);
            }
            refuse(peer, topic, now);
        } else if (peer.score.value(now) < 0 || !readers.test(peer.id, topic)) {
            refuse(peer, topic, now);
        } else if (members.size() >= config.dHigh() && !peer.outbound) {
            refuse(peer, topic, now);
        } else {
            /* Who grafts has the topic, whether or not its subscription came first. */
            subscribed(peer, new Rpc.Subscription(true, topic));
            members.add(peer.id);
            peer.score.grafted(topic, now);
            tellNewMember(topic, peer.id);
        }
    }

    private void refuse(GossipPeer peer, String topic, long now) {
        long backoff = config.pruneBackoff().toMillis();
        peer.backoff.put(topic, now + backoff);
        to(peer.id).prune.add(new Rpc.Prune(topic, List.of(), backoff / 1_000));
    }

    private void pruned(GossipPeer peer, Rpc.Prune prune, long now) {
        Set<PeerId> members = mesh.get(prune.topic());
        if (members == null) {
            return;
        }
        if (members.remove(peer.id)) {
            peer.score.pruned(prune.topic());
        }
        long seconds = Math.min(prune.backoffSeconds(), 3_600);
        long backoff = seconds > 0 ? seconds * 1_000 : config.pruneBackoff().toMillis();
        peer.backoff.merge(prune.topic(), now + backoff, Math::max);
        if (!prune.peers().isEmpty() && peer.score.value(now) >= ACCEPT_PX_THRESHOLD) {
            outputs.add(new Connect(
                    prune.peers().stream().limit(GossipConfig.PRUNE_PEERS_MAX).toList()));
        }
    }

    // The mesh

    private void graft(String topic, PeerId id, long now) {
        mesh.computeIfAbsent(topic, t -> new LinkedHashSet<>()).add(id);
        peer(id).score.grafted(topic, now);
        to(id).graft.add(topic);
        tellNewMember(topic, id);
    }

    /**
     * Advertises what came before the peer was in the mesh. The specification leaves that to the heartbeat, which tells
     * only those outside the mesh: whoever is grafted just after a message would never hear of it.
     */
    private void tellNewMember(String topic, PeerId id) {
        List<MessageId> ids = history.advertised(topic);
        if (!ids.isEmpty()) {
            to(id).have.add(new Rpc.IHave(topic, ids.subList(0, Math.min(ids.size(), GossipConfig.IHAVE_IDS_MAX))));
        }
    }

    private void prune(String topic, PeerId id, long backoffMillis, boolean exchange, long now) {
        GossipPeer peer = peer(id);
        peer.score.pruned(topic);
        peer.backoff.put(topic, now + backoffMillis);
        List<Rpc.PeerHint> hints = exchange && peer.version.compareTo(GossipPeer.Version.V1_1) >= 0
                ? choose(topic, GossipConfig.PRUNE_PEERS_MAX, p -> !p.id.equals(id) && p.score.value(now) >= 0).stream()
                        .map(p -> new Rpc.PeerHint(p.toBytes(), new byte[0]))
                        .toList()
                : List.of();
        to(id).prune.add(new Rpc.Prune(topic, hints, backoffMillis / 1_000));
    }

    private Predicate<GossipPeer> graftable(String topic, long now) {
        return p -> p.meshCapable()
                && p.score.value(now) >= 0
                && !p.backedOff(topic, now)
                && !mesh.getOrDefault(topic, Set.of()).contains(p.id);
    }

    /** The heartbeat: once a second. */
    void heartbeat(long now) {
        blameBrokenPromises(now);
        for (GossipPeer peer : peers.values()) {
            beat(peer, now);
        }
        mesh.forEach((topic, members) -> {
            maintain(topic, members, now);
            gossip(topic, members, now);
        });
        fanout.values().removeIf(f -> f.lastPublish + config.fanoutFor().toMillis() < now);
        fanout.forEach((topic, published) -> {
            published.peers.removeIf(id -> peer(id).score.value(now) < PUBLISH_THRESHOLD);
            if (published.peers.size() < config.d()) {
                published.peers.addAll(choose(
                        topic,
                        config.d() - published.peers.size(),
                        p -> p.meshCapable()
                                && !published.peers.contains(p.id)
                                && p.score.value(now) >= PUBLISH_THRESHOLD));
            }
            gossip(topic, published.peers, now);
        });
        history.shift();
        seen.expire(now);
    }

    private void blameBrokenPromises(long now) {
        promised.values().removeIf(due -> {
            due.entrySet().removeIf(promise -> {
                GossipPeer peer = peers.get(promise.getKey());
                boolean over = promise.getValue() < now;
                if (over && peer != null) {
                    peer.score.misbehaved(1);
                }
                return over || peer == null;
            });
            return due.isEmpty();
        });
    }

    private void beat(GossipPeer peer, long now) {
        peer.idsAsked = 0;
        peer.haveMessages = 0;
        peer.score.decay();
        peer.backoff.values().removeIf(until -> until + config.heartbeat().toMillis() < now);
        peer.dontWant.values().removeIf(since -> since + 3 * config.heartbeat().toMillis() < now);
    }

    private void maintain(String topic, Set<PeerId> members, long now) {
        for (PeerId id : List.copyOf(members)) {
            if (peer(id).score.value(now) < 0) {
                members.remove(id);
                prune(topic, id, config.pruneBackoff().toMillis(), false, now);
            }
        }
        if (members.size() < config.dLow()) {
            choose(topic, config.d() - members.size(), graftable(topic, now)).forEach(id -> graft(topic, id, now));
        }
        if (members.size() > config.dHigh()) {
            shrink(topic, members, now);
        }
        long outbound = members.stream().filter(id -> peer(id).outbound).count();
        if (members.size() >= config.dLow() && outbound < config.dOut()) {
            choose(
                            topic,
                            (int) (config.dOut() - outbound),
                            graftable(topic, now).and(p -> p.outbound))
                    .forEach(id -> graft(topic, id, now));
        }
    }

    /** Keeps the best, some that this node dialled, and others by lot. */
    private void shrink(String topic, Set<PeerId> members, long now) {
        List<PeerId> order = shuffled(members);
        order.sort(
                (a, b) -> Double.compare(peer(b).score.value(now), peer(a).score.value(now)));
        List<PeerId> others = order.subList(config.dScore(), order.size());
        Collections.shuffle(others, new RandomAdapter(random));
        var keep = new LinkedHashSet<PeerId>(order.subList(0, config.dScore()));
        long outbound = keep.stream().filter(id -> peer(id).outbound).count();
        for (PeerId id : others) {
            if (outbound < config.dOut() && peer(id).outbound) {
                keep.add(id);
                outbound++;
            }
        }
        for (PeerId id : others) {
            if (keep.size() < config.d()) {
                keep.add(id);
            }
        }
        for (PeerId id : order) {
            if (!keep.contains(id)) {
                members.remove(id);
                prune(topic, id, config.pruneBackoff().toMillis(), true, now);
            }
        }
    }

    private void gossip(String topic, Set<PeerId> inFull, long now) {
        List<MessageId> ids = history.advertised(topic);
        if (ids.isEmpty()) {
            return;
        }
        Predicate<GossipPeer> hears =
                p -> p.meshCapable() && !inFull.contains(p.id) && p.score.value(now) >= GOSSIP_THRESHOLD;
        long candidates = subscribers.getOrDefault(topic, Set.of()).stream()
                .filter(id -> hears.test(peer(id)))
                .count();
        int count = Math.max(config.dLazy(), (int) (config.gossipFactor() * candidates));
        for (PeerId id : choose(topic, count, hears)) {
            List<MessageId> told = ids;
            if (ids.size() > GossipConfig.IHAVE_IDS_MAX) {
                told = new ArrayList<>(ids);
                Collections.shuffle(told, new RandomAdapter(random));
                told = told.subList(0, GossipConfig.IHAVE_IDS_MAX);
            }
            to(id).have.add(new Rpc.IHave(topic, told));
        }
    }

    // Choosing

    private List<PeerId> choose(String topic, int count, Predicate<GossipPeer> suitable) {
        var candidates = new ArrayList<PeerId>();
        for (PeerId id : subscribers.getOrDefault(topic, Set.of())) {
            if (readers.test(id, topic) && suitable.test(peer(id))) {
                candidates.add(id);
            }
        }
        List<PeerId> order = shuffled(candidates);
        return order.subList(0, Math.min(Math.max(count, 0), order.size()));
    }

    private List<PeerId> shuffled(Collection<PeerId> ids) {
        var order = new ArrayList<>(ids);
        Collections.shuffle(order, new RandomAdapter(random));
        return order;
    }

    /** One that is connected, as all in a mesh, a fanout or a topic are. */
    private GossipPeer peer(PeerId id) {
        return Objects.requireNonNull(peers.get(id), () -> id + " is not connected");
    }

    private RpcBuilder to(PeerId peer) {
        return sending.computeIfAbsent(peer, p -> new RpcBuilder());
    }

    Set<PeerId> peerIds() {
        return new HashSet<>(peers.keySet());
    }
}
