package dev.pando.engine;

import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Environment;
import dev.pando.Network;
import dev.pando.PandoException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.kad.KadConfig;
import dev.pando.libp2p.kad.Kademlia;
import dev.pando.libp2p.kad.RoutedHost;
import dev.pando.replication.MailboxScheduler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds peers that nobody named: those known from before a restart, by the hash table of the peers that are known, and
 * on the local network. The last two are there when the options ask for them.
 */
final class PeerDiscovery implements AutoCloseable {

    /** Connections above which a peer of the local network is not dialled; its address is known all the same. */
    static final int LOCAL_CONNECTIONS_MAX = 64;

    /** Peers known from before a restart that are dialled at once: enough to be told of the others. */
    static final int MET_AGAIN_MAX = 16;

    /** What the host knows of peers; a file that is missing or damaged is left out, with a warning. */
    static final String PEERS_FILE = "peers";

    private static final System.Logger LOG = System.getLogger(PeerDiscovery.class.getName());

    private record Table(Kademlia kad, TopicPeers topics, boolean server) {}

    private final Host plain;
    private final Host routed;
    private final Environment environment;
    private final boolean local;
    private final Optional<Table> table;
    private final AtomicInteger localPeers = new AtomicInteger();
    private @Nullable AutoCloseable localDiscovery;
    private volatile boolean closed;

    private final HostListener listener = new HostListener() {
        @Override
        public void onIdentified(PeerId peer, Identify info) {
            if (info.protocols().contains(KadConfig.PANDO_PROTOCOL)) {
                table.ifPresent(t -> t.topics().metServer());
            }
        }
    };

    PeerDiscovery(Host host, Environment environment, Environment.Threads threads, NetworkOptions options) {
        this.plain = host;
        this.environment = environment;
        this.local = options.mdns();
        LongSupplier clock = () -> environment.nanoTime() / 1_000_000;
        if (options.dht()) {
            /* Who cannot be dialled does not serve: what it kept could not be had. */
            boolean server = !host.addresses().isEmpty();
            var scheduler = MailboxScheduler.on(threads);
            var kad = new Kademlia(host, KadConfig.pando(server), scheduler, clock);
            this.table = Optional.of(new Table(kad, new TopicPeers(host, kad, scheduler, clock), server));
            this.routed = new RoutedHost(host, kad, clock);
        } else {
            this.table = Optional.empty();
            this.routed = host;
        }
    }

    /** The host for all who want a peer by its id: it is looked up when need be. */
    Host host() {
        return routed;
    }

    void start() {
        table.ifPresent(t -> {
            t.kad().start();
            plain.addListener(listener);
        });
        if (local) {
            localDiscovery = environment.localDiscovery(plain, this::metLocally);
        }
    }

    /** Dials some of those that were known when the node was last up; one that is gone is left to its time. */
    void meetAgain() {
        plain.knownPeers().stream()
                .filter(peer -> !plain.isConnected(peer))
                .limit(MET_AGAIN_MAX)
                .forEach(this::dial);
    }

    /** A topic that is shared by many was joined or left. */
    void topic(String name, boolean joined) {
        table.ifPresent(t -> {
            if (joined) {
                t.topics().joined(name);
            } else {
                t.topics().left(name);
            }
        });
    }

    private void metLocally(PeerId peer) {
        if (plain.isConnected(peer)) {
            return;
        }
        localPeers.incrementAndGet();
        if (plain.connections().size() < LOCAL_CONNECTIONS_MAX) {
            dial(peer);
        }
    }

    private void dial(PeerId peer) {
        plain.connect(peer).whenComplete((id, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.DEBUG, () -> "no connection to " + peer + ": " + failure);
            }
        });
    }

    /** How it stands; fails with a {@link PandoException} of kind {@code CLOSED} after, or in, {@link #close}. */
    CompletableFuture<Network.Discovery> look() {
        return standing()
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        closed ? new PandoException(PandoException.Kind.CLOSED, "the engine is closed") : failure));
    }

    private CompletableFuture<Network.Discovery> standing() {
        if (table.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new Network.Discovery(Network.Discovery.Table.OFF, 0, 0, 0, 0, local, localPeers.get()));
        }
        Table t = table.get();
        var mode = t.server() ? Network.Discovery.Table.SERVER : Network.Discovery.Table.CLIENT;
        return t.kad()
                .tableSize()
                .thenCombine(
                        t.topics().counts(),
                        (servers, counts) -> new Network.Discovery(
                                mode,
                                servers,
                                counts.topics(),
                                counts.lookups(),
                                counts.found(),
                                local,
                                localPeers.get()));
    }

    @Override
    public void close() {
        closed = true;
        AutoCloseable discovering = localDiscovery;
        if (discovering != null) {
            try {
                discovering.close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "while closing", e);
            }
        }
        plain.removeListener(listener);
        table.ifPresent(t -> {
            t.topics().close();
            t.kad().close();
        });
    }
}
