package dev.pando.simulation;

import static dev.pando.libp2p.HostException.Kind.CLOSED;
import static dev.pando.libp2p.HostException.Kind.NO_ADDRESS;
import static dev.pando.libp2p.HostException.Kind.REFUSED;
import static dev.pando.libp2p.HostException.Kind.RESET;
import static dev.pando.libp2p.HostException.Kind.TIMEOUT;
import static dev.pando.libp2p.HostException.Kind.UNSUPPORTED_PROTOCOL;
import static dev.pando.libp2p.HostException.Kind.WRONG_IDENTITY;

import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerConnection;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.StreamHandler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A host whose wires are those of a {@link SimNetwork}. */
final class SimHost implements Host {

    private static final long DIAL_TIMEOUT_NANOS =
            HostLimits.DEFAULT.dialTimeout().toNanos();
    private static final long NEGOTIATION_TIMEOUT_NANOS =
            HostLimits.DEFAULT.stageTimeout().toNanos();

    /** Round trips of a handshake: TCP, Noise. */
    private static final int HANDSHAKE_CROSSINGS = 5;

    private final SimNetwork network;
    private final SimMachine machine;
    private final SimLife life;
    private final KeyPair identity;
    private final List<Multiaddr> addresses;
    private final Map<PeerId, SimConnection.End> connections = new TreeMap<>();
    private final Map<PeerId, List<Multiaddr>> known = new TreeMap<>();
    private final Map<String, StreamHandler> handlers = new TreeMap<>();
    private final List<HostListener> listeners = new ArrayList<>();
    private boolean closed;

    SimHost(SimNetwork network, SimMachine machine, KeyPair identity, List<Multiaddr> addresses) {
        this.network = network;
        this.machine = machine;
        this.life = machine.life();
        this.identity = identity;
        this.addresses = List.copyOf(addresses);
    }

    SimMachine machine() {
        return machine;
    }

    boolean isAlive() {
        return life.isAlive() && !closed;
    }

    @Override
    public PeerId peerId() {
        return identity.peerId();
    }

    @Override
    public List<Multiaddr> addresses() {
        return addresses.stream().map(a -> a.withPeerId(peerId())).toList();
    }

    // Dialling

    @Override
    public CompletableFuture<PeerId> connect(Multiaddr address) {
        Optional<PeerId> expected = address.peerId();
        if (expected.isPresent() && isConnected(expected.get())) {
            return CompletableFuture.completedFuture(expected.get());
        }
        return dial(address, expected);
    }

    @Override
    public CompletableFuture<PeerId> connect(PeerId peer) {
        if (isConnected(peer)) {
            return CompletableFuture.completedFuture(peer);
        }
        List<Multiaddr> at = knownAddresses(peer);
        if (at.isEmpty()) {
            return failed(NO_ADDRESS, "no address of " + peer + " is known");
        }
        return dial(at.get(at.size() - 1), Optional.of(peer));
    }

    private CompletableFuture<PeerId> dial(Multiaddr address, Optional<PeerId> expected) {
        if (!isAlive()) {
            return failed(CLOSED, "this host is closed");
        }
        var result = new CompletableFuture<PeerId>();
        SimHost target = network.listener(address);
        int there = target == null ? machine.index() : target.machine.index();
        if (unreachable(there)) {
            after(DIAL_TIMEOUT_NANOS, "dial timeout", () -> fail(result, TIMEOUT, "no answer from " + address));
            return result;
        }
        long crossings = 0;
        for (int i = 0; i < HANDSHAKE_CROSSINGS; i++) {
            crossings += network.latencyNanos();
        }
        after(crossings, "dial", () -> handshake(address, expected, result));
        return result;
    }

    private boolean unreachable(int there) {
        return network.isCut(machine.index(), there) || network.isCut(there, machine.index());
    }

    private void handshake(Multiaddr address, Optional<PeerId> expected, CompletableFuture<PeerId> result) {
        SimHost target = network.listener(address);
        if (target == null) {
            fail(result, REFUSED, "nobody listens at " + address);
        } else if (unreachable(target.machine.index())) {
            after(DIAL_TIMEOUT_NANOS, "dial timeout", () -> fail(result, TIMEOUT, "no answer from " + address));
        } else if (target == this || expected.isPresent() && !expected.get().equals(target.peerId())) {
            fail(result, WRONG_IDENTITY, target.peerId() + " answered at " + address);
        } else {
            PeerId peer = target.peerId();
            addAddress(peer, address);
            if (!isConnected(peer)
                    || !target.isConnected(peerId())
                    || network.random().nextBoolean()) {
                establish(target, address);
            }
            result.complete(peer);
        }
    }

    /* A connection that is there already gives way: after a crash or a cut the other end may not know that it is dead. */
    private void establish(SimHost target, Multiaddr address) {
        var connection = new SimConnection(network, this, target, address);
        network.opened(connection);
        target.established(connection.acceptor);
        established(connection.dialer);
        for (SimConnection.End end : List.of(connection.dialer, connection.acceptor)) {
            SimHost other = end.other().host;
            end.send(0, () -> other.identified(end.host));
        }
    }

    private void established(SimConnection.End end) {
        PeerId peer = end.other().host.peerId();
        SimConnection.End before = connections.put(peer, end);
        if (before == null) {
            tell(l -> l.onConnected(peer));
        } else {
            before.close("replaced by a newer connection");
        }
    }

    private void identified(SimHost other) {
        other.addresses.forEach(a -> addAddress(other.peerId(), a));
        var info = new Identify(
                other.peerId(),
                "pando/1",
                "simulation",
                other.addresses,
                other.handlers.keySet(),
                Optional.empty(),
                Optional.empty());
        tell(l -> l.onIdentified(other.peerId(), info));
    }

    /** Called by the end itself. */
    void ended(SimConnection.End end) {
        PeerId peer = end.other().host.peerId();
        if (connections.remove(peer, end)) {
            tell(l -> l.onDisconnected(peer));
        }
    }

    /* In an event of its own, as a host's thread would: never within the call that caused it. */
    private void tell(Consumer<HostListener> what) {
        after(0, "host listener", () -> List.copyOf(listeners).forEach(what));
    }

    private void after(long nanos, String what, Runnable task) {
        network.simulation().schedule(nanos, life, what, task);
    }

    @Override
    public CompletableFuture<Void> disconnect(PeerId peer) {
        SimConnection.End end = connections.get(peer);
        if (end != null) {
            end.close("closed here");
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isConnected(PeerId peer) {
        return connections.containsKey(peer);
    }

    @Override
    public Collection<PeerConnection> connections() {
        return connections.values().stream().map(SimConnection.End::view).toList();
    }

    // Streams

    @Override
    public CompletableFuture<Stream> newStream(PeerId peer, String... protocols) {
        var result = new CompletableFuture<Stream>();
        connect(peer).whenComplete((connected, failure) -> {
            SimConnection.End end = connections.get(peer);
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (end == null) {
                fail(result, RESET, "the connection to " + peer + " ended");
            } else {
                negotiate(end, protocols, result);
            }
        });
        return result;
    }

    private void negotiate(SimConnection.End end, String[] protocols, CompletableFuture<Stream> result) {
        PeerId peer = end.other().host.peerId();
        end.opening.add(result);
        result.whenComplete((stream, failure) -> end.opening.remove(result));
        end.send(0, () -> end.other().host.accept(end, protocols, result));
        after(
                NEGOTIATION_TIMEOUT_NANOS,
                "negotiation timeout",
                () -> fail(result, TIMEOUT, peer + " did not agree on a protocol"));
    }

    /** Runs at the host that is asked. */
    private void accept(SimConnection.End opener, String[] protocols, CompletableFuture<Stream> result) {
        SimConnection.End here = opener.other();
        String protocol = Arrays.stream(protocols)
                .filter(handlers::containsKey)
                .findFirst()
                .orElse("");
        StreamHandler handler = handlers.get(protocol);
        if (handler == null) {
            here.send(
                    0,
                    () -> fail(result, UNSUPPORTED_PROTOCOL, peerId() + " serves none of " + Arrays.asList(protocols)));
            return;
        }
        long same = here.streams.stream()
                .filter(s -> s.inbound() && s.protocol().equals(protocol))
                .count();
        if (same >= HostLimits.DEFAULT.inboundStreamsPerProtocolMax()) {
            here.send(0, () -> fail(result, RESET, peerId() + " has too many streams of " + protocol));
            return;
        }
        SimStream accepted = SimStream.accepted(here, protocol);
        SimStream opened = accepted.remote();
        here.send(0, () -> {
            if (result.isDone()) {
                opened.reset();
            } else {
                opener.streams.add(opened);
                result.complete(opened);
            }
        });
        after(0, "stream handler", () -> {
            try {
                handler.onStream(accepted);
            } catch (RuntimeException e) {
                accepted.reset();
                network.simulation().failed(e);
            }
        });
    }

    @Override
    public void handle(String protocol, StreamHandler handler) {
        handlers.put(protocol, handler);
        for (SimConnection.End end : connections.values()) {
            end.send(0, () -> end.other().host.identified(this));
        }
    }

    @Override
    public void unhandle(String protocol) {
        handlers.remove(protocol);
    }

    // Peers

    @Override
    public void addListener(HostListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(HostListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void addAddress(PeerId peer, Multiaddr address) {
        List<Multiaddr> of = known.computeIfAbsent(peer, p -> new ArrayList<>());
        of.remove(address.withoutPeerId());
        of.add(address.withoutPeerId());
    }

    @Override
    public List<Multiaddr> knownAddresses(PeerId peer) {
        return List.copyOf(known.getOrDefault(peer, List.of()));
    }

    @Override
    public void close() {
        if (!closed) {
            new LinkedHashMap<>(connections).values().forEach(end -> end.close("this host is closed"));
            network.closed(this, addresses);
            closed = true;
        }
    }

    private static <T> CompletableFuture<T> failed(HostException.Kind kind, String message) {
        return CompletableFuture.failedFuture(new HostException(kind, message));
    }

    private static void fail(CompletableFuture<?> result, HostException.Kind kind, @Nullable String message) {
        result.completeExceptionally(new HostException(kind, String.valueOf(message)));
    }
}
