package dev.pando.libp2p;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.failure;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.pattern;
import static dev.pando.libp2p.Waiting.readAll;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Host} does. */
abstract class HostContract {
    private static final String ECHO = "/test/echo/1.0.0";

    private final List<Host> hosts = new ArrayList<>();
    private Host a;
    private Host b;

    abstract Host newHost(KeyPair identity, HostLimits limits) throws Exception;

    private Host host(int seed) throws Exception {
        var host = newHost(key(seed), HostLimits.DEFAULT);
        hosts.add(host);
        return host;
    }

    @BeforeEach
    void start() throws Exception {
        a = host(1);
        b = host(2);
    }

    @AfterEach
    void stop() {
        hosts.forEach(Host::close);
    }

    private static Multiaddr address(Host host) {
        return host.addresses().get(0);
    }

    @Test
    void connectsAndNamesThePeer() {
        assertThat(address(b).peerId()).contains(b.peerId());
        assertThat(await(a.connect(address(b)))).isEqualTo(b.peerId());
        assertThat(a.isConnected(b.peerId())).isTrue();
        until("b knows a", () -> b.isConnected(a.peerId()));
        assertThat(a.connections()).singleElement().satisfies(c -> {
            assertThat(c.peer()).isEqualTo(b.peerId());
            assertThat(c.inbound()).isFalse();
            assertThat(c.remoteAddress()).isEqualTo(address(b).withoutPeerId());
        });
        assertThat(b.connections())
                .singleElement()
                .satisfies(c -> assertThat(c.inbound()).isTrue());
    }

    @Test
    void connectsWithoutKnowingWhoAnswers() {
        assertThat(await(a.connect(address(b).withoutPeerId()))).isEqualTo(b.peerId());
    }

    @Test
    void refusesAnotherThanTheExpectedPeer() {
        var wrong = address(b).withPeerId(key(9).peerId());
        var failure = failure(a.connect(wrong));
        assertThat(failure.kind()).isEqualTo(HostException.Kind.WRONG_IDENTITY);
        assertThat(failure).hasMessageContaining(b.peerId().toString());
        assertThat(a.connections()).isEmpty();
    }

    @Test
    void refusesItself() {
        assertThat(failure(a.connect(address(a))).kind()).isEqualTo(HostException.Kind.UNSUPPORTED_ADDRESS);
        failure(a.connect(address(a).withoutPeerId()));
        assertThat(a.connections()).isEmpty();
    }

    @Test
    void doesNotFindAPeerWithoutAddress() {
        assertThat(failure(a.connect(b.peerId())).kind()).isEqualTo(HostException.Kind.NO_ADDRESS);
        assertThat(failure(a.newStream(b.peerId(), ECHO)).kind()).isEqualTo(HostException.Kind.NO_ADDRESS);
    }

    @Test
    void connectsByKnownAddress() {
        a.addAddress(b.peerId(), address(b));
        b.handle(ECHO, Waiting::echo);
        var stream = await(a.newStream(b.peerId(), ECHO));
        assertThat(stream.peer()).isEqualTo(b.peerId());
        assertThat(stream.protocol()).isEqualTo(ECHO);
        assertThat(stream.inbound()).isFalse();
        stream.write(ByteBuffer.wrap("hello".getBytes()));
        stream.closeWrite();
        assertThat(readAll(stream)).isEqualTo("hello".getBytes());
        await(stream.closed());
    }

    @Test
    void agreesOnTheFirstProtocolThatThePeerServes() {
        await(a.connect(address(b)));
        b.handle("/test/2", Waiting::echo);
        b.handle("/test/3", Waiting::echo);
        assertThat(await(a.newStream(b.peerId(), "/test/1", "/test/2", "/test/3"))
                        .protocol())
                .isEqualTo("/test/2");
        var failure = failure(a.newStream(b.peerId(), "/test/1", "/test/4"));
        assertThat(failure.kind()).isEqualTo(HostException.Kind.UNSUPPORTED_PROTOCOL);
        assertThat(failure).hasMessageContaining("/test/4");
        b.unhandle("/test/2");
        assertThat(await(a.newStream(b.peerId(), "/test/2", "/test/3")).protocol())
                .isEqualTo("/test/3");
    }

    @Test
    void movesMuchInBothDirections() {
        await(a.connect(address(b)));
        b.handle(ECHO, Waiting::echo);
        var stream = await(a.newStream(b.peerId(), ECHO));
        byte[] sent = pattern(5_000_000);
        var written = CompletableFuture.runAsync(() -> {
            for (int at = 0; at < sent.length; at += 100_000) {
                await(stream.write(ByteBuffer.wrap(sent.clone(), at, 100_000)));
            }
            await(stream.closeWrite());
        });
        assertThat(readAll(stream)).isEqualTo(sent);
        await(written);
    }

    @Test
    void holdsAWriterBackWhoseReaderDoesNotRead() {
        await(a.connect(address(b)));
        var accepted = new LinkedBlockingQueue<Stream>();
        b.handle("/test/slow", accepted::add);
        var stream = await(a.newStream(b.peerId(), "/test/slow"));
        var writes = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 20; i++) {
            writes.add(stream.write(ByteBuffer.wrap(pattern(100_000))));
        }
        await(writes.get(0));
        assertThat(writes.get(19)).isNotDone();
        assertThat(writes.get(9)).isNotDone();
        stream.closeWrite();
        var theirs = await(CompletableFuture.supplyAsync(() -> poll(accepted)));
        assertThat(readAll(theirs)).hasSize(2_000_000);
        await(CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new)));
    }

    private static Stream poll(LinkedBlockingQueue<Stream> queue) {
        try {
            var stream = queue.poll(60, TimeUnit.SECONDS);
            if (stream == null) {
                throw new AssertionError("no stream came");
            }
            return stream;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void resetsAWriterThatNeverWaits() {
        await(a.connect(address(b)));
        b.handle("/test/slow", stream -> {});
        var stream = await(a.newStream(b.peerId(), "/test/slow"));
        var last = new CompletableFuture<Void>();
        for (int i = 0; i < 200; i++) {
            last = stream.write(ByteBuffer.wrap(new byte[100_000]));
        }
        failure(last);
        assertThat(failure(stream.closed()).kind()).isEqualTo(HostException.Kind.LIMIT);
        assertThat(a.isConnected(b.peerId())).isTrue();
    }

    @Test
    void takesAHalfCloseForTheEndOfOneDirectionOnly() {
        await(a.connect(address(b)));
        b.handle("/test/sum", stream -> sum(stream, 0));
        var stream = await(a.newStream(b.peerId(), "/test/sum"));
        stream.write(ByteBuffer.wrap(new byte[70_000]));
        await(stream.closeWrite());
        assertThat(new String(readAll(stream))).isEqualTo("70000");
        await(stream.closed());
        failure(stream.write(ByteBuffer.wrap(new byte[1])));
    }

    private static void sum(Stream stream, int sofar) {
        stream.read().thenAccept(bytes -> {
            if (bytes != null) {
                sum(stream, sofar + bytes.remaining());
            } else {
                stream.write(ByteBuffer.wrap(Integer.toString(sofar).getBytes()));
                stream.closeWrite();
            }
        });
    }

    @Test
    void tellsAReset() {
        await(a.connect(address(b)));
        b.handle("/test/reset", opened -> opened.read().thenRun(opened::reset));
        var stream = await(a.newStream(b.peerId(), "/test/reset"));
        stream.write(ByteBuffer.wrap(new byte[1]));
        assertThat(failure(stream.read()).kind()).isEqualTo(HostException.Kind.RESET);
        assertThat(failure(stream.closed()).kind()).isEqualTo(HostException.Kind.RESET);
        assertThat(failure(stream.write(ByteBuffer.wrap(new byte[1]))).kind()).isEqualTo(HostException.Kind.RESET);
    }

    @Test
    void resetsTheStreamOfAHandlerThatThrows() {
        await(a.connect(address(b)));
        var logger = java.util.logging.Logger.getLogger("dev.pando.libp2p.host");
        var expected = logger.getLevel();
        logger.setLevel(java.util.logging.Level.OFF);
        try {
            b.handle("/test/fails", stream -> {
                throw new IllegalStateException("as the test wants it");
            });
            assertThat(reset("/test/fails").kind()).isEqualTo(HostException.Kind.RESET);
        } finally {
            logger.setLevel(expected);
        }
    }

    @Test
    void allowsOneOutstandingRead() {
        await(a.connect(address(b)));
        b.handle(ECHO, Waiting::echo);
        var stream = await(a.newStream(b.peerId(), ECHO));
        var first = stream.read();
        assertThatThrownBy(stream::read).isInstanceOf(IllegalStateException.class);
        stream.write(ByteBuffer.wrap(new byte[] {7}));
        assertThat(await(first).get()).isEqualTo((byte) 7);
    }

    @Test
    void limitsStreamsOfOneProtocol() {
        await(a.connect(address(b)));
        b.handle("/test/held", stream -> {});
        var streams = new ArrayList<Stream>();
        for (int i = 0; i < HostLimits.DEFAULT.inboundStreamsPerProtocolMax(); i++) {
            streams.add(await(a.newStream(b.peerId(), "/test/held")));
        }
        assertThat(reset("/test/held").kind()).isEqualTo(HostException.Kind.RESET);
        streams.get(0).reset();
        b.handle("/test/held", Waiting::echo);
        until("there is room again", () -> {
            var echoed = a.newStream(b.peerId(), "/test/held").thenCompose(stream -> {
                stream.write(ByteBuffer.wrap(new byte[1]));
                return stream.read();
            });
            return echoed.handle((bytes, why) -> why == null).join();
        });
    }

    /** What opening {@code protocol} fails with, now or a little later. */
    private HostException reset(String protocol) {
        return failure(a.newStream(b.peerId(), protocol).thenCompose(Stream::closed));
    }

    @Test
    void tellsOfPeersThatComeAndGo() {
        var events = new CopyOnWriteArrayList<String>();
        b.addListener(new HostListener() {
            @Override
            public void onConnected(PeerId peer) {
                events.add("connected " + peer);
            }

            @Override
            public void onDisconnected(PeerId peer) {
                events.add("disconnected " + peer);
            }
        });
        await(a.connect(address(b)));
        until("b is told", () -> events.contains("connected " + a.peerId()));
        await(a.disconnect(b.peerId()));
        assertThat(a.isConnected(b.peerId())).isFalse();
        until("b is told of the end", () -> events.contains("disconnected " + a.peerId()));
        assertThat(events).hasSize(2);
        await(a.connect(address(b)));
        until("b is told again", () -> events.size() == 3);
    }

    @Test
    void identifiesAndTellsOfChanges() {
        var seen = new CopyOnWriteArrayList<Identify>();
        a.addListener(new HostListener() {
            @Override
            public void onIdentified(PeerId peer, Identify info) {
                seen.add(info);
            }
        });
        await(a.connect(address(b)));
        until("b has identified itself", () -> !seen.isEmpty());
        assertThat(seen.get(0).peer()).isEqualTo(b.peerId());
        assertThat(seen.get(0).listenAddresses())
                .containsExactlyElementsOf(
                        b.addresses().stream().map(Multiaddr::withoutPeerId).toList());
        assertThat(seen.get(0).recordSeq()).isPresent();
        assertThat(seen.get(0).protocols())
                .contains("/ipfs/id/1.0.0", "/ipfs/ping/1.0.0")
                .doesNotContain("/test/new");
        until(
                "a has identified itself",
                () -> b.knownAddresses(a.peerId()).contains(address(a).withoutPeerId()));
        b.handle("/test/new", Waiting::echo);
        until(
                "a is told of the new protocol",
                () -> seen.get(seen.size() - 1).protocols().contains("/test/new"));
        /* b learnt where a listens, without having been told. */
        await(a.disconnect(b.peerId()));
        until("b knows", () -> !b.isConnected(a.peerId()));
        await(b.connect(a.peerId()));
    }

    @Test
    void tellsAListenerThatComesLaterWhoIsThere() {
        var first = new CopyOnWriteArrayList<PeerId>();
        var second = new CopyOnWriteArrayList<PeerId>();
        for (var identified : List.of(first, second)) {
            a.addListener(new HostListener() {
                @Override
                public void onIdentified(PeerId peer, Identify info) {
                    identified.add(peer);
                }
            });
            await(a.connect(address(b)));
            until("it is told", () -> identified.contains(b.peerId()));
        }
    }

    @Test
    void endsUpWithOneConnectionWhenBothDialAtOnce() {
        var identified = ConcurrentHashMap.<PeerId>newKeySet();
        for (Host host : List.of(a, b)) {
            host.addListener(new HostListener() {
                @Override
                public void onIdentified(PeerId peer, Identify info) {
                    identified.add(peer);
                }
            });
        }
        for (int i = 0; i < 10; i++) {
            identified.clear();
            var ab = a.connect(address(b));
            var ba = b.connect(address(a));
            await(ab);
            await(ba);
            b.handle(ECHO, Waiting::echo);
            a.handle(ECHO, Waiting::echo);
            /* What b closed in the round before may reach a only now, and be the connection that the first stream is on. */
            until("a stream is answered", this::isAnswered);
            until("each knows what the other serves", () -> identified.size() == 2);
            assertThat(a.connections()).hasSize(1);
            assertThat(b.connections()).hasSize(1);
            await(a.disconnect(b.peerId()));
            await(b.disconnect(a.peerId()));
            until("both are apart", () -> !a.isConnected(b.peerId()) && !b.isConnected(a.peerId()));
        }
    }

    private boolean isAnswered() {
        try {
            var stream = a.newStream(b.peerId(), ECHO).join();
            stream.write(ByteBuffer.wrap(new byte[] {1}));
            ByteBuffer answer = stream.read().join();
            stream.reset();
            return answer != null && answer.get() == 1;
        } catch (CompletionException e) {
            return false;
        }
    }

    @Test
    void failsWhatIsOutstandingWhenTheConnectionEnds() {
        await(a.connect(address(b)));
        b.handle("/test/held", stream -> {});
        var stream = await(a.newStream(b.peerId(), "/test/held"));
        var read = stream.read();
        b.close();
        failure(read);
        until("a knows", () -> !a.isConnected(b.peerId()));
        failure(stream.closed());
        failure(a.connect(b.peerId()));
    }

    @Test
    void refusesWorkWhenClosed() {
        a.close();
        a.close();
        assertThat(failure(a.connect(address(b))).kind()).isEqualTo(HostException.Kind.CLOSED);
        assertThat(failure(a.newStream(b.peerId(), ECHO)).kind()).isEqualTo(HostException.Kind.CLOSED);
    }

    @Test
    void carriesMessages() {
        await(a.connect(address(b)));
        b.handle(ECHO, Waiting::echo);
        var messages = new MessageStream(await(a.newStream(b.peerId(), ECHO)), 1 << 20);
        for (int length : new int[] {0, 1, 127, 128, 20_000, 1 << 20}) {
            messages.write(pattern(length));
        }
        messages.closeWrite();
        for (int length : new int[] {0, 1, 127, 128, 20_000, 1 << 20}) {
            assertThat(await(messages.read())).isEqualTo(pattern(length));
        }
        assertThat(await(messages.read())).isNull();
        assertThat(failure(messages.write(new byte[(1 << 20) + 1])).kind()).isEqualTo(HostException.Kind.TOO_LARGE);
    }

    @Test
    void refusesMessagesThatAreTooLong() {
        await(a.connect(address(b)));
        b.handle(ECHO, Waiting::echo);
        var stream = await(a.newStream(b.peerId(), ECHO));
        stream.write(ByteBuffer.wrap(new byte[] {(byte) 0x81, 0x08}));
        assertThat(failure(new MessageStream(stream, 1_024).read()).kind()).isEqualTo(HostException.Kind.TOO_LARGE);
    }
}
