package dev.pando.replication;

import dev.pando.Replication.Direction;
import dev.pando.Replication.SyncStatus;
import dev.pando.Table;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.PeerId;
import dev.pando.replication.ReplicateMessage.Pull;
import dev.pando.replication.ReplicateMessage.Reached;
import dev.pando.replication.ReplicateMessage.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Pulls what is missing from peers: one pull a peer at a time; what is asked for meanwhile becomes one more. Remembers,
 * in memory, how far each peer's log has been read, so that the next pull costs what is new. Used from one mailbox.
 */
final class Puller {

    static final String PROTOCOL = "/pando/blocks/1.0.0";

    /** Peers whose positions are remembered; the one longest unused is forgotten, and read from the beginning again. */
    static final int PEERS_MAX = 1_024;

    private static final byte[] NO_LOG = new byte[16];

    private final Host host;
    private final ReceiverLink.Node node;
    private final Mailbox mailbox;
    private final LongSupplier nowMillis;
    private final Map<PeerId, Peer> peers = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Peer {
        final Map<Cid, Position> positions = new HashMap<>();

        /** What stands there and is not admitted here, so that it is not asked for again and again. */
        final Map<Cid, InVain> inVain = new HashMap<>();

        /** Collections of which such documents were found at the last comparison. */
        final Set<Cid> passedOver = new HashSet<>();

        /** When some of that may be admitted after all. */
        long inVainUntil = Long.MAX_VALUE;

        final Set<Cid> waiting = new HashSet<>();
        final Map<Cid, Ended> ended = new HashMap<>();
        Set<Cid> pulling = Set.of();
        CompletableFuture<Boolean> next = new CompletableFuture<>();

        @Nullable
        PullLink link;

        boolean running;
    }

    /**
     * How a collection stood towards a peer after the last pull that ended.
     *
     * @param passedOver whether documents were not asked for because they were not admitted before
     */
    record State(
            PeerId peer,
            Cid collection,
            boolean complete,
            boolean passedOver,
            long endedMillis,
            boolean connected,
            @Nullable String failure) {

        SyncStatus row(Table table) {
            Optional<Boolean> equal =
                    failure != null || !connected || complete && passedOver ? Optional.empty() : Optional.of(complete);
            Optional<String> refused = failure != null
                    ? Optional.of(failure)
                    : complete && !passedOver
                            ? Optional.empty()
                            : Optional.of("this node did not admit all that came: sys.pending");
            return new SyncStatus(
                    table,
                    peer,
                    Direction.IN,
                    equal,
                    0,
                    Optional.empty(),
                    0,
                    0,
                    connected ? Optional.empty() : Optional.of(Instant.ofEpochMilli(endedMillis)),
                    refused,
                    (connected ? "pulled at " : "offline, pulled at ") + Instant.ofEpochMilli(endedMillis));
        }
    }

    /** In the mailbox. */
    List<State> states(Set<PeerId> connected) {
        var states = new ArrayList<State>();
        peers.forEach((id, peer) -> peer.ended.forEach((collection, ended) -> states.add(new State(
                id,
                collection,
                ended.complete(),
                peer.passedOver.contains(collection),
                ended.millis(),
                connected.contains(id),
                ended.failure()))));
        return states;
    }

    private record Ended(
            boolean complete, long millis, @Nullable String failure) {}

    private record Position(byte[] log, long sequence) {}

    Puller(Host host, ReceiverLink.Node node, Mailbox mailbox, LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
        this.host = host;
        this.node = node;
        this.mailbox = mailbox;
    }

    /** Completes with whether all that the peer has, and this node may know of, is here now. In the mailbox. */
    CompletableFuture<Boolean> pull(PeerId id, Set<Cid> collections) {
        Peer peer = peers.computeIfAbsent(id, p -> new Peer());
        peer.waiting.addAll(collections);
        CompletableFuture<Boolean> result = peer.next;
        if (!peer.running && !peer.waiting.isEmpty()) {
            run(id, peer);
        }
        forgetOldest();
        return result;
    }

    private void forgetOldest() {
        Iterator<Peer> oldest = peers.values().iterator();
        while (peers.size() > PEERS_MAX && oldest.hasNext()) {
            if (!oldest.next().running) {
                oldest.remove();
            }
        }
    }

    /** What was read from that peer may be needed again: rights have changed. */
    void forgetPositions() {
        peers.values().forEach(peer -> {
            peer.positions.clear();
            peer.inVain.clear();
            peer.passedOver.clear();
        });
    }

    /** Ends pulls of these collections; the other collections of such a pull come with the next one. */
    void cancel(Set<Cid> collections) {
        for (Peer peer : peers.values()) {
            peer.waiting.removeAll(collections);
            peer.ended.keySet().removeAll(collections);
            if (!java.util.Collections.disjoint(peer.pulling, collections)) {
                peer.pulling = Set.of();
                if (peer.link != null) {
                    peer.link.close();
                }
            }
        }
    }

    void close() {
        peers.values().forEach(peer -> {
            if (peer.link != null) {
                peer.link.close();
            }
        });
    }

    private void run(PeerId id, Peer peer) {
        peer.running = true;
        Set<Cid> collections = Set.copyOf(peer.waiting);
        peer.waiting.clear();
        peer.pulling = collections;
        CompletableFuture<Boolean> result = peer.next;
        peer.next = new CompletableFuture<>();
        if (nowMillis.getAsLong() >= peer.inVainUntil) {
            /* What was passed over meanwhile lies before the place that was reached: heads must be compared again. */
            peer.inVain.clear();
            peer.passedOver.clear();
            peer.positions.clear();
            peer.inVainUntil = Long.MAX_VALUE;
        }
        var inVain = new HashMap<>(peer.inVain);
        var pull = new Pull(
                node.tail().logId(),
                collections.stream().map(c -> wanted(peer, c)).toList());
        host.newStream(id, PROTOCOL)
                .thenCompose(stream -> {
                    var link = new PullLink(node, stream, inVain);
                    mailbox.execute(() -> {
                        peer.link = link;
                        if (peer.pulling.isEmpty()) {
                            link.close(); // cancelled before it began
                        }
                    });
                    return link.run(pull);
                })
                .whenComplete((outcome, failure) -> mailbox.execute(() -> {
                    peer.link = null;
                    peer.running = false;
                    var ended = new Ended(
                            failure == null && outcome.complete(),
                            nowMillis.getAsLong(),
                            failure == null ? null : String.valueOf(failure.getMessage()));
                    collections.forEach(collection -> peer.ended.put(collection, ended));
                    if (failure == null) {
                        peer.passedOver.removeAll(outcome.different().keySet());
                        peer.passedOver.addAll(outcome.passedOver());
                    }
                    if (failure == null && !outcome.complete()) {
                        collections.forEach(collection -> peer.inVain.merge(
                                collection, outcome.different().getOrDefault(collection, InVain.NOTHING), InVain::and));
                        if (!outcome.gaps()) {
                            /* From these places the same would be sent each time; heads tell what to pass over. */
                            peer.positions.keySet().removeAll(collections);
                        }
                        peer.inVainUntil = Math.min(peer.inVainUntil, outcome.notBeforeMillis());
                    }
                    if (failure == null && outcome.complete()) {
                        for (Reached reached : outcome.done().collections()) {
                            if (collections.contains(reached.collection())) {
                                peer.positions.put(
                                        reached.collection(),
                                        new Position(outcome.done().log(), reached.position()));
                            }
                        }
                    }
                    if (!peer.waiting.isEmpty()) {
                        run(id, peer);
                    }
                    if (failure != null) {
                        result.completeExceptionally(failure);
                    } else {
                        result.complete(outcome.complete());
                    }
                }));
    }

    private static Wanted wanted(Peer peer, Cid collection) {
        Position position = peer.positions.get(collection);
        return position == null
                ? new Wanted(collection, NO_LOG, 0)
                : new Wanted(collection, position.log(), position.sequence());
    }
}
