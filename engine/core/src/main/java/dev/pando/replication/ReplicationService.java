package dev.pando.replication;

import dev.pando.Cancellation;
import dev.pando.DocumentId;
import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Replication;
import dev.pando.Subscriptions;
import dev.pando.Table;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.gossip.Gossip;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The replicators of one node and its end of those of others.
 *
 * <p>Thread-safe. Blocking methods wait through {@link Environment.Threads#await}.
 */
public final class ReplicationService implements Replication, Subscriptions, AutoCloseable {

    public static final String PROTOCOL = "/pando/replicate/1.0.0";

    private static final String AUTO_CREATE = "auto_create";

    private final PeerId self;
    private final Optional<Host> host;
    private final Environment environment;
    private final Environment.Threads threads;
    private final LogTail tail;
    private final ShareSink sink;
    private final Collections collections;
    private final Function<Cid, Optional<Table>> tables;
    private final DurableRecords records;
    private final Memberships memberships;
    private final PushedCollections pushed;
    private final UnadmittedShares unadmitted;
    private final Frontier frontier;
    private final Conduct conduct;
    private final IncomingPushes incoming;
    private final DurableRecords settings;
    private final Definitions definitions;
    private final Optional<DefinitionExchange> exchange;

    private final Map<PeerId, SenderLink> senders = new ConcurrentHashMap<>();
    private final Map<PeerId, ReceiverLink> receivers = new ConcurrentHashMap<>();
    private final HostListener listener = new HostListener() {
        @Override
        public void onConnected(PeerId peer) {
            SenderLink link = senders.get(peer);
            if (link != null) {
                link.connected();
            }
        }
    };
    private final Optional<PassiveReplication> passive;
    private final Instant began;
    private Runnable stopListening = () -> {};

    /**
     * @param host absent when the network is off: replicators are kept and stay offline
     * @param tables the present table of a collection
     * @param records the node's records of kind "replicator"
     * @param members the node's records of kind "Member"
     * @param subscriptions the node's records of kind "subscription"
     * @param pushed the node's records of kind "pushed"
     * @param unadmitted what the door does not let in
     * @param frontier where the door lets wait what is not all there
     * @param topics told of the topics that this node joins and leaves and many share: those of collections
     * @param settings the node's records of kind "setting"
     */
    public ReplicationService(
            PeerId self,
            Optional<Host> host,
            Environment environment,
            Environment.Threads threads,
            LogTail tail,
            ShareSink sink,
            Collections collections,
            Function<Cid, Optional<Table>> tables,
            DurableRecords records,
            DurableRecords members,
            DurableRecords subscriptions,
            DurableRecords pushed,
            DurableRecords settings,
            Definitions definitions,
            Documents documents,
            DocumentReplication.Memory memory,
            UnadmittedShares unadmitted,
            Frontier frontier,
            Gossip.TopicListener topics) {
        this.unadmitted = unadmitted;
        this.frontier = frontier;
        this.conduct = new Conduct(environment::currentTimeMillis);
        this.incoming = new IncomingPushes(environment::currentTimeMillis);
        this.began = Instant.ofEpochMilli(environment.currentTimeMillis());
        this.self = self;
        this.host = host;
        this.environment = environment;
        this.threads = threads;
        this.tail = tail;
        this.sink = sink;
        this.collections = collections;
        this.tables = tables;
        this.records = records;
        this.memberships = new Memberships(members, collections);
        this.pushed = new PushedCollections(
                pushed, (peer, collection) -> collections.holds(collection) && collections.mayWrite(peer, collection));
        this.settings = settings;
        this.definitions = definitions;
        this.exchange =
                host.map(h -> new DefinitionExchange(h, new LinkNode(), definitions, this::mayKnow, this::told));
        this.passive = host.map(
                h -> new PassiveReplication(h, environment, new LinkNode(), subscriptions, documents, memory, topics));
        frontier.surroundedBy(new Frontier.Surroundings(
                this::holdsInFull,
                this::follows,
                tail::contains,
                tail::contains,
                this::askForSiblings,
                conduct::isTooMuch));
    }

    /** docs/rules.md §2. */
    private boolean holdsInFull(Cid collection) {
        return passive.map(p -> p.follows(collection)).orElse(false) || new LinkNode().pushedWhole(collection);
    }

    private boolean follows(Cid collection) {
        return collections.holds(collection)
                && passive.map(p -> p.follows(collection)).orElse(false);
    }

    private CompletableFuture<?> askForSiblings(Set<Cid> of) {
        return passive.<CompletableFuture<?>>map(p -> p.askForSiblings(of, pushed::peersOf))
                .orElse(CompletableFuture.completedFuture(null));
    }

    /** Takes up the replicators on record and serves peers from now on. */
    public void start() {
        records.all().forEach((peer, bytes) -> {
            PeerId id = PeerId.parse(peer);
            senders.put(id, newLink(id, ReplicatorRecord.decode(bytes)));
        });
        Runnable stopTail = tail.onAdvance(() -> senders.values().forEach(SenderLink::advanced));
        Runnable stopCollections =
                collections.onChange(() -> receivers.values().forEach(ReceiverLink::collectionsChanged));
        stopListening = () -> {
            stopTail.run();
            stopCollections.run();
        };
        host.ifPresent(h -> {
            h.addListener(listener);
            h.handle(PROTOCOL, this::onStream);
        });
        senders.values().forEach(SenderLink::start);
        passive.ifPresent(PassiveReplication::start);
        exchange.ifPresent(DefinitionExchange::start);
    }

    /** Stops sending and receiving; the records stay for the next start. */
    @Override
    public void close() {
        stopListening.run();
        frontier.close();
        passive.ifPresent(PassiveReplication::close);
        exchange.ifPresent(DefinitionExchange::close);
        host.ifPresent(h -> {
            h.unhandle(PROTOCOL);
            h.removeListener(listener);
        });
        receivers.values().forEach(ReceiverLink::close);
        var ends = senders.values().stream().map(SenderLink::close).toArray(CompletableFuture<?>[]::new);
        threads.await(CompletableFuture.allOf(ends).thenApply(nothing -> true));
    }

    private SenderLink newLink(PeerId peer, ReplicatorRecord record) {
        return new SenderLink(peer, host, environment, threads, tail, records, memberships, record);
    }

    private void onStream(Stream stream) {
        if (conduct.isShutOut(stream.peer())) {
            stream.reset();
            return;
        }
        var link = new ReceiverLink(new LinkNode(), stream);
        /* One stream for each peer: a sender that opens another has lost the one before, or wants our memory. */
        ReceiverLink before = receivers.put(stream.peer(), link);
        if (before != null) {
            before.close();
        }
        link.start();
    }

    // Replication

    @Override
    public void setReplicator(ReplicatorSpec spec) {
        if (spec.peer().equals(self)) {
            throw new PandoException(
                    Kind.INVALID_ARGUMENT, "a replicator cannot push to its own node: " + self + " is this node");
        }
        if (spec.tables().isEmpty()) {
            throw new PandoException(Kind.INVALID_ARGUMENT, "a replicator needs one table at least");
        }
        for (Table table : spec.tables()) {
            if (table.local()) {
                throw new PandoException(
                        Kind.INVALID_ARGUMENT,
                        table.qualifiedName() + " is a local table: local tables are not replicated");
            }
        }
        boolean whole = spec.documents().isEmpty() && spec.predicate().isEmpty();
        /* Before the rows are looked at: what is committed meanwhile is looked at again. */
        var filter = new ReplicatorRecord.Filter(spec.predicate(), tail.lastSequence());
        Map<Cid, Membership> parts = whole ? Map.of() : memberships(spec, filter.since());
        SenderLink link = senders.computeIfAbsent(
                spec.peer(), p -> newLink(p, new ReplicatorRecord(Optional.empty(), new byte[0], List.of())));
        if (whole) {
            var ids = spec.tables().stream().map(Table::collectionId).toList();
            threads.await(link.add(ids, spec.address()).thenApply(nothing -> true));
        }
        parts.forEach((collection, members) -> threads.await(
                link.add(collection, filter, members, spec.address()).thenApply(nothing -> true)));
    }

    /** What is pushed in part, with the documents that are in scope now. Nothing is stored when one condition is wrong. */
    private Map<Cid, Membership> memberships(ReplicatorSpec spec, long since) {
        var parts = new LinkedHashMap<Cid, Membership>();
        for (Table table : spec.tables()) {
            Cid collection = table.collectionId();
            Optional<RowPredicate> predicate = spec.predicate().map(sql -> collections.predicate(collection, sql));
            var found = new HashSet<>(spec.documents());
            predicate.ifPresent(condition -> condition.matching(found::add));
            var membership = new Membership(predicate, since);
            membership.add(found);
            parts.put(collection, membership);
        }
        return parts;
    }

    @Override
    public void deleteReplicator(PeerId peer, List<Table> gone) {
        SenderLink link = senders.get(peer);
        if (link != null) {
            threads.await(
                    link.remove(gone.stream().map(Table::collectionId).toList()).thenApply(nothing -> true));
        }
    }

    @Override
    public List<ReplicatorInfo> replicators() {
        var infos = new ArrayList<ReplicatorInfo>();
        long last = tail.lastSequence();
        for (SenderLink link : senders.values()) {
            infos.addAll(threads.await(link.inspect(sender -> infos(link.peer(), sender, last))));
        }
        return infos;
    }

    private List<ReplicatorInfo> infos(PeerId peer, Sender sender, long last) {
        var infos = new ArrayList<ReplicatorInfo>();
        for (ReplicatorScope scope : sender.scopes()) {
            Optional<Table> table = tables.apply(scope.collection);
            if (table.isEmpty()) {
                continue;
            }
            infos.add(new ReplicatorInfo(
                    peer,
                    sender.address(),
                    table.get(),
                    scope.filter.flatMap(ReplicatorRecord.Filter::predicate),
                    sender.isOpen(),
                    scope.position,
                    Math.max(0, last - scope.position),
                    sender.commitsPerSecond(environment.currentTimeMillis()),
                    status(sender, scope),
                    sender.lastError(),
                    sender.lastSuccessMillis() == 0
                            ? Optional.empty()
                            : Optional.of(Instant.ofEpochMilli(sender.lastSuccessMillis()))));
        }
        return infos;
    }

    // Seeing it

    @Override
    public List<SyncStatus> syncStatus() {
        var rows = new ArrayList<SyncStatus>();
        for (SenderLink link : senders.values()) {
            List<SyncOut> states = threads.await(link.inspect(sender -> sender.scopes().stream()
                    .map(scope -> SyncOut.of(sender, scope))
                    .toList()));
            for (SyncOut state : states) {
                tables.apply(state.collection()).ifPresent(table -> rows.add(state.row(table, link.peer(), tail)));
            }
        }
        List<Puller.State> pulls = passive.map(p -> threads.await(p.pulls())).orElse(List.of());
        rows.addAll(inbound(pulls));
        /* A pull tells more: its peer says when it has nothing left. */
        incoming.states().stream()
                .filter(state -> pulls.stream()
                        .noneMatch(pull -> pull.peer().equals(state.peer())
                                && pull.collection().equals(state.collection())))
                .forEach(state -> tables.apply(state.collection()).ifPresent(table -> rows.add(state.row(table))));
        rows.addAll(unheard(rows));
        return rows;
    }

    /** Of what was pushed here before this process began, the rest. */
    private List<SyncStatus> unheard(List<SyncStatus> known) {
        var rows = new ArrayList<SyncStatus>();
        pushed.all()
                .forEach((peer, whole) -> whole.stream()
                        .flatMap(collection -> tables.apply(collection).stream())
                        .filter(table -> known.stream()
                                .noneMatch(row -> row.direction() == Direction.IN
                                        && row.peer().equals(peer)
                                        && row.table().collectionId().equals(table.collectionId())))
                        .forEach(table -> rows.add(IncomingPushes.unheard(table, peer, began))));
        return rows;
    }

    private List<SyncStatus> inbound(List<Puller.State> states) {
        var rows = new ArrayList<SyncStatus>();
        for (Puller.State state : states) {
            tables.apply(state.collection()).ifPresent(table -> rows.add(state.row(table)));
        }
        return rows;
    }

    @Override
    public List<PendingCommit> pending() {
        return unadmitted.pending();
    }

    @Override
    public List<QuarantinedBlock> quarantine() {
        return unadmitted.quarantine();
    }

    static String status(Sender sender, ReplicatorScope scope) {
        if (!sender.isOpen()) {
            return "offline";
        }
        if (scope.reconciling) {
            return sender.reconciliation()
                    .filter(r -> r.total() > 0)
                    .map(r -> "filling " + r.done() + " of " + r.total())
                    .orElse("comparing");
        }
        if (scope.suspended != null) {
            return "suspended: " + scope.suspended;
        }
        return scope.troubles.isEmpty() ? "connected" : "connected, " + scope.troubles.size() + " not applied";
    }

    @Override
    public boolean awaitSync(Table table, PeerId peer, Duration timeout, Cancellation cancellation) {
        SenderLink link = senders.get(peer);
        Cid collection = table.collectionId();
        if (link == null) {
            throw new PandoException(
                    Kind.INVALID_ARGUMENT, "there is no replicator of " + table.qualifiedName() + " to " + peer);
        }
        long target = tail.publishedSequence();
        /* At once what needs no waiting: a replicator that is not there is told whatever the timeout. */
        if (threads.await(link.inspect(sender -> reached(sender, table, collection, target)))) {
            return true;
        }
        var reached = link.await(sender -> reached(sender, table, collection, target));
        var outcome = new CompletableFuture<Boolean>();
        reached.whenComplete((nothing, failure) -> {
            if (failure != null) {
                outcome.completeExceptionally(failure);
            } else {
                outcome.complete(true);
            }
        });
        Runnable cancel = threads.schedule(timeout, () -> {
            outcome.complete(false);
            reached.cancel(false);
        });
        try {
            return threads.await(cancellation.over(outcome));
        } finally {
            cancel.run();
        }
    }

    private static boolean reached(Sender sender, Table table, Cid collection, long target) {
        ReplicatorScope scope = sender.scopes().stream()
                .filter(s -> s.collection.equals(collection))
                .findFirst()
                .orElseThrow(() -> new PandoException(
                        Kind.INVALID_ARGUMENT, "there is no replicator of " + table.qualifiedName() + " to that peer"));
        boolean waiting = false;
        for (ReplicateMessage.Reported trouble : scope.troubles) {
            if (trouble.sequence() <= target) {
                if (trouble.outcome() == ReplicateMessage.Outcome.REFUSED
                        || trouble.outcome() == ReplicateMessage.Outcome.INVALID) {
                    throw new PandoException(
                            Kind.PEER_REFUSED,
                            "the peer did not apply commit " + trouble.sequence() + ": " + trouble.outcome() + ", "
                                    + trouble.reason());
                }
                waiting = true;
            }
        }
        return !waiting && scope.position >= target;
    }

    // Definitions

    @Override
    public boolean autoCreate() {
        return settings.all().containsKey(AUTO_CREATE);
    }

    @Override
    public void setAutoCreate(boolean allowed) {
        threads.await((allowed ? settings.put(AUTO_CREATE, new byte[] {1}) : settings.remove(AUTO_CREATE))
                .thenApply(nothing -> true));
        /* Whoever pushes what is not here tells again what that is. */
        receivers.values().forEach(ReceiverLink::collectionsChanged);
    }

    @Override
    public Table adopt(String schema, String name, PeerId peer, Duration timeout, Cancellation cancellation) {
        on();
        var asked = new DefinitionExchange.Ask(List.of(), List.of(List.of(schema, name)));
        var answer = new CompletableFuture<Map<Cid, byte[]>>();
        exchange.orElseThrow().ask(peer, asked).whenComplete((known, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(new PandoException(
                        Kind.UNREACHABLE,
                        peer + " was not reached or did not answer: " + failure.getMessage(),
                        failure));
            } else {
                answer.complete(known);
            }
        });
        Runnable cancel = threads.schedule(
                timeout,
                () -> answer.completeExceptionally(new PandoException(
                        Kind.UNREACHABLE, peer + " did not answer in " + timeout.toMillis() + " ms")));
        try {
            byte[] created = threads.await(cancellation.over(answer)).values().stream()
                    .findFirst()
                    .orElseThrow(() -> new PandoException(
                            Kind.INVALID_ARGUMENT,
                            peer + " has no table " + schema + "." + name + ", or does not let this node read it"));
            return definitions.adopt(schema, name, created);
        } finally {
            cancel.run();
        }
    }

    private boolean mayKnow(PeerId peer, Cid collection) {
        SenderLink link = senders.get(peer);
        return collections.mayRead(peer, collection) || link != null && link.pushes(collection);
    }

    private void told(DefinitionExchange.Told told) {
        SenderLink link = senders.get(told.peer());
        if (link != null) {
            link.explained(told.reasons());
        }
    }

    // Subscriptions

    @Override
    public void subscribe(List<Table> followed) {
        threads.await(on().subscribe(ids(followed)).thenApply(nothing -> true));
    }

    @Override
    public void unsubscribe(List<Table> left) {
        threads.await(on().unsubscribe(ids(left)).thenApply(nothing -> true));
    }

    private List<Cid> ids(List<Table> chosen) {
        for (Table table : chosen) {
            if (!table.local() && tables.apply(table.collectionId()).isEmpty()) {
                throw new PandoException(Kind.UNKNOWN_TABLE, "this node has no table " + table.qualifiedName());
            }
            if (table.local()) {
                throw new PandoException(
                        Kind.INVALID_ARGUMENT,
                        table.qualifiedName() + " is a local table: local tables are not replicated");
            }
        }
        return chosen.stream().map(Table::collectionId).toList();
    }

    @Override
    public void subscribeDocuments(Table table, List<DocumentId> documents) {
        threads.await(on().documents().subscribe(keys(table, documents)).thenApply(nothing -> true));
    }

    @Override
    public void unsubscribeDocuments(Table table, List<DocumentId> documents) {
        threads.await(on().documents().unsubscribe(keys(table, documents)).thenApply(nothing -> true));
    }

    private List<DocumentKey> keys(Table table, List<DocumentId> documents) {
        Cid collection = ids(List.of(table)).get(0);
        return documents.stream().map(d -> new DocumentKey(collection, d)).toList();
    }

    @Override
    public List<FollowedDocument> documents() {
        return passive.map(p -> p.documents().subscriptions()).orElse(Set.of()).stream()
                .flatMap(key -> tables.apply(key.collection()).stream()
                        .map(table -> new FollowedDocument(table, key.document())))
                .sorted(Comparator.comparing((FollowedDocument d) -> d.table().qualifiedName())
                        .thenComparing(FollowedDocument::document))
                .toList();
    }

    @Override
    public List<TopicInfo> topics() {
        return passive.map(p -> threads.await(p.topics())).orElse(List.of()).stream()
                .flatMap(topic -> tables.apply(topic.collection()).stream().map(topic::info))
                .sorted(Comparator.comparing(TopicInfo::name))
                .toList();
    }

    @Override
    public boolean sync(Table table, DocumentId document, Duration timeout, Cancellation cancellation) {
        return within(on().documents().sync(new DocumentKey(table.collectionId(), document)), timeout, cancellation);
    }

    /** Who may want to know that a row was read or written by its key. Any thread; costs next to nothing. */
    public void touched(Cid collection, DocumentId document) {
        passive.ifPresent(p -> p.documents().touched(collection, document));
    }

    @Override
    public List<Table> subscriptions() {
        return passive.map(PassiveReplication::subscriptions).orElse(Set.of()).stream()
                .flatMap(collection -> tables.apply(collection).stream())
                .sorted(Comparator.comparing(Table::qualifiedName))
                .toList();
    }

    @Override
    public boolean sync(Table table, Duration timeout, Cancellation cancellation) {
        return within(on().sync(table.collectionId()), timeout, cancellation);
    }

    private boolean within(CompletableFuture<Void> done, Duration timeout, Cancellation cancellation) {
        var outcome = new CompletableFuture<Boolean>();
        done.whenComplete((nothing, failure) -> outcome.complete(failure == null));
        Runnable cancel = threads.schedule(timeout, () -> outcome.complete(false));
        try {
            return threads.await(cancellation.over(outcome));
        } finally {
            cancel.run();
        }
    }

    private PassiveReplication on() {
        return passive.orElseThrow(
                () -> new PandoException(Kind.NOT_SUPPORTED, "the network of this node is off; open it with p2p=true"));
    }

    /** What the links of this service may touch. */
    private final class LinkNode implements ReceiverLink.Node {
        @Override
        public Environment.Threads threads() {
            return threads;
        }

        @Override
        public LogTail tail() {
            return tail;
        }

        @Override
        public Collections collections() {
            return collections;
        }

        @Override
        public ShareSink sink() {
            return sink;
        }

        @Override
        public Conduct conduct() {
            return conduct;
        }

        @Override
        public IncomingPushes incoming() {
            return incoming;
        }

        @Override
        public void received(PeerId peer, List<Block> share) {
            SenderLink back = senders.get(peer);
            if (back != null) {
                back.received(share);
            }
        }

        @Override
        public void offered(PeerId peer, Set<Cid> offered, Set<Cid> whole) {
            pushed.set(peer, whole);
            List<Cid> unknown =
                    offered.stream().filter(c -> !collections.holds(c)).toList();
            if (!unknown.isEmpty()) {
                exchange.ifPresent(e -> e.lacking(peer, unknown, autoCreate()));
            }
        }

        @Override
        public boolean pushedWhole(Cid collection) {
            return pushed.peersOf(collection).stream().anyMatch(peer -> collections.mayWrite(peer, collection));
        }

        @Override
        public void ended(ReceiverLink link) {
            if (receivers.remove(link.peer(), link)) {
                incoming.ended(link.peer());
            }
        }
    }
}
