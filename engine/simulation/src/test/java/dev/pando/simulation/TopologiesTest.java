package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Who pushes to whom: all converge, and nobody is sent what it has acknowledged. */
@ParameterizedClass
@MethodSource("seeds")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TopologiesTest {

    @Parameter
    private long seed;

    static Stream<Long> seeds() {
        return SimulatedScenariosTest.seeds();
    }

    /** How often every node writes. */
    private int rounds() {
        return Seeds.length(seed, 6, 2);
    }

    private final SentTwice counted = new SentTwice();

    private SimCluster cluster(int nodes) {
        SimCluster cluster = SimCluster.of(nodes)
                .table(ReplicationScenarios.BOOKS)
                .withoutReplicators()
                .seed(seed);
        cluster.network().tap(counted);
        return cluster;
    }

    private static void both(SimCluster cluster, int a, int b) {
        cluster.replicate(a, b);
        cluster.replicate(b, a);
    }

    /** Every node writes: a row of its own, and the one that all count in. */
    private static void write(SimCluster cluster, int round) {
        for (int n = 0; n < cluster.size(); n++) {
            SimNode node = cluster.node(n);
            node.insert("Books", "id", 1_000L * (n + 1) + round, "title", "of " + n);
            if (!node.add("Books", 1, "likes", 1)) {
                node.insert("Books", "id", 1, "likes", 1);
            }
            cluster.runFor(Duration.ofMillis(3));
        }
    }

    private void converges(SimCluster cluster) {
        int rounds = rounds();
        for (int round = 0; round < rounds; round++) {
            write(cluster, round);
            cluster.runFor(Duration.ofMillis(30));
        }
        cluster.runUntilQuiet();
        cluster.assertConverged();
        assertThat(cluster.node(0).rows("Books")).hasSize(1 + rounds * cluster.size());
        assertThat(cluster.node(0).get("Books", 1, "likes")).isEqualTo((long) rounds * cluster.size());
        assertThat(counted.sent()).isPositive();
        assertThat(counted.twice())
                .as("of %s commits sent, those that the peer had acknowledged", counted.sent())
                .isZero();
    }

    @Test
    void chainOfFive() {
        try (var cluster = cluster(5)) {
            for (int i = 0; i < 4; i++) {
                both(cluster, i, i + 1);
            }
            converges(cluster);
        }
    }

    @Test
    void ring() {
        try (var cluster = cluster(5)) {
            for (int i = 0; i < 5; i++) {
                cluster.replicate(i, (i + 1) % 5);
            }
            converges(cluster);
        }
    }

    @Test
    void star() {
        try (var cluster = cluster(6)) {
            for (int i = 1; i < 6; i++) {
                both(cluster, 0, i);
            }
            converges(cluster);
        }
    }

    @Test
    void fullMeshOfSeven() {
        try (var cluster = cluster(7)) {
            for (int i = 0; i < 7; i++) {
                for (int j = 0; j < 7; j++) {
                    if (i != j) {
                        cluster.replicate(i, j);
                    }
                }
            }
            converges(cluster);
        }
    }

    @Test
    void twoIslandsJoinedByATravellerThatNeverMeetsBothAtOnce() {
        try (var cluster = cluster(5)) {
            int traveller = 4;
            both(cluster, 0, 1);
            both(cluster, 2, 3);
            both(cluster, 0, traveller);
            both(cluster, 2, traveller);
            cluster.partition(0, 1).from(2, 3);
            int rounds = rounds();
            for (int round = 0; round < rounds; round++) {
                write(cluster, round);
                /* An acknowledgement that is lost on the way is none: it would be counted as one here. */
                cluster.runFor(Duration.ofSeconds(10));
                travel(cluster, traveller, round % 2 == 0 ? List.of(0, 1) : List.of(2, 3));
            }
            travel(cluster, traveller, List.of(0, 1));
            travel(cluster, traveller, List.of(2, 3));
            travel(cluster, traveller, List.of(0, 1));
            cluster.assertConverged();
            assertThat(cluster.node(3).get("Books", 1, "likes")).isEqualTo(5L * rounds);
            assertThat(counted.twice())
                    .as("of %s commits sent, those that the peer had acknowledged", counted.sent())
                    .isZero();
        }
    }

    private static void travel(SimCluster cluster, int traveller, List<Integer> island) {
        cluster.heal();
        cluster.partition(0, 1).from(2, 3);
        var others = new ArrayList<>(List.of(0, 1, 2, 3));
        others.removeAll(island);
        cluster.partition(traveller).from(others.stream().mapToInt(i -> i).toArray());
        cluster.runFor(Duration.ofMinutes(2));
    }
}
