package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.PandoException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Back-fills over wires of 256 kbit/s that stand still for three seconds now and then, and lose connections. */
@ParameterizedClass
@MethodSource("seeds")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowWiresTest {

    private static final long BYTES_PER_SECOND = 32 << 10;
    private static final Duration LATENCY = Duration.ofMillis(200);
    private static final Duration STALL = Duration.ofSeconds(3);
    private static final String TEXT = "as long as a sentence or two of a book, say ".repeat(20);

    /** All of it takes half a minute without a fault. */
    private static final Duration ENOUGH = Duration.ofMinutes(20);

    @Parameter
    private long seed;

    static Stream<Long> seeds() {
        return SimulatedScenariosTest.seeds();
    }

    private int commits() {
        return Seeds.length(seed, 400, 200);
    }

    @Test
    void aReplicatorFillsItsPeer() {
        try (var cluster = filled()) {
            cluster.replicate(0, 1);
            goesOn(cluster);
        }
    }

    @Test
    void aSubscriberPullsWhatItLacks() {
        try (var cluster = filled()) {
            SimNode b = cluster.node(1);
            cluster.network().expectSmallTalk();
            b.engine().subscriptions().subscribe(List.of(b.table("notes")));
            goesOn(cluster);
        }
    }

    private SimCluster filled() {
        var cluster =
                SimCluster.of(2).table(SimWorkload.NOTES).withoutReplicators().seed(seed);
        for (int i = 0; i < commits(); i++) {
            cluster.node(0).insert("notes", "id", i, "text", TEXT);
        }
        cluster.network().latency(LATENCY, LATENCY.plusMillis(20)).bandwidth(BYTES_PER_SECOND);
        return cluster;
    }

    private void goesOn(SimCluster cluster) {
        var random = new SplittableRandom(seed);
        Duration until = cluster.simulation().now().plus(ENOUGH);
        int faults = 0;
        while (cluster.node(1).rows("notes").size() < commits()) {
            assertThat(cluster.simulation().now())
                    .as("%s rows are there", cluster.node(1).rows("notes").size())
                    .isLessThan(until);
            if (cluster.node(1).engine().network().peers().stream().noneMatch(peer -> peer.connected())) {
                dial(cluster);
            }
            cluster.runFor(Duration.ofMillis(1_000 + random.nextInt(6_000)));
            if (faults++ % 3 > 0) {
                cluster.partition(0).from(1);
                cluster.runFor(STALL);
                cluster.heal();
            } else {
                cluster.network().resetAll();
            }
        }
        assertThat(faults).isPositive();
        cluster.assertConverged();
    }

    private static void dial(SimCluster cluster) {
        try {
            cluster.node(1).engine().network().connect(cluster.address(0));
        } catch (PandoException e) {
            assertThat(e.kind()).isEqualTo(PandoException.Kind.UNREACHABLE);
        }
    }
}
