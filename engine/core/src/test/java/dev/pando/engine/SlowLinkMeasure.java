package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Grants.Right;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.libp2p.Multiaddr;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** What a back-fill to a peer behind a bad link costs a writer, and how far it gets. */
final class SlowLinkMeasure {

    private static final double P99_RATIO_MAX = 1.5;
    private static final long HEAP_GROWTH_MAX = 64L << 20;
    private static final Duration PAUSE = Duration.ofMillis(2);

    /** Of a run, half with the peer and half without. */
    private static final int SECONDS = Integer.getInteger("pando.seconds", 40);

    private SlowLinkMeasure() {}

    /** Over whatever links two engines of one process have. */
    public static void main(String[] args) throws Exception {
        through(Path.of(args[0]), Optional.empty());
        System.exit(0);
    }

    /** Measures, and throws when a bound is not kept. */
    static void through(Path directory, Optional<SlowLink.Quality> quality) throws Exception {
        try (Engine b = open(directory.resolve("b"), Optional.empty())) {
            if (quality.isEmpty()) {
                measure(directory, b, port(b), Optional.empty());
                return;
            }
            try (var link = new SlowLink(quality.get(), port(b))) {
                measure(directory, b, link.port(), Optional.of(link));
            }
        }
    }

    private static void measure(Path directory, Engine b, int port, Optional<SlowLink> link) {
        Duration apart = Duration.ofSeconds(SECONDS / 4);
        Duration together = apart.multipliedBy(2);
        try (Engine a = open(directory.resolve("a"), Optional.of(port))) {
            letEverybodyWrite(b);
            fill(a, 40_000, 100);
            latencies(a, Duration.ofSeconds(3)); // until the code is warm
            var alone = new ArrayList<>(latencies(a, apart));
            long heap = heap();
            replicate(a, b, port);
            List<Long> beside = latencies(a, together);
            long grown = heap() - heap;
            long acknowledged = a.replication().replicators().get(0).acknowledged();
            int arrived = rows(b, books(b)).size();
            a.replication().deleteReplicator(b.peerId(), List.of(books(a)));
            alone.addAll(latencies(a, apart));
            double ratio = percentile(beside, 0.99) / percentile(alone, 0.99);
            System.out.printf(
                    Locale.ROOT,
                    "{\"benchmark\":\"slow-link\",\"seconds\":%d,\"rows_arrived\":%d,\"acknowledged\":%d,\"kB_passed\":%d,"
                            + "\"stalls\":%d,\"resets\":%d,\"commit_p50_us\":[%.0f,%.0f],\"commit_p99_us\":[%.0f,%.0f],"
                            + "\"p99_ratio\":%.2f,\"heap_growth_MB\":%.1f}%n",
                    together.toSeconds(),
                    arrived,
                    acknowledged,
                    link.map(l -> l.bytesPassed() >> 10).orElse(0L),
                    link.map(SlowLink::stalls).orElse(0),
                    link.map(SlowLink::resets).orElse(0),
                    percentile(alone, 0.5),
                    percentile(beside, 0.5),
                    percentile(alone, 0.99),
                    percentile(beside, 0.99),
                    ratio,
                    grown / 1e6);
            assertThat(arrived).as("the back-fill goes on").isPositive();
            assertThat(grown).isLessThan(HEAP_GROWTH_MAX);
            assertThat(ratio).isLessThan(P99_RATIO_MAX);
        }
    }

    /** An engine that dials the given port of this machine and nothing else. */
    static Engine open(Path directory, Optional<Integer> port) {
        return Engine.open(EngineOptions.at(directory)
                .withEnvironment(OnlyOver.environment(port.map(SlowLinkMeasure::at)))
                .withNetwork(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0")));
    }

    static int port(Engine engine) {
        String address = engine.network().addresses().get(0).withoutPeerId().toString();
        return Integer.parseInt(address.substring(address.lastIndexOf('/') + 1));
    }

    static Multiaddr at(int port) {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port);
    }

    static void letEverybodyWrite(Engine engine) {
        engine.grants().grant(books(engine), Optional.empty(), EnumSet.allOf(Right.class));
    }

    static void replicate(Engine from, Engine to, int port) {
        from.replication()
                .setReplicator(new ReplicatorSpec(
                        to.peerId(), Optional.of(at(port)), List.of(books(from)), List.of(), Optional.empty()));
    }

    /** Rows with texts of 600 characters, so many a commit. */
    static void fill(Engine engine, int rows, int ofCommit) {
        var random = new Random(5);
        byte[] noise = new byte[300];
        for (int row = 0; row < rows; row += ofCommit) {
            int from = row;
            commit(engine, tx -> {
                for (int i = from; i < from + ofCommit; i++) {
                    random.nextBytes(noise);
                    insert(tx, books(engine), "key " + i, Arrays.toString(noise).substring(0, 600), (long) i, 1L);
                }
            });
        }
    }

    /** Nanoseconds of commits of one row, one after the other with a pause between. */
    private static List<Long> latencies(Engine engine, Duration duration) {
        var latencies = new ArrayList<Long>();
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            long began = System.nanoTime();
            commit(engine, tx -> insert(tx, books(engine), "now " + began, "of a writer", 1L, 1L));
            latencies.add(System.nanoTime() - began);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return latencies;
    }

    private static double percentile(List<Long> nanos, double part) {
        var sorted = new ArrayList<>(nanos);
        sorted.sort(null);
        return sorted.get((int) (sorted.size() * part)) / 1e3;
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
