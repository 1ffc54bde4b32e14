package dev.pando.simulation;

import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.KeyPair;
import dev.pando.store.Disk;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What one process of a machine sees of the world. */
final class SimEnvironment implements Environment {

    private final SimMachine machine;
    private final SimLife life;
    private final SimNetwork network;
    private final Supplier<Disk> disk;

    /** @param disk the machine's disk, as this life of it sees it */
    SimEnvironment(SimMachine machine, SimNetwork network, Supplier<Disk> disk) {
        this.machine = machine;
        this.life = machine.life();
        this.network = network;
        this.disk = disk;
    }

    @Override
    public long currentTimeMillis() {
        return machine.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
        return machine.simulation().nowNanos();
    }

    @Override
    public void randomBytes(byte[] target) {
        machine.random().nextBytes(target);
    }

    @Override
    public Threads newThreads(String name) {
        return new SimThreads(machine.simulation(), life, machine.random().split());
    }

    @Override
    public Disk disk(Optional<Path> root) {
        return disk.get();
    }

    @Override
    public Host newHost(KeyPair identity, List<String> listen) {
        try {
            return network.newHost(machine, identity, listen);
        } catch (HostException e) {
            throw new PandoException(PandoException.Kind.ADDRESS_IN_USE, String.valueOf(e.getMessage()), e);
        }
    }
}
