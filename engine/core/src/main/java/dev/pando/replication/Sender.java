package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.replication.LogTail.Missing;
import dev.pando.replication.LogTail.Page;
import dev.pando.replication.ReplicateMessage.Ack;
import dev.pando.replication.ReplicateMessage.Ask;
import dev.pando.replication.ReplicateMessage.Changed;
import dev.pando.replication.ReplicateMessage.Lacks;
import dev.pando.replication.ReplicateMessage.Tell;
import dev.pando.replication.ReplicateMessage.Want;
import dev.pando.replication.ReplicateMessage.Welcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pushes this node's commits to one peer: all replicators towards that peer are one sender, one stream.
 *
 * <p>A state machine without I/O: {@link #handle} takes one input and returns what is to be done. Not thread-safe.
 *
 * <p>There is no queue: the log is the backlog, and each collection has a position in it. A stream begins with a hello
 * that carries the state hash of each collection. Where the peer's is the same, the position jumps to the end. Where it
 * is not, sending goes on from the position, if that was made with the peer's present log and table. Else, or when the
 * peer misses what a commit builds upon, the two compare heads ({@link HeadExchange}), and what the peer lacks is sent
 * first, in the order of the log. When too much differs for that, the whole log is offered by the CIDs of its commits. At
 * most {@link #WINDOW_BATCHES} batches are under way. An acknowledgement moves the position; what the peer did not apply
 * is remembered and offered again when its time comes, when the peer's tables or grants change, and on the next stream.
 *
 * <p>Rooms: {@link Greeting} (where the peer stands), {@link Comparison} (what it lacks of the past), {@link SendWindow}
 * (reading, sending, acknowledgements). Here are the stream itself, the scopes, and waiting.
 */
final class Sender {

    /** Batches sent and not yet acknowledged; more are not read from the log. */
    static final int WINDOW_BATCHES = 4;

    /** Bytes of blocks in a batch at most ({@link BatchSize}), unless one block alone is larger; larger shares go in pieces. */
    static final int BATCH_BYTES = 1 << 20;

    /** First pause after a failed attempt; it doubles up to {@link #RETRY_MAX}. */
    static final Duration RETRY_MIN = Duration.ofMillis(250);

    static final Duration RETRY_MAX = Duration.ofSeconds(30);

    /** What a peer wants later is not offered again sooner than this, whatever time it names. */
    static final Duration LATER_MIN = Duration.ofSeconds(1);

    /** Longest sleep until then: the physical clock may jump meanwhile. */
    static final Duration LATER_MAX = Duration.ofHours(1);

    /** What happened. */
    sealed interface Input {}

    /** A connection to the peer stands. */
    record Connected() implements Input {}

    record StreamOpened() implements Input {}

    record StreamFailed(String reason) implements Input {}

    record Received(ReplicateMessage message) implements Input {}

    /** The log has grown. */
    record Advanced() implements Input {}

    /** The answer to {@link Read}. */
    record PageRead(long stream, Page page) implements Input {}

    record ReadFailed(long stream, String reason) implements Input {}

    /** The answer to {@link Answer}. */
    record Answered(long stream, Tell tell) implements Input {}

    /** The answer to {@link Find}. */
    record Found(long stream, long round, Optional<Missing> missing) implements Input {}

    /** {@link Join} is done. */
    record Joined(long stream) implements Input {}

    /** The time of an earlier {@link WakeAfter} has come. */
    record Woken() implements Input {}

    /** The peer pushed this share to us: it need not be sent back. Given before it is admitted. */
    record PeerSent(List<Block> share) implements Input {}

    /** Collections were added or taken away. */
    record ScopesChanged() implements Input {}

    /** What is to be done. */
    sealed interface Output {}

    record OpenStream() implements Output {}

    record Send(ReplicateMessage message) implements Output {}

    record CloseStream(String reason) implements Output {}

    /** To be carried out by {@link SenderWork}. */
    sealed interface Work extends Output {
        /** To be given back with the answer. */
        long stream();
    }

    /** @param members of the collections that are pushed in part */
    record Read(long stream, long after, long upTo, Set<Cid> collections, Map<Cid, Membership> members, int bytesMax)
            implements Work {}

    record ReadChosen(
            long stream, List<Long> sequences, Set<Cid> collections, Map<Cid, Membership> members, int bytesMax)
            implements Work {}

    record Answer(long stream, Ask ask, @Nullable Membership members) implements Work {}

    record Find(
            long stream,
            long round,
            Map<Cid, Map<DocumentId, List<Cid>>> heads,
            Map<Cid, Membership> members,
            long upTo)
            implements Work {}

    /** These documents have come into their collections' {@link Membership}, with all their past: write that down. */
    record Join(long stream, Map<Cid, Set<DocumentId>> documents) implements Output {}

    record WakeAfter(Duration delay) implements Output {}

    /** {@link #record()} has changed: write it down, soon. */
    record Save() implements Output {}

    private enum Phase {
        OFFLINE,
        OPENING,
        OPEN
    }

    private final SenderState state;
    private final Comparison comparison;
    private final Greeting greeting;
    private final SendWindow window;
    private Optional<Multiaddr> address;

    private Phase phase = Phase.OFFLINE;
    private int failures;
    private long offlineSinceMillis;

    /** When {@link Woken} is due for what the peer wants later. */
    private long wakeAtMillis = Long.MAX_VALUE;

    Sender(PeerId peer, LogTail tail, ReplicatorRecord record) {
        this(peer, tail, record, Map.of(), false);
    }

    /**
     * @param memberships of the record's collections that are pushed in part
     * @param offering whether every commit is offered before it is sent, as the peer may have it from others
     */
    Sender(PeerId peer, LogTail tail, ReplicatorRecord record, Map<Cid, Membership> memberships, boolean offering) {
        this.state = new SenderState(peer, tail, this::violated);
        this.comparison = new Comparison(state);
        this.greeting = new Greeting(state, comparison, offering, record.peerLog());
        this.window = new SendWindow(state, comparison);
        this.address = record.address();
        for (ReplicatorRecord.Progress progress : record.scopes()) {
            var scope = new ReplicatorScope(
                    progress.collection(), progress.filter(), memberships.get(progress.collection()));
            state.scopes.put(progress.collection(), scope);
            scope.position = progress.position();
            scope.sent = progress.position();
            scope.instance = progress.instance();
            scope.troubles.addAll(progress.troubles());
        }
    }

    /** Handles one input at physical time {@code nowMillis}; the outputs are to be carried out in their order. */
    List<Output> handle(Input input, long nowMillis) {
        state.out = new ArrayList<>();
        state.nowMillis = nowMillis;
        boolean wasOpen = phase == Phase.OPEN;
        if (input instanceof Connected) {
            open();
        } else if (input instanceof StreamOpened) {
            streamOpened();
        } else if (input instanceof StreamFailed failed) {
            streamFailed(failed.reason());
        } else if (input instanceof Woken) {
            woken(nowMillis);
        } else if (input instanceof PeerSent theirs) {
            state.fromPeer.add(theirs.share());
        } else if (input instanceof ScopesChanged) {
            scopesChanged();
        } else if (phase == Phase.OPEN) {
            handleOpen(input, nowMillis);
        }
        if (phase == Phase.OPEN) {
            window.pump();
            sleepUntilLater(nowMillis);
            offlineSinceMillis = 0;
        } else if (wasOpen || offlineSinceMillis == 0) {
            offlineSinceMillis = nowMillis;
        }
        return state.out;
    }

    /** What belongs to an open stream. */
    private void handleOpen(Input input, long nowMillis) {
        if (input instanceof Received received) {
            received(received.message(), nowMillis);
        } else if (input instanceof PageRead read && read.stream() == state.stream) {
            window.pageRead(read.page());
        } else if (input instanceof ReadFailed failed && failed.stream() == state.stream) {
            violated("reading the log failed: " + failed.reason());
        } else if (input instanceof Answered answered && answered.stream() == state.stream) {
            comparison.answered(answered.tell());
        } else if (input instanceof Found found && found.stream() == state.stream) {
            window.found(found);
        } else if (input instanceof Joined joined && joined.stream() == state.stream) {
            comparison.joined();
        }
    }

    private void received(ReplicateMessage message, long nowMillis) {
        if (message instanceof Welcome welcome) {
            if (greeting.welcomed(welcome, nowMillis)) {
                failures = 0;
            }
        } else if (message instanceof Want want) {
            window.wanted(want);
        } else if (message instanceof Ack ack) {
            window.acknowledged(ack, nowMillis);
        } else if (message instanceof Ask ask) {
            comparison.asked(ask);
        } else if (message instanceof Lacks lacks) {
            comparison.lacks(lacks);
        } else if (message instanceof Changed) {
            /* A welcome that is still to come was made after the change; one who says this all the time gets no more. */
            if (greeting.isDone()) {
                greeting.hello();
            }
        } else {
            violated(state.peer + " answered with a " + message.getClass().getSimpleName());
        }
    }

    // Scopes

    /** The scope of {@code collection}, made when it is not there; followed by {@link ScopesChanged}. */
    ReplicatorScope add(Cid collection) {
        return state.scopes.computeIfAbsent(collection, ReplicatorScope::new);
    }

    /** Pushes only some documents of {@code collection}, from the beginning; followed by {@link ScopesChanged}. */
    void replace(Cid collection, Optional<ReplicatorRecord.Filter> filter, @Nullable Membership members) {
        remove(collection);
        state.scopes.put(collection, new ReplicatorScope(collection, filter, members));
    }

    void remove(Cid collection) {
        ReplicatorScope gone = state.scopes.remove(collection);
        comparison.removed(collection);
        if (gone != null) {
            gone.epoch++;
        }
    }

    void setAddress(Multiaddr value) {
        address = Optional.of(value);
        failures = 0;
    }

    Optional<Multiaddr> address() {
        return address;
    }

    Collection<ReplicatorScope> scopes() {
        return state.scopes.values();
    }

    ReplicatorRecord record() {
        return new ReplicatorRecord(
                address,
                greeting.peerLog(),
                state.scopes.values().stream()
                        .map(s -> new ReplicatorRecord.Progress(
                                s.collection, s.position, s.instance, List.copyOf(s.troubles), s.filter))
                        .toList());
    }

    /** The peer has told why it has not got a collection. */
    void explained(Cid collection, String reason) {
        ReplicatorScope scope = state.scopes.get(collection);
        if (scope != null) {
            scope.explain(reason);
        }
    }

    /** Whether a stream to the peer is open. */
    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Whether the peer has answered for all that the log holds of every collection that it takes. */
    boolean isCaughtUp() {
        long last = state.tail.lastSequence();
        return phase == Phase.OPEN
                && greeting.isDone()
                && window.isQuiet()
                && comparison.present().isEmpty()
                && state.scopes.values().stream().allMatch(s -> s.suspended != null || s.greeted && s.position >= last);
    }

    Optional<String> lastError() {
        return Optional.ofNullable(state.lastError);
    }

    /** Commits a second acknowledged lately. */
    double commitsPerSecond(long nowMillis) {
        return window.commitsPerSecond(nowMillis);
    }

    /** Since when there is no stream; 0 while there is one. */
    long offlineSinceMillis() {
        return offlineSinceMillis;
    }

    /** Physical time of the last acknowledgement in this process, 0 before the first. */
    long lastSuccessMillis() {
        return window.lastSuccessMillis();
    }

    /** How far the filling of the peer has got, while it is under way. */
    Optional<Reconciliation> reconciliation() {
        return comparison.present();
    }

    private void scopesChanged() {
        if (state.scopes.isEmpty()) {
            if (phase != Phase.OFFLINE) {
                state.out.add(new CloseStream("no replicator is left"));
                endStream();
            }
        } else if (phase == Phase.OPEN) {
            greeting.hello();
        } else {
            open();
        }
    }

    // The stream

    private void open() {
        if (phase == Phase.OFFLINE && !state.scopes.isEmpty()) {
            phase = Phase.OPENING;
            state.out.add(new OpenStream());
        }
    }

    private void streamOpened() {
        if (state.scopes.isEmpty()) {
            state.out.add(new CloseStream("no replicator is left"));
            endStream();
            return;
        }
        if (phase == Phase.OPEN) {
            endStream();
        }
        phase = Phase.OPEN;
        state.stream++;
        greeting.hello();
    }

    private void streamFailed(String reason) {
        if (phase == Phase.OFFLINE) {
            return;
        }
        endStream();
        state.lastError = reason;
        retryLater();
    }

    private void violated(String reason) {
        state.out.add(new CloseStream(reason));
        streamFailed(reason);
    }

    private void endStream() {
        phase = Phase.OFFLINE;
        state.stream++;
        window.streamEnded();
        greeting.streamEnded();
        comparison.drop();
        wakeAtMillis = Long.MAX_VALUE;
        state.scopes.values().forEach(ReplicatorScope::streamEnded);
    }

    private void retryLater() {
        if (state.scopes.isEmpty()) {
            return;
        }
        long millis = Math.min(RETRY_MAX.toMillis(), RETRY_MIN.toMillis() << Math.min(failures, 20));
        failures++;
        state.out.add(new WakeAfter(Duration.ofMillis(millis)));
    }

    private void woken(long nowMillis) {
        wakeAtMillis = Long.MAX_VALUE;
        if (phase == Phase.OFFLINE) {
            open();
        } else if (phase == Phase.OPEN) {
            for (ReplicatorScope scope : state.scopes.values()) {
                scope.settleLater(nowMillis);
                boolean due =
                        scope.nextRetryMillis().filter(t -> t <= nowMillis).isPresent();
                if (scope.active() && due) {
                    scope.retryLater(nowMillis, state.tail.lastSequence());
                }
            }
        }
    }

    private void sleepUntilLater(long nowMillis) {
        state.active().stream()
                .flatMap(scope -> scope.nextRetryMillis().stream())
                .min(Long::compare)
                .ifPresent(next -> {
                    /* Bounds before the difference: the peer may name any number. */
                    long earliest = nowMillis + LATER_MIN.toMillis();
                    long latest = nowMillis + LATER_MAX.toMillis();
                    long at = Math.max(earliest, Math.min(latest, next));
                    if (at < wakeAtMillis) {
                        wakeAtMillis = at;
                        state.out.add(new WakeAfter(Duration.ofMillis(at - nowMillis)));
                    }
                });
    }
}
