package dev.pando.libp2p.interop;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.failure;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.pattern;
import static dev.pando.libp2p.Waiting.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.Waiting;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams with js-libp2p: large ones, slow ones, many, and how they end. */
@Tag("interop")
class StreamInteropTest {
    private static final String JS_ECHO = "/js-peer/echo/1.0.0";
    private static final String OUR_ECHO = "/test/echo/1.0.0";
    private static final int MUCH = 64 << 20;

    /** Both sides' buffers of one stream, and what the test itself makes. */
    private static final long HELD_BYTES_MAX = 24 << 20;

    private Libp2pHost host;
    private JsPeer js;
    private String us;

    @BeforeEach
    void connect() throws Exception {
        var d = HostLimits.DEFAULT;
        var limits = new HostLimits(
                d.connectionsMax(),
                d.handshakesPerAddressMax(),
                d.connectionsPerAddressMax(),
                d.inboundStreamsPerConnectionMax(),
                250,
                d.outboundStreamsPerConnectionMax(),
                d.parallelDialsMax(),
                d.dialTimeout(),
                d.handshakeTimeout(),
                d.stageTimeout(),
                d.keepaliveInterval(),
                d.streamWindowMax(),
                d.sendBufferMax(),
                d.knownPeersMax(),
                d.addressesPerPeerMax());
        host = Libp2pHost.builder(key(1))
                .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                .limits(limits)
                .start();
        host.handle(OUR_ECHO, Waiting::echo);
        js = JsPeer.start();
        us = host.peerId().toString();
        await(host.connect(js.address()));
    }

    @AfterEach
    void close() {
        js.close();
        host.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16 << 10, (16 << 10) + 1, 65_519, 256 << 10, (256 << 10) + 1, 3_000_000})
    void echoes(int length) {
        var stream = await(host.newStream(js.peerId(), JS_ECHO));
        var back = CompletableFuture.supplyAsync(() -> readAll(stream));
        stream.write(ByteBuffer.wrap(pattern(length)));
        await(stream.closeWrite());
        assertThat(Arrays.equals(await(back), pattern(length))).isTrue();
        await(stream.closed());
        var answer =
                js.run("echo", JsPeer.args().put("peer", us).put("size", length).put("protocol", OUR_ECHO));
        assertThat(answer.get("equal").asBoolean()).isTrue();
        assertThat(answer.get("received").asInt()).isEqualTo(length);
    }

    @Test
    void holdsItselfBackToASlowReader() {
        long before = heldBytes();
        var stream = await(host.newStream(js.peerId(), "/js-peer/slow/1.0.0"));
        long most = 0;
        for (int sent = 0; sent < MUCH; sent += 1 << 20) {
            await(stream.write(ByteBuffer.wrap(new byte[1 << 20])));
            if (sent % (16 << 20) == 0) {
                most = Math.max(most, heldBytes() - before);
            }
        }
        await(stream.closeWrite());
        assertThat(ByteBuffer.wrap(readAll(stream)).getLong()).isEqualTo(MUCH);
        assertThat(most).isLessThan(HELD_BYTES_MAX);
    }

    @Test
    void holdsAWriterBackByReadingSlowly() {
        long before = heldBytes();
        var stream = await(host.newStream(js.peerId(), "/perf/1.0.0"));
        stream.write(ByteBuffer.allocate(8).putLong(0, MUCH));
        stream.closeWrite();
        long most = 0;
        long received = 0;
        long pauseAt = 0;
        for (var bytes = await(stream.read()); bytes != null; bytes = await(stream.read())) {
            received += bytes.remaining();
            if (received >= pauseAt) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5)); // this is the slow reader
                pauseAt = received + (256 << 10);
            }
            if (received % (16 << 20) < bytes.remaining()) {
                most = Math.max(most, heldBytes() - before);
            }
        }
        assertThat(received).isEqualTo(MUCH);
        assertThat(most).isLessThan(HELD_BYTES_MAX);
    }

    private static long heldBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void carries200StreamsAtOnce() {
        var ours = new ArrayList<CompletableFuture<byte[]>>();
        for (int i = 0; i < 200; i++) {
            byte[] data = pattern(10_000 + i);
            ours.add(host.newStream(js.peerId(), JS_ECHO).thenApplyAsync(stream -> {
                stream.write(ByteBuffer.wrap(data));
                stream.closeWrite();
                return readAll(stream);
            }));
        }
        var theirs = new ArrayList<CompletableFuture<JsonNode>>();
        for (int i = 0; i < 200; i++) {
            theirs.add(js.send(
                    "echo",
                    JsPeer.args().put("peer", us).put("size", 10_000 + i).put("protocol", OUR_ECHO)));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(Arrays.equals(await(ours.get(i)), pattern(10_000 + i))).isTrue();
            assertThat(await(theirs.get(i)).path("equal").asBoolean())
                    .as(await(theirs.get(i)).toString())
                    .isTrue();
        }
    }

    @Test
    void goesOnReadingAfterTheHalfClose() throws Exception {
        js.run("handle", JsPeer.args().put("protocol", "/test/answer").put("data64", "YW5zd2Vy"));
        var stream = await(host.newStream(js.peerId(), "/test/answer"));
        stream.write(ByteBuffer.wrap("question".getBytes()));
        await(stream.closeWrite());
        assertThat(readAll(stream)).isEqualTo("answer".getBytes());
        await(stream.closed());
        var got = js.event(e -> "stream".equals(e.path("event").asText()));
        assertThat(Base64.getDecoder().decode(got.get("data64").asText())).isEqualTo("question".getBytes());

        var accepted = new LinkedBlockingQueue<Stream>();
        host.handle("/test/question", accepted::add);
        var asked = js.send(
                "request",
                JsPeer.args().put("peer", us).put("protocol", "/test/question").put("text", "question"));
        var theirs = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(readAll(theirs)).isEqualTo("question".getBytes());
        theirs.write(ByteBuffer.wrap("answer".getBytes()));
        await(theirs.closeWrite());
        assertThat(Base64.getDecoder().decode(await(asked).get("data64").asText()))
                .isEqualTo("answer".getBytes());
        await(theirs.closed());
    }

    @Test
    void understandsResetsInBothDirections() throws Exception {
        var stream = await(host.newStream(js.peerId(), "/js-peer/reset/1.0.0"));
        stream.write(ByteBuffer.wrap(new byte[10]));
        assertThat(failure(stream.read()).kind()).isEqualTo(HostException.Kind.RESET);

        host.handle("/test/reset", opened -> opened.read().thenRun(opened::reset));
        js.run(
                "expectReset",
                JsPeer.args().put("peer", us).put("protocol", "/test/reset").put("size", 10));

        var accepted = new LinkedBlockingQueue<Stream>();
        host.handle("/test/held", accepted::add);
        js.run(
                "reset",
                JsPeer.args().put("peer", us).put("protocol", "/test/held").put("size", 10));
        var theirs = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(failure(theirs.closed()).kind()).isEqualTo(HostException.Kind.RESET);
        assertThat(await(host.ping(js.peerId()))).isPositive();
    }
}
