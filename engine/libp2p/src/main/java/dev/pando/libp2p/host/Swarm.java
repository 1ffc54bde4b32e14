package dev.pando.libp2p.host;

import static dev.pando.libp2p.HostException.Kind.BACKOFF;
import static dev.pando.libp2p.HostException.Kind.CLOSED;
import static dev.pando.libp2p.HostException.Kind.LIMIT;
import static dev.pando.libp2p.HostException.Kind.NO_ADDRESS;
import static dev.pando.libp2p.HostException.Kind.UNSUPPORTED_ADDRESS;

import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerConnection;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.StreamHandler;
import dev.pando.libp2p.multistream.Negotiation;
import dev.pando.libp2p.protocol.identify.IdentifyProtocol;
import dev.pando.libp2p.protocol.ping.PingProtocol;
import dev.pando.libp2p.transport.MuxedConnection;
import dev.pando.libp2p.transport.MuxedStream;
import dev.pando.libp2p.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Host} over a {@link Transport}. The connection table, the dials and what peers said live on one scheduler;
 * streams run on those of their connections.
 */
public final class Swarm implements Host {
    private static final Logger LOG = System.getLogger(Swarm.class.getName());

    private final PeerId self;
    private final Transport transport;
    private final Scheduler scheduler;
    private final HostLimits limits;
    private final InstantSource clock;
    private final Map<String, StreamHandler> handlers = new ConcurrentHashMap<>();
    private final List<HostListener> listeners = new CopyOnWriteArrayList<>();
    private final LinkTable links;
    private final PeerStore peerStore;
    private final Trimming trimming;
    private volatile List<Multiaddr> addresses = List.of();
    private volatile boolean closed;

    /* On the scheduler only. */
    private final Map<PeerId, CompletableFuture<PeerId>> dials = new HashMap<>();
    private final Backoff backoff;
    private final DialQueue dialQueue;
    private final Identification identification;

    public Swarm(
            KeyPair identity,
            String agent,
            Transport transport,
            Scheduler scheduler,
            HostLimits limits,
            InstantSource clock,
            PeerStore peerStore) {
        this.self = identity.peerId();
        this.transport = transport;
        this.scheduler = scheduler;
        this.limits = limits;
        this.clock = clock;
        this.links = new LinkTable(self);
        this.peerStore = peerStore;
        this.trimming = new Trimming(limits);
        this.backoff = new Backoff(limits.knownPeersMax());
        this.dialQueue = new DialQueue(limits.parallelDialsMax(), scheduler);
        this.identification = new Identification(this, identity, agent, limits, clock, links, peerStore);
        handlers.put(IdentifyProtocol.ID, identification::onAsked);
        handlers.put(IdentifyProtocol.PUSH, identification::onPushed);
        handlers.put(PingProtocol.ID, new PingProtocol()::serve);
    }

    /** Listens on one more address; see {@link Transport#listen}. */
    public void listen(Multiaddr address) throws HostException {
        transport.listen(address, this::onInbound);
        refreshAddresses();
    }

    /** Looks at which addresses this host has now; its peers are told when they are others than before. */
    public void refreshAddresses() {
        var present = transport.addresses().stream()
                .map(plain -> plain.withPeerId(peerId()))
                .toList();
        if (!present.equals(addresses)) {
            addresses = present;
            run(identification::changed);
        }
    }

    @Override
    public PeerId peerId() {
        return self;
    }

    @Override
    public List<Multiaddr> addresses() {
        return addresses;
    }

    boolean canDial(Multiaddr address) {
        return transport.canDial(address);
    }

    Set<String> protocols() {
        return handlers.keySet();
    }

    // ---- connecting

    @Override
    public CompletableFuture<PeerId> connect(Multiaddr address) {
        var expected = address.peerId().orElse(null);
        var plain = address.withoutPeerId();
        if (!transport.canDial(plain)) {
            return failed(UNSUPPORTED_ADDRESS, address + " is not one that can be dialled here");
        }
        if (expected != null && expected.equals(peerId())) {
            return failed(UNSUPPORTED_ADDRESS, address + " is this host itself");
        }
        var result = new CompletableFuture<PeerId>();
        onScheduler(result, () -> {
            if (expected != null && links.usable(expected).isPresent()) {
                result.complete(expected);
                return;
            }
            dialQueue
                    .submit(() -> transport.dial(plain, expected))
                    .whenComplete(
                            (connection, why) -> onScheduler(result, () -> onDialled(connection, why, plain, result)));
        });
        return result;
    }

    private void onDialled(
            @Nullable MuxedConnection connection,
            @Nullable Throwable why,
            Multiaddr address,
            CompletableFuture<PeerId> result) {
        if (connection == null) {
            result.completeExceptionally(Failures.of(why));
            return;
        }
        try {
            var peer = admit(connection);
            peerStore.addAddress(peer, address);
            result.complete(peer);
        } catch (HostException e) {
            result.completeExceptionally(e);
        }
    }

    @Override
    public CompletableFuture<PeerId> connect(PeerId peer) {
        var result = new CompletableFuture<PeerId>();
        onScheduler(
                result,
                () -> dial(peer).whenComplete((done, why) -> {
                    if (why != null) {
                        result.completeExceptionally(Failures.of(why));
                    } else {
                        result.complete(peer);
                    }
                }));
        return result;
    }

    /* Those who want the same peer share one dial. */
    private CompletableFuture<PeerId> dial(PeerId peer) {
        if (links.usable(peer).isPresent()) {
            return CompletableFuture.completedFuture(peer);
        }
        var underWay = dials.get(peer);
        if (underWay != null) {
            return underWay;
        }
        var candidates =
                peerStore.addresses(peer).stream().filter(transport::canDial).toList();
        if (peer.equals(peerId()) || candidates.isEmpty()) {
            return failed(NO_ADDRESS, "no address of " + peer + " is known");
        }
        var wait = backoff.remaining(peer, clock.instant());
        if (wait.isPresent()) {
            return failed(
                    BACKOFF,
                    peer + " could not be reached; it may be tried again in "
                            + wait.get().toMillis() + " ms");
        }
        var result = new CompletableFuture<PeerId>();
        dials.put(peer, result);
        Dial.run(scheduler, candidates, address -> dialQueue.submit(() -> transport.dial(address, peer)))
                .whenComplete((connection, why) -> onScheduler(result, () -> {
                    dials.remove(peer);
                    try {
                        if (connection == null) {
                            throw Failures.of(why);
                        }
                        result.complete(admit(connection));
                    } catch (HostException e) {
                        if (links.usable(peer).isPresent()) {
                            result.complete(peer); // it reached us meanwhile
                        } else {
                            backoff.failed(peer, clock.instant());
                            result.completeExceptionally(e);
                        }
                    }
                }));
        return result;
    }

    private void onInbound(MuxedConnection connection) {
        run(() -> {
            try {
                admit(connection);
            } catch (HostException e) {
                LOG.log(Level.DEBUG, () -> "refused " + connection.remoteAddress() + ": " + e.getMessage());
            }
        });
    }

    /** Takes a proven connection into the table, or closes it. */
    private PeerId admit(MuxedConnection connection) throws HostException {
        var peer = PeerId.of(connection.remoteKey());
        HostException refusal = null;
        if (closed) {
            refusal = new HostException(CLOSED, "the host is closed");
        } else if (peer.equals(peerId())) {
            refusal = new HostException(UNSUPPORTED_ADDRESS, connection.remoteAddress() + " is this host itself");
        } else if (links.size() >= limits.connectionsMax()) {
            refusal = new HostException(LIMIT, links.size() + " connections are open already");
        }
        if (refusal != null) {
            connection.close();
            throw refusal;
        }
        var now = clock.instant();
        var link = new Link(peer, connection, now);
        boolean first = links.of(peer).isEmpty();
        links.add(link, now).ifPresent(retired -> retired.connection.retire());
        trimming.select(links.each(), now).forEach(surplus -> surplus.connection.close());
        backoff.forget(peer);
        connection.closed().whenComplete((done, why) -> run(() -> onGone(link)));
        connection.start(stream -> onStream(link, stream));
        if (first) {
            tell(listener -> listener.onConnected(peer));
        }
        if (first || !identification.isHeardOrAsked(peer)) {
            identification.ask(link);
        }
        return peer;
    }

    private void onGone(Link link) {
        if (!links.remove(link)) {
            return;
        }
        if (links.of(link.peer).isEmpty()) {
            identification.forget(link.peer);
            tell(listener -> listener.onDisconnected(link.peer));
        } else if (!identification.hasHeardOf(link.peer)) {
            links.usable(link.peer).ifPresent(identification::ask);
        }
    }

    @Override
    public CompletableFuture<Void> disconnect(PeerId peer) {
        var result = new CompletableFuture<Void>();
        onScheduler(result, () -> {
            var all = links.of(peer);
            all.forEach(link -> link.connection.close());
            var gone = all.stream().map(link -> link.connection.closed()).toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(gone)
                    .whenComplete((done, why) -> onScheduler(result, () -> {
                        all.forEach(this::onGone);
                        result.complete(null);
                    }));
        });
        return result;
    }

    @Override
    public void protect(PeerId peer, String tag) {
        trimming.protect(peer, tag);
    }

    @Override
    public void unprotect(PeerId peer, String tag) {
        trimming.unprotect(peer, tag);
    }

    @Override
    public boolean isConnected(PeerId peer) {
        return !links.of(peer).isEmpty();
    }

    @Override
    public Collection<PeerConnection> connections() {
        return links.all().stream().map(all -> all.get(0).describe()).toList();
    }

    @Override
    public void addAddress(PeerId peer, Multiaddr address) {
        peerStore.addAddress(peer, address);
        run(() -> backoff.forget(peer));
    }

    @Override
    public List<Multiaddr> knownAddresses(PeerId peer) {
        return peerStore.addresses(peer);
    }

    @Override
    public List<PeerId> knownPeers() {
        return peerStore.peers();
    }

    @Override
    public Optional<byte[]> signedRecord(PeerId peer) {
        return peerStore.signedRecord(peer);
    }

    // ---- streams

    @Override
    public CompletableFuture<Stream> newStream(PeerId peer, String... protocols) {
        if (protocols.length == 0) {
            throw new IllegalArgumentException("no protocol was named");
        }
        var result = new CompletableFuture<Stream>();
        onScheduler(
                result,
                () -> dial(peer).whenComplete((done, why) -> {
                    var link = links.usable(peer);
                    if (why != null || link.isEmpty()) {
                        result.completeExceptionally(
                                why != null
                                        ? Failures.of(why)
                                        : new HostException(CLOSED, "the connection to " + peer + " is closed"));
                    } else {
                        open(link.get(), List.of(protocols), result);
                    }
                }));
        return result;
    }

    /** Opens a stream on {@code link}, or another connection to its peer when that one is being retired. */
    CompletableFuture<Stream> open(Link link, List<String> protocols) {
        var result = new CompletableFuture<Stream>();
        open(link, protocols, result);
        return result;
    }

    private void open(Link link, List<String> protocols, CompletableFuture<Stream> result) {
        link.connection.openStream().whenComplete((stream, why) -> {
            if (why == null) {
                negotiate(link, stream, protocols, result);
            } else {
                onScheduler(result, () -> openOnAnother(link, protocols, Failures.of(why), result));
            }
        });
    }

    /* Of two connections that were dialled at once one is retired, perhaps the one that was just chosen. */
    private void openOnAnother(
            Link retired, List<String> protocols, HostException why, CompletableFuture<Stream> result) {
        var other = links.usable(retired.peer).filter(link -> link != retired && why.kind() == CLOSED);
        if (other.isPresent()) {
            open(other.get(), protocols, result);
        } else {
            result.completeExceptionally(why);
        }
    }

    private void negotiate(Link link, MuxedStream stream, List<String> protocols, CompletableFuture<Stream> result) {
        var negotiation = Negotiation.dialer(protocols);
        Negotiator.run(stream, negotiation, link.connection.scheduler(), limits.stageTimeout())
                .whenComplete((agreed, why) -> {
                    if (why != null) {
                        result.completeExceptionally(Failures.of(why));
                    } else if (!result.complete(new PeerStream(stream, link.peer, agreed, false))) {
                        stream.reset(); // whoever asked has given up
                    }
                });
    }

    private void onStream(Link link, MuxedStream stream) {
        var negotiation = Negotiation.listener(handlers::containsKey);
        Negotiator.run(stream, negotiation, link.connection.scheduler(), limits.stageTimeout())
                .whenComplete((agreed, why) -> {
                    if (why == null) {
                        serve(link, stream, agreed);
                    }
                });
    }

    private void serve(Link link, MuxedStream stream, Negotiator.Agreed agreed) {
        String protocol = agreed.protocol();
        var handler = handlers.get(protocol);
        if (handler == null || !link.enter(protocol, limits.inboundStreamsPerProtocolMax())) {
            stream.reset();
            return;
        }
        stream.closed().whenComplete((done, why) -> link.leave(protocol));
        try {
            handler.onStream(new PeerStream(stream, link.peer, agreed, true));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the handler of " + protocol + " failed", e);
            stream.reset();
        }
    }

    @Override
    public void handle(String protocol, StreamHandler handler) {
        handlers.put(protocol, handler);
        run(identification::changed);
    }

    @Override
    public void unhandle(String protocol) {
        handlers.remove(protocol);
        run(identification::changed);
    }

    // ---- events

    @Override
    public void addListener(HostListener listener) {
        listeners.add(listener);
        /* A host listens before all is there that uses it, and peers that wait for it connect at once. */
        run(() -> identification.each((peer, info) -> {
            if (listeners.contains(listener)) {
                tell(listener, l -> l.onIdentified(peer, info));
            }
        }));
    }

    @Override
    public void removeListener(HostListener listener) {
        listeners.remove(listener);
    }

    void tell(Consumer<HostListener> event) {
        for (var listener : listeners) {
            tell(listener, event);
        }
    }

    private static void tell(HostListener listener, Consumer<HostListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a listener failed", e);
        }
    }

    // ---- ends

    /** Ends all connections, and the transport; the scheduler is its owner's to end. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            transport.close();
        }
    }

    private static <T> CompletableFuture<T> failed(HostException.Kind kind, String message) {
        return CompletableFuture.failedFuture(new HostException(kind, message));
    }

    private void onScheduler(CompletableFuture<?> result, Runnable task) {
        try {
            if (!closed) {
                scheduler.execute(task);
                return;
            }
        } catch (RejectedExecutionException e) {
            LOG.log(Level.TRACE, "asked while closing", e);
        }
        result.completeExceptionally(new HostException(CLOSED, "the host is closed"));
    }

    /** Runs {@code task} where the state of the host lives. */
    void run(Runnable task) {
        try {
            scheduler.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.TRACE, "told while closing", e);
        }
    }
}
