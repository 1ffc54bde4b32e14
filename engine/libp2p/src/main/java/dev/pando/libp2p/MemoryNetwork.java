package dev.pando.libp2p;

import dev.pando.libp2p.host.PeerStore;
import dev.pando.libp2p.host.Swarm;
import dev.pando.libp2p.multiaddr.Protocol;
import dev.pando.libp2p.transport.memory.Links;
import dev.pando.libp2p.transport.memory.MemoryTransport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hosts within one process, without sockets. They do all that real ones do but encrypt: the same multiplexer,
 * negotiation, identify and limits. Nothing happens but on the executors of the hosts: when all share one that runs its
 * tasks one after the other, and the clock is a virtual one, a run repeats exactly. Thread-safe.
 */
public final class MemoryNetwork {
    private final InstantSource clock;
    private final AtomicLong lastAddress = new AtomicLong();
    private final Map<String, MemoryTransport> listening = new ConcurrentHashMap<>();
    private final Map<PeerId, MemoryTransport> transports = new ConcurrentHashMap<>();
    private final Set<Pair> blocked = ConcurrentHashMap.newKeySet();
    private volatile BiFunction<PeerId, PeerId, Duration> latency = (from, to) -> Duration.ZERO;

    public MemoryNetwork() {
        this(InstantSource.system());
    }

    public MemoryNetwork(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * A new host, which listens at an address of its own.
     *
     * @param executor runs one task at a time. When it is a {@link Scheduler} there are timeouts and latencies, else
     *     what should happen later does not: a peer that never answers is waited for
     */
    public Host newHost(KeyPair identity, Executor executor) {
        return newHost(identity, executor, HostLimits.DEFAULT);
    }

    public Host newHost(KeyPair identity, Executor executor, HostLimits limits) {
        var scheduler = executor instanceof Scheduler timed ? timed : new Untimed(executor);
        var transport = new MemoryTransport(new Between(), identity.publicKey(), scheduler, limits);
        var host = new Swarm(identity, "pando-memory", transport, scheduler, limits, clock, new PeerStore(limits));
        transports.put(identity.peerId(), transport);
        try {
            host.listen(Multiaddr.parse("/memory/0"));
        } catch (HostException e) {
            throw new IllegalStateException("there is an address for everybody", e);
        }
        return host;
    }

    /** Cuts what connects the two, and refuses connections between them until {@link #unblock}. */
    public void block(PeerId one, PeerId other) {
        blocked.add(Pair.of(one, other));
        disconnect(one, other);
    }

    public void unblock(PeerId one, PeerId other) {
        blocked.remove(Pair.of(one, other));
    }

    /** Cuts the connections between the two, as when a line breaks; they may connect again. */
    public void disconnect(PeerId one, PeerId other) {
        var transport = transports.get(one);
        if (transport != null) {
            transport.cut(other);
        }
    }

    /** How long bytes are under way from one host to another, for connections made from now on. */
    public void latency(BiFunction<PeerId, PeerId, Duration> latency) {
        this.latency = latency;
    }

    /** Two peers, whichever is named first. */
    private record Pair(PeerId smaller, PeerId greater) {
        static Pair of(PeerId one, PeerId other) {
            return one.compareTo(other) < 0 ? new Pair(one, other) : new Pair(other, one);
        }
    }

    /** An executor without a clock. */
    private record Untimed(Executor executor) implements Scheduler {
        @Override
        public void execute(Runnable task) throws RejectedExecutionException {
            executor.execute(task);
        }

        @Override
        public Runnable schedule(Duration delay, Runnable task) {
            return () -> {};
        }
    }

    private final class Between implements Links {
        @Override
        public @Nullable MemoryTransport at(String address) {
            return listening.get(address);
        }

        @Override
        public String listen(MemoryTransport transport) {
            String address = "/" + Protocol.MEMORY.text() + "/" + lastAddress.incrementAndGet();
            listening.put(address, transport);
            return address;
        }

        @Override
        public void forget(MemoryTransport transport) {
            listening.values().remove(transport);
            transports.values().remove(transport);
        }

        @Override
        public boolean open(PeerId one, PeerId other) {
            return !blocked.contains(Pair.of(one, other));
        }

        @Override
        public Duration latency(PeerId from, PeerId to) {
            return latency.apply(from, to);
        }

        @Override
        public long nanoTime() {
            var now = clock.instant();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }
    }
}
