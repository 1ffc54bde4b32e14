package dev.pando.simulation;

import dev.pando.Alteration;
import dev.pando.ColumnType;
import dev.pando.IndexSpec;
import dev.pando.MergeKind;
import dev.pando.PandoException;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import dev.pando.store.testing.Fault;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sessions on all nodes that write at random, while faults happen at random; all of it from the cluster's seed. Keeps
 * account of what was acknowledged, to be checked in the end.
 *
 * <ul>
 *   <li>{@link #NOTES}: rows come, change, go and come again, on all nodes at once;
 *   <li>{@link #COUNTERS}: rows that stay, whose counters must end at the sum of what was acknowledged;
 *   <li>{@link #PAIRS}: two rows in one transaction, of which nobody may ever see one alone; none is ever deleted;
 *   <li>{@link #SECRETS}: rows that must never be seen on another node.
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

    /** What each node keeps for itself. */
    public static final TableSpec SECRETS = TableSpec.of(
            "PUBLIC", "secrets", List.of(key("id"), ColumnSpec.of("node", ColumnType.BIGINT)), List.of("id"));

    private static final int NOTE_KEYS = 8;
    private static final int COUNTER_KEYS = 3;

    /** What a session is told when others are in its way, or when its node's disk or process is gone. */
    private static final Set<PandoException.Kind> EXPECTED = EnumSet.of(
            PandoException.Kind.DUPLICATE_KEY,
            PandoException.Kind.SERIALIZATION_FAILURE,
            PandoException.Kind.DEADLOCK,
            PandoException.Kind.LOCK_TIMEOUT,
            PandoException.Kind.COLUMN_EXISTS,
            PandoException.Kind.UNKNOWN_COLUMN,
            PandoException.Kind.INDEX_EXISTS,
            PandoException.Kind.UNKNOWN_INDEX,
            PandoException.Kind.INVALID_DEFINITION,
            PandoException.Kind.CLOSED);

    /** What a session is told of a disk that fails: nobody knows what became of its commit. */
    private static final Set<PandoException.Kind> OF_DISKS =
            EnumSet.of(PandoException.Kind.IO_ERROR, PandoException.Kind.DISK_FULL);

    private final SimCluster cluster;
    private final SimFaults faults;
    private final SplittableRandom random;
    private final Map<Long, Long> acknowledged = new HashMap<>();
    private final Map<Long, Long> unknown = new HashMap<>();
    private final Set<Long> acknowledgedPairs = new TreeSet<>();
    private long pairs;
    private long secrets;
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
        var builder =
                SimCluster.of(nodes).table(NOTES).table(COUNTERS).table(PAIRS).privateTable(SECRETS);
        if (seed % 7 == 6) {
            builder.subscribed().withoutReplicators();
        } else if (seed % 3 == 0) {
            builder.subscribed();
        }
        return builder.seed(seed);
    }

    /**
     * Runs {@code transactions} among faults, ends the faults, waits until all is quiet and checks everything.
     *
     * @throws SimulationFailure when something acknowledged is missing, somebody saw half of a pair, or nodes differ
     */
    public static SimWorkload run(SimCluster cluster, SimFaults faults, int transactions) {
        var workload = new SimWorkload(cluster, faults);
        if (faults.disks()) {
            cluster.simulation().expectFailingDisks();
        }
        if (!faults.clocks()) {
            cluster.checkAcknowledgements();
        }
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
        if (faults.definitions() && random.nextInt(8) == 0) {
            SimNode other = cluster.node(random.nextInt(cluster.size()));
            cluster.simulation()
                    .schedule(
                            Duration.ofNanos(random.nextLong(1_000_000)),
                            "definition",
                            () -> attempt(other, this::define));
        }
        cluster.runFor(Duration.ofNanos(delay));
        if (random.nextInt(6) == 0) {
            checkPairs(cluster.node(random.nextInt(cluster.size())));
        }
    }

    // Sessions

    private void session(SimNode node) {
        attempt(node, this::transact);
    }

    private void attempt(SimNode node, Consumer<SimNode> what) {
        if (!node.isUp()) {
            return;
        }
        try {
            what.accept(node);
        } catch (PandoException e) {
            if (!EXPECTED.contains(e.kind()) && !(faults.disks() && OF_DISKS.contains(e.kind()))) {
                throw e;
            }
        }
    }

    private void transact(SimNode node) {
        switch (random.nextInt(9)) {
            case 0, 1 -> increment(node);
            case 2 -> pair(node);
            case 3 -> node.insert("notes", "id", noteKey(), "text", text(), "reads", random.nextInt(3));
            case 4 -> node.delete("notes", noteKey());
            case 5 -> node.add("notes", noteKey(), "reads", 1 + random.nextInt(5));
            case 6 -> node.update("notes", noteKey(), "text", text());
            case 7 -> node.insert("secrets", "id", secrets++, "node", node.index());
            default -> mixed(node);
        }
        commits++;
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
            if (!OF_DISKS.contains(e.kind())) {
                unknown.merge(id, -amount, Long::sum);
            }
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
        acknowledgedPairs.add(id);
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

    /** Changes a definition in one of many ways, and sometimes writes to what is new. */
    private void define(SimNode node) {
        String name = "extra" + random.nextInt(2);
        var catalog = node.engine().catalog();
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> {
                ColumnType type = random.nextBoolean() ? ColumnType.BIGINT : ColumnType.VARCHAR;
                catalog.addColumn(node.table("notes"), ColumnSpec.of(name, type));
                node.change("notes", noteKey(), (row, values) -> {
                    int last = values.length - 1;
                    boolean text = row.table().columns().get(last).type().equals(ColumnType.VARCHAR);
                    values[last] = text ? (Object) text() : (Object) (long) random.nextInt(100);
                });
            }
            case 3 -> catalog.renameColumn(node.table("notes"), name, "renamed" + random.nextInt(2));
            case 4 -> catalog.dropColumn(node.table("notes"), name);
            case 5 ->
                catalog.alter(
                        node.table("notes"),
                        List.of(
                                new Alteration.SetType("size", ColumnType.BIGINT),
                                new Alteration.SetDefault("size", Optional.of("" + random.nextInt(10))),
                                new Alteration.SetComment(Optional.of("text"), Optional.of(text()))));
            case 6 ->
                catalog.createIndex(
                        node.table("notes"),
                        new IndexSpec("by" + random.nextInt(2), List.of(new IndexSpec.Part("text", true)), false));
            case 7 -> {
                var indexes = node.table("notes").indexes();
                if (!indexes.isEmpty()) {
                    catalog.dropIndex(indexes.get(0));
                }
            }
            default -> node.engine().maintenance().checkpoint();
        }
    }

    // Faults

    private void fault() {
        int a = random.nextInt(cluster.size());
        int b = (a + 1 + random.nextInt(cluster.size() - 1)) % cluster.size();
        switch (random.nextInt(7)) {
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
                if (faults.disks() && cluster.node(a).isUp()) {
                    failDisk(cluster.node(a));
                }
            }
            case 5 -> {
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

    private void failDisk(SimNode node) {
        Fault[] faultsOfDisks = {
            Fault.IO_ERROR_ONCE, Fault.IO_ERROR_FOREVER, Fault.DISK_FULL_ONCE, Fault.DISK_FULL_FOREVER
        };
        node.disk()
                .failAt(
                        node.disk().operations() + 1 + random.nextInt(20),
                        faultsOfDisks[random.nextInt(faultsOfDisks.length)]);
        cluster.simulation().schedule(Duration.ofMillis(random.nextInt(20_000)), "new disk", () -> {
            if (node.isUp()) {
                node.crash(random.nextBoolean());
            }
            node.repairDisk();
            restartLater(node.index());
        });
    }

    private void restartLater(int node) {
        cluster.simulation().schedule(Duration.ofMillis(random.nextInt(3_000)), "restart", () -> {
            if (!cluster.node(node).isUp() && !cluster.node(node).tryStart()) {
                cluster.node(node).repairDisk();
                restartLater(node);
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
            SimNode node = cluster.node(n);
            checkPairs(node);
            Set<Object> shown = new HashSet<>();
            node.rows("pairs").forEach(row -> shown.add(row.get(0)));
            if (!shown.containsAll(acknowledgedPairs)) {
                throw cluster.simulation()
                        .fail(node + " shows pairs " + shown + ", acknowledged were " + acknowledgedPairs, null);
            }
            for (List<@Nullable Object> row : node.rows("secrets")) {
                if (!Long.valueOf(n).equals(row.get(1))) {
                    throw cluster.simulation().fail(node + " has a secret of node " + row.get(1), null);
                }
            }
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
