package dev.pando.libp2p.transport.tcp;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Waiting;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A host that is attacked over real sockets, while an honest peer asks it something all the time. Of every attack it is
 * asserted at its end that each honest request was answered within its deadline, and what the host holds in memory and
 * connections and has spent of the processor. How and when the attacker is thrown out is each test's own matter.
 */
abstract class UnderAttack {
    /* Long enough for an honest peer on a machine that is busy with other tests, too. */
    static final Duration STAGE = Duration.ofSeconds(1);
    static final Duration HANDSHAKE = Duration.ofMillis(2_500);

    private static final Duration HONEST_DEADLINE = Duration.ofSeconds(5);
    private static final long HONEST_PACE_NANOS = 5_000_000;

    /** What an attacker may make the host hold, heap and direct buffers together, at any time it is looked at. */
    static final long HELD_BYTES_MAX = 16 << 20;

    /** Processor time of all the host's threads during one attack, its honest work included. */
    private static final Duration CPU_MAX = Duration.ofSeconds(4);

    /** The honest peer's, and those of an attacker that are within the limits of an address. */
    private static final int CONNECTIONS_MAX = 1 + HostLimits.DEFAULT.connectionsPerAddressMax();

    private static final String THREADS = "victim-";

    static final String ECHO = "/test/echo/1.0.0";
    static final KeyPair ATTACKER_KEY = key(9);
    static final PeerId ATTACKER = ATTACKER_KEY.peerId();

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Thread honestWork = new Thread(this::workHonestly, "honest");
    private volatile boolean over;
    private volatile int answered;
    private volatile @Nullable Throwable broken;
    private volatile Duration slowest = Duration.ZERO;
    private long heldBefore;

    Libp2pHost victim;
    private Libp2pHost honest;

    private static HostLimits limits() {
        var d = HostLimits.DEFAULT;
        return new HostLimits(
                d.connectionsMax(),
                d.handshakesPerAddressMax(),
                d.connectionsPerAddressMax(),
                d.inboundStreamsPerConnectionMax(),
                d.inboundStreamsPerProtocolMax(),
                d.outboundStreamsPerConnectionMax(),
                d.parallelDialsMax(),
                d.dialTimeout(),
                HANDSHAKE,
                STAGE,
                d.keepaliveInterval(),
                d.streamWindowMax(),
                d.sendBufferMax(),
                d.knownPeersMax(),
                d.addressesPerPeerMax());
    }

    @BeforeEach
    void startVictim() throws Exception {
        victim = Libp2pHost.builder(key(1))
                .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                .limits(limits())
                .loopbackExempt(false)
                .threadPrefix(THREADS)
                .start();
        victim.handle(ECHO, Waiting::echo);
        honest = Libp2pHost.builder(key(2)).threads(1).start();
        await(honest.connect(address()));
        honestWorks();
        heldBefore = heldBytes();
        honestWork.start();
    }

    @AfterEach
    void assertBounds() throws Exception {
        Duration cpu = cpuOfVictim();
        int connections = victim.connections().size();
        over = true;
        honestWork.join();
        long held = heldBytes() - heldBefore;
        for (var each : open) {
            each.close();
        }
        honestWorks();
        honest.close();
        victim.close();
        assertThat(broken).as("honest requests are answered").isNull();
        assertThat(answered).isPositive();
        assertThat(slowest).isLessThan(HONEST_DEADLINE);
        assertThat(cpu).isLessThan(CPU_MAX);
        assertThat(connections).isLessThanOrEqualTo(CONNECTIONS_MAX);
        assertThat(held).isLessThan(HELD_BYTES_MAX);
    }

    private void workHonestly() {
        /* Once at least: an attack may be over before this thread had its turn. */
        do {
            try {
                honestWorks();
                answered++;
            } catch (AssertionError | RuntimeException e) {
                broken = e;
            }
            LockSupport.parkNanos(HONEST_PACE_NANOS);
        } while (!over && broken == null);
    }

    /** One request of the honest peer. */
    final void honestWorks() {
        long start = System.nanoTime();
        var stream = await(honest.newStream(victim.peerId(), ECHO));
        stream.write(ByteBuffer.wrap(new byte[] {5}));
        assertThat(await(stream.read()).get()).isEqualTo((byte) 5);
        stream.reset();
        var took = Duration.ofNanos(System.nanoTime() - start);
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
    }

    final Multiaddr address() {
        return victim.addresses().get(0);
    }

    /** A peer that has said nothing yet. */
    final RawPeer attacker() throws IOException {
        var peer = new RawPeer(address());
        open.add(peer);
        return peer;
    }

    /** A peer that has come through the handshake. */
    final RawPeer secured() throws IOException {
        var peer = RawPeer.secured(address(), ATTACKER_KEY);
        open.add(peer);
        return peer;
    }

    final <T extends AutoCloseable> T keep(T resource) {
        open.add(0, resource);
        return resource;
    }

    /** Heap and direct memory in use after collection. */
    static long heldBytes() {
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() + direct;
    }

    private static Duration cpuOfVictim() {
        var threads = ManagementFactory.getThreadMXBean();
        return Duration.ofNanos(Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().startsWith(THREADS))
                .mapToLong(info -> Math.max(0, threads.getThreadCpuTime(info.getThreadId())))
                .sum());
    }

    /** {@code message} behind its length. */
    static byte[] lengthPrefixed(byte[] message) {
        var out = ByteBuffer.allocate(message.length + 5);
        int rest = message.length;
        for (; rest > 0x7f; rest >>>= 7) {
            out.put((byte) (rest | 0x80));
        }
        out.put((byte) rest).put(message);
        return Arrays.copyOf(out.array(), out.position());
    }
}
