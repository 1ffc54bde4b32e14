package dev.pando.engine;

import dev.pando.EngineOptions;
import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Multiaddr;
import dev.pando.store.Disk;
import dev.pando.store.Store;
import dev.pando.store.StoreOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens one engine: disk, store, recovery, then what lives on them. What was opened is closed when a step fails. */
final class EngineStart {

    /** Characters of the Peer ID in names of threads. */
    private static final int NAME_LENGTH = 6;

    private final EngineOptions options;
    private final Environment environment;
    private final List<AutoCloseable> opened = new ArrayList<>();

    EngineStart(EngineOptions options) {
        this.options = options;
        this.environment = options.environment();
    }

    EngineImpl open() {
        try {
            return opened();
        } catch (RuntimeException | Error e) {
            closeAll(e);
            throw e;
        }
    }

    private EngineImpl opened() {
        List<Multiaddr> peers =
                options.network().peers().stream().map(EngineStart::address).toList();
        options.network().listen().forEach(EngineStart::address);
        Disk disk = environment.disk(options.rootDirectory());
        Store store = Store.open(disk, StoreOptions.DEFAULT, environment::randomBytes);
        opened.add(store);
        KeyPair identity = identity(disk);
        var changed = new Listeners();
        var recovery = new Recovery(store, environment, options.expressions(), changed);
        store.recover(recovery);
        recovery.finish();
        String id = identity.peerId().toString();
        Environment.Threads threads = environment.newThreads(id.substring(id.length() - NAME_LENGTH));
        opened.add(threads);
        Host host = host(identity, disk);
        Optional<PeerDiscovery> discovery =
                Optional.ofNullable(host).map(h -> new PeerDiscovery(h, environment, threads, options.network()));
        discovery.ifPresent(opened::add);
        var parts = new EngineParts(options, disk, store, recovery, threads, identity, discovery, changed);
        var engine = new EngineImpl(parts, identity.peerId());
        opened.clear();
        opened.add(engine); // It takes down all of these, in its order, when it cannot start.
        engine.start(peers);
        return engine;
    }

    private KeyPair identity(Disk disk) {
        try {
            return Identity.loadOrCreate(disk, environment);
        } catch (IOException e) {
            throw new PandoException(Kind.IO_ERROR, "cannot read or make the identity key: " + e.getMessage(), e);
        }
    }

    private @Nullable Host host(KeyPair identity, Disk disk) {
        if (!options.network().enabled()) {
            return null;
        }
        Host host = environment.newHost(
                identity, options.network().listen(), disk.path().map(root -> root.resolve(PeerDiscovery.PEERS_FILE)));
        opened.add(host);
        return host;
    }

    private static Multiaddr address(String text) {
        try {
            return Multiaddr.parse(text);
        } catch (RuntimeException e) {
            throw new PandoException(
                    Kind.INVALID_ARGUMENT,
                    "'" + text + "' is not a multiaddress (" + e.getMessage()
                            + "); expected something like /ip4/127.0.0.1/tcp/9171",
                    e);
        }
    }

    private void closeAll(Throwable cause) {
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }
}
