package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.Environment;
import dev.pando.Subscriptions;
import dev.pando.Table;
import dev.pando.dag.ReservedCollection;
import dev.pando.dag.UnknownVersionException;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.PeerConnection;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.gossip.Gossip;
import dev.pando.libp2p.gossip.GossipConfig;
import dev.pando.libp2p.gossip.GossipHandler.Verdict;
import dev.pando.libp2p.gossip.GossipMessage;
import dev.pando.libp2p.gossip.SigningPolicy;
import dev.pando.replication.LogTail.OutgoingShare;
import dev.pando.replication.LogTail.Page;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Passive replication: every admitted commit is published once on its collection's topic, fire and forget; a collection
 * that is subscribed is merged from its topic, and what was missed is pulled from peers: when an announcement builds on
 * something unknown, when a peer connects, and from time to time.
 *
 * <p>Thread-safe; all work is done in one mailbox.
 */
final class PassiveReplication implements AutoCloseable {

    /** Commits by which announcing may lag behind the log; older ones are left to the pulls of those who missed them. */
    static final int ANNOUNCEMENT_QUEUE_MAX = 1_024;

    /** How often subscribed collections are compared with connected peers. */
    static final Duration ANTI_ENTROPY = Duration.ofSeconds(30);

    private static final int PAGE_BYTES = 1 << 20;

    private static final System.Logger LOG = System.getLogger(PassiveReplication.class.getName());

    private final Host host;
    private final Environment environment;
    private final ReceiverLink.Node node;
    private final DurableRecords records;
    private final Mailbox mailbox;
    private final Gossip gossip;
    private final Puller puller;
    private final DocumentReplication documents;
    /** In the order they began, which is the same in each run of a simulation. */
    private final Set<PushOnceLink> pushes = Collections.synchronizedSet(new LinkedHashSet<>());

    private final Set<Cid> subscribed = ConcurrentHashMap.newKeySet();
    private final Set<PeerId> speaksPull = ConcurrentHashMap.newKeySet();
    private final List<Runnable> stop = new ArrayList<>();
    private Runnable antiEntropy = () -> {};
    private long announced;
    private boolean reading;
    private volatile boolean closed;

    private final HostListener listener = new HostListener() {
        @Override
        public void onIdentified(PeerId peer, Identify info) {
            if (info.protocols().contains(Puller.PROTOCOL) && speaksPull.add(peer)) {
                mailbox.execute(() -> pullFrom(peer, subscribed));
            }
            documents.identified(peer, info.protocols());
        }

        @Override
        public void onDisconnected(PeerId peer) {
            speaksPull.remove(peer);
            documents.disconnected(peer);
        }
    };

    /** @param records the node's records of kind "Subscription": key is the collection, or a document of it */
    PassiveReplication(
            Host host,
            Environment environment,
            ReceiverLink.Node node,
            DurableRecords records,
            Documents read,
            DocumentReplication.Memory memory,
            Gossip.TopicListener topics) {
        this.host = host;
        this.environment = environment;
        this.node = node;
        this.records = records;
        this.mailbox = new Mailbox(node.threads().workers());
        this.puller = new Puller(host, node, mailbox, environment::currentTimeMillis);
        this.gossip = new Gossip(
                host,
                SigningPolicy.unsigned(),
                GossipConfig.DEFAULT,
                new MailboxScheduler(new Mailbox(node.threads().workers()), node.threads()),
                this::random,
                () -> environment.nanoTime() / 1_000_000,
                this::mayRead);
        this.documents =
                new DocumentReplication(host, environment, node, read, records, gossip, memory, subscribed::contains);
        /* Who follows a document only is found as one of its collection: a key for each document would flood the table. */
        gossip.onTopic((name, joined) -> Topic.parse(name)
                .filter(topic -> topic.kind() != Topic.Kind.DOCUMENT)
                .ifPresent(topic -> topics.onTopic(name, joined)));
        gossip.onFollow((peer, name, follows) ->
                Topic.parse(name).ifPresent(topic -> documents.onFollow(peer, topic, follows)));
    }

    private int random(int bound) {
        byte[] bytes = new byte[4];
        environment.randomBytes(bytes);
        return Math.floorMod(ByteBuffer.wrap(bytes).getInt(), bound);
    }

    private boolean mayRead(PeerId peer, String name) {
        return Topic.parse(name)
                .filter(topic -> topic.kind() == Topic.Kind.DOCUMENT
                        ? documents.mayRead(peer, topic.document())
                        : node.collections().mayRead(peer, topic.id()))
                .isPresent();
    }

    void start() {
        records.all().keySet().stream()
                .filter(key -> DocumentKey.parse(key).isEmpty())
                .forEach(key -> subscribed.add(Cid.parse(key)));
        announced = node.tail().lastSequence();
        gossip.start();
        subscribed.forEach(this::join);
        documents.start();
        host.addListener(listener);
        host.handle(Puller.PROTOCOL, this::onPull);
        stop.add(node.tail().onAdvance(() -> mailbox.execute(this::advanced)));
        stop.add(node.collections().onChange(() -> mailbox.execute(this::collectionsChanged)));
        mailbox.execute(this::antiEntropyLater);
    }

    @Override
    public void close() {
        closed = true;
        stop.forEach(Runnable::run);
        host.unhandle(Puller.PROTOCOL);
        host.removeListener(listener);
        documents.close();
        gossip.close();
        List.copyOf(pushes).forEach(PushOnceLink::close);
        mailbox.execute(() -> {
            antiEntropy.run();
            puller.close();
        });
    }

    // Subscriptions

    Set<Cid> subscriptions() {
        return Set.copyOf(subscribed);
    }

    /** Follows the collections from now on; completes when that is on disk. */
    CompletableFuture<Void> subscribe(List<Cid> collections) {
        var writes = collections.stream()
                .map(c -> records.put(c.toString(), new byte[] {1}))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(writes)
                .thenRun(() -> {
                    List<Cid> added =
                            collections.stream().filter(subscribed::add).toList();
                    added.forEach(this::join);
                    /* In one pull: what one commit changed in several of them comes together. */
                    mailbox.execute(() -> speaksPull.forEach(peer -> pullFrom(peer, Set.copyOf(added))));
                })
                .thenRun(documents::changed);
    }

    /** Follows the collections no longer. */
    CompletableFuture<Void> unsubscribe(List<Cid> collections) {
        var writes = collections.stream().map(c -> records.remove(c.toString())).toArray(CompletableFuture<?>[]::new);
        collections.forEach(collection -> {
            if (subscribed.remove(collection)) {
                gossip.unsubscribe(Topic.collection(collection).toString());
            }
        });
        documents.changed();
        /* A pull under way would bring what is written after this returns. */
        var pullsEnded = new CompletableFuture<Void>();
        mailbox.execute(() -> {
            puller.cancel(Set.copyOf(collections));
            pullsEnded.complete(null);
        });
        return CompletableFuture.allOf(CompletableFuture.allOf(writes), pullsEnded);
    }

    private void join(Cid collection) {
        gossip.subscribe(
                Topic.collection(collection).toString(), (message, from) -> received(collection, message, from));
    }

    // Receiving

    private CompletableFuture<Verdict> received(Cid collection, GossipMessage message, PeerId from) {
        if (closed || !subscribed.contains(collection)) {
            return CompletableFuture.completedFuture(Verdict.IGNORE);
        }
        Announcement announcement;
        boolean whole;
        Set<Cid> of;
        try {
            announcement = Announcement.decode(message.data());
            var tree = new ShareTree(announcement.blocks());
            of = tree.collections();
            whole = announcement.whole() && tree.isWhole(collection);
            if (whole && !tree.isOnlyOf(Set.of(collection, ReservedCollection.DEFINITIONS))) {
                return CompletableFuture.completedFuture(Verdict.REJECT);
            }
        } catch (UnknownVersionException e) {
            return CompletableFuture.completedFuture(Verdict.IGNORE); // of a later version: nobody is to blame
        } catch (DecodeException e) {
            return CompletableFuture.completedFuture(Verdict.REJECT);
        }
        if (node.tail().contains(announcement.blocks().get(0).cid())) {
            return CompletableFuture.completedFuture(Verdict.ACCEPT);
        }
        if (!whole) {
            mailbox.execute(() -> pullFrom(from, of));
            return CompletableFuture.completedFuture(Verdict.ACCEPT);
        }
        return node.sink().admitGossiped(from, announcement.blocks()).thenApply(outcome -> {
            if (outcome instanceof AdmissionOutcome.Invalid) {
                return Verdict.REJECT;
            }
            if (outcome instanceof AdmissionOutcome.MissingParents) {
                mailbox.execute(() -> pullFrom(from, of));
                return Verdict.ACCEPT;
            }
            /* What waits for its rest is in order; others may have the rest. */
            boolean sound = outcome instanceof AdmissionOutcome.Applied
                    || outcome instanceof AdmissionOutcome.AlreadyKnown
                    || outcome instanceof AdmissionOutcome.Incomplete;
            return sound ? Verdict.ACCEPT : Verdict.IGNORE;
        });
    }

    /** Pulls the collection from every connected peer; completes when each has answered or failed. */
    CompletableFuture<Void> sync(Cid collection) {
        var all = new CompletableFuture<Void>();
        mailbox.execute(() -> {
            var pulls = speaksPull.stream()
                    .map(peer -> puller.pull(peer, Set.of(collection)).exceptionally(failure -> false))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(pulls).whenComplete((nothing, failure) -> all.complete(null));
        });
        return all;
    }

    /**
     * Asks the connected peers for what they have of the collections: all of those that are subscribed, else whoever pushes
     * them here anyway. What is asked for while a pull is under way is one more pull. Completes when each has answered or
     * failed.
     */
    CompletableFuture<Void> askForSiblings(Set<Cid> collections, Function<Cid, Set<PeerId>> pushers) {
        var answers = new CompletableFuture<Void>();
        mailbox.execute(() -> {
            var pulls = new ArrayList<CompletableFuture<?>>();
            for (PeerId peer : closed ? Set.<PeerId>of() : speaksPull) {
                Set<Cid> asked = collections.stream()
                        .filter(c -> subscribed.contains(c) || pushers.apply(c).contains(peer))
                        .collect(Collectors.toSet());
                if (!asked.isEmpty()) {
                    /* Another may have it; time decides in the end. */
                    pulls.add(puller.pull(peer, asked).exceptionally(failure -> false));
                }
            }
            CompletableFuture.allOf(pulls.toArray(CompletableFuture<?>[]::new))
                    .whenComplete((nothing, failure) -> answers.complete(null));
        });
        return answers;
    }

    /** Whether the collection is subscribed. */
    boolean follows(Cid collection) {
        return subscribed.contains(collection);
    }

    /** How subscribed collections stand towards the peers that they were pulled from. */
    CompletableFuture<List<Puller.State>> pulls() {
        var states = new CompletableFuture<List<Puller.State>>();
        mailbox.execute(() -> states.complete(puller.states(speaksPull).stream()
                .filter(state -> subscribed.contains(state.collection()))
                .toList()));
        return states;
    }

    private void pullFrom(PeerId peer, Set<Cid> collections) {
        Set<Cid> wanted = collections.stream().filter(subscribed::contains).collect(Collectors.toSet());
        if (closed || wanted.isEmpty() || !speaksPull.contains(peer)) {
            return;
        }
        puller.pull(peer, wanted).whenComplete((complete, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.DEBUG, () -> "pull from " + peer + " failed: " + failure);
            }
        });
    }

    private void antiEntropyLater() {
        antiEntropy = node.threads()
                .schedule(
                        ANTI_ENTROPY,
                        () -> mailbox.execute(() -> {
                            if (!closed) {
                                host.connections().stream()
                                        .map(PeerConnection::peer)
                                        .forEach(peer -> pullFrom(peer, subscribed));
                                documents.antiEntropy();
                                antiEntropyLater();
                            }
                        }));
    }

    /* What was refused for want of a right, or of the table, may be admitted now. */
    private void collectionsChanged() {
        puller.forgetPositions();
        speaksPull.forEach(peer -> pullFrom(peer, subscribed));
        documents.changed();
    }

    private void onPull(Stream stream) {
        var holder = new PushOnceLink[1];
        var link = new PushOnceLink(node, environment, stream, () -> pushes.remove(holder[0]));
        holder[0] = link;
        pushes.add(link);
        link.start();
    }

    // Announcing

    private void advanced() {
        List.copyOf(pushes).forEach(PushOnceLink::advanced);
        announceNext();
    }

    private void announceNext() {
        long last = node.tail().lastSequence();
        if (closed || reading || announced >= last) {
            return;
        }
        Set<Cid> held = node.collections().held();
        if (held.isEmpty() || host.connections().isEmpty()) {
            announced = last;
            return;
        }
        announced = Math.max(announced, last - ANNOUNCEMENT_QUEUE_MAX);
        reading = true;
        long from = announced;
        node.threads().workers().execute(() -> {
            try {
                Page page = node.tail().read(from, last, held, PAGE_BYTES);
                page.shares().forEach(this::announce);
                mailbox.execute(() -> read(page.scannedTo()));
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                LOG.log(System.Logger.Level.WARNING, "commits after " + from + " are not announced", e);
                mailbox.execute(() -> read(last));
            }
        });
    }

    private void read(long to) {
        announced = Math.max(announced, to);
        reading = false;
        announceNext();
    }

    private void announce(OutgoingShare share) {
        for (Cid collection : share.collections()) {
            if (node.collections().holds(collection)) {
                if (share.collections().size() == 1) {
                    publish(collection, share.blocks());
                } else {
                    part(share, collection).forEach(part -> publish(collection, part.blocks()));
                }
                documents.announce(share, collection);
            }
        }
    }

    /** The share with that collection's part alone; none when only the other parts of the commit came here. */
    private List<OutgoingShare> part(OutgoingShare share, Cid collection) {
        return node.tail()
                .read(share.sequence() - 1, share.sequence(), Set.of(collection), PAGE_BYTES)
                .shares();
    }

    private void publish(Cid collection, List<Block> blocks) {
        /* Of a commit that is held in part only its documents are published: who follows the collection wants all of it. */
        if (new ShareTree(blocks).isWhole(collection)) {
            gossip.publish(
                    Topic.collection(collection).toString(),
                    Announcement.of(blocks).encode());
        }
    }

    /** The part that follows single documents. */
    DocumentReplication documents() {
        return documents;
    }

    /** A topic that is joined, before its table is looked up. */
    record Joined(Topic topic, Cid collection, Optional<DocumentId> document, boolean hot, int peers, int mesh) {
        Subscriptions.TopicInfo info(Table table) {
            return new Subscriptions.TopicInfo(
                    topic.toString(), topic.kind().name().toLowerCase(Locale.ROOT), table, document, hot, peers, mesh);
        }
    }

    /** Topics joined, with how many peers are known of each. */
    CompletableFuture<List<Joined>> topics() {
        var looks = new ArrayList<CompletableFuture<Joined>>();
        subscribed.forEach(c -> looks.add(look(Topic.collection(c), c, Optional.empty(), false)));
        documents.answered().forEach(c -> looks.add(look(Topic.query(c), c, Optional.empty(), false)));
        documents
                .topics()
                .forEach((key, hot) -> looks.add(
                        look(Topic.document(key.document()), key.collection(), Optional.of(key.document()), hot)));
        return CompletableFuture.allOf(looks.toArray(CompletableFuture<?>[]::new))
                .thenApply(
                        nothing -> looks.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<Joined> look(Topic topic, Cid collection, Optional<DocumentId> document, boolean hot) {
        String name = topic.toString();
        return gossip.subscribers(name)
                .thenCombine(
                        gossip.mesh(name),
                        (peers, mesh) -> new Joined(topic, collection, document, hot, peers.size(), mesh.size()));
    }
}
