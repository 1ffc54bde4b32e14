package dev.pando.simulation;

import dev.pando.Grants.Right;
import dev.pando.Replication.ReplicatorInfo;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.libp2p.Multiaddr;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Three nodes A, B and C, simulated or over loopback sockets: scenarios are told once and run in both. */
interface World extends AutoCloseable {

    NodeWords node(int index);

    Multiaddr address(int node);

    /** Waits for a condition, with a deadline. */
    void await(String what, BooleanSupplier condition);

    /** Waits long enough that what would happen has happened: for what must not happen. */
    void settle();

    /** Ends a node in good order. */
    void stop(int node);

    /** Kills a node, as far as this world can. */
    void kill(int node);

    void start(int node);

    @Override
    void close();

    // The rest is the same in both

    default Table create(int node, TableSpec spec) {
        var engine = node(node).engine();
        Table table = engine.catalog().createTable(spec);
        engine.grants().grant(table, Optional.empty(), EnumSet.allOf(Right.class));
        return table;
    }

    default void createEverywhere(TableSpec... specs) {
        for (TableSpec spec : specs) {
            for (int node = 0; node < 3; node++) {
                create(node, spec);
            }
        }
    }

    default void replicate(int from, int to, String... tables) {
        var held = List.of(tables).stream().map(node(from)::table).toList();
        node(from)
                .engine()
                .replication()
                .setReplicator(new ReplicatorSpec(
                        node(to).engine().peerId(), Optional.of(address(to)), held, List.of(), Optional.empty()));
    }

    default void endReplication(int from, int to, String... tables) {
        node(from)
                .engine()
                .replication()
                .deleteReplicator(
                        node(to).engine().peerId(),
                        List.of(tables).stream().map(node(from)::table).toList());
    }

    default void connect(int from, int to) {
        node(from).engine().network().connect(address(to));
    }

    default void disconnect(int a, int b) {
        node(a).engine().network().disconnect(node(b).engine().peerId());
    }

    default void subscribe(int node, String... tables) {
        node(node)
                .engine()
                .subscriptions()
                .subscribe(List.of(tables).stream().map(node(node)::table).toList());
    }

    /** Follows the row with that key, which {@code holder} has. */
    default void follow(int node, int holder, String table, Object key) {
        node(node)
                .engine()
                .subscriptions()
                .subscribeDocuments(
                        node(node).table(table), List.of(node(holder).documentId(table, key)));
    }

    default ReplicatorInfo replicator(int from, int to, String table) {
        var peer = node(to).engine().peerId();
        return node(from).engine().replication().replicators().stream()
                .filter(r -> r.peer().equals(peer) && r.table().name().equals(table))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until {@code to} shows the same rows as {@code from}. */
    default void awaitSame(int from, int to, String table) {
        await(
                "node " + to + " shows the " + table + " of node " + from,
                () -> node(to).rows(table).equals(node(from).rows(table)));
    }

    default void awaitSameState(int a, int b, String table) {
        await(
                "nodes " + a + " and " + b + " have one state of " + table,
                () -> node(a).engine()
                        .stateHash(node(a).table(table))
                        .equals(node(b).engine().stateHash(node(b).table(table))));
        awaitSame(a, b, table);
    }
}
