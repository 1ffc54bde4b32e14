package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ColumnType;
import dev.pando.TableSpec.ColumnSpec;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/rules.md §9.12 and §9.10: what costs little must go on costing little, and clocks that are wrong stop nobody. */
@ParameterizedClass
@MethodSource("seeds")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoundsTest {

    /** A reconnection of two equal nodes: hello and welcome, handshakes aside, each way. */
    private static final long RECONNECT_BYTES_MAX = 2_000;

    @Parameter
    private long seed;

    static Stream<Long> seeds() {
        return SimulatedScenariosTest.seeds();
    }

    /** A short history and a long one. */
    private int[] histories() {
        return new int[] {5, Seeds.length(seed, 200, 60)};
    }

    private SimCluster withHistory(int commits) {
        var cluster = SimCluster.of(2).table(SimWorkload.COUNTERS).seed(seed);
        cluster.node(0).insert("counters", "id", 1);
        cluster.runUntilQuiet();
        for (int i = 0; i < commits; i++) {
            cluster.node(i % 2).add("counters", 1, "n", 1);
            cluster.runFor(Duration.ofMillis(40));
        }
        cluster.runUntilQuiet();
        cluster.assertConverged();
        return cluster;
    }

    private static long bytesOf(SimCluster cluster, Runnable what) {
        long before = cluster.network().bytesDelivered();
        what.run();
        cluster.runUntilQuiet();
        return cluster.network().bytesDelivered() - before;
    }

    @Test
    void equalNodesSayLittleWhenTheyMeetAgainWhateverTheirHistory() {
        for (int commits : histories()) {
            try (var cluster = withHistory(commits)) {
                long bytes = bytesOf(cluster, cluster.network()::resetAll);
                assertThat(bytes).as("after %s commits", commits).isBetween(1L, RECONNECT_BYTES_MAX);
            }
        }
    }

    @Test
    void oneMoreCommitCostsTheSameWhateverTheHistory() {
        long[] bytes = new long[2];
        int[] histories = histories();
        for (int i = 0; i < 2; i++) {
            try (var cluster = withHistory(histories[i])) {
                bytes[i] = bytesOf(cluster, () -> cluster.node(0).add("counters", 1, "n", 1));
            }
        }
        assertThat(bytes[1]).isLessThanOrEqualTo(bytes[0] * 13 / 10);
    }

    @Test
    void whatAPeerSentIsNotSentBack() {
        try (var cluster = withHistory(5)) {
            long first = bytesOf(cluster, () -> cluster.node(0).insert("counters", "id", 7));
            assertThat(first).as("one delta, its commit and an acknowledgement").isLessThan(1_200);
        }
    }

    @Test
    void aColumnThatWasAddedWhileApartArrivesThoughNoRowDiffers() {
        try (var cluster = withHistory(3)) {
            cluster.partition(0).from(1);
            cluster.runFor(Duration.ofMinutes(1));
            var engine = cluster.node(0).engine();
            engine.catalog().addColumn(cluster.node(0).table("counters"), ColumnSpec.of("why", ColumnType.VARCHAR));
            cluster.heal().runUntilQuiet();
            assertThat(cluster.node(1).table("counters").column("why")).isPresent();
            cluster.assertConverged();
        }
    }

    @Test
    void aClockAHundredYearsAheadStopsNobody() {
        try (var cluster = SimCluster.of(3).table(SimWorkload.NOTES).seed(seed)) {
            cluster.node(0).insert("notes", "id", 1, "text", "true");
            cluster.runUntilQuiet();
            var century = Duration.ofDays(36_525);
            cluster.node(2).jumpClock(century);
            cluster.node(2).update("notes", 1, "text", "from the future");
            cluster.node(2).insert("notes", "id", 2, "text", "from the future too");
            cluster.runUntilQuiet();
            for (int honest : new int[] {0, 1}) {
                assertThat(cluster.node(honest).rows("notes")).hasSize(1);
                assertThat(cluster.node(honest).get("notes", 1, "text")).isEqualTo("true");
            }
            cluster.node(2).jumpClock(century.negated());
            cluster.node(2).insert("notes", "id", 3, "text", "corrected");
            cluster.node(0).update("notes", 1, "text", "still true");
            cluster.runUntilQuiet();
            for (int honest : new int[] {0, 1}) {
                assertThat(cluster.node(honest).get("notes", 3, "text")).isEqualTo("corrected");
                assertThat(cluster.node(honest).get("notes", 1, "text")).isEqualTo("still true");
            }
        }
    }
}
