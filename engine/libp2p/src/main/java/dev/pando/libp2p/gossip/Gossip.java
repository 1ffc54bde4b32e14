package dev.pando.libp2p.gossip;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.PeerConnection;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Publish and subscribe for a {@link Host}: binds {@link GossipRouter} to streams. Thread-safe; all work is done on its
 * scheduler, one task at a time.
 */
public final class Gossip implements AutoCloseable {

    /** Bytes of one RPC; the stream of a peer that sends a larger one is reset. */
    public static final int RPC_BYTES_MAX = 1 << 20;

    private static final System.Logger LOG = System.getLogger(Gossip.class.getName());

    /** Inputs whose outputs are sent together while more wait; then they are sent at once. */
    private static final int UNFLUSHED_MAX = 256;

    /** What is asked of this node in one task of the scheduler; the rest is behind what waits there. */
    private static final int TAKEN_MAX = 256;

    /** Signatures checked by one task. */
    private static final int SIGNATURES_A_TASK = 16;

    /** RPCs of one peer whose signatures are checked at the same time; until the first is done, no more is read of it. */
    private static final int CHECKED_AT_ONCE_MAX = 4;

    /** How long a stream that the peer reset is not opened again: doubles from the first to the second. */
    private static final Duration REOPEN_MIN = Duration.ofMillis(100);

    private static final Duration REOPEN_MAX = Duration.ofMinutes(1);

    /** Protocols by preference. */
    private static final Map<String, GossipPeer.Version> PROTOCOLS = protocols();

    private final Host host;
    private final SigningPolicy policy;
    private final GossipConfig config;
    private final Scheduler scheduler;
    private final LongSupplier clockMillis;
    private final GossipRouter router;

    /** Told of the topics that peers subscribe to. Called on the scheduler; must not block. */
    @FunctionalInterface
    public interface FollowListener {
        void onFollow(PeerId peer, String topic, boolean subscribed);
    }

    /** Told of the topics that this node joins and leaves. Called on the scheduler; must not block. */
    @FunctionalInterface
    public interface TopicListener {
        void onTopic(String topic, boolean joined);
    }

    private volatile TopicListener topicListener = (topic, joined) -> {};
    private volatile FollowListener follows = (peer, topic, subscribed) -> {};
    private final Map<String, GossipHandler> handlers = new HashMap<>();
    private final Map<PeerId, GossipOutbound> outbound = new HashMap<>();
    /** Streams to connected peers that ended, until the connection does. */
    private final Map<PeerId, Losses> losses = new HashMap<>();

    private final Set<PeerId> opening = new HashSet<>();

    /** To be tried once more at once when the stream under way fails: something new is known of the peer. */
    private final Set<PeerId> openAgain = new HashSet<>();

    private final Map<PeerId, MessageStream> inbound = new HashMap<>();
    private List<Publication> whenFlushed = new ArrayList<>();

    /** Streams that came before ours to the same peer: until we can answer, what they say waits in their windows. */
    private final Map<PeerId, MessageStream> early = new HashMap<>();

    /** What a peer sends; it is taken in order, however long its signatures take to check. */
    private static final class Inflow {
        final MessageStream messages;

        /** Read, and not yet taken. */
        int underWay;

        /** Whether more is being read, or will be after a pause. */
        boolean reading;

        CompletableFuture<@Nullable Void> last = CompletableFuture.completedFuture(null);

        Inflow(MessageStream messages) {
            this.messages = messages;
        }
    }

    /** How often in a row, each within {@link #REOPEN_MAX} of the one before. */
    private record Losses(int count, long lastMillis) {
        Duration pause() {
            Duration pause = REOPEN_MIN.multipliedBy(1L << Math.min(count - 1, 20));
            return pause.compareTo(REOPEN_MAX) < 0 ? pause : REOPEN_MAX;
        }
    }

    /** What was asked of this node and not yet done. Whoever publishes faster than the network takes, waits for its futures. */
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean inboxScheduled = new AtomicBoolean();
    private Runnable heartbeat = () -> {};
    private int unflushed;
    private boolean closed;

    private final HostListener listener = new HostListener() {
        @Override
        public void onIdentified(PeerId peer, Identify info) {
            if (info.protocols().stream().anyMatch(PROTOCOLS::containsKey)) {
                scheduler.execute(() -> open(peer));
            }
        }

        @Override
        public void onDisconnected(PeerId peer) {
            scheduler.execute(() -> remove(peer));
        }
    };

    /**
     * @param scheduler runs all work of this instance, one task at a time
     * @param random a number from 0 up to its argument, exclusive
     * @param clockMillis a clock that does not go back
     */
    public Gossip(
            Host host,
            SigningPolicy policy,
            GossipConfig config,
            Scheduler scheduler,
            IntUnaryOperator random,
            LongSupplier clockMillis) {
        this(host, policy, config, scheduler, random, clockMillis, (peer, topic) -> true);
    }

    /** @param readers which peers may be sent messages of a topic, whatever they subscribe to; may change */
    public Gossip(
            Host host,
            SigningPolicy policy,
            GossipConfig config,
            Scheduler scheduler,
            IntUnaryOperator random,
            LongSupplier clockMillis,
            BiPredicate<PeerId, String> readers) {
        this.host = host;
        this.policy = policy;
        this.config = config;
        this.scheduler = scheduler;
        this.clockMillis = clockMillis;
        this.router = new GossipRouter(
                config, random, readers, peer -> host.signedRecord(peer).orElse(new byte[0]));
    }

    private static Map<String, GossipPeer.Version> protocols() {
        var protocols = new LinkedHashMap<String, GossipPeer.Version>();
        protocols.put("/meshsub/1.2.0", GossipPeer.Version.V1_2);
        protocols.put("/meshsub/1.1.0", GossipPeer.Version.V1_1);
        protocols.put("/meshsub/1.0.0", GossipPeer.Version.V1_0);
        protocols.put("/floodsub/1.0.0", GossipPeer.Version.FLOODSUB);
        return protocols;
    }

    /** Tells {@code listener} what peers subscribe to; to be called before {@link #start}. */
    public void onFollow(FollowListener listener) {
        follows = listener;
    }

    /** Tells {@code listener} what this node joins and leaves; to be called before {@link #start}. */
    public void onTopic(TopicListener listener) {
        topicListener = listener;
    }

    /** Begins to serve peers and to look for them. */
    public void start() {
        PROTOCOLS.keySet().forEach(protocol -> host.handle(protocol, this::onInbound));
        host.addListener(listener);
        scheduler.execute(() -> {
            host.connections().forEach(connection -> open(connection.peer()));
            beatLater();
        });
    }

    @Override
    public void close() {
        host.removeListener(listener);
        PROTOCOLS.keySet().forEach(host::unhandle);
        scheduler.execute(() -> {
            closed = true;
            heartbeat.run();
            outbound.values().forEach(GossipOutbound::close);
            inbound.values().forEach(MessageStream::reset);
        });
    }

    /** Joins a topic; {@code handler} takes its messages from now on, and replaces the one before it. */
    public void subscribe(String topic, GossipHandler handler) {
        run(() -> {
            if (handlers.put(topic, handler) == null) {
                topicListener.onTopic(topic, true);
            }
            router.subscribe(topic, now());
        });
    }

    public void unsubscribe(String topic) {
        run(() -> {
            if (handlers.remove(topic) != null) {
                topicListener.onTopic(topic, false);
            }
            router.unsubscribe(topic, now());
        });
    }

    /** Publishes; completes with the number of peers it was sent to, once the message is on its way. */
    public CompletableFuture<Integer> publish(String topic, byte[] data) {
        var publication = new Publication(topic, data);
        run(publication);
        return publication.sent;
    }

    private final class Publication implements Runnable {
        final CompletableFuture<Integer> sent = new CompletableFuture<>();
        private final String topic;
        private final byte[] data;
        private int peers;

        Publication(String topic, byte[] data) {
            this.topic = topic;
            this.data = data;
        }

        @Override
        public void run() {
            var made = policy.make(topic, data);
            peers = Math.max(0, router.publish(made.id(), made.message(), now()));
            whenFlushed.add(this);
        }

        void flushed() {
            sent.complete(peers);
        }
    }

    /** Peers known to have subscribed to the topic. */
    public CompletableFuture<Set<PeerId>> subscribers(String topic) {
        return look(r -> r.subscribers(topic));
    }

    /** The present mesh of the topic. */
    public CompletableFuture<Set<PeerId>> mesh(String topic) {
        return look(r -> r.mesh(topic));
    }

    /** The topics this node has joined. */
    public CompletableFuture<Set<String>> topics() {
        return look(GossipRouter::topics);
    }

    /** What the peer is worth at present. */
    public CompletableFuture<Double> score(PeerId peer) {
        return look(r -> r.score(peer, now()));
    }

    private <T> CompletableFuture<T> look(Function<GossipRouter, T> look) {
        var result = new CompletableFuture<T>();
        scheduler.execute(() -> result.complete(look.apply(router)));
        return result;
    }

    // On the scheduler

    /* One task of the scheduler takes all that came meanwhile: messages are published in bursts. */
    private void run(Runnable task) {
        inbox.add(task);
        if (inboxScheduled.compareAndSet(false, true)) {
            scheduler.execute(this::takeInbox);
        }
    }

    private void takeInbox() {
        inboxScheduled.set(false);
        for (int taken = 0; taken < TAKEN_MAX; taken++) {
            Runnable task = inbox.poll();
            if (task == null) {
                return;
            }
            if (!closed) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.ERROR, "a task of gossip failed", e);
                }
                flushSoon();
            }
        }
        if (inboxScheduled.compareAndSet(false, true)) {
            scheduler.execute(this::takeInbox);
        }
    }

    private long now() {
        return clockMillis.getAsLong();
    }

    private void beatLater() {
        heartbeat = scheduler.schedule(config.heartbeat(), () -> {
            if (!closed) {
                try {
                    router.heartbeat(now());
                    flush();
                } finally {
                    beatLater();
                }
            }
        });
    }

    private void open(PeerId peer) {
        if (closed || outbound.containsKey(peer)) {
            return;
        }
        if (!opening.add(peer)) {
            openAgain.add(peer);
            return;
        }
        host.newStream(peer, PROTOCOLS.keySet().toArray(String[]::new))
                .whenComplete((stream, failure) -> scheduler.execute(() -> {
                    opening.remove(peer);
                    boolean again = openAgain.remove(peer);
                    if (failure != null) {
                        LOG.log(System.Logger.Level.DEBUG, () -> "no gossip with " + peer + ": " + failure);
                        notOpened(peer, failure, again);
                    } else if (closed || !host.isConnected(peer)) {
                        stream.reset();
                        refuseEarly(peer);
                    } else {
                        opened(stream);
                    }
                }));
    }

    private void refuseEarly(PeerId peer) {
        MessageStream waiting = early.remove(peer);
        if (waiting != null) {
            drop(waiting);
        }
    }

    private void opened(Stream stream) {
        PeerId peer = stream.peer();
        outbound.put(peer, new GossipOutbound(new MessageStream(stream, RPC_BYTES_MAX), scheduler));
        stream.closed().whenComplete((nothing, why) -> scheduler.execute(() -> lost(peer, stream)));
        PeerConnection connection = host.connections().stream()
                .filter(c -> c.peer().equals(peer))
                .findFirst()
                .orElse(null);
        boolean dialled = connection != null && !connection.inbound();
        String address = connection == null ? "" : GossipAddress.of(connection.remoteAddress());
        GossipPeer.Version version = PROTOCOLS.getOrDefault(stream.protocol(), GossipPeer.Version.FLOODSUB);
        router.peerAdded(peer, version, dialled, address);
        flush();
        MessageStream waiting = early.remove(peer);
        if (waiting != null) {
            read(new Inflow(waiting));
        }
    }

    /* The peer is still what it was: it does not say again what it subscribed to because our stream to it ended. */
    private void lost(PeerId peer, Stream stream) {
        GossipOutbound present = outbound.get(peer);
        if (present == null || present.stream().stream() != stream) {
            return;
        }
        if (closed || !host.isConnected(peer)) {
            remove(peer);
            return;
        }
        outbound.remove(peer);
        present.close();
        reopenLater(peer);
    }

    private void reopenLater(PeerId peer) {
        long now = now();
        Losses before = losses.get(peer);
        int count = before == null || now - before.lastMillis() >= 2 * REOPEN_MAX.toMillis() ? 0 : before.count();
        var loss = new Losses(count + 1, now);
        losses.put(peer, loss);
        scheduler.schedule(loss.pause(), () -> {
            if (!host.isConnected(peer)) {
                remove(peer);
            } else {
                open(peer);
            }
        });
    }

    /* The connection that was chosen may have ended, and another one be there: what is connected is tried again. */
    private void notOpened(PeerId peer, Throwable failure, boolean again) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean refused = cause instanceof HostException why && why.kind() == HostException.Kind.UNSUPPORTED_PROTOCOL;
        if (!closed && refused && again && host.isConnected(peer)) {
            open(peer);
        } else if (closed || refused || !host.isConnected(peer)) {
            remove(peer);
        } else {
            reopenLater(peer);
        }
    }

    private void remove(PeerId peer) {
        refuseEarly(peer);
        GossipOutbound gone = outbound.remove(peer);
        boolean waited = losses.remove(peer) != null;
        if (gone != null) {
            gone.close();
        }
        if (gone != null || waited) {
            router.peerRemoved(peer);
            flush();
        }
    }

    /** Behind the tasks that wait already: what they bring forth goes along in the same RPCs. */
    private void flushSoon() {
        if (++unflushed >= UNFLUSHED_MAX) {
            flush();
        } else if (unflushed == 1) {
            scheduler.execute(this::flush);
        }
    }

    private void flush() {
        unflushed = 0;
        for (var outputs = router.drain(); !outputs.isEmpty(); outputs = router.drain()) {
            outputs.forEach(this::perform);
        }
        if (!whenFlushed.isEmpty()) {
            var flushed = whenFlushed;
            whenFlushed = new ArrayList<>();
            flushed.forEach(Publication::flushed);
        }
    }

    private void perform(GossipRouter.Output output) {
        if (output instanceof GossipRouter.Send send) {
            GossipOutbound link = outbound.get(send.peer());
            if (link != null) {
                link.send(send.rpc());
            }
        } else if (output instanceof GossipRouter.Validate validate) {
            validate(validate);
        } else if (output instanceof GossipRouter.Connect connect) {
            connect.peers().forEach(this::connect);
        } else if (output instanceof GossipRouter.Follows change) {
            follows.onFollow(change.peer(), change.topic(), change.subscribed());
        }
    }

    private void validate(GossipRouter.Validate validate) {
        GossipHandler handler = handlers.get(validate.message().topic());
        CompletableFuture<GossipHandler.Verdict> verdict = handler == null
                ? CompletableFuture.completedFuture(GossipHandler.Verdict.IGNORE)
                : verdict(handler, validate);
        if (verdict.isDone() && !verdict.isCompletedExceptionally()) {
            router.validated(validate.id(), routed(verdict.join()));
            return;
        }
        verdict.whenComplete((result, failure) -> run(() -> {
            if (failure != null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the handler of " + validate.message().topic() + " failed",
                        failure);
            }
            router.validated(validate.id(), failure != null ? GossipRouter.Verdict.IGNORE : routed(result));
        }));
    }

    /* A handler that throws must not stop the outputs behind its message, nor leave the message under validation. */
    private static CompletableFuture<GossipHandler.Verdict> verdict(
            GossipHandler handler, GossipRouter.Validate validate) {
        try {
            return handler.onMessage(validate.message(), validate.from());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static GossipRouter.Verdict routed(GossipHandler.Verdict verdict) {
        return switch (verdict) {
            case ACCEPT -> GossipRouter.Verdict.ACCEPT;
            case IGNORE -> GossipRouter.Verdict.IGNORE;
            case REJECT -> GossipRouter.Verdict.REJECT;
        };
    }

    /** Only with a record that the peer itself has signed: a hint alone could send us anywhere. */
    private void connect(Rpc.PeerHint hint) {
        if (hint.signedRecord().length == 0) {
            return;
        }
        try {
            var record = dev.pando.libp2p.record.PeerRecord.open(hint.signedRecord());
            PeerId peer = PeerId.fromBytes(hint.peerId());
            if (record.peer().equals(peer) && !peer.equals(host.peerId()) && !host.isConnected(peer)) {
                record.addresses().forEach(address -> host.addAddress(peer, address));
                host.connect(peer).whenComplete((id, failure) -> {
                    if (failure != null) {
                        LOG.log(System.Logger.Level.DEBUG, () -> "peer exchange: " + peer + " " + failure);
                    }
                });
            }
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "peer exchange with a bad record: " + e.getMessage());
        }
    }

    private void onInbound(Stream stream) {
        scheduler.execute(() -> {
            if (closed) {
                stream.reset();
                return;
            }
            var messages = new MessageStream(stream, RPC_BYTES_MAX);
            MessageStream before = inbound.put(stream.peer(), messages);
            if (before != null) {
                before.reset();
            }
            if (outbound.containsKey(stream.peer())) {
                read(new Inflow(messages));
            } else {
                early.put(stream.peer(), messages);
                open(stream.peer());
            }
        });
    }

    private void read(Inflow flow) {
        flow.reading = true;
        flow.messages.read().whenComplete((bytes, failure) -> {
            if (failure != null || bytes == null) {
                scheduler.execute(() -> drop(flow.messages));
                return;
            }
            try {
                Rpc rpc = GossipCodec.decode(bytes);
                scheduler.execute(() -> received(flow, rpc));
            } catch (InvalidProtocolBufferException e) {
                LOG.log(System.Logger.Level.DEBUG, () -> "malformed gossip from " + flow.messages.peer());
                scheduler.execute(() -> drop(flow.messages));
            }
        });
    }

    private void drop(MessageStream messages) {
        inbound.remove(messages.peer(), messages);
        messages.reset();
    }

    private void received(Inflow flow, Rpc rpc) {
        flow.reading = false;
        if (closed) {
            drop(flow.messages);
            return;
        }
        flow.underWay++;
        Optional<Executor> verifier = policy.verifier();
        PeerId peer = flow.messages.peer();
        if (verifier.isEmpty()) {
            /* The next one is decrypted and decoded meanwhile. */
            if (router.score(peer, now()) >= GossipConfig.GOSSIP_THRESHOLD) {
                read(flow);
            }
            take(flow, rpc, policy);
            return;
        }
        CompletableFuture<? extends GossipRouter.Identity> check =
                rpc.messages().isEmpty() || router.isGraylisted(peer, now())
                        ? CompletableFuture.completedFuture(policy)
                        : check(rpc, verifier.get());
        flow.last = flow.last.thenCombine(check, (before, checked) -> checked).handle((checked, failure) -> {
            scheduler.execute(() -> {
                if (checked == null || closed) {
                    drop(flow.messages);
                } else {
                    take(flow, rpc, checked);
                }
            });
            return null;
        });
        if (flow.underWay < CHECKED_AT_ONCE_MAX && router.score(peer, now()) >= GossipConfig.GOSSIP_THRESHOLD) {
            read(flow);
        }
    }

    private CompletableFuture<SignatureCheck> check(Rpc rpc, Executor verifier) {
        var unknown = new ArrayList<GossipMessage>();
        for (GossipMessage message : rpc.messages()) {
            MessageId id = policy.of(message);
            if (id != null && router.isNew(id, message.topic())) {
                unknown.add(message);
            }
        }
        return new SignatureCheck(policy, unknown).run(verifier, SIGNATURES_A_TASK);
    }

    private void take(Inflow flow, Rpc rpc, GossipRouter.Identity identity) {
        flow.underWay--;
        PeerId peer = flow.messages.peer();
        router.received(peer, rpc, identity, now());
        flushSoon();
        if (flow.reading) {
            return;
        }
        double score = router.score(peer, now());
        /* Little or nothing of what it sends is heeded: it is read slowly, and so its sending held back. */
        if (score < GossipConfig.GRAYLIST_THRESHOLD) {
            readLater(flow, config.heartbeat());
        } else if (score < GossipConfig.GOSSIP_THRESHOLD) {
            readLater(flow, GossipConfig.DISTRUST_PAUSE);
        } else {
            read(flow);
        }
    }

    private void readLater(Inflow flow, Duration pause) {
        flow.reading = true;
        scheduler.schedule(pause, () -> read(flow));
    }
}
