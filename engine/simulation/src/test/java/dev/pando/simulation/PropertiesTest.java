package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The properties of docs/rules.md §9 on random workloads and faults. One seed: {@code -Dpando.seed=17}. Many:
 * {@code -Dtest.groups=soak -Dtest.excludedGroups= -Dpando.seeds=20000}.
 */
class PropertiesTest {

    private static final int TRANSACTIONS = 40;

    /** Of every kind of cluster some. */
    private static final int REPEATED_SEEDS = Integer.getInteger("pando.repeated", 12);

    @Test
    @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void nothingAcknowledgedIsLostAndAllNodesConverge() throws InterruptedException {
        run(Seeds.of(20));
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aSeedWithEveryFaultRepeatsToTheBit() {
        long seed = 9;
        assertThat(faults(seed)).isEqualTo(SimFaults.ALL);
        assertThat(traceOf(seed)).isNotEqualTo(traceOf(seed + 15));
        for (long each = seed; each < seed + REPEATED_SEEDS; each++) {
            assertThat(traceOf(each)).as("seed " + each).isEqualTo(traceOf(each));
        }
    }

    private static long traceOf(long seed) {
        try (var cluster = SimWorkload.cluster(3, seed)) {
            SimWorkload.run(cluster, faults(seed), TRANSACTIONS);
            return cluster.simulation().traceHash();
        }
    }

    @Test
    @Tag("slow")
    @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theSameForAsManySeedsAsABuildHasTimeFor() throws InterruptedException {
        run(Seeds.within(1_000, Duration.ofSeconds(58)));
    }

    @Test
    @Tag("soak")
    void theSameForManySeeds() throws InterruptedException {
        run(Seeds.of(20_000));
    }

    /** Sums over all seeds; several threads run some each. */
    private static final class Sums {
        private long seeds;
        private long commits;
        private long events;
        private long simulatedMillis;
        private long trace;
        private final Map<Long, Throwable> failures = new TreeMap<>();

        synchronized void add(long seed, long newCommits, Simulation simulation) {
            seeds++;
            commits += newCommits;
            events += simulation.events();
            simulatedMillis += simulation.now().toMillis();
            trace += simulation.traceHash() * (2 * seed + 1);
        }

        synchronized void failed(long seed, Throwable failure) {
            failures.put(seed, failure);
        }

        synchronized boolean goesOn() {
            return failures.size() < FAILURES_MAX;
        }
    }

    /** After so many no other seed begins: they have one cause, or there is enough to do. */
    private static final int FAILURES_MAX = 20;

    private static void run(Iterable<Long> seeds) throws InterruptedException {
        long began = System.nanoTime();
        var sums = new Sums();
        Iterator<Long> next = seeds.iterator();
        try (var errors = new Errors()) {
            runAll(next, errors, sums);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%d seeds, %d commits, %d events, %.0f simulated seconds in %.1f real ones: %.0f in one, %.1f ms a seed,"
                        + " trace %016x%n",
                sums.seeds,
                sums.commits,
                sums.events,
                sums.simulatedMillis / 1e3,
                seconds,
                sums.simulatedMillis / 1e3 / seconds,
                seconds * 1e3 / sums.seeds,
                sums.trace);
        sums.failures.forEach((seed, failure) -> {
            throw new AssertionError("seeds " + sums.failures.keySet() + " fail; the first: " + failure, failure);
        });
        assertThat(sums.commits).isPositive();
    }

    private static void runAll(Iterator<Long> next, Errors errors, Sums sums) throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            var thread = new Thread(() -> runEach(next, errors, sums), "seeds " + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void runEach(Iterator<Long> seeds, Errors errors, Sums sums) {
        while (sums.goesOn()) {
            long seed;
            synchronized (seeds) {
                if (!seeds.hasNext()) {
                    return;
                }
                seed = seeds.next();
            }
            try {
                runOne(seed, errors, sums);
            } catch (RuntimeException | Error e) {
                sums.failed(seed, e);
            }
        }
    }

    private static void runOne(long seed, Errors errors, Sums sums) {
        try (var cluster = SimWorkload.cluster(2 + (int) (seed % 2), seed)) {
            long commits = SimWorkload.run(cluster, faults(seed), TRANSACTIONS).commits();
            if (seed % 8 == 0) {
                cluster.assertConvergedAndReplays();
            }
            errors.check(cluster.simulation());
            sums.add(seed, commits, cluster.simulation());
        }
    }

    private static SimFaults faults(long seed) {
        return switch ((int) (seed % 5)) {
            case 0 -> SimFaults.NONE;
            case 1 -> new SimFaults(true, true, false, false, false, true);
            case 2 -> new SimFaults(false, true, true, true, false, true);
            case 3 -> new SimFaults(true, true, true, true, false, false);
            default -> SimFaults.ALL;
        };
    }
}
