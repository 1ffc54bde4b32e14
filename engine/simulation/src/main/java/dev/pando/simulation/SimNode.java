package dev.pando.simulation;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.PandoException;
import dev.pando.libp2p.PeerId;
import dev.pando.store.testing.FaultyDisk;
import dev.pando.store.testing.Survival;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A node of a {@link SimCluster}: a machine and, while it is up, the engine that runs on it. */
public final class SimNode extends NodeWords {

    private final SimCluster cluster;
    private final SimMachine machine;
    private FaultyDisk disk;
    private final UnaryOperator<EngineOptions> options;
    private @Nullable Engine engine;
    private @Nullable PeerId peerId;

    SimNode(SimCluster cluster, SimMachine machine, FaultyDisk disk, UnaryOperator<EngineOptions> options) {
        this.cluster = cluster;
        this.machine = machine;
        this.disk = disk;
        this.options = options;
    }

    public int index() {
        return machine.index();
    }

    /** Whether a process runs here. */
    public boolean isUp() {
        return engine != null && machine.life().isAlive();
    }

    /** @throws IllegalStateException when this node is down */
    @Override
    public Engine engine() {
        Engine running = engine;
        if (running == null || !machine.life().isAlive()) {
            throw new IllegalStateException(machine + " is down");
        }
        return running;
    }

    SimMachine machine() {
        return machine;
    }

    FaultyDisk disk() {
        return disk;
    }

    /** Starts the engine on what is on the disk. */
    void start() {
        machine.restart();
        FaultyDisk present = disk;
        var environment = new SimEnvironment(machine, cluster.network(), () -> new SimDisk(present, machine));
        engine = Engine.open(options.apply(new EngineOptions(
                Optional.of(Path.of("/simulated/" + machine.index())),
                EngineOptions.Durability.GROUP,
                EngineOptions.NetworkOptions.listening(machine.address()).withPeers(cluster.peersOf(this)),
                false,
                Optional.empty(),
                environment)));
        peerId = engine.peerId();
    }

    /** Who runs here, or ran here last. */
    PeerId lastPeerId() {
        return Objects.requireNonNull(peerId, "never started");
    }

    /**
     * Starts the engine, as far as the disk lets it.
     *
     * @return false when the disk failed; the node stays down then
     */
    boolean tryStart() {
        try {
            start();
            return true;
        } catch (PandoException e) {
            if (e.kind() != PandoException.Kind.IO_ERROR && e.kind() != PandoException.Kind.DISK_FULL) {
                throw e;
            }
            machine.crash();
            engine = null;
            return false;
        }
    }

    /**
     * Ends the process where it stands.
     *
     * @param powerLoss whether the machine goes too: what its disk was not forced to keep is lost, torn or out of order
     */
    void crash(boolean powerLoss) {
        cluster.network().crashed(machine, powerLoss);
        machine.crash();
        engine = null;
        if (powerLoss) {
            Survival[] all = Survival.values();
            Survival survival = all[machine.random().nextInt(all.length)];
            disk = disk.afterCrash(survival, machine.random().nextLong());
            cluster.lostPower(this);
        }
    }

    /** From now on the disk does what it is told; a process that saw it fail must be started again. */
    void repairDisk() {
        disk.repair();
    }

    /** Closes the engine in good order. */
    void stop() {
        engine().close();
        machine.crash();
        engine = null;
    }

    /** Has this machine's clock jump, ahead or back. */
    public void jumpClock(Duration by) {
        machine.jump(by);
    }

    @Override
    public String toString() {
        return machine.toString();
    }
}
