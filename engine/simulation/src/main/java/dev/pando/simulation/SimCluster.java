package dev.pando.simulation;

import dev.pando.Column;
import dev.pando.EngineOptions;
import dev.pando.Grants.Right;
import dev.pando.Replication;
import dev.pando.Replication.ReplicatorInfo;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.dag.BlockSource;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.store.testing.FaultyDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes of one database, simulated.
 *
 * <pre>{@code
 * try (var cluster = SimCluster.of(3).table(PEOPLE).seed(seed)) {
 *     cluster.node(0).insert("people", "id", 1, "name", "ida");
 *     cluster.runUntilQuiet();
 *     cluster.partition(0).from(1, 2);
 *     cluster.node(0).update("people", 1, "name", "ada");
 *     cluster.heal().runUntilQuiet();
 *     cluster.assertConverged();
 * }
 * }</pre>
 *
 * <p>Every failure names the seed. One thread at a time may use a cluster.
 */
public final class SimCluster implements AutoCloseable {

    /** Silence after which nobody will say anything more: twice the longest pause between attempts to reconnect. */
    private static final Duration QUIET = Duration.ofSeconds(65);

    /** Virtual time in which a cluster without faults must have become quiet. */
    private static final Duration QUIET_MAX = Duration.ofHours(1);

    private final Simulation simulation;
    private final SimNetwork network;
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<String> tables = new ArrayList<>();
    private boolean checkAcknowledgements;
    private boolean keptTogether;

    private SimCluster(Builder builder, long seed) {
        simulation = new Simulation(seed);
        network = new SimNetwork(simulation);
        for (int i = 0; i < builder.nodes; i++) {
            var machine = new SimMachine(simulation, i);
            nodes.add(new SimNode(this, machine, new FaultyDisk(machine.random().nextLong()), builder.options));
        }
        try {
            nodes.forEach(SimNode::start);
            builder.tables.forEach(this::createEverywhere);
            builder.secrets.forEach(this::createPrivately);
            if (builder.replicate) {
                nodes.forEach(this::replicateToAll);
            }
            if (builder.subscribe) {
                network.expectSmallTalk();
                nodes.forEach(this::subscribeToAll);
                keptTogether = !builder.replicate;
                if (keptTogether) {
                    /* Only from now on they know each other's names, and find each other again after a partition. */
                    nodes.forEach(SimNode::stop);
                    nodes.forEach(SimNode::start);
                }
            }
        } catch (RuntimeException | Error e) {
            close();
            throw simulation.fail("the cluster did not start: " + e, e);
        }
    }

    /** A cluster of that many nodes. */
    public static Builder of(int nodes) {
        return new Builder(nodes);
    }

    /** How a cluster begins. */
    public static final class Builder {
        private final int nodes;
        private final List<TableSpec> tables = new ArrayList<>();
        private UnaryOperator<EngineOptions> options = UnaryOperator.identity();
        private boolean replicate = true;
        private boolean subscribe;
        private final List<TableSpec> secrets = new ArrayList<>();

        private Builder(int nodes) {
            this.nodes = nodes;
        }

        /** Each node creates this table, lets every peer write, and replicates it to every other node. */
        public Builder table(TableSpec spec) {
            tables.add(spec);
            return this;
        }

        /** Each node creates this table for itself: nobody is granted anything, nothing replicates it. */
        public Builder privateTable(TableSpec spec) {
            secrets.add(spec);
            return this;
        }

        /** Each node subscribes to all tables, too: gossip and replicators bring the same commits twice and out of order. */
        public Builder subscribed() {
            subscribe = true;
            return this;
        }

        /** Leaves replicators to the test. */
        public Builder withoutReplicators() {
            replicate = false;
            return this;
        }

        /** Changes the options that engines are opened with. */
        public Builder options(UnaryOperator<EngineOptions> change) {
            options = change;
            return this;
        }

        /** Starts the nodes; all that happens follows from {@code seed}. */
        public SimCluster seed(long seed) {
            return new SimCluster(this, seed);
        }
    }

    private void createEverywhere(TableSpec spec) {
        tables.add(spec.name());
        for (SimNode node : nodes) {
            Table table = node.engine().catalog().createTable(spec);
            node.engine().grants().grant(table, Optional.empty(), EnumSet.allOf(Right.class));
        }
    }

    private void createPrivately(TableSpec spec) {
        nodes.forEach(node -> node.engine().catalog().createTable(spec));
    }

    private void subscribeToAll(SimNode node) {
        for (SimNode other : nodes) {
            if (other != node) {
                node.engine().network().connect(address(other.index()));
            }
        }
        node.engine().subscriptions().subscribe(tables.stream().map(node::table).toList());
    }

    private void replicateToAll(SimNode from) {
        for (SimNode to : nodes) {
            if (to != from) {
                replicate(from.index(), to.index());
            }
        }
    }

    /** Sets a replicator of all tables. */
    public void replicate(int from, int to) {
        var held = tables.stream().map(node(from)::table).toList();
        if (!held.isEmpty()) {
            replicate(from, to, held);
        }
    }

    /** Sets a replicator of these tables of {@code from}. */
    public void replicate(int from, int to, List<Table> held) {
        node(from)
                .engine()
                .replication()
                .setReplicator(new ReplicatorSpec(
                        node(to).engine().peerId(), Optional.of(address(to)), held, List.of(), Optional.empty()));
    }

    /** Peers that a node is told to stay connected with: where no replicator does so, the others. */
    List<String> peersOf(SimNode node) {
        if (!keptTogether) {
            return List.of();
        }
        return nodes.stream()
                .filter(other -> other != node)
                .map(other -> address(other.index()) + "/p2p/" + other.lastPeerId())
                .toList();
    }

    /** Where a node can be dialled. */
    public Multiaddr address(int node) {
        return Multiaddr.parse(node(node).machine().address());
    }

    public Simulation simulation() {
        return simulation;
    }

    public SimNetwork network() {
        return network;
    }

    public SimNode node(int index) {
        return nodes.get(index);
    }

    public int size() {
        return nodes.size();
    }

    // Faults

    /** One side of a partition. */
    public final class Partition {
        private final int[] these;

        private Partition(int... these) {
            this.these = these;
        }

        /** Cuts every wire between the two sides, both ways. */
        public SimCluster from(int... others) {
            for (int a : these) {
                for (int b : others) {
                    network.cut(a, b);
                    network.cut(b, a);
                }
            }
            return SimCluster.this;
        }

        /** Nothing from these arrives at the others; the other way stays open. */
        public SimCluster silencedTo(int... others) {
            for (int a : these) {
                for (int b : others) {
                    network.cut(a, b);
                }
            }
            return SimCluster.this;
        }
    }

    public Partition partition(int... these) {
        return new Partition(these);
    }

    /**
     * What senders believe a node to have is on the disk that a power loss left it.
     *
     * @throws SimulationFailure when it is not
     */
    void lostPower(SimNode receiver) {
        if (!checkAcknowledgements) {
            return;
        }
        SimLog there = SimLog.read(receiver.disk());
        for (SimNode sender : nodes) {
            if (sender != receiver && sender.isUp()) {
                try {
                    lostPower(receiver, there, sender);
                } catch (NodeCrashed e) {
                    if (sender.isUp()) {
                        throw e;
                    }
                    /* It went down itself while it was asked, and believes nothing any more. */
                }
            }
        }
    }

    private void lostPower(SimNode receiver, SimLog there, SimNode sender) {
        PeerId peer = receiver.lastPeerId();
        SimLog here = SimLog.read(sender.disk());
        for (ReplicatorInfo info : sender.engine().replication().replicators()) {
            if (info.peer().equals(peer)) {
                List<Long> lacked = here.lackedBy(there, info.table().collectionId(), info.acknowledged());
                if (lacked.size() > refused(sender, info)) {
                    same(
                            sender,
                            receiver,
                            info.table().name(),
                            "acknowledged commits and those that a power loss took back",
                            List.of(),
                            lacked);
                }
            }
        }
    }

    /** At most so many commits the peer answered for without applying them: they stay to be sent. */
    private static long refused(SimNode sender, ReplicatorInfo info) {
        return sender.engine().replication().syncStatus().stream()
                .filter(status -> status.direction() == Replication.Direction.OUT)
                .filter(status ->
                        status.peer().equals(info.peer()) && status.table().equals(info.table()))
                .filter(status -> status.refused().isPresent())
                .mapToLong(Replication.SyncStatus::behind)
                .sum();
    }

    /** From now on every power loss is held against what senders were told. Not where clocks go wrong: `later` passes. */
    public SimCluster checkAcknowledgements() {
        checkAcknowledgements = true;
        return this;
    }

    /** Mends all wires. */
    public SimCluster heal() {
        network.mendAll();
        return this;
    }

    /** The process of a node is killed; its disk keeps what it was given. */
    public SimCluster crash(int node) {
        node(node).crash(false);
        return this;
    }

    /** Kills the process of a node at the {@code calls}th time from now that it changes its disk. */
    public SimCluster crashAtDiskCall(int node, long calls) {
        node(node).machine().crashAtDiskCall(calls, () -> node(node).crash(false));
        return this;
    }

    /** Starts a node that is down. */
    public SimCluster restart(int node) {
        node(node).start();
        return this;
    }

    /** Starts every node that is down. */
    public SimCluster restartAll() {
        nodes.forEach(SimNode::repairDisk);
        nodes.stream().filter(node -> !node.isUp()).forEach(SimNode::start);
        return this;
    }

    // Running

    public SimCluster runFor(Duration duration) {
        simulation.runFor(duration);
        return this;
    }

    /**
     * Runs until no node has anything more to say to another.
     *
     * @throws SimulationFailure when they go on for ever
     */
    public SimCluster runUntilQuiet() {
        simulation.active();
        simulation.runUntil(() -> simulation.quietFor().compareTo(QUIET) > 0, QUIET_MAX, "the nodes become quiet");
        return this;
    }

    // Checking

    /**
     * All nodes show the same rows and the same state hash of every table, and both are what the blocks in their logs say.
     *
     * @throws SimulationFailure when they do not
     */
    public void assertConverged() {
        simulation.check();
        List<SimLog> logs = nodes.stream().map(node -> SimLog.read(node.disk())).toList();
        for (String table : tables) {
            SimNode first = node(0);
            for (SimNode node : nodes) {
                assertFolds(node, logs.get(node.index()), table);
                same(first, node, table, "definitions", columns(first, table), columns(node, table));
                same(first, node, table, "rows", first.rows(table), node.rows(table));
                Cid hash = node.engine().stateHash(node.table(table));
                boolean equal = hash.equals(first.engine().stateHash(first.table(table)));
                same(
                        first,
                        node,
                        table,
                        equal ? "state hashes" : "state hashes" + difference(first, node, table),
                        first.engine().stateHash(first.table(table)),
                        hash);
            }
        }
    }

    /** As {@link #assertConverged}, and again after every node was killed and has replayed its log; every delta has its proof. */
    public void assertConvergedAndReplays() {
        assertConverged();
        for (SimNode node : nodes) {
            same(
                    node,
                    node,
                    "all tables",
                    "deltas without proof",
                    List.of(),
                    SimLog.read(node.disk()).unproven());
            same(
                    node,
                    node,
                    "all tables",
                    "deltas before their parents",
                    List.of(),
                    SimLog.read(node.disk()).outOfTime());
            node.crash(false);
            node.start();
        }
        assertConverged();
    }

    /** Which deltas of the table one of two nodes has alone. */
    private String difference(SimNode a, SimNode b, String table) {
        SimLog one = SimLog.read(a.disk());
        SimLog other = SimLog.read(b.disk());
        Cid collection = a.table(table).collectionId();
        return "\n  only on " + a + ": " + one.withoutThoseOf(other, collection) + "\n  only on " + b + ": "
                + other.withoutThoseOf(one, collection) + "\n  " + a + ": "
                + progress(a) + "\n  " + b + ": " + progress(b);
    }

    private static List<String> progress(SimNode node) {
        return node.engine().replication().replicators().stream()
                .map(info -> info.table().name() + " " + info.acknowledged() + " acknowledged, " + info.pending()
                        + " pending, " + info.status()
                        + info.lastError().map(e -> " (" + e + ")").orElse(""))
                .toList();
    }

    private static List<Column> columns(SimNode node, String table) {
        return node.table(table).columns();
    }

    /** The rows of a node are those of its log, folded the slow way. */
    public void assertFolds(SimNode node, String tableName) {
        assertFolds(node, SimLog.read(node.disk()), tableName);
    }

    private void assertFolds(SimNode node, SimLog log, String tableName) {
        Table table = node.table(tableName);
        var folded = new ArrayList<List<@Nullable Object>>();
        log.rows(table.collectionId()).values().forEach(values -> folded.add(shown(table, values)));
        folded.sort(byKey(table));
        same(node, node, tableName, "rows and slow fold of the log", folded, node.rows(tableName));
        same(
                node,
                node,
                tableName,
                "state hash and slow fold of the log",
                log.stateHash(table.collectionId()),
                node.engine().stateHash(table));
    }

    private static List<@Nullable Object> shown(Table table, SortedMap<String, Value> values) {
        var row = new ArrayList<@Nullable Object>();
        for (Column column : table.columns()) {
            Value value = values.get(column.id());
            boolean counter = column.merge() == dev.pando.MergeKind.SUM;
            row.add(
                    value == null
                            ? counter ? (Object) 0L : null
                            : Values.decode(
                                    column.type().family(), column.type().scale(), value, BlockSource.EMPTY));
        }
        return Collections.unmodifiableList(row);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static java.util.Comparator<List<@Nullable Object>> byKey(Table table) {
        return (a, b) -> {
            for (int ordinal : table.primaryKey()) {
                Comparable left = (Comparable) Objects.requireNonNull(a.get(ordinal));
                int order = left.compareTo(b.get(ordinal));
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        };
    }

    private void same(SimNode a, SimNode b, String table, String what, @Nullable Object left, @Nullable Object right) {
        if (!Objects.equals(left, right)) {
            throw simulation.fail(
                    what + " of " + table + " differ\n  " + a + ": " + left + "\n  " + b + ": " + right, null);
        }
    }

    /** Ends all nodes where they stand. */
    @Override
    public void close() {
        for (SimNode node : nodes) {
            node.machine().crash();
        }
        simulation.endWaits();
    }
}
