package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ColumnType;
import dev.pando.MergeKind;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SimClusterTest {

    static final TableSpec PEOPLE = TableSpec.of(
            "PUBLIC",
            "people",
            List.of(
                    new ColumnSpec("id", ColumnType.BIGINT, MergeKind.LAST, false, Optional.empty(), false),
                    ColumnSpec.of("name", ColumnType.VARCHAR),
                    ColumnSpec.counter("visits", ColumnType.BIGINT)),
            List.of("id"));

    @Test
    void replicasConvergeAfterAPartitionHeals() {
        for (long seed : Seeds.of(5)) {
            try (var cluster = SimCluster.of(3).table(PEOPLE).seed(seed)) {
                cluster.node(0).insert("people", "id", 1, "name", "ida");
                cluster.runUntilQuiet();
                assertThat(cluster.node(2).get("people", 1, "name")).isEqualTo("ida");
                cluster.partition(0).from(1, 2);
                cluster.node(0).update("people", 1, "name", "ada");
                cluster.node(1).add("people", 1, "visits", 45);
                cluster.node(0).add("people", 1, "visits", 45);
                cluster.heal().runUntilQuiet();
                cluster.assertConvergedAndReplays();
                assertThat(cluster.node(2).rows("people")).containsExactly(List.of(1L, "ada", 90L));
            }
        }
    }

    @Test
    void aSeedRepeatsToTheBit() {
        assertThat(trace(42)).isEqualTo(trace(42));
        assertThat(trace(42)).isNotEqualTo(trace(43));
    }

    private static List<Long> trace(long seed) {
        try (var cluster = SimCluster.of(3).table(PEOPLE).seed(seed)) {
            for (int i = 0; i < 10; i++) {
                cluster.node(i % 3).insert("people", "id", i, "name", "n" + i);
            }
            cluster.runUntilQuiet();
            cluster.crash(1).restart(1);
            cluster.node(1).delete("people", 3);
            cluster.runUntilQuiet();
            cluster.assertConverged();
            return List.of(
                    cluster.simulation().traceHash(),
                    cluster.simulation().events(),
                    cluster.simulation().nowNanos());
        }
    }
}
