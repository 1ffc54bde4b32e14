package dev.pando.libp2p.protocol.ping;

import static dev.pando.libp2p.HostException.Kind.PROTOCOL_VIOLATION;
import static dev.pando.libp2p.HostException.Kind.RESET;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Echoes pings, and measures the round trip with one. Thread-safe. */
public final class PingProtocol {
    public static final String ID = "/ipfs/ping/1.0.0";

    private static final int BYTES = 32;

    /** Ping streams of one peer; further ones are reset. */
    private static final int STREAMS_PER_PEER_MAX = 2;

    private final Map<PeerId, Integer> open = new HashMap<>();

    /** Serves a stream: each 32 bytes are echoed, until the peer ends it. */
    public void serve(Stream stream) {
        var peer = stream.peer();
        synchronized (open) {
            int count = open.getOrDefault(peer, 0);
            if (count == STREAMS_PER_PEER_MAX) {
                stream.reset();
                return;
            }
            open.put(peer, count + 1);
        }
        stream.closed().whenComplete((done, why) -> {
            synchronized (open) {
                open.computeIfPresent(peer, (p, count) -> count == 1 ? null : count - 1);
            }
        });
        echo(stream, ByteBuffer.allocate(BYTES));
    }

    private static void echo(Stream stream, ByteBuffer gathered) {
        stream.read().whenComplete((bytes, why) -> {
            if (why != null) {
                return; // the stream is gone already
            }
            if (bytes == null) {
                stream.close();
                return;
            }
            /* Held back by the peer: nothing more is read before what was echoed is on its way. */
            echoWhole(stream, gathered, bytes);
        });
    }

    private static void echoWhole(Stream stream, ByteBuffer gathered, ByteBuffer bytes) {
        int whole = (gathered.position() + bytes.remaining()) / BYTES * BYTES;
        var rest = ByteBuffer.allocate(BYTES);
        var out = ByteBuffer.allocate(whole);
        gathered.flip();
        while (out.hasRemaining()) {
            out.put(gathered.hasRemaining() ? gathered.get() : bytes.get());
        }
        rest.put(gathered).put(bytes);
        if (whole == 0) {
            echo(stream, rest);
        } else {
            stream.write(out.flip()).thenRun(() -> echo(stream, rest));
        }
    }

    /**
     * Sends one ping over {@code stream} and ends it.
     *
     * @param payload 32 bytes that the peer cannot guess
     */
    public static CompletableFuture<Duration> measure(Stream stream, byte[] payload) {
        if (payload.length != BYTES) {
            throw new IllegalArgumentException("a ping has 32 bytes");
        }
        var result = new CompletableFuture<Duration>();
        long sent = System.nanoTime();
        stream.write(ByteBuffer.wrap(payload.clone()));
        awaitEcho(stream, ByteBuffer.wrap(payload), sent, result);
        return result;
    }

    private static void awaitEcho(Stream stream, ByteBuffer expected, long sent, CompletableFuture<Duration> result) {
        stream.read().whenComplete((bytes, why) -> {
            if (why != null) {
                result.completeExceptionally(why);
            } else if (bytes == null) {
                stream.reset();
                result.completeExceptionally(new HostException(RESET, stream.peer() + " did not answer a ping"));
            } else {
                int n = Math.min(bytes.remaining(), expected.remaining());
                boolean same = bytes.remaining() == n && bytes.equals(expected.slice(expected.position(), n));
                expected.position(expected.position() + n);
                if (!same) {
                    stream.reset();
                    result.completeExceptionally(
                            new HostException(PROTOCOL_VIOLATION, stream.peer() + " answered a ping with other bytes"));
                } else if (expected.hasRemaining()) {
                    awaitEcho(stream, expected, sent, result);
                } else {
                    stream.close();
                    result.complete(Duration.ofNanos(System.nanoTime() - sent));
                }
            }
        });
    }
}
