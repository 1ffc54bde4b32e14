package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The properties of docs/rules.md §9 on random workloads and faults. One seed: {@code -Dpando.seed=17}. Many:
 * {@code -Dtest.groups=soak -Dtest.excludedGroups= -Dpando.seeds=20000}.
 */
class PropertiesTest {

    private static final int TRANSACTIONS = 40;

    @Test
    @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void nothingAcknowledgedIsLostAndAllNodesConverge() {
        run(Seeds.of(20));
    }

    @Test
    @Tag("slow")
    @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theSameForAsManySeedsAsABuildHasTimeFor() {
        run(Seeds.within(1_000, Duration.ofSeconds(50)));
    }

    @Test
    @Tag("soak")
    void theSameForManySeeds() {
        run(Seeds.of(20_000));
    }

    private static void run(Iterable<Long> seeds) {
        long began = System.nanoTime();
        Duration simulated = Duration.ZERO;
        long events = 0;
        long commits = 0;
        int count = 0;
        long trace = 0;
        for (long seed : seeds) {
            try (var errors = new Errors();
                    var cluster = SimWorkload.cluster(2 + (int) (seed % 2), seed)) {
                commits += SimWorkload.run(cluster, faults(seed), TRANSACTIONS).commits();
                if (seed % 8 == 0) {
                    cluster.assertConvergedAndReplays();
                }
                errors.check(cluster.simulation());
                simulated = simulated.plus(cluster.simulation().now());
                events += cluster.simulation().events();
                count++;
                trace = 31 * trace + cluster.simulation().traceHash();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%d seeds, %d commits, %d events, %.0f simulated seconds in %.1f real ones: %.0f in one, %.1f ms a seed,"
                        + " trace %016x%n",
                count,
                commits,
                events,
                simulated.toMillis() / 1e3,
                seconds,
                simulated.toMillis() / 1e3 / seconds,
                seconds * 1e3 / count,
                trace);
        assertThat(commits).isPositive();
    }

    private static SimFaults faults(long seed) {
        return switch ((int) (seed % 5)) {
            case 0 -> SimFaults.NONE;
            case 1 -> new SimFaults(true, true, false, false, false);
            case 2 -> new SimFaults(false, true, true, false, true);
            case 3 -> new SimFaults(true, true, true, false, false);
            default -> SimFaults.ALL;
        };
    }
}
