package dev.pando.libp2p.bench;

import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.OneThread;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.Waiting;
import dev.pando.libp2p.gossip.Gossip;
import dev.pando.libp2p.gossip.GossipConfig;
import dev.pando.libp2p.gossip.GossipHandler.Verdict;
import dev.pando.libp2p.gossip.SigningPolicy;
import dev.pando.libp2p.kad.KadConfig;
import dev.pando.libp2p.kad.Kademlia;
import dev.pando.libp2p.transport.tcp.Attacker;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One side of a measurement over loopback: {@code serve} and {@code victim} print their address and serve until their
 * input ends; {@code measure ADDRESS}, {@code gossip ADDRESS} and {@code attacked ADDRESS} use it and print a JSON line for each measure;
 * {@code raw} prints what this machine and JDK do without any of it.
 */
public final class NetworkBench {
    private static final String SINK = "/bench/sink/1.0.0";
    private static final String SOURCE = "/bench/source/1.0.0";
    private static final String PING = "/ipfs/ping/1.0.0";
    private static final String ATTACKED = "/bench/attacked/1.0.0";
    private static final String MEMORY = "/bench/memory/1.0.0";
    private static final int CHUNK = 64 << 10;

    private static final HostLimits LIMITS = new HostLimits(
            20_000,
            1_000,
            20_000,
            256,
            256,
            1_000,
            64,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            1 << 20,
            256 << 10,
            20_000,
            16);

    private NetworkBench() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "serve" -> serve();
            case "victim" -> beAttacked();
            case "raw" -> RawSpeed.measure();
            case "gossip" -> GossipBench.measure(Multiaddr.parse(args[1]));
            case "attacked" -> measureAttacked(Multiaddr.parse(args[1]));
            default -> measure(Multiaddr.parse(args[1]));
        }
        System.exit(0);
    }

    static Libp2pHost host(int threads, String... listen) throws Exception {
        return Libp2pHost.builder(KeyPair.generate(new SecureRandom()))
                .listen(Arrays.stream(listen).map(Multiaddr::parse).toArray(Multiaddr[]::new))
                .limits(LIMITS)
                .threads(threads)
                .start();
    }

    // ---- the server

    private static void serve() throws Exception {
        try (var host = host(2, "/ip4/127.0.0.1/tcp/0");
                var input = new Scanner(System.in)) {
            var gossips = GossipBench.serve(host);
            host.handle(ATTACKED, Waiting::echo);
            host.handle(SINK, stream -> drain(stream, 0));
            host.handle(SOURCE, stream -> stream.read().thenAccept(bytes -> pour(stream, bytes.getLong())));
            host.handle(
                    MEMORY,
                    stream -> CompletableFuture.runAsync(() -> {
                        stream.write(ByteBuffer.allocate(8).putLong(0, heldBytes()));
                        stream.closeWrite();
                    }));
            System.out.println(host.addresses().get(0));
            untilTheEnd(input);
            gossips.forEach(GossipBench::close);
        }
    }

    private static void untilTheEnd(Scanner input) {
        while (input.hasNextLine()) {
            input.nextLine();
        }
    }

    /** Within the limits that hosts have, and with all that strangers may try. */
    private static void beAttacked() throws Exception {
        try (var host = Libp2pHost.builder(KeyPair.generate(new SecureRandom()))
                        .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                        .loopbackExempt(false)
                        .threads(2)
                        .start();
                var input = new Scanner(System.in);
                var scheduler = new OneThread();
                var gossip = new Gossip(
                        host,
                        SigningPolicy.unsigned(),
                        GossipConfig.DEFAULT,
                        scheduler,
                        new Random(1)::nextInt,
                        () -> System.nanoTime() / 1_000_000);
                var kad = new Kademlia(
                        host,
                        new KadConfig(Attacker.KAD, true, Map.of()),
                        scheduler,
                        () -> System.nanoTime() / 1_000_000)) {
            gossip.start();
            gossip.subscribe(Attacker.TOPIC, (message, from) -> CompletableFuture.completedFuture(Verdict.ACCEPT));
            kad.start();
            host.handle(ATTACKED, Waiting::echo);
            System.out.println(host.addresses().get(0));
            untilTheEnd(input);
        }
    }

    private static void drain(Stream stream, long sofar) {
        stream.read().whenComplete((bytes, why) -> {
            if (bytes != null) {
                drain(stream, sofar + bytes.remaining());
            } else if (why == null) {
                stream.write(ByteBuffer.allocate(8).putLong(0, sofar));
                stream.closeWrite();
            }
        });
    }

    private static void pour(Stream stream, long left) {
        if (left <= 0) {
            stream.closeWrite();
        } else {
            stream.write(ByteBuffer.allocate((int) Math.min(left, CHUNK))).thenRun(() -> pour(stream, left - CHUNK));
        }
    }

    /** Heap and direct memory in use after collection. */
    private static long heldBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() + direct;
    }

    // ---- the client

    private static void measure(Multiaddr server) throws Exception {
        var peer = server.peerId().orElseThrow();
        try (var host = host(2)) {
            host.connect(server).get();
            for (int round = 0; round < 6; round++) {
                boolean counts = round == 5; // the ciphers are compiled late
                report(counts, "stream_up_mb_per_s", up(host, peer, 512));
                report(counts, "stream_down_mb_per_s", down(host, peer, 512));
            }
            for (int round : new int[] {3_000, 20_000}) {
                boolean counts = round == 20_000;
                double[] millis = pings(host, peer, round);
                report(counts, "ping_median_ms", millis[round / 2]);
                report(counts, "ping_p99_ms", millis[round * 99 / 100]);
            }
            for (int round : new int[] {200, 1_000}) {
                report(round == 1_000, "new_stream_median_ms", newStreams(host, peer, round));
            }
            for (int round : new int[] {3_000, 1_001}) {
                report(round == 1_001, "sequential_dials_per_s", dials(host, server, round));
            }
            host.connect(server).get();
            report(true, "idle_connection_bytes", idle(host, server, 200));
        }
    }

    static void report(boolean counts, String name, double value) {
        if (counts) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"bench\":\"libp2p\",\"measure\":\"%s\",\"value\":%.3f,\"jdk\":\"%s\"}%n",
                    name,
                    value,
                    Runtime.version().feature());
        }
    }

    private static double up(Libp2pHost host, PeerId peer, int mebibytes) throws Exception {
        var stream = host.newStream(peer, SINK).get();
        long start = System.nanoTime();
        for (int i = 0; i < mebibytes * (1 << 20) / CHUNK; i++) {
            stream.write(ByteBuffer.allocate(CHUNK)).get();
        }
        stream.closeWrite();
        stream.read().get(60, TimeUnit.SECONDS);
        return mebibytes * 1.048576 / ((System.nanoTime() - start) * 1e-9);
    }

    private static double down(Libp2pHost host, PeerId peer, int mebibytes) throws Exception {
        var stream = host.newStream(peer, SOURCE).get();
        long start = System.nanoTime();
        stream.write(ByteBuffer.allocate(8).putLong(0, (long) mebibytes << 20));
        var done = new CompletableFuture<Void>();
        count(stream, done);
        done.get(60, TimeUnit.SECONDS);
        return mebibytes * 1.048576 / ((System.nanoTime() - start) * 1e-9);
    }

    private static void count(Stream stream, CompletableFuture<Void> done) {
        stream.read().whenComplete((bytes, why) -> {
            if (bytes != null) {
                count(stream, done);
            } else {
                done.complete(null);
            }
        });
    }

    private static double[] pings(Libp2pHost host, PeerId peer, int n) throws Exception {
        var stream = host.newStream(peer, PING).get();
        double[] millis = new double[n];
        for (int i = 0; i < n; i++) {
            long start = System.nanoTime();
            stream.write(ByteBuffer.allocate(32));
            stream.read().get(10, TimeUnit.SECONDS);
            millis[i] = (System.nanoTime() - start) * 1e-6;
        }
        stream.close();
        Arrays.sort(millis);
        return millis;
    }

    private static double newStreams(Libp2pHost host, PeerId peer, int n) throws Exception {
        double[] millis = new double[n];
        for (int i = 0; i < n; i++) {
            millis[i] = host.ping(peer).get(10, TimeUnit.SECONDS).toNanos() * 1e-6;
        }
        Arrays.sort(millis);
        return millis[n / 2];
    }

    private static double dials(Libp2pHost host, Multiaddr server, int n) throws Exception {
        var peer = server.peerId().orElseThrow();
        host.disconnect(peer).get();
        long start = System.nanoTime();
        for (int i = 0; i < n; i++) {
            host.connect(server).get(10, TimeUnit.SECONDS);
            host.disconnect(peer).get(10, TimeUnit.SECONDS);
        }
        return n / ((System.nanoTime() - start) * 1e-9);
    }

    /** A request and its answer, on a stream of its own each, every two milliseconds: what an honest peer does. */
    private static void measureAttacked(Multiaddr server) throws Exception {
        var peer = server.peerId().orElseThrow();
        try (var host = host(1)) {
            host.connect(server).get();
            for (int round : new int[] {1_000, 2_500}) {
                double[] millis = new double[round];
                long begin = System.nanoTime();
                for (int i = 0; i < round; i++) {
                    LockSupport.parkNanos(begin + i * 2_000_000L - System.nanoTime());
                    long start = System.nanoTime();
                    var stream = host.newStream(peer, ATTACKED).get(10, TimeUnit.SECONDS);
                    stream.write(ByteBuffer.allocate(100));
                    stream.read().get(10, TimeUnit.SECONDS);
                    millis[i] = (System.nanoTime() - start) * 1e-6;
                    stream.close();
                }
                Arrays.sort(millis);
                report(round == 2_500, "request_median_ms", millis[round / 2]);
                report(round == 2_500, "request_p99_ms", millis[round * 99 / 100]);
            }
        }
    }

    private static double idle(Libp2pHost host, Multiaddr server, int n) throws Exception {
        var peer = server.peerId().orElseThrow();
        long before = serverMemory(host, peer);
        List<Libp2pHost> idlers = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            var idler = host(1);
            idlers.add(idler);
            idler.connect(server).get();
        }
        long after = serverMemory(host, peer);
        idlers.forEach(Libp2pHost::close);
        return (double) (after - before) / n;
    }

    private static long serverMemory(Libp2pHost host, PeerId peer) throws Exception {
        var stream = host.newStream(peer, MEMORY).get();
        return stream.read().get(30, TimeUnit.SECONDS).getLong();
    }
}
