package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Maintenance.ClockRepaired;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** docs/rules.md §4, §9.10: a node wrote by a clock that ran ahead while nobody was there, and repairs that among crashes. */
@Timeout(120)
class RepairedClocksTest {

    private static final Duration AHEAD = Duration.ofHours(3);
    private static final int ROWS = 6;

    @Test
    void whatWasRepairedIsAdmittedAtOnceAndCountsOnce() {
        int crashes = 0;
        for (long seed : Seeds.within(25, Duration.ofSeconds(20))) {
            try (var cluster = SimCluster.of(3).table(SimClusterTest.PEOPLE).seed(seed)) {
                crashes += alone(cluster, new Random(seed)) ? 1 : 0;
            }
        }
        assertThat(crashes).isPositive();
    }

    /** Whether the node crashed within the repair. */
    private static boolean alone(SimCluster cluster, Random random) {
        SimNode node = cluster.node(0);
        for (long id = 0; id < ROWS; id++) {
            node.insert("people", "id", id, "name", "n" + id);
        }
        cluster.runUntilQuiet();
        cluster.node(1).add("people", 1, "visits", 5);
        cluster.runUntilQuiet();
        cluster.crash(1).crash(2).runFor(Duration.ofSeconds(5));

        node.jumpClock(AHEAD);
        for (int i = 0; i < 20; i++) {
            write(node, random);
        }
        List<List<@Nullable Object>> rows = node.rows("people");
        node.jumpClock(AHEAD.negated());
        cluster.crashAtDiskCall(0, 1 + random.nextInt(10));
        boolean crashed = repairs(node, rows);
        node.machine().crashAtDiskCall(-1, () -> {});
        assertThat(node.engine().maintenance().repairClock()).isEqualTo(new ClockRepaired(0, 0));
        cluster.assertFolds(node, "people");

        cluster.restartAll().runUntilQuiet();
        node.insert("people", "id", 100, "name", "of the present");
        cluster.node(1).add("people", 1, "visits", 5);
        cluster.runUntilQuiet();
        cluster.assertConvergedAndReplays();
        return crashed;
    }

    private static boolean repairs(SimNode node, List<List<@Nullable Object>> rows) {
        boolean crashed = false;
        try {
            node.engine().maintenance().repairClock();
        } catch (NodeCrashed e) {
            crashed = true;
        }
        if (!node.isUp()) {
            crashed = true;
            node.start();
        }
        assertThat(node.rows("people")).isEqualTo(rows);
        node.engine().maintenance().repairClock();
        assertThat(node.rows("people")).isEqualTo(rows);
        return crashed;
    }

    private static void write(SimNode node, Random random) {
        long id = random.nextInt(2 * ROWS);
        switch (random.nextInt(4)) {
            case 0 -> {
                if (node.rows("people").stream()
                        .noneMatch(row -> Long.valueOf(id).equals(row.get(0)))) {
                    node.insert("people", "id", id, "name", "new " + random.nextInt(100));
                }
            }
            case 1 -> node.delete("people", id);
            case 2 -> node.update("people", id, "name", "later " + random.nextInt(100));
            default -> node.add("people", id, "visits", 1 + random.nextInt(9));
        }
    }
}
