package dev.pando.libp2p.bench;

import dev.pando.libp2p.Host;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.OneThread;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.Waiting;
import dev.pando.libp2p.gossip.Gossip;
import dev.pando.libp2p.gossip.GossipConfig;
import dev.pando.libp2p.gossip.GossipHandler;
import dev.pando.libp2p.gossip.SigningPolicy;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Messages of 300 bytes from one process to another, as fast as they are delivered: the publisher is never more than a
 * window ahead of what the subscriber says it got.
 */
final class GossipBench implements AutoCloseable {
    private static final String TOPIC = "bench";
    private static final String PROGRESS = "/bench/progress/1.0.0/";
    private static final int MESSAGE_BYTES = 300;
    private static final int WINDOW = 8_192;

    private final OneThread scheduler = new OneThread();
    private final ExecutorService verifiers = Executors.newFixedThreadPool(2);
    private final Gossip gossip;

    /* Both policies at once over one host would share the protocol: each run has hosts of its own. */
    private GossipBench(Host host, boolean signed) {
        gossip = new Gossip(
                host,
                policy(signed, verifiers),
                GossipConfig.DEFAULT,
                scheduler,
                new Random(1)::nextInt,
                () -> System.nanoTime() / 1_000_000);
        gossip.start();
    }

    private static SigningPolicy policy(boolean signed, Executor verifiers) {
        return signed
                ? SigningPolicy.signed(
                        KeyPair.generate(new SecureRandom()), System.currentTimeMillis() * 1_000_000, verifiers)
                : SigningPolicy.unsigned();
    }

    @Override
    public void close() {
        gossip.close();
        scheduler.close();
        verifiers.shutdown();
    }

    // ---- the subscriber

    /** Subscribes once a peer says which policy it is to be. */
    static List<GossipBench> serve(Host host) {
        var running = new java.util.concurrent.CopyOnWriteArrayList<GossipBench>();
        for (boolean signed : new boolean[] {false, true}) {
            host.handle(PROGRESS + signed, progress -> {
                running.forEach(GossipBench::close);
                var bench = new GossipBench(host, signed);
                running.add(bench);
                var got = new AtomicLong();
                bench.gossip.subscribe(TOPIC, (message, from) -> {
                    long count = got.incrementAndGet();
                    if (count % (WINDOW / 32) == 0) {
                        progress.write(ByteBuffer.allocate(8).putLong(0, count));
                    }
                    return CompletableFuture.completedFuture(GossipHandler.Verdict.ACCEPT);
                });
            });
        }
        return running;
    }

    // ---- the publisher

    static void measure(Multiaddr server) throws Exception {
        var peer = server.peerId().orElseThrow();
        for (boolean signed : new boolean[] {false, true}) {
            try (var host = NetworkBench.host(2);
                    var bench = new GossipBench(host, signed)) {
                host.connect(server).get();
                var progress = host.newStream(peer, PROGRESS + signed).get();
                progress.write(ByteBuffer.allocate(1));
                bench.gossip.subscribe(
                        TOPIC, (message, from) -> CompletableFuture.completedFuture(GossipHandler.Verdict.ACCEPT));
                Waiting.until(
                        "the two are in one mesh",
                        () -> Waiting.await(bench.gossip.mesh(TOPIC)).contains(peer));
                var delivered = new AtomicLong();
                follow(progress, delivered);
                /* The compiler works on for ten seconds; until then it takes a quarter of both processors. */
                int warmUp = signed ? 16 * WINDOW : 240 * WINDOW;
                int count = signed ? 16 * WINDOW : 160 * WINDOW;
                bench.publish(0, warmUp, delivered);
                long start = System.nanoTime();
                bench.publish(warmUp, warmUp + count, delivered);
                double seconds = (System.nanoTime() - start) * 1e-9;
                NetworkBench.report(true, signed ? "gossip_signed_per_s" : "gossip_unsigned_per_s", count / seconds);
            }
        }
    }

    private static void follow(Stream progress, AtomicLong delivered) {
        progress.read().thenAccept(bytes -> {
            if (bytes != null) {
                for (; bytes.remaining() >= 8; ) {
                    delivered.accumulateAndGet(bytes.getLong(), Math::max);
                }
                follow(progress, delivered);
            }
        });
    }

    /** Returns when the last message was delivered. */
    private void publish(int from, int to, AtomicLong delivered) throws Exception {
        CompletableFuture<Integer> last = CompletableFuture.completedFuture(1);
        for (int i = from; i < to; i++) {
            byte[] data = new byte[MESSAGE_BYTES];
            ByteBuffer.wrap(data).putInt(i);
            last = gossip.publish(TOPIC, data);
            if (i % (WINDOW / 32) == 0) {
                long due = i - WINDOW;
                Waiting.until("messages are delivered", () -> delivered.get() >= due);
            }
        }
        last.get(10, TimeUnit.SECONDS);
        Waiting.until("all are delivered", () -> delivered.get() >= to);
    }
}
