package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.Environment;
import dev.pando.dag.UnknownVersionException;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.gossip.Gossip;
import dev.pando.libp2p.gossip.GossipHandler.Verdict;
import dev.pando.libp2p.gossip.GossipMessage;
import dev.pando.replication.DocumentMessage.Newer;
import dev.pando.replication.DocumentMessage.Query;
import dev.pando.replication.LogTail.OutgoingShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The part of passive replication that follows single documents, of collections that are not followed as a whole: those
 * that the user subscribed to, and the hot ones. Each has a topic of its own; whoever admits a change of it publishes it
 * there while somebody listens. What was missed is asked for: of the peers that connect, and, when a document becomes
 * hot, by a query to all who hold its collection.
 *
 * <p>Thread-safe; all work is done in one mailbox.
 */
public final class DocumentReplication implements AutoCloseable {

    /** How often topics follow the use of documents, at most; also how often the hot ones are saved. */
    static final Duration FOLLOW_EVERY = Duration.ofSeconds(1);

    /** Topics joined or left for hot documents at once; the others have to wait for the next time. */
    static final int TOPIC_CHANGES_MAX = 64;

    /** Queries answered in a second; further ones are neither answered nor passed on. */
    static final int QUERIES_PER_SECOND_MAX = 100;

    /** Documents whose collection is known because somebody follows them; when reached, all are forgotten and come anew. */
    static final int COLLECTIONS_KNOWN_MAX = 16_384;

    private static final byte[] SUBSCRIBED = {1};
    private static final byte[] PINNED_OUT = {2};

    private static final System.Logger LOG = System.getLogger(DocumentReplication.class.getName());

    /** Where the hot documents are kept over a restart. A loss costs nothing but warmth. */
    public interface Memory {
        Optional<byte[]> load();

        void save(byte[] hot);
    }

    private final Host host;
    private final Environment environment;
    private final ReceiverLink.Node node;
    private final Documents documents;
    private final DurableRecords records;
    private final Gossip gossip;
    private final Memory memory;
    private final Predicate<Cid> followedWhole;
    private final Mailbox mailbox;
    private final DocumentExchange exchange;
    private final HotDocuments hot = new HotDocuments();
    private final Set<PeerId> speakers = ConcurrentHashMap.newKeySet();
    private final Set<DocumentKey> subscribed = ConcurrentHashMap.newKeySet();
    private final Set<DocumentKey> pinnedOut = ConcurrentHashMap.newKeySet();

    /** Documents whose topic is joined. */
    private final Map<DocumentId, DocumentKey> joined = new ConcurrentHashMap<>();

    /** Who follows which documents, and which collections. */
    private final Map<Cid, Set<PeerId>> documentFollowers = new ConcurrentHashMap<>();

    private final Map<Cid, Set<PeerId>> collectionFollowers = new ConcurrentHashMap<>();
    private final Map<DocumentId, Cid> collectionOf = new ConcurrentHashMap<>();
    private final Set<Cid> answering = ConcurrentHashMap.newKeySet();
    private Runnable following = () -> {};
    private volatile boolean followScheduled;
    private long queriesSince;
    private int queries;
    private volatile boolean closed;

    /**
     * @param followedWhole whether a collection is subscribed as a whole: its documents need no topics then
     * @param records of kind "Subscription"; those with a document in their key are this class's
     */
    DocumentReplication(
            Host host,
            Environment environment,
            ReceiverLink.Node node,
            Documents documents,
            DurableRecords records,
            Gossip gossip,
            Memory memory,
            Predicate<Cid> followedWhole) {
        this.host = host;
        this.environment = environment;
        this.node = node;
        this.documents = documents;
        this.records = records;
        this.gossip = gossip;
        this.memory = memory;
        this.followedWhole = followedWhole;
        this.mailbox = new Mailbox(node.threads().workers());
        this.exchange = new DocumentExchange(host, node, documents, mailbox, this::told);
    }

    void start() {
        records.all()
                .forEach((key, value) -> DocumentKey.parse(key)
                        .ifPresent(document -> (value[0] == SUBSCRIBED[0] ? subscribed : pinnedOut).add(document)));
        memory.load().ifPresent(this::load);
        exchange.start();
        mailbox.execute(() -> {
            collectionsChanged();
            follow(Integer.MAX_VALUE);
        });
    }

    private void load(byte[] encoded) {
        try {
            hot.load(encoded);
        } catch (DecodeException e) {
            LOG.log(System.Logger.Level.INFO, "the hot documents of the last run are not known: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        memory.save(hot.encode());
        mailbox.execute(() -> {
            following.run();
            exchange.close();
        });
    }

    // What is followed

    /** A document was read or written by its key. Any thread; costs next to nothing. */
    void touched(Cid collection, DocumentId document) {
        if (!closed && !comesWhole(collection) && hot.touch(new DocumentKey(collection, document))) {
            followSoon();
        }
    }

    /* Its documents need no topics of their own, and nothing of a transaction is to be seen before the rest. */
    private boolean comesWhole(Cid collection) {
        return followedWhole.test(collection) || node.pushedWhole(collection);
    }

    Set<DocumentKey> subscriptions() {
        return Set.copyOf(subscribed);
    }

    /** Documents whose topic is joined, with whether that is only because they are hot. */
    Map<DocumentKey, Boolean> topics() {
        var topics = new ConcurrentHashMap<DocumentKey, Boolean>();
        joined.values().forEach(key -> topics.put(key, !subscribed.contains(key)));
        return topics;
    }

    /** Collections whose queries are answered. */
    Set<Cid> answered() {
        return Set.copyOf(answering);
    }

    CompletableFuture<Void> subscribe(List<DocumentKey> keys) {
        return write(keys, SUBSCRIBED).thenRun(() -> {
            pinnedOut.removeAll(keys);
            subscribed.addAll(keys);
            mailbox.execute(() -> {
                follow(Integer.MAX_VALUE);
                speakers.forEach(peer -> exchange.ask(peer, wanted(keys)));
            });
        });
    }

    /** Follows them no longer, however hot they are. */
    CompletableFuture<Void> unsubscribe(List<DocumentKey> keys) {
        subscribed.removeAll(keys);
        pinnedOut.addAll(keys);
        var left = new CompletableFuture<Void>();
        mailbox.execute(() -> {
            follow(Integer.MAX_VALUE);
            left.complete(null);
        });
        return CompletableFuture.allOf(write(keys, PINNED_OUT), left);
    }

    private CompletableFuture<Void> write(List<DocumentKey> keys, byte[] value) {
        return CompletableFuture.allOf(
                keys.stream().map(key -> records.put(key.toString(), value)).toArray(CompletableFuture<?>[]::new));
    }

    /** Tables, grants or subscriptions of whole collections have changed. */
    void changed() {
        mailbox.execute(() -> {
            collectionsChanged();
            follow(Integer.MAX_VALUE);
            speakers.forEach(peer -> exchange.ask(peer, explicit()));
        });
    }

    private void collectionsChanged() {
        Set<Cid> held = node.collections().held();
        for (Cid collection : held) {
            if (answering.add(collection)) {
                gossip.subscribe(Topic.query(collection).toString(), (message, from) -> queried(collection, message));
            }
        }
        for (Cid collection : answering) {
            if (!held.contains(collection)) {
                answering.remove(collection);
                gossip.unsubscribe(Topic.query(collection).toString());
            }
        }
    }

    private void followSoon() {
        if (!followScheduled) {
            followScheduled = true;
            following = node.threads()
                    .schedule(
                            FOLLOW_EVERY,
                            () -> mailbox.execute(() -> {
                                followScheduled = false;
                                follow(TOPIC_CHANGES_MAX);
                                memory.save(hot.encode());
                            }));
        }
    }

    /** Joins and leaves topics; at most {@code changesMax} of hot documents. In the mailbox. */
    private void follow(int changesMax) {
        if (closed) {
            return;
        }
        Set<Cid> held = node.collections().held();
        Set<DocumentKey> wanted = new LinkedHashSet<>(wanted(subscribed));
        for (DocumentKey key : hot.latestFirst()) {
            if (held.contains(key.collection()) && !pinnedOut.contains(key) && !comesWhole(key.collection())) {
                wanted.add(key);
            }
        }
        int changes = 0;
        for (DocumentKey key : joined.values()) {
            if (!wanted.contains(key)) {
                joined.remove(key.document());
                gossip.unsubscribe(Topic.document(key.document()).toString());
                changes++;
            }
        }
        var fresh = new ArrayList<DocumentKey>();
        for (DocumentKey key : wanted) {
            boolean asked = subscribed.contains(key);
            if (!joined.containsKey(key.document()) && (asked || changes < changesMax)) {
                join(key);
                fresh.add(key);
                changes += asked ? 0 : 1;
            }
        }
        if (!fresh.isEmpty()) {
            query(fresh);
        }
        if (changes >= changesMax) {
            followSoon();
        }
    }

    /** Those of the keys that are to be followed. */
    private List<DocumentKey> wanted(Collection<DocumentKey> keys) {
        Set<Cid> held = node.collections().held();
        return keys.stream()
                .filter(key -> held.contains(key.collection()) && !followedWhole.test(key.collection()))
                .toList();
    }

    private List<DocumentKey> explicit() {
        return wanted(subscribed);
    }

    private void join(DocumentKey key) {
        joined.put(key.document(), key);
        gossip.subscribe(Topic.document(key.document()).toString(), (message, from) -> received(key, message, from));
    }

    // Receiving

    private CompletableFuture<Verdict> received(DocumentKey key, GossipMessage message, PeerId from) {
        if (closed || !key.equals(joined.get(key.document()))) {
            return CompletableFuture.completedFuture(Verdict.IGNORE);
        }
        Announcement announcement;
        boolean whole;
        try {
            announcement = Announcement.decode(message.data());
            if (announcement.whole()) {
                var tree = new ShareTree(announcement.blocks());
                if (!tree.documents(key.collection()).keySet().equals(Set.of(key.document()))) {
                    return CompletableFuture.completedFuture(Verdict.REJECT);
                }
                whole = tree.isWhole(key.collection());
            } else {
                whole = false;
            }
        } catch (UnknownVersionException e) {
            return CompletableFuture.completedFuture(Verdict.IGNORE); // of a later version: nobody is to blame
        } catch (DecodeException e) {
            return CompletableFuture.completedFuture(Verdict.REJECT);
        }
        if (!whole && node.pushedWhole(key.collection())) {
            /* The rest of the transaction comes by the replicator: it becomes visible as one. */
            return CompletableFuture.completedFuture(Verdict.ACCEPT);
        }
        if (!announcement.whole()) {
            mailbox.execute(() -> exchange.ask(from, List.of(key)));
            return CompletableFuture.completedFuture(Verdict.ACCEPT);
        }
        return node.sink().admitGossiped(from, announcement.blocks()).thenApply(outcome -> {
            if (outcome instanceof AdmissionOutcome.Invalid) {
                return Verdict.REJECT;
            }
            if (outcome instanceof AdmissionOutcome.MissingParents) {
                mailbox.execute(() -> exchange.ask(from, List.of(key)));
                return Verdict.ACCEPT;
            }
            boolean sound = outcome instanceof AdmissionOutcome.Applied
                    || outcome instanceof AdmissionOutcome.AlreadyKnown
                    || outcome instanceof AdmissionOutcome.Incomplete;
            return sound ? Verdict.ACCEPT : Verdict.IGNORE;
        });
    }

    // Announcing

    /** A peer follows a topic, or does so no longer. On the gossip's scheduler. */
    void onFollow(PeerId peer, Topic topic, boolean follows) {
        if (topic.kind() == Topic.Kind.QUERY) {
            return;
        }
        var of = topic.kind() == Topic.Kind.DOCUMENT ? documentFollowers : collectionFollowers;
        of.compute(topic.id(), (id, peers) -> {
            Set<PeerId> now = peers == null ? ConcurrentHashMap.newKeySet() : peers;
            if (follows) {
                now.add(peer);
            } else {
                now.remove(peer);
            }
            return now.isEmpty() ? null : now;
        });
    }

    /** Whether the peer may be sent messages of a document's topic: of the collections that this node knows it to be of. */
    boolean mayRead(PeerId peer, DocumentId document) {
        DocumentKey key = joined.get(document);
        Cid collection = key == null ? collectionOf.get(document) : key.collection();
        return collection != null && node.collections().mayRead(peer, collection);
    }

    /** Publishes the documents of a share that somebody follows who does not follow their collection. */
    void announce(OutgoingShare share, Cid collection) {
        if (documentFollowers.isEmpty()) {
            return;
        }
        Set<PeerId> hearAll = collectionFollowers.getOrDefault(collection, Set.of());
        var tree = new ShareTree(share.blocks());
        tree.documents(collection).forEach((document, delta) -> {
            Set<PeerId> followers =
                    documentFollowers.getOrDefault(Topic.document(document).id(), Set.of());
            if (!hearAll.containsAll(followers)) {
                if (collectionOf.size() >= COLLECTIONS_KNOWN_MAX) {
                    collectionOf.clear();
                }
                collectionOf.put(document, collection);
                gossip.publish(
                        Topic.document(document).toString(),
                        Announcement.of(tree.only(collection, delta)).encode());
            }
        });
    }

    // Asking

    void identified(PeerId peer, Set<String> protocols) {
        if (protocols.contains(DocumentExchange.PROTOCOL) && speakers.add(peer)) {
            mailbox.execute(() -> exchange.ask(peer, List.copyOf(joined.values())));
        }
    }

    void disconnected(PeerId peer) {
        speakers.remove(peer);
    }

    /** From time to time: what was subscribed, and missed somehow. */
    void antiEntropy() {
        mailbox.execute(() -> speakers.forEach(peer -> exchange.ask(peer, explicit())));
    }

    /** Asks every connected peer; completes when each has answered or failed. */
    CompletableFuture<Void> sync(DocumentKey key) {
        var all = new CompletableFuture<Void>();
        mailbox.execute(() -> {
            query(List.of(key));
            Set<PeerId> peers = new LinkedHashSet<>(speakers);
            /* One that has not said yet what it speaks is asked too: it may have been connected a moment ago. */
            host.connections().forEach(connection -> peers.add(connection.peer()));
            CompletableFuture.allOf(peers.stream()
                            .map(peer -> exchange.ask(peer, List.of(key)))
                            .toArray(CompletableFuture<?>[]::new))
                    .whenComplete((nothing, failure) -> all.complete(null));
        });
        return all;
    }

    private void query(List<DocumentKey> keys) {
        DocumentMessage.grouped(keys)
                .forEach((collection, groups) -> groups.forEach(group -> {
                    byte[] nonce = new byte[8];
                    environment.randomBytes(nonce);
                    gossip.publish(
                            Topic.query(collection).toString(),
                            DocumentMessage.encode(
                                    new Query(host.peerId(), nonce, collection, exchange.heads(collection, group))));
                }));
    }

    private CompletableFuture<Verdict> queried(Cid collection, GossipMessage message) {
        Query query;
        try {
            if (!(DocumentMessage.decode(message.data()) instanceof Query asked)
                    || !asked.collection().equals(collection)) {
                return CompletableFuture.completedFuture(Verdict.REJECT);
            }
            query = asked;
        } catch (DecodeException e) {
            return CompletableFuture.completedFuture(Verdict.REJECT);
        }
        if (!withinQuota()) {
            return CompletableFuture.completedFuture(Verdict.IGNORE);
        }
        node.threads().workers().execute(() -> answer(query));
        return CompletableFuture.completedFuture(Verdict.ACCEPT);
    }

    /* On the gossip's scheduler, one at a time. */
    private boolean withinQuota() {
        long second = environment.nanoTime() / 1_000_000_000;
        if (second != queriesSince) {
            queriesSince = second;
            queries = 0;
        }
        return ++queries <= QUERIES_PER_SECOND_MAX;
    }

    private void answer(Query query) {
        if (closed || !node.collections().mayRead(query.asker(), query.collection())) {
            return;
        }
        var newer = new TreeMap<DocumentId, List<Cid>>();
        query.heads().forEach((document, known) -> {
            List<Cid> heads = documents.heads(query.collection(), document);
            if (!heads.isEmpty() && !known.containsAll(heads)) {
                newer.put(document, heads);
            }
        });
        if (!newer.isEmpty()) {
            exchange.tell(query.asker(), new Newer(query.collection(), newer));
        }
    }

    /** A peer says that it has these. Only what is followed is asked for. */
    private void told(PeerId peer, Newer newer) {
        var lacking = new ArrayList<DocumentKey>();
        newer.heads().forEach((document, heads) -> {
            var key = new DocumentKey(newer.collection(), document);
            boolean known = heads.stream().allMatch(head -> documents.isAdmitted(newer.collection(), head));
            if (!known && key.equals(joined.get(document))) {
                lacking.add(key);
            }
        });
        exchange.ask(peer, lacking);
    }
}
