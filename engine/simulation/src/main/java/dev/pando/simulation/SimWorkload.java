package dev.pando.simulation;

import dev.pando.ColumnType;
import dev.pando.MergeKind;
import dev.pando.PandoException;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sessions on all nodes that write at random, while faults happen at random; all of it from the cluster's seed. Keeps
 * account of what was acknowledged, to be checked in the end.
 *
 * <ul>
 *   <li>{@link #NOTES}: rows come, change, go and come again, on all nodes at once;
 *   <li>{@link #COUNTERS}: rows that stay, whose counters must end at the sum of what was acknowledged;
 *   <li>{@link #PAIRS}: two rows in one transaction, of which nobody may ever see one alone.
 * </ul>
 */
public final class SimWorkload {

    public static final TableSpec NOTES = TableSpec.of(
            "PUBLIC",
            "notes",
            List.of(
                    key("id"),
                    ColumnSpec.of("text", ColumnType.VARCHAR),
                    ColumnSpec.of("size", ColumnType.INTEGER),
                    ColumnSpec.counter("reads", ColumnType.BIGINT)),
            List.of("id"));

    public static final TableSpec COUNTERS = TableSpec.of(
            "PUBLIC", "counters", List.of(key("id"), ColumnSpec.counter("n", ColumnType.BIGINT)), List.of("id"));

    public static final TableSpec PAIRS =
            TableSpec.of("PUBLIC", "pairs", List.of(key("id"), key("half")), List.of("id", "half"));

    private static final int NOTE_KEYS = 8;
    private static final int COUNTER_KEYS = 3;

    /** What a session is told when others are in its way, or when its node's disk or process is gone. */
    private static final Set<PandoException.Kind> EXPECTED = EnumSet.of(
            PandoException.Kind.DUPLICATE_KEY,
            PandoException.Kind.SERIALIZATION_FAILURE,
            PandoException.Kind.DEADLOCK,
            PandoException.Kind.LOCK_TIMEOUT,
            PandoException.Kind.COLUMN_EXISTS,
            PandoException.Kind.CLOSED);

    private final SimCluster cluster;
    private final SimFaults faults;
    private final SplittableRandom random;
    private final Map<Long, Long> acknowledged = new HashMap<>();
    private final Map<Long, Long> unknown = new HashMap<>();
    private long pairs;
    private long commits;

    private SimWorkload(SimCluster cluster, SimFaults faults) {
        this.cluster = cluster;
        this.faults = faults;
        this.random = cluster.simulation().random("workload");
    }

    private static ColumnSpec key(String name) {
        return new ColumnSpec(name, ColumnType.BIGINT, MergeKind.LAST, false, Optional.empty(), false);
    }

    /** A cluster with the tables of the workload. */
    public static SimCluster cluster(int nodes, long seed) {
        return SimCluster.of(nodes).table(NOTES).table(COUNTERS).table(PAIRS).seed(seed);
    }

    /**
     * Runs {@code transactions} among faults, ends the faults, waits until all is quiet and checks everything.
     *
     * @throws SimulationFailure when something acknowledged is missing, somebody saw half of a pair, or nodes differ
     */
    public static SimWorkload run(SimCluster cluster, SimFaults faults, int transactions) {
        var workload = new SimWorkload(cluster, faults);
        workload.begin();
        for (int i = 0; i < transactions; i++) {
            workload.step();
        }
        workload.endFaults();
        cluster.runUntilQuiet();
        cluster.assertConverged();
        workload.check();
        return workload;
    }

    /** Transactions that were acknowledged. */
    public long commits() {
        return commits;
    }

    private void begin() {
        for (int n = 0; n < cluster.size(); n++) {
            SimNode node = cluster.node(n);
            node.inTransaction(transaction -> {
                for (long id = 0; id < COUNTER_KEYS; id++) {
                    node.insert(transaction, "counters", "id", id);
                }
                return node;
            });
        }
    }

    private void step() {
        SimNode node = cluster.node(random.nextInt(cluster.size()));
        long delay = random.nextInt(4) == 0 ? random.nextLong(400_000_000) : random.nextLong(4_000_000);
        if (node.isUp()) {
            cluster.simulation().schedule(Duration.ofNanos(random.nextLong(1_000_000)), "session", () -> session(node));
        }
        if (random.nextInt(12) == 0) {
            fault();
        }
        if (faults.definitions() && random.nextInt(10) == 0) {
            define(cluster.node(random.nextInt(cluster.size())));
        }
        cluster.runFor(Duration.ofNanos(delay));
        if (random.nextInt(6) == 0) {
            checkPairs(cluster.node(random.nextInt(cluster.size())));
        }
    }

    // Sessions

    private void session(SimNode node) {
        if (!node.isUp()) {
            return;
        }
        try {
            switch (random.nextInt(8)) {
                case 0, 1 -> increment(node);
                case 2 -> pair(node);
                case 3 -> node.insert("notes", "id", noteKey(), "text", text(), "reads", random.nextInt(3));
                case 4 -> node.delete("notes", noteKey());
                case 5 -> node.add("notes", noteKey(), "reads", 1 + random.nextInt(5));
                case 6 -> node.update("notes", noteKey(), "text", text());
                default -> mixed(node);
            }
            commits++;
        } catch (PandoException e) {
            if (!EXPECTED.contains(e.kind())) {
                throw e;
            }
        }
    }

    private long noteKey() {
        return random.nextInt(NOTE_KEYS);
    }

    private String text() {
        return "text " + random.nextInt(1_000);
    }

    private void increment(SimNode node) {
        long id = random.nextInt(COUNTER_KEYS);
        long amount = 1 + random.nextInt(100);
        /* Until the answer is there, a crash leaves open what became of it. */
        unknown.merge(id, amount, Long::sum);
        boolean done = false;
        try {
            done = node.add("counters", id, "n", amount);
        } catch (PandoException e) {
            unknown.merge(id, -amount, Long::sum);
            throw e;
        }
        unknown.merge(id, -amount, Long::sum);
        if (done) {
            acknowledged.merge(id, amount, Long::sum);
        }
    }

    private void pair(SimNode node) {
        long id = pairs++;
        node.inTransaction(transaction -> {
            node.insert(transaction, "pairs", "id", id, "half", 0);
            node.insert(transaction, "pairs", "id", id, "half", 1);
            return id;
        });
    }

    /** Several rows in one transaction, some of them twice, part of it undone. */
    private void mixed(SimNode node) {
        try (Transaction transaction = node.engine().begin(options())) {
            for (int i = 0; i < 3; i++) {
                transaction.beginStatement();
                long id = noteKey();
                int what = random.nextInt(3);
                node.change(transaction, "notes", id, (row, values) -> {
                    if (what == 0) {
                        values[1] = text();
                    } else if (what == 1) {
                        values[2] = (long) random.nextInt(100);
                    } else {
                        values[3] = row.getLong(3) + 1;
                    }
                });
                if (random.nextInt(4) == 0) {
                    transaction.rollbackStatement();
                }
            }
            if (random.nextInt(5) > 0) {
                transaction.commit();
            }
        }
    }

    private TransactionOptions options() {
        var isolation =
                random.nextBoolean() ? Transaction.Isolation.READ_COMMITTED : Transaction.Isolation.REPEATABLE_READ;
        return new TransactionOptions(isolation, false, Duration.ofMillis(200));
    }

    /** Adds a column, or writes to one that is there. Not in a session: definitions are changed one at a time. */
    private void define(SimNode node) {
        if (!node.isUp()) {
            return;
        }
        String name = "extra" + random.nextInt(2);
        ColumnType type = random.nextBoolean() ? ColumnType.BIGINT : ColumnType.VARCHAR;
        try {
            node.engine().catalog().addColumn(node.table("notes"), ColumnSpec.of(name, type));
            node.change("notes", noteKey(), (row, values) -> {
                int last = values.length - 1;
                boolean text = row.table().columns().get(last).type().equals(ColumnType.VARCHAR);
                values[last] = text ? (Object) text() : (Object) (long) random.nextInt(100);
            });
        } catch (NodeCrashed e) {
            /* Here the crash ends the call, not an event: the run goes on. */
            if (node.isUp()) {
                throw e;
            }
        } catch (PandoException e) {
            if (!EXPECTED.contains(e.kind())) {
                throw e;
            }
        }
    }

    // Faults

    private void fault() {
        int a = random.nextInt(cluster.size());
        int b = (a + 1 + random.nextInt(cluster.size() - 1)) % cluster.size();
        switch (random.nextInt(6)) {
            case 0 -> {
                if (faults.partitions()) {
                    cut(a, b);
                }
            }
            case 1 -> {
                if (faults.resets()) {
                    cluster.network().reset(a, b);
                }
            }
            case 2 -> {
                if (faults.crashes() && cluster.node(a).isUp()) {
                    cluster.node(a).crash(random.nextBoolean());
                    restartLater(a);
                }
            }
            case 3 -> {
                if (faults.crashes() && cluster.node(a).isUp()) {
                    cluster.node(a).machine().crashAtDiskCall(1 + random.nextInt(20), () -> {
                        cluster.node(a).crash(random.nextBoolean());
                        restartLater(a);
                    });
                }
            }
            case 4 -> {
                if (faults.clocks()) {
                    cluster.node(a).jumpClock(Duration.ofSeconds(random.nextInt(960) - 480));
                }
            }
            default -> cluster.network().mendAll();
        }
    }

    private void cut(int a, int b) {
        cluster.network().cut(a, b);
        if (random.nextBoolean()) {
            cluster.network().cut(b, a);
        }
        cluster.simulation().schedule(Duration.ofMillis(random.nextInt(90_000)), "mend", () -> {
            cluster.network().mend(a, b);
            cluster.network().mend(b, a);
        });
    }

    private void restartLater(int node) {
        cluster.simulation().schedule(Duration.ofMillis(random.nextInt(3_000)), "restart", () -> {
            if (!cluster.node(node).isUp()) {
                cluster.restart(node);
            }
        });
    }

    private void endFaults() {
        for (int n = 0; n < cluster.size(); n++) {
            cluster.node(n).machine().crashAtDiskCall(-1, () -> {});
        }
        cluster.heal();
        cluster.restartAll();
        for (int n = 0; n < cluster.size(); n++) {
            cluster.node(n).machine().correctClock();
        }
        if (faults.clocks()) {
            /* What was written by a clock that was ahead comes in when its time has come. */
            cluster.runFor(Duration.ofMinutes(15));
        }
    }

    // Checks

    private void checkPairs(SimNode node) {
        if (!node.isUp()) {
            return;
        }
        List<List<@Nullable Object>> rows;
        try {
            rows = node.rows("pairs");
        } catch (NodeCrashed e) {
            return;
        }
        var halves = new HashMap<Object, Integer>();
        rows.forEach(row -> halves.merge(String.valueOf(row.get(0)), 1, Integer::sum));
        halves.forEach((id, count) -> {
            if (count != 2) {
                throw cluster.simulation().fail(node + " shows " + count + " row of pair " + id, null);
            }
        });
    }

    private void check() {
        for (int n = 0; n < cluster.size(); n++) {
            checkPairs(cluster.node(n));
        }
        for (long id = 0; id < COUNTER_KEYS; id++) {
            long least = acknowledged.getOrDefault(id, 0L);
            long most = least + unknown.getOrDefault(id, 0L);
            Object shown = cluster.node(0).get("counters", id, "n");
            if (!(shown instanceof Long n) || n < least || n > most) {
                throw cluster.simulation()
                        .fail(
                                "counter " + id + " shows " + shown + ", acknowledged were " + least + " to " + most,
                                null);
            }
        }
    }
}
