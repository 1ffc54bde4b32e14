package dev.pando.simulation;

import static dev.pando.libp2p.HostException.Kind.ADDRESS_IN_USE;

import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Multiaddr;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The wires between machines. Bytes of a connection arrive late but whole and in order, or the connection ends: as with
 * TCP, what is lost is lost with the connection.
 *
 * <p>A direction between two machines may be cut. Bytes under way wait then; when it stays cut for longer than a
 * keepalive takes, both ends give the connection up, each in its own time.
 */
public final class SimNetwork {

    /** Silence after which an end gives a connection up: interval and timeout of a ping. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(35);

    private static final Duration KEEPALIVE_SPREAD = Duration.ofSeconds(5);

    private final Simulation simulation;
    private final SplittableRandom random;
    private final Map<String, SimHost> listeners = new TreeMap<>();
    private final LinkedHashSet<SimConnection> connections = new LinkedHashSet<>();
    private final Map<String, Long> cuts = new TreeMap<>();
    private Duration latencyMin = Duration.ofMillis(1);
    private Duration latencyMax = Duration.ofMillis(20);
    private long bytesPerSecond = Long.MAX_VALUE;
    private long delivered;
    private boolean smallTalk;

    SimNetwork(Simulation simulation) {
        this.simulation = simulation;
        this.random = simulation.random("network");
    }

    /** Sees what is written to streams, before it is on its way. */
    @FunctionalInterface
    public interface Tap {
        /** @param data one write, not to be changed */
        void written(int from, int to, String protocol, ByteBuffer data);
    }

    private Tap tap = (from, to, protocol, data) -> {};

    // What a test sets

    /** Shows {@code listener} all that is written from now on. */
    public SimNetwork tap(Tap listener) {
        tap = listener;
        return this;
    }

    void written(SimConnection.End end, String protocol, ByteBuffer data) {
        tap.written(end.host.machine().index(), end.other().host.machine().index(), protocol, data.asReadOnlyBuffer());
    }

    /** One way from machine to machine takes between {@code min} and {@code max}. */
    public SimNetwork latency(Duration min, Duration max) {
        latencyMin = min;
        latencyMax = max;
        return this;
    }

    /** What each direction of a connection carries. */
    public SimNetwork bandwidth(long bytesPerSecondOfEach) {
        bytesPerSecond = bytesPerSecondOfEach;
        return this;
    }

    /** Nothing arrives at {@code to} from {@code from} any more. */
    public void cut(int from, int to) {
        String direction = key(from, to);
        if (cuts.putIfAbsent(direction, simulation.nowNanos()) != null) {
            return;
        }
        long since = simulation.nowNanos();
        for (int end : new int[] {from, to}) {
            long delay = KEEPALIVE.toNanos() + random.nextLong(KEEPALIVE_SPREAD.toNanos());
            simulation.schedule(delay, SimLife.WORLD, "keepalive", () -> {
                if (Long.valueOf(since).equals(cuts.get(direction))) {
                    giveUp(end, end == from ? to : from);
                }
            });
        }
    }

    private void giveUp(int at, int other) {
        for (SimConnection connection : List.copyOf(connections)) {
            connection.giveUp(at, other);
        }
    }

    /** Ends a {@link #cut}; what waits arrives. */
    public void mend(int from, int to) {
        if (cuts.remove(key(from, to)) != null) {
            List.copyOf(connections).forEach(SimConnection::resume);
        }
    }

    /** Ends all cuts. */
    public void mendAll() {
        cuts.clear();
        List.copyOf(connections).forEach(SimConnection::resume);
    }

    /** Breaks the connections between two machines; what is under way is lost. */
    public void reset(int a, int b) {
        for (SimConnection connection : List.copyOf(connections)) {
            if (connection.joins(a, b)) {
                connection.breakOff();
            }
        }
    }

    /** Breaks every connection. */
    public void resetAll() {
        List.copyOf(connections).forEach(SimConnection::breakOff);
    }

    /** Nodes that subscribed compare at intervals for ever: from now on only what they write counts as activity. */
    void expectSmallTalk() {
        smallTalk = true;
    }

    /** Bytes of streams that have arrived. */
    public long bytesDelivered() {
        return delivered;
    }

    // What hosts use

    Host newHost(SimMachine machine, KeyPair identity, List<String> listen) throws HostException {
        var addresses = new ArrayList<Multiaddr>();
        for (String text : listen) {
            Multiaddr address = Multiaddr.parse(text).withoutPeerId();
            SimHost holder = listeners.get(address.toString());
            if (holder != null && holder.isAlive()) {
                throw new HostException(ADDRESS_IN_USE, address + " is in use");
            }
            addresses.add(address);
        }
        var host = new SimHost(this, machine, identity, addresses);
        addresses.forEach(address -> listeners.put(address.toString(), host));
        return host;
    }

    void closed(SimHost host, List<Multiaddr> addresses) {
        addresses.forEach(address -> listeners.remove(address.toString(), host));
    }

    @Nullable
    SimHost listener(Multiaddr address) {
        SimHost host = listeners.get(address.withoutPeerId().toString());
        return host != null && host.isAlive() ? host : null;
    }

    Simulation simulation() {
        return simulation;
    }

    SplittableRandom random() {
        return random;
    }

    long latencyNanos() {
        long spread = latencyMax.minus(latencyMin).toNanos();
        return latencyMin.toNanos() + (spread > 0 ? random.nextLong(spread) : 0);
    }

    long transferNanos(int bytes) {
        return bytesPerSecond == Long.MAX_VALUE ? 0 : (long) (bytes * 1e9 / bytesPerSecond);
    }

    boolean isCut(int from, int to) {
        return !cuts.isEmpty() && cuts.containsKey(key(from, to));
    }

    void opened(SimConnection connection) {
        connections.add(connection);
    }

    void ended(SimConnection connection) {
        connections.remove(connection);
    }

    void delivered(int bytes, int hash) {
        delivered += bytes;
        simulation.note(hash);
        if (!smallTalk) {
            simulation.active();
        }
    }

    /** The process of a machine has ended; {@code silent} when its kernel could not tell anybody. */
    void crashed(SimMachine machine, boolean silent) {
        for (SimConnection connection : List.copyOf(connections)) {
            connection.crashed(machine, silent);
        }
    }

    long keepaliveNanos() {
        return KEEPALIVE.toNanos() + random.nextLong(KEEPALIVE_SPREAD.toNanos());
    }

    private static String key(int from, int to) {
        return from + ">" + to;
    }
}
