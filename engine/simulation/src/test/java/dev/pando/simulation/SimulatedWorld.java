package dev.pando.simulation;

import dev.pando.libp2p.Multiaddr;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A world in virtual time. */
final class SimulatedWorld implements World {

    private static final Duration WAIT_MAX = Duration.ofMinutes(5);

    /** More than twice the longest pause between two attempts to connect, or to compare. */
    private static final Duration SETTLE = Duration.ofSeconds(70);

    final SimCluster cluster;

    SimulatedWorld(long seed) {
        cluster = SimCluster.of(3)
                .withoutReplicators()
                .options(options -> options.withExpressions(new ColumnIsText()))
                .seed(seed);
    }

    @Override
    public NodeWords node(int index) {
        return cluster.node(index);
    }

    @Override
    public Multiaddr address(int node) {
        return cluster.address(node);
    }

    @Override
    public void await(String what, BooleanSupplier condition) {
        var simulation = cluster.simulation();
        long until = simulation.nowNanos() + WAIT_MAX.toNanos();
        while (!condition.getAsBoolean()) {
            if (simulation.nowNanos() > until) {
                throw simulation.fail("not within " + WAIT_MAX + ": " + what, null);
            }
            long seen = simulation.events();
            while (simulation.events() == seen && simulation.nowNanos() <= until) {
                cluster.runFor(Duration.ofMillis(20)); // nothing changes while nothing happens
            }
        }
    }

    @Override
    public void settle() {
        cluster.runFor(SETTLE);
    }

    @Override
    public void stop(int node) {
        cluster.node(node).stop();
    }

    @Override
    public void kill(int node) {
        cluster.crash(node);
    }

    @Override
    public void start(int node) {
        cluster.restart(node);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
