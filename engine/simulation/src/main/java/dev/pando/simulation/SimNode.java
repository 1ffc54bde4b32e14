package dev.pando.simulation;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.store.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A node of a {@link SimCluster}: a machine and, while it is up, the engine that runs on it. */
public final class SimNode extends NodeWords {

    private final SimCluster cluster;
    private final SimMachine machine;
    private final Disk disk;
    private final UnaryOperator<EngineOptions> options;
    private @Nullable Engine engine;

    SimNode(SimCluster cluster, SimMachine machine, Disk disk, UnaryOperator<EngineOptions> options) {
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

    Disk disk() {
        return disk;
    }

    /** Starts the engine on what is on the disk. */
    void start() {
        machine.restart();
        var environment = new SimEnvironment(machine, cluster.network(), () -> new SimDisk(disk, machine));
        engine = Engine.open(options.apply(new EngineOptions(
                Optional.of(Path.of("/simulated/" + machine.index())),
                EngineOptions.Durability.GROUP,
                EngineOptions.NetworkOptions.listening(machine.address()),
                false,
                Optional.empty(),
                environment)));
    }

    /** Ends the process where it stands. */
    void crash(boolean powerLoss) {
        cluster.network().crashed(machine, powerLoss);
        machine.crash();
        engine = null;
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
