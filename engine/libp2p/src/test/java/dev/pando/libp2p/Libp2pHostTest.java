package dev.pando.libp2p;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.failure;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.protocol.identify.IdentifyProtocol;
import dev.pando.libp2p.record.PeerRecord;
import io.netty.util.internal.InternalThreadLocalMap;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Hosts over real sockets on loopback. */
class Libp2pHostTest extends HostContract {
    private static final Multiaddr ANY_PORT = Multiaddr.parse("/ip4/127.0.0.1/tcp/0");

    @Override
    Host newHost(KeyPair identity, HostLimits limits) throws HostException {
        return Libp2pHost.builder(identity)
                .listen(ANY_PORT)
                .limits(limits)
                .agent("test/1")
                .threads(2)
                .start();
    }

    @Test
    void namesTheAddressThatIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            var address = "/ip4/127.0.0.1/tcp/" + taken.getLocalPort();
            assertThatThrownBy(() -> Libp2pHost.builder(key(1))
                            .listen(Multiaddr.parse(address))
                            .start())
                    .isInstanceOfSatisfying(
                            HostException.class, e -> assertThat(e.kind()).isEqualTo(HostException.Kind.ADDRESS_IN_USE))
                    .hasMessageContaining(address);
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (var host = newHost(key(3), HostLimits.DEFAULT)) {
            var address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port);
            assertThat(failure(host.connect(address)).kind()).isEqualTo(HostException.Kind.REFUSED);
            host.addAddress(key(9).peerId(), address);
            assertThat(failure(host.connect(key(9).peerId())).kind()).isEqualTo(HostException.Kind.REFUSED);
            assertThat(failure(host.connect(key(9).peerId())).kind()).isEqualTo(HostException.Kind.BACKOFF);
            assertThat(failure(host.connect(Multiaddr.parse("/ip4/127.0.0.1/udp/1/quic-v1")))
                            .kind())
                    .isEqualTo(HostException.Kind.UNSUPPORTED_ADDRESS);
        }
    }

    @Test
    void triesTheOtherAddresses() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (var host = newHost(key(3), HostLimits.DEFAULT);
                var other = newHost(key(4), HostLimits.DEFAULT)) {
            host.addAddress(other.peerId(), other.addresses().get(0));
            host.addAddress(other.peerId(), Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port));
            assertThat(await(host.connect(other.peerId()))).isEqualTo(other.peerId());
        }
    }

    @Test
    void measuresTheRoundTrip() throws Exception {
        try (var a = (Libp2pHost) newHost(key(3), HostLimits.DEFAULT);
                var b = newHost(key(4), HostLimits.DEFAULT)) {
            await(a.connect(b.addresses().get(0)));
            for (int i = 0; i < 20; i++) {
                assertThat(await(a.ping(b.peerId()))).isPositive();
            }
        }
    }

    /* Two nodes that come up: one has asked before the other serves all it will, and says itself who it is only then. */
    @Test
    void tellsOfAProtocolThatIsNewSinceThePeerAskedAndBeforeItWasHeard() throws Exception {
        var asked = new CompletableFuture<Stream>();
        var known = new LinkedBlockingQueue<Set<String>>();
        try (var slow = Libp2pHost.builder(key(3)).listen(ANY_PORT).start();
                var other = newHost(key(4), HostLimits.DEFAULT)) {
            slow.handle(IdentifyProtocol.ID, asked::complete);
            slow.addListener(new HostListener() {
                @Override
                public void onIdentified(PeerId peer, Identify info) {
                    known.add(Set.copyOf(info.protocols()));
                }
            });
            await(slow.connect(other.addresses().get(0)));
            assertThat(known.poll(60, TimeUnit.SECONDS)).isNotNull().doesNotContain("/test/new");

            other.handle("/test/new", Waiting::echo);
            IdentifyProtocol.tell(
                    await(asked),
                    IdentifyProtocol.describe(
                            key(3).publicKey(),
                            "slow/1",
                            List.of(),
                            Set.of(IdentifyProtocol.PUSH),
                            other.addresses().get(0),
                            new PeerRecord(slow.peerId(), 1, List.of()).seal(key(3))));
            assertThat(known.poll(60, TimeUnit.SECONDS)).isNotNull().contains("/test/new");
        }
    }

    @Test
    void agreesOnTheMuxerWithPeersThatDoNotDoSoEarly() throws Exception {
        try (var late = Libp2pHost.builder(key(3))
                        .listen(ANY_PORT)
                        .earlyMuxer(false)
                        .start();
                var early = (Libp2pHost) newHost(key(4), HostLimits.DEFAULT)) {
            await(late.connect(early.addresses().get(0)));
            await(late.ping(early.peerId()));
            await(late.disconnect(early.peerId()));
            until("the other has noticed", () -> !early.isConnected(late.peerId()));
            await(early.connect(late.addresses().get(0)));
            await(early.ping(late.peerId()));
        }
    }

    @Test
    void leavesNoThread() throws Exception {
        var before = threads();
        try (var a = Libp2pHost.builder(key(3))
                        .listen(ANY_PORT)
                        .threadPrefix("mine-")
                        .start();
                var b = newHost(key(4), HostLimits.DEFAULT)) {
            await(a.connect(b.addresses().get(0)));
            await(a.connect(Multiaddr.parse("/dns4/localhost/tcp/"
                    + b.addresses().get(0).components().get(1).value())));
            assertThat(threads()).anyMatch(name -> name.startsWith("mine-pando-net-"));
        }
        var left = threads();
        left.removeAll(before);
        assertThat(left).isEmpty();
    }

    /** Application servers reuse their threads: what clings to one keeps the whole application in memory. */
    @Test
    void leavesNothingOnTheThreadsOfItsCallers() throws Exception {
        var left = new CompletableFuture<Object>();
        var caller = new Thread(() -> {
            try (var a = Libp2pHost.builder(key(3)).listen(ANY_PORT).start();
                    var b = newHost(key(4), HostLimits.DEFAULT)) {
                b.handle("/test/echo", Waiting::echo);
                await(a.connect(b.addresses().get(0)));
                var stream = await(a.newStream(b.peerId(), "/test/echo"));
                await(stream.write(ByteBuffer.wrap(new byte[100_000])));
                await(stream.read());
                stream.reset();
                await(a.ping(b.peerId()));
            } catch (HostException | RuntimeException | Error e) {
                left.completeExceptionally(e);
            }
            left.complete(InternalThreadLocalMap.getIfSet());
        });
        caller.start();
        assertThat(await(left)).isNull();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().toLowerCase(Locale.ROOT).contains("globaleventexecutor"));
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("ForkJoin") && !name.startsWith("Common-Cleaner"))
                .collect(Collectors.toSet());
    }
}
