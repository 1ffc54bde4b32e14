package dev.pando.libp2p.transport.memory;

import static dev.pando.libp2p.HostException.Kind.CLOSED;
import static dev.pando.libp2p.HostException.Kind.REFUSED;
import static dev.pando.libp2p.HostException.Kind.UNREACHABLE;
import static dev.pando.libp2p.HostException.Kind.WRONG_IDENTITY;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.multiaddr.Protocol;
import dev.pando.libp2p.transport.MuxedConnection;
import dev.pando.libp2p.transport.Transport;
import dev.pando.libp2p.yamux.YamuxLimits;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Dials and listens on {@code /memory/…}. */
public final class MemoryTransport implements Transport {
    private final Links links;
    private final PublicKey key;
    private final PeerId peer;
    private final Scheduler scheduler;
    private final YamuxLimits limits;
    /** In the order they were made, which is the same in each run of a simulation. */
    private final Set<MemoryConnection> connections = Collections.synchronizedSet(new LinkedHashSet<>());

    private final List<Multiaddr> addresses = new CopyOnWriteArrayList<>();
    private volatile @Nullable Consumer<MuxedConnection> onConnection;
    private volatile boolean closed;

    public MemoryTransport(Links links, PublicKey key, Scheduler scheduler, HostLimits limits) {
        this.links = links;
        this.key = key;
        this.peer = PeerId.of(key);
        this.scheduler = scheduler;
        this.limits = YamuxLimits.of(limits);
    }

    @Override
    public boolean canDial(Multiaddr address) {
        return address.consistsOf(Protocol.MEMORY);
    }

    @Override
    public List<Multiaddr> listen(Multiaddr address, Consumer<MuxedConnection> onConnection) {
        this.onConnection = onConnection;
        var made = Multiaddr.parse(links.listen(this));
        addresses.add(made);
        return List.of(made);
    }

    @Override
    public List<Multiaddr> addresses() {
        return List.copyOf(addresses);
    }

    @Override
    public CompletableFuture<MuxedConnection> dial(Multiaddr address, @Nullable PeerId expected) {
        var result = new CompletableFuture<MuxedConnection>();
        /* As over a real network, the answer comes later than the question. */
        scheduler.execute(() -> {
            try {
                result.complete(connect(address, expected));
            } catch (HostException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private MuxedConnection connect(Multiaddr address, @Nullable PeerId expected) throws HostException {
        var target = links.at(address.toString());
        var accept = target == null ? null : target.onConnection;
        if (target == null || accept == null || target.closed) {
            throw new HostException(REFUSED, "nobody listens at " + address);
        } else if (!links.open(peer, target.peer)) {
            throw new HostException(UNREACHABLE, address + " cannot be reached");
        } else if (expected != null && !expected.equals(target.peer)) {
            throw new HostException(WRONG_IDENTITY, "expected " + expected + " but " + target.peer + " answered");
        } else if (closed) {
            throw new HostException(CLOSED, "the host is closed");
        }
        var latency = links.latency(peer, target.peer);
        var from = Multiaddr.parse("/memory/0");
        var ours = new MemoryConnection(scheduler, links, limits, target.key, address, false, latency);
        var theirs = new MemoryConnection(target.scheduler, links, target.limits, key, from, true, latency);
        ours.join(theirs);
        theirs.join(ours);
        keep(ours);
        target.keep(theirs);
        target.scheduler.execute(() -> accept.accept(theirs));
        return ours;
    }

    private void keep(MemoryConnection connection) {
        connections.add(connection);
        connection.closed().whenComplete((done, why) -> connections.remove(connection));
    }

    /** Cuts the connections to {@code other}. */
    public void cut(PeerId other) {
        List.copyOf(connections).stream()
                .filter(connection -> PeerId.of(connection.remoteKey()).equals(other))
                .toList()
                .forEach(MemoryConnection::cut);
    }

    @Override
    public void close() {
        closed = true;
        links.forget(this);
        List.copyOf(connections).forEach(MemoryConnection::close);
    }
}
