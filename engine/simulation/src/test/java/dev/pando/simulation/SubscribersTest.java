package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How soon many subscribers of a collection show a commit: engines, gossip and passive replication as in production. */
class SubscribersTest {

    /** Others that each node dials, at random: far fewer than there are. */
    private static final int DIALS = 8;

    private static final Duration LATENCY_MIN = Duration.ofMillis(20);
    private static final Duration LATENCY_MAX = Duration.ofMillis(80);

    /** Heartbeats in which meshes form. */
    private static final Duration MESH = Duration.ofSeconds(20);

    private static final long P99_MILLIS_MAX = 500;
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void sixtySubscribersHearSoon() {
        hear(60, 3);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 3_600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aThousandSubscribersHearSoon() {
        hear(Integer.getInteger("pando.subscribers", 1_000), 5);
    }

    private static void hear(int subscribers, int commits) {
        long began = System.nanoTime();
        long seed = Long.getLong(Simulation.SEED_PROPERTY, 1);
        var latencies = new ArrayList<Long>();
        try (var cluster = SimCluster.of(subscribers)
                .table(SimWorkload.NOTES)
                .withoutReplicators()
                .seed(seed)) {
            cluster.network().latency(LATENCY_MIN, LATENCY_MAX);
            connect(cluster);
            cluster.runFor(MESH);
            var random = new SplittableRandom(seed);
            for (int commit = 0; commit < commits; commit++) {
                SimNode writer = cluster.node(random.nextInt(subscribers));
                writer.insert("notes", "id", commit, "text", "news");
                latencies.addAll(heard(cluster, commit));
            }
        }
        latencies.sort(null);
        long median = latencies.get(latencies.size() / 2);
        long p99 = latencies.get(latencies.size() * 99 / 100);
        long last = latencies.get(latencies.size() - 1);
        System.out.printf(
                "{\"benchmark\":\"subscribers\",\"subscribers\":%d,\"seed\":%d,\"median_ms\":%d,\"p99_ms\":%d,"
                        + "\"max_ms\":%d,\"real_s\":%.1f}%n",
                subscribers, seed, median, p99, last, (System.nanoTime() - began) / 1e9);
        assertThat(p99).isLessThanOrEqualTo(P99_MILLIS_MAX);
    }

    private static void connect(SimCluster cluster) {
        cluster.network().expectSmallTalk();
        var random = new SplittableRandom(7);
        for (int n = 0; n < cluster.size(); n++) {
            SimNode node = cluster.node(n);
            for (int dial = 0; n > 0 && dial < DIALS; dial++) {
                node.engine().network().connect(cluster.address(random.nextInt(n)));
            }
            node.engine().subscriptions().subscribe(List.of(node.table("notes")));
        }
    }

    /** Milliseconds until each node shows the note, the writer's own left out. */
    private static List<Long> heard(SimCluster cluster, int id) {
        var latencies = new ArrayList<Long>();
        var waiting = new ArrayList<Integer>();
        for (int n = 0; n < cluster.size(); n++) {
            waiting.add(n);
        }
        waiting.removeIf(n -> shows(cluster, n, id));
        Duration began = cluster.simulation().now();
        while (!waiting.isEmpty()) {
            Duration passed = cluster.simulation().now().minus(began);
            assertThat(passed).as("%s nodes have not heard", waiting.size()).isLessThan(Duration.ofSeconds(30));
            cluster.runFor(LOOK_EVERY);
            long millis = cluster.simulation().now().minus(began).toMillis();
            waiting.removeIf(n -> shows(cluster, n, id) && latencies.add(millis));
        }
        return latencies;
    }

    private static boolean shows(SimCluster cluster, int node, int id) {
        return cluster.node(node).get("notes", id, "text") != null;
    }
}
