package dev.pando.engine;

import dev.pando.Catalog;
import dev.pando.Engine;
import dev.pando.Grants;
import dev.pando.Inspection;
import dev.pando.KeyGenerator;
import dev.pando.LocalRecords;
import dev.pando.Maintenance;
import dev.pando.Network;
import dev.pando.NodeInfo;
import dev.pando.PandoException;
import dev.pando.Replication;
import dev.pando.Subscriptions;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.replication.AdmissionOutcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An open engine: hands out its parts, and takes them down in order. */
final class EngineImpl implements Engine {

    private static final System.Logger LOG = System.getLogger(EngineImpl.class.getName());

    private final EngineParts parts;
    private final PeerId peerId;
    private final Instant startedAt;
    private final LocalRecords localRecords;
    private final Inspection inspection;
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Checkpointer checkpointer;
    private @Nullable BootstrapPeers bootstrap;

    EngineImpl(EngineParts parts, PeerId peerId) {
        this.parts = parts;
        this.peerId = peerId;
        this.startedAt = Instant.ofEpochMilli(parts.environment.currentTimeMillis());
        this.localRecords = new LocalRecordsImpl(parts.locals, parts.committer);
        this.inspection = new InspectionImpl(parts);
        this.checkpointer = new Checkpointer(parts);
    }

    void start(List<Multiaddr> peers) {
        parts.discovery.ifPresent(PeerDiscovery::start);
        parts.replication.start();
        checkpointer.start();
        parts.host.ifPresent(host -> {
            host.addListener(new HostListener() {
                @Override
                public void onDisconnected(PeerId peer) {
                    if (host.connections().isEmpty()) {
                        parts.threads.workers().execute(parts.departures::tryLower);
                    }
                }
            });
            var keeper = new BootstrapPeers(host, parts.threads, peers);
            bootstrap = keeper;
            keeper.start();
        });
        parts.discovery.ifPresent(PeerDiscovery::meetAgain);
    }

    @Override
    public PeerId peerId() {
        return peerId;
    }

    @Override
    public Catalog catalog() {
        return parts.catalog;
    }

    @Override
    public Transaction begin(TransactionOptions options) {
        parts.core.checkOpen();
        var transaction = new TransactionImpl(parts.core, options, "transaction " + transactions.incrementAndGet());
        parts.core.began(transaction);
        return transaction;
    }

    @Override
    public Network network() {
        return parts.network;
    }

    @Override
    public Replication replication() {
        return parts.replication;
    }

    @Override
    public Subscriptions subscriptions() {
        return parts.replication;
    }

    @Override
    public Grants grants() {
        return parts.grants;
    }

    @Override
    public KeyGenerator keys() {
        return parts.keys;
    }

    @Override
    public LocalRecords localRecords() {
        return localRecords;
    }

    @Override
    public Cid stateHash(Table table) {
        parts.core.checkOpen();
        return parts.hashes.ofPublished(parts.tables.require(table));
    }

    @Override
    public Inspection inspection() {
        return inspection;
    }

    @Override
    public Maintenance maintenance() {
        return new MaintenanceImpl(parts, checkpointer);
    }

    @Override
    public NodeInfo info() {
        return new NodeInfo(
                peerId,
                "pando/" + version(),
                startedAt,
                parts.options.rootDirectory().map(Path::toString),
                parts.store.info().maps(),
                parts.options.durability().name(),
                parts.host.isPresent(),
                parts.options.trustAll(),
                parts.snapshots.published(),
                parts.clock.aheadMillis(parts.environment.currentTimeMillis()));
    }

    /** What a peer's share would meet. */
    AdmissionOutcome admit(PeerId from, List<Block> share) {
        return parts.threads.await(parts.admission.admit(from, share));
    }

    /** Documents kept, live and dead, of all tables. */
    long storedRows() {
        return parts.core.storedRows();
    }

    EngineParts parts() {
        return parts;
    }

    static String version() {
        String version = EngineImpl.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }

    /* From the outside in: nothing comes in any more, what came is finished, then the disk is closed. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        parts.core.close();
        var failures = new Failures();
        BootstrapPeers keeper = bootstrap;
        if (keeper != null) {
            failures.run(keeper::close);
        }
        failures.run(parts.replication::close);
        parts.discovery.ifPresent(discovery -> failures.run(discovery::close));
        parts.host.ifPresent(host -> failures.run(host::close));
        failures.run(checkpointer::close);
        failures.run(parts.departures::tryLower);
        failures.run(parts.committer::close);
        failures.run(this::keepDerivedState);
        failures.run(parts.threads::close);
        failures.run(parts.store::close);
        failures.rethrow();
    }

    private void keepDerivedState() {
        if (parts.committer.broken() == null) {
            parts.hashes.save();
            Recovery.saveClock(parts.meta, parts.clock);
            parts.indexes.keep();
        }
    }

    /** Runs every step of a close, whatever the ones before it did. */
    private static final class Failures {
        private @Nullable RuntimeException first;

        void run(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "while closing: " + e.getMessage());
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }

        void rethrow() {
            if (first instanceof PandoException known) {
                throw known;
            }
            if (first != null) {
                throw new PandoException(PandoException.Kind.INTERNAL, "closing failed: " + first, first);
            }
        }
    }
}
