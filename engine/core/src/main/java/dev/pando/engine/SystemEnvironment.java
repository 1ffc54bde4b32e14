package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.mdns.MdnsDiscovery;
import dev.pando.store.Disk;
import dev.pando.store.MemoryDisk;
import dev.pando.store.NioDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The real world. Stateless but for its source of randomness. */
final class SystemEnvironment implements Environment {

    static final SystemEnvironment INSTANCE = new SystemEnvironment();

    private final SecureRandom random = new SecureRandom();

    @Override
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void randomBytes(byte[] target) {
        random.nextBytes(target);
    }

    @Override
    public Threads newThreads(String name) {
        return new SystemThreads(name);
    }

    @Override
    public Disk disk(Optional<Path> root) {
        return root.<Disk>map(NioDisk::open).orElseGet(MemoryDisk::new);
    }

    @Override
    public AutoCloseable localDiscovery(Host host, Consumer<PeerId> found) {
        try {
            return MdnsDiscovery.start(host, random, MdnsDiscovery.PORT, "", found);
        } catch (IOException e) {
            throw new PandoException(
                    PandoException.Kind.ADDRESS_IN_USE,
                    "cannot look for peers on the local network (UDP port " + MdnsDiscovery.PORT + "): "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public Host newHost(KeyPair identity, List<String> listen) {
        return newHost(identity, listen, Optional.empty());
    }

    @Override
    public Host newHost(KeyPair identity, List<String> listen, Optional<Path> peers) {
        var builder = Libp2pHost.builder(identity)
                .listen(listen.stream().map(Multiaddr::parse).toArray(Multiaddr[]::new))
                .agent("pando/" + EngineImpl.version())
                .random(random);
        peers.ifPresent(builder::peerStore);
        try {
            return builder.start();
        } catch (HostException e) {
            var kind = e.kind() == HostException.Kind.ADDRESS_IN_USE
                    ? PandoException.Kind.ADDRESS_IN_USE
                    : PandoException.Kind.INVALID_ARGUMENT;
            throw new PandoException(kind, String.valueOf(e.getMessage()), e);
        }
    }
}
