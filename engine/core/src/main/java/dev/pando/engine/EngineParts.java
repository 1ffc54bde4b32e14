package dev.pando.engine;

import dev.pando.EngineOptions;
import dev.pando.Environment;
import dev.pando.collection.HybridClock;
import dev.pando.dag.Signer;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PeerId;
import dev.pando.replication.Frontier;
import dev.pando.replication.ReplicationService;
import dev.pando.replication.UnadmittedShares;
import dev.pando.store.DerivedMap;
import dev.pando.store.Disk;
import dev.pando.store.Store;
import java.util.Optional;

/** The parts of one engine, put together once. */
final class EngineParts {

    final EngineOptions options;
    final Environment environment;
    final Disk disk;
    final Store store;
    final Environment.Threads threads;
    final Optional<PeerDiscovery> discovery;
    final Optional<Host> host;
    final DerivedMap rows;
    final DerivedMap meta;
    final Locals locals;
    final Tables tables;
    final HybridClock clock;
    final Snapshots snapshots = new Snapshots(Snapshots.defaultUndoBytesMax());
    final Committer committer;
    final RowAccess access;
    final ConflictLog conflicts;
    final IndexBuilder indexes;
    final StateHashes hashes;
    final GrantsImpl grants;
    final GeneratedKeys keys;
    final CatalogImpl catalog;
    final Core core;
    final NetworkImpl network;
    final Admission admission;
    final Admitted admitted;
    final Signer signer;
    final Withdrawals withdrawals;
    final Departures departures;

    /** A backup and a repair of the clock, one at a time: a copy must not hold what is withdrawn at that moment. */
    final Turn copying;

    final ReplicationService replication;

    EngineParts(
            EngineOptions options,
            Disk disk,
            Store store,
            Recovery recovered,
            Environment.Threads threads,
            KeyPair identity,
            Optional<PeerDiscovery> discovery,
            Listeners changed) {
        Signer signer = Signer.of(identity);
        PeerId self = identity.peerId();
        this.options = options;
        this.environment = options.environment();
        this.disk = disk;
        this.store = store;
        this.threads = threads;
        this.discovery = discovery;
        host = discovery.map(PeerDiscovery::host);
        rows = recovered.rows();
        meta = recovered.meta();
        locals = recovered.locals();
        tables = recovered.tables();
        clock = recovered.clock();
        snapshots.publish(store.lastSequence());
        access = new RowAccess(rows, snapshots, store::get);
        conflicts = new ConflictLog(meta);
        committer = new Committer(
                store,
                threads,
                snapshots,
                new Draft(rows, ConflictLog.ancestry(store::get)),
                new RowApplier(tables, rows, snapshots, access, conflicts, threads),
                options.durability() == EngineOptions.Durability.NONE);
        indexes = new IndexBuilder(store, tables, rows, access, snapshots, committer, threads);
        hashes = new StateHashes(tables, rows, meta, access, snapshots, committer, threads);
        var admitted = new Admitted(store, meta);
        withdrawals = new Withdrawals(locals);
        departures = new Departures(locals, committer, withdrawals, threads, store.restoredUpTo());
        copying = new Turn(threads);
        this.admitted = admitted;
        this.signer = signer;
        var commits = new CommitFactory(
                environment, signer, clock, tables, access, committer, admitted, withdrawals, threads);
        grants = new GrantsImpl(locals, committer, options.trustAll(), tables::replicated, changed, threads);
        keys = new GeneratedKeys(environment, threads, locals, committer, GeneratedKeys.nodeNumber(signer.author()));
        core = new Core(environment, tables, access, snapshots, new LockTable(threads), indexes, commits, keys, rows);
        catalog = new CatalogImpl(
                tables,
                locals,
                committer,
                grants,
                indexes,
                new DefinitionWriter(commits),
                threads,
                (state, asked, cancellation) -> new RowSearch(core, state, asked).check(cancellation));
        network = new NetworkImpl(discovery.orElse(null), threads);
        var unadmitted = new UnadmittedShares(environment::currentTimeMillis);
        var frontier = new Frontier(threads, environment::currentTimeMillis);
        admission = new Admission(
                environment, threads.workers(), tables, grants, admitted, clock, committer, self, unadmitted, frontier);
        replication = new ReplicationService(
                self,
                host,
                environment,
                threads,
                new LogTailImpl(
                        store,
                        committer,
                        tables,
                        hashes,
                        rows,
                        new HeadTrees(tables, rows, committer, threads, environment::currentTimeMillis),
                        admitted,
                        snapshots,
                        threads,
                        withdrawals,
                        departures),
                admission,
                new CollectionsImpl(tables, grants, changed, options.expressions(), rows, access, store::get),
                tables::replicated,
                new DurableRecordsImpl("Replicator", locals, committer),
                new DurableRecordsImpl("Member", locals, committer),
                new DurableRecordsImpl("Subscription", locals, committer),
                new DurableRecordsImpl("Pushed", locals, committer),
                new DurableRecordsImpl("Setting", locals, committer),
                new DefinitionsImpl(tables, catalog, grants, hashes),
                new DocumentsImpl(store, tables, access, snapshots, admitted, departures),
                new HotDocumentsFile(disk),
                unadmitted,
                frontier,
                (topic, joined) -> discovery.ifPresent(d -> d.topic(topic, joined)));
        core.onTouch(replication::touched);
    }
}
