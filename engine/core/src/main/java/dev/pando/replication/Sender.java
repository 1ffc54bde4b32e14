package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.replication.LogTail.Missing;
import dev.pando.replication.LogTail.OutgoingShare;
import dev.pando.replication.LogTail.Page;
import dev.pando.replication.ReplicateMessage.Ack;
import dev.pando.replication.ReplicateMessage.Ask;
import dev.pando.replication.ReplicateMessage.Batch;
import dev.pando.replication.ReplicateMessage.Changed;
import dev.pando.replication.ReplicateMessage.Compare;
import dev.pando.replication.ReplicateMessage.Fragment;
import dev.pando.replication.ReplicateMessage.Hello;
import dev.pando.replication.ReplicateMessage.Lacks;
import dev.pando.replication.ReplicateMessage.Offer;
import dev.pando.replication.ReplicateMessage.Offered;
import dev.pando.replication.ReplicateMessage.Outcome;
import dev.pando.replication.ReplicateMessage.Reported;
import dev.pando.replication.ReplicateMessage.Standing;
import dev.pando.replication.ReplicateMessage.Status;
import dev.pando.replication.ReplicateMessage.Tell;
import dev.pando.replication.ReplicateMessage.Want;
import dev.pando.replication.ReplicateMessage.Welcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
 * first, in the order of the log. When too much differs for that, the whole log is offered by the CIDs of its commits. At most {@link #WINDOW_BATCHES} batches are under way. An
 * acknowledgement moves the position; what the peer did not apply is remembered and offered again when its time comes,
 * when the peer's tables or grants change, and on the next stream.
 */
final class Sender {

    /** Batches sent and not yet acknowledged; more are not read from the log. */
    static final int WINDOW_BATCHES = 4;

    /** Bytes of blocks in a batch, unless one block alone is larger; larger shares go in pieces. */
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
    record Joined(long stream, Map<Cid, Set<DocumentId>> documents) implements Input {}

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

    /** These documents have come into their collections' {@link Membership}: write that down, then add them. */
    record Join(long stream, Map<Cid, Set<DocumentId>> documents) implements Output {}

    record WakeAfter(Duration delay) implements Output {}

    /** {@link #record()} has changed: write it down, soon. */
    record Save() implements Output {}

    private enum Phase {
        OFFLINE,
        OPENING,
        OPEN
    }

    /**
     * @param reaches the position when it is acknowledged; 0 for none
     * @param shares what the batch carries; empty for one that had nothing to send and waits only for its turn
     */
    private record InFlight(long to, long reaches, List<Scoped> scopes, List<OutgoingShare> shares) {
        boolean acknowledged() {
            return shares.isEmpty();
        }

        boolean carries(long sequence) {
            return shares.stream().anyMatch(s -> s.sequence() == sequence);
        }

        boolean touches(long sequence, Cid collection) {
            return shares.stream()
                    .anyMatch(s -> s.sequence() == sequence && s.collections().contains(collection));
        }
    }

    private record Scoped(ReplicatorScope scope, int epoch) {}

    private final PeerId peer;
    private final LogTail tail;
    private final boolean offersAll;
    private final SortedMap<Cid, ReplicatorScope> scopes = new TreeMap<>();
    private Optional<Multiaddr> address;
    private byte[] peerLog;

    private Phase phase = Phase.OFFLINE;
    private long stream;
    private int failures;
    private @Nullable String lastError;
    private long lastSuccessMillis;
    private final AckRate rate = new AckRate();
    private long offlineSinceMillis;

    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    private @Nullable List<Scoped> reading;
    private @Nullable Page offered;
    private @Nullable Reconciliation reconciliation;
    private long rounds;
    private boolean gapFound;
    private final SharesOfPeer fromPeer = new SharesOfPeer();
    private final Deque<Long> hellos = new ArrayDeque<>();

    /** When {@link Woken} is due for what the peer wants later. */
    private long wakeAtMillis = Long.MAX_VALUE;

    private List<Output> out = new ArrayList<>();

    Sender(PeerId peer, LogTail tail, ReplicatorRecord record) {
        this(peer, tail, record, Map.of(), false);
    }

    /**
     * @param memberships of the record's collections that are pushed in part
     * @param offering whether every commit is offered before it is sent, as the peer may have it from others
     */
    Sender(PeerId peer, LogTail tail, ReplicatorRecord record, Map<Cid, Membership> memberships, boolean offering) {
        this.offersAll = offering;
        this.peer = peer;
        this.tail = tail;
        this.address = record.address();
        this.peerLog = record.peerLog();
        for (ReplicatorRecord.Progress progress : record.scopes()) {
            var scope = new ReplicatorScope(
                    progress.collection(), progress.filter(), memberships.get(progress.collection()));
            scopes.put(progress.collection(), scope);
            scope.position = progress.position();
            scope.sent = progress.position();
            scope.instance = progress.instance();
            scope.troubles.addAll(progress.troubles());
        }
    }

    /** Handles one input at physical time {@code nowMillis}; the outputs are to be carried out in their order. */
    List<Output> handle(Input input, long nowMillis) {
        out = new ArrayList<>();
        boolean wasOpen = phase == Phase.OPEN;
        if (input instanceof Connected) {
            open();
        } else if (input instanceof StreamOpened) {
            streamOpened();
        } else if (input instanceof StreamFailed failed) {
            streamFailed(failed.reason());
        } else if (input instanceof Received received) {
            if (phase == Phase.OPEN) {
                received(received.message(), nowMillis);
            }
        } else if (input instanceof PageRead read) {
            if (read.stream() == stream && phase == Phase.OPEN) {
                pageRead(read.page());
            }
        } else if (input instanceof ReadFailed failed) {
            if (failed.stream() == stream && phase == Phase.OPEN) {
                violated("reading the log failed: " + failed.reason());
            }
        } else if (input instanceof Answered answered) {
            if (answered.stream() == stream && phase == Phase.OPEN) {
                if (reconciliation != null) {
                    reconciliation.answered();
                }
                out.add(new Send(answered.tell()));
            }
        } else if (input instanceof Found found) {
            if (found.stream() == stream && phase == Phase.OPEN) {
                found(found);
            }
        } else if (input instanceof Joined joined) {
            if (joined.stream() == stream && phase == Phase.OPEN) {
                joined(joined.documents());
            }
        } else if (input instanceof Woken) {
            woken(nowMillis);
        } else if (input instanceof PeerSent theirs) {
            fromPeer.add(theirs.share());
        } else if (input instanceof ScopesChanged) {
            scopesChanged();
        }
        pump();
        sleepUntilLater(nowMillis);
        if (phase == Phase.OPEN) {
            offlineSinceMillis = 0;
        } else if (wasOpen || offlineSinceMillis == 0) {
            offlineSinceMillis = nowMillis;
        }
        return out;
    }

    // Scopes

    /** The scope of {@code collection}, made when it is not there; followed by {@link ScopesChanged}. */
    ReplicatorScope add(Cid collection) {
        return scopes.computeIfAbsent(collection, ReplicatorScope::new);
    }

    /** Pushes only some documents of {@code collection}, from the beginning; followed by {@link ScopesChanged}. */
    void replace(Cid collection, Optional<ReplicatorRecord.Filter> filter, @Nullable Membership members) {
        remove(collection);
        scopes.put(collection, new ReplicatorScope(collection, filter, members));
    }

    void remove(Cid collection) {
        ReplicatorScope gone = scopes.remove(collection);
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
        return scopes.values();
    }

    ReplicatorRecord record() {
        return new ReplicatorRecord(
                address,
                peerLog,
                scopes.values().stream()
                        .map(s -> new ReplicatorRecord.Progress(
                                s.collection, s.position, s.instance, List.copyOf(s.troubles), s.filter))
                        .toList());
    }

    /** The peer has told why it has not got a collection. */
    void explained(Cid collection, String reason) {
        ReplicatorScope scope = scopes.get(collection);
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
        long last = tail.lastSequence();
        return phase == Phase.OPEN
                && hellos.isEmpty()
                && inFlight.isEmpty()
                && reading == null
                && offered == null
                && reconciliation == null
                && scopes.values().stream().allMatch(s -> s.suspended != null || s.greeted && s.position >= last);
    }

    Optional<String> lastError() {
        return Optional.ofNullable(lastError);
    }

    /** Commits a second acknowledged lately. */
    double commitsPerSecond(long nowMillis) {
        return rate.perSecond(nowMillis);
    }

    /** Since when there is no stream; 0 while there is one. */
    long offlineSinceMillis() {
        return offlineSinceMillis;
    }

    /** Physical time of the last acknowledgement in this process, 0 before the first. */
    long lastSuccessMillis() {
        return lastSuccessMillis;
    }

    private void scopesChanged() {
        if (scopes.isEmpty()) {
            if (phase != Phase.OFFLINE) {
                out.add(new CloseStream("no replicator is left"));
                endStream();
            }
        } else if (phase == Phase.OPEN) {
            hello();
        } else {
            open();
        }
    }

    // The stream

    private void open() {
        if (phase == Phase.OFFLINE && !scopes.isEmpty()) {
            phase = Phase.OPENING;
            out.add(new OpenStream());
        }
    }

    private void streamOpened() {
        if (scopes.isEmpty()) {
            out.add(new CloseStream("no replicator is left"));
            endStream();
            return;
        }
        if (phase == Phase.OPEN) {
            endStream();
        }
        phase = Phase.OPEN;
        stream++;
        hello();
    }

    private void streamFailed(String reason) {
        if (phase == Phase.OFFLINE) {
            return;
        }
        endStream();
        lastError = reason;
        retryLater();
    }

    private void violated(String reason) {
        out.add(new CloseStream(reason));
        streamFailed(reason);
    }

    private void endStream() {
        phase = Phase.OFFLINE;
        stream++;
        inFlight.clear();
        hellos.clear();
        reading = null;
        offered = null;
        reconciliation = null;
        gapFound = false;
        wakeAtMillis = Long.MAX_VALUE;
        scopes.values().forEach(ReplicatorScope::streamEnded);
    }

    private void retryLater() {
        if (scopes.isEmpty()) {
            return;
        }
        long millis = Math.min(RETRY_MAX.toMillis(), RETRY_MIN.toMillis() << Math.min(failures, 20));
        failures++;
        out.add(new WakeAfter(Duration.ofMillis(millis)));
    }

    private void woken(long nowMillis) {
        wakeAtMillis = Long.MAX_VALUE;
        if (phase == Phase.OFFLINE) {
            open();
        } else if (phase == Phase.OPEN) {
            for (ReplicatorScope scope : scopes.values()) {
                scope.settleLater(nowMillis);
                boolean due =
                        scope.nextRetryMillis().filter(t -> t <= nowMillis).isPresent();
                if (scope.active() && due) {
                    scope.retryLater(nowMillis, tail.lastSequence());
                }
            }
        }
    }

    private void sleepUntilLater(long nowMillis) {
        if (phase != Phase.OPEN) {
            return;
        }
        scopes.values().stream()
                .filter(ReplicatorScope::active)
                .flatMap(scope -> scope.nextRetryMillis().stream())
                .min(Long::compare)
                .ifPresent(next -> {
                    /* Bounds before the difference: the peer may name any number. */
                    long earliest = nowMillis + LATER_MIN.toMillis();
                    long latest = nowMillis + LATER_MAX.toMillis();
                    long at = Math.max(earliest, Math.min(latest, next));
                    if (at < wakeAtMillis) {
                        wakeAtMillis = at;
                        out.add(new WakeAfter(Duration.ofMillis(at - nowMillis)));
                    }
                });
    }

    // Greeting

    private void hello() {
        /* Before the hashes: what is admitted between the two is sent again at worst, never left out. */
        hellos.add(tail.lastSequence());
        var collections = scopes.keySet().stream()
                .map(c -> new Offered(c, isPartial(c) ? Optional.empty() : tail.stateHash(c)))
                .toList();
        out.add(new Send(new Hello(tail.logId(), collections)));
    }

    /** Of some documents only there is no state hash that the peer could compare with its own. */
    private boolean isPartial(Cid collection) {
        ReplicatorScope scope = scopes.get(collection);
        return scope != null && scope.members != null;
    }

    private void welcomed(Welcome welcome, long nowMillis) {
        Long helloSequence = hellos.poll();
        if (helloSequence == null) {
            violated("a welcome without a hello");
            return;
        }
        failures = 0;
        lastError = null;
        boolean sameLog = Arrays.equals(peerLog, welcome.log());
        peerLog = welcome.log();
        if (!sameLog) {
            fromPeer.clear();
            scopes.values().forEach(scope -> scope.rewind(0, helloSequence));
        }
        var compared = new ArrayList<ReplicatorScope>();
        boolean anew = false;
        for (Standing standing : welcome.collections()) {
            ReplicatorScope scope = scopes.get(standing.collection());
            if (scope != null) {
                boolean known = scope.position > 0 && (offersAll || scope.instance == standing.instance());
                boolean different = standing.status() == Status.DIFFERENT;
                anew |= different && (!known || scope.reconciling);
                if (different || standing.status() == Status.EMPTY) {
                    compared.add(scope);
                }
                scope.instance = standing.instance();
                scope.epoch += scope.reconciling ? 1 : 0;
                scope.reconciling = false;
                stands(scope, standing.status(), helloSequence, nowMillis);
            }
        }
        reconciliation = null;
        if (anew) {
            compare(compared);
        }
        out.add(new Save());
    }

    private void stands(ReplicatorScope scope, Status status, long helloSequence, long nowMillis) {
        scope.greeted = true;
        if (status == Status.UNKNOWN) {
            scope.suspended = scope.absent();
            return;
        }
        scope.suspended = null;
        if (status == Status.EMPTY && scope.position > 0) {
            /* It had what was acknowledged: the table was dropped there and made again. */
            fromPeer.clear();
            scope.rewind(0, 0);
        }
        if (status == Status.EQUAL) {
            scope.troubles.clear();
            if (helloSequence > scope.sent) {
                scope.position = helloSequence;
                scope.sent = helloSequence;
                scope.epoch++;
            }
            return;
        }
        scope.firstToRetry(nowMillis).ifPresent(first -> scope.rewind(first - 1, helloSequence));
        if (offersAll) {
            /* An empty peer has none of them: no need to ask. */
            scope.offerUntil = status == Status.EMPTY ? 0 : helloSequence;
        }
    }

    // Comparing heads

    /** Lets the peer find out what it lacks. All that differs goes together: a commit may have parts in several. */
    private void compare(List<ReplicatorScope> compared) {
        if (compared.isEmpty()) {
            return;
        }
        fromPeer.clear();
        for (ReplicatorScope scope : compared) {
            scope.rewind(0, 0);
            scope.reconciling = true;
            scope.begunAnew = true;
        }
        var collections = compared.stream().map(scope -> scope.collection).toList();
        reconciliation = new Reconciliation(++rounds, tail.lastSequence(), collections);
        out.add(new Send(new Compare(rounds, collections)));
    }

    private void asked(Ask ask) {
        /* What belongs to an earlier round was on its way when this one began. */
        if (reconciliation != null && ask.round() == reconciliation.round) {
            String wrong = reconciliation.asked(ask);
            if (wrong.isEmpty()) {
                ReplicatorScope scope = scopes.get(ask.collection());
                out.add(new Answer(stream, ask, scope == null ? null : scope.members));
            } else {
                violated(wrong);
            }
        }
    }

    private void lacks(Lacks lacks) {
        Reconciliation present = reconciliation;
        if (present == null || lacks.round() != present.round) {
            return;
        }
        String wrong = present.lacks(lacks);
        if (!wrong.isEmpty()) {
            violated(wrong);
        } else if (present.isCompared() && present.all()) {
            offerAll(present);
        } else if (present.isCompared()) {
            out.add(new Find(stream, present.round, present.heads(), members(group()), present.mark));
        }
    }

    private void found(Found found) {
        Reconciliation present = reconciliation;
        if (present == null || found.round() != present.round) {
            return;
        }
        if (found.missing().isEmpty()) {
            offerAll(present);
        } else {
            present.found(found.missing().get());
            if (present.isRead()) {
                sent(present.mark, present.reaches(), group(), List.of());
                reconciled(present);
            }
        }
    }

    private void offerAll(Reconciliation present) {
        reconciliation = null;
        for (ReplicatorScope scope : scopes.values()) {
            if (scope.reconciling) {
                scope.reconciling = false;
                scope.rewind(0, present.mark);
            }
        }
    }

    /** All that was lacking is sent; what came since follows. */
    private void reconciled(Reconciliation present) {
        reconciliation = null;
        for (ReplicatorScope scope : scopes.values()) {
            if (scope.reconciling) {
                scope.reconciling = false;
                scope.sent = present.mark;
            }
        }
        out.add(new Save());
    }

    private List<Scoped> group() {
        return scopes.values().stream()
                .filter(scope -> scope.reconciling)
                .map(scope -> new Scoped(scope, scope.epoch))
                .toList();
    }

    private static Set<Cid> collections(List<Scoped> group) {
        return group.stream().map(scoped -> scoped.scope().collection).collect(Collectors.toSet());
    }

    private static Map<Cid, Membership> members(List<Scoped> group) {
        var members = new HashMap<Cid, Membership>();
        for (Scoped scoped : group) {
            if (scoped.scope().members != null) {
                members.put(scoped.scope().collection, scoped.scope().members);
            }
        }
        return members;
    }

    /** Documents are in scope now: their histories up to here are sent before the commits that brought them in. */
    private void joined(Map<Cid, Set<DocumentId>> documents) {
        List<Scoped> group = reading;
        reading = null;
        if (group == null || isStale(group) || reconciliation != null) {
            return;
        }
        for (Scoped scoped : group) {
            Set<DocumentId> joined = documents.get(scoped.scope().collection);
            if (joined != null && scoped.scope().members != null) {
                scoped.scope().members.add(joined);
            }
        }
        long before = group.get(0).scope().sent;
        var present = Reconciliation.ofJoined(++rounds, before, documents);
        reconciliation = present;
        group.forEach(scoped -> scoped.scope().reconciling = true);
        out.add(new Find(stream, present.round, present.heads(), members(group), before));
    }

    /** How far the filling of the peer has got, while it is under way. */
    Optional<Reconciliation> reconciliation() {
        return Optional.ofNullable(reconciliation);
    }

    // Sending

    private void pump() {
        if (phase != Phase.OPEN || reading != null || offered != null || inFlight.size() >= WINDOW_BATCHES) {
            return;
        }
        if (reconciliation != null) {
            if (!reconciliation.toRead().isEmpty()) {
                reading = group();
                out.add(new ReadChosen(
                        stream, reconciliation.toRead(), collections(reading), members(reading), BATCH_BYTES));
            }
            return;
        }
        ReplicatorScope first = null;
        for (ReplicatorScope scope : scopes.values()) {
            if (scope.active() && (first == null || scope.sent < first.sent)) {
                first = scope;
            }
        }
        if (first == null) {
            return;
        }
        long upTo = first.offering() ? Math.min(first.offerUntil, tail.lastSequence()) : tail.lastSequence();
        var group = new ArrayList<Scoped>();
        for (ReplicatorScope scope : scopes.values()) {
            if (!scope.active()) {
                continue;
            }
            if (scope.sent == first.sent && scope.offering() == first.offering()) {
                group.add(new Scoped(scope, scope.epoch));
                upTo = scope.offering() ? Math.min(upTo, scope.offerUntil) : upTo;
            } else if (scope.sent > first.sent) {
                upTo = Math.min(upTo, scope.sent);
            }
        }
        if (first.sent >= upTo) {
            return;
        }
        reading = group;
        out.add(new Read(stream, first.sent, upTo, collections(group), members(group), BATCH_BYTES));
    }

    private void pageRead(Page whole) {
        List<Scoped> group = reading;
        reading = null;
        if (group == null || isStale(group)) {
            return;
        }
        Reconciliation present = reconciliation;
        if (present == null && !whole.joined().isEmpty()) {
            reading = group; // nothing else is read meanwhile
            out.add(new Join(stream, whole.joined()));
            return;
        }
        Page page = fromPeer.without(whole);
        if (page.shares().isEmpty()) {
            sendPage(List.of(), page.scannedTo(), group);
        } else if (present == null ? group.get(0).scope().offering() : present.uncertain()) {
            offered = page;
            reading = group;
            out.add(new Send(new Offer(
                    page.scannedTo(),
                    page.shares().stream().map(OutgoingShare::commit).toList())));
        } else {
            sendPage(page.shares(), page.scannedTo(), group);
        }
    }

    private void sendPage(List<OutgoingShare> shares, long scannedTo, List<Scoped> group) {
        Reconciliation present = reconciliation;
        if (present == null) {
            send(shares, scannedTo, scannedTo, group);
            return;
        }
        boolean last = present.read(scannedTo);
        send(shares, scannedTo, last ? present.reaches() : 0, group);
        if (last) {
            reconciled(present);
        }
    }

    /** Whether a collection was taken away or went back meanwhile: then the page is read again for what is left. */
    private static boolean isStale(List<Scoped> group) {
        return group.stream().anyMatch(scoped -> scoped.epoch() != scoped.scope().epoch);
    }

    private void wanted(Want want) {
        Page page = offered;
        List<Scoped> group = reading;
        if (page == null || group == null || want.to() != page.scannedTo()) {
            violated("an answer to no offer");
            return;
        }
        offered = null;
        reading = null;
        if (isStale(group)) {
            return;
        }
        var lacking = new ArrayList<OutgoingShare>();
        for (int index : want.lacking()) {
            if (index >= page.shares().size()) {
                violated("an answer that names commit " + index + " of "
                        + page.shares().size());
                return;
            }
            lacking.add(page.shares().get(index));
        }
        sendPage(lacking, page.scannedTo(), group);
    }

    /** Cuts shares into messages of about {@link #BATCH_BYTES}; the last of them carries {@code to}. */
    private void send(List<OutgoingShare> shares, long to, long reaches, List<Scoped> group) {
        if (shares.isEmpty()) {
            sent(to, reaches, group, List.of());
            return;
        }
        var fragments = new ArrayList<Fragment>();
        int bytes = 0;
        /* Not the position, which may be another one for each collection; what is sent is the same for the group. */
        long complete = group.get(0).scope().sent;
        var carried = new ArrayList<OutgoingShare>();
        for (OutgoingShare share : shares) {
            var blocks = new ArrayList<Block>();
            for (Block block : share.blocks()) {
                if (bytes > 0 && bytes + block.bytes().length > BATCH_BYTES) {
                    if (!blocks.isEmpty()) {
                        fragments.add(new Fragment(share.sequence(), true, blocks));
                    }
                    carried.add(share);
                    batch(complete, reconciliation == null ? complete : 0, fragments, group, carried);
                    fragments = new ArrayList<>();
                    carried = new ArrayList<>();
                    blocks = new ArrayList<>();
                    bytes = 0;
                }
                blocks.add(block);
                bytes += block.bytes().length;
            }
            fragments.add(new Fragment(share.sequence(), false, blocks));
            carried.add(share);
            complete = share.sequence();
        }
        batch(to, reaches, fragments, group, carried);
    }

    private void batch(
            long to, long reaches, List<Fragment> fragments, List<Scoped> group, List<OutgoingShare> carried) {
        out.add(new Send(new Batch(to, fragments)));
        sent(to, reaches, group, carried);
    }

    private void sent(long to, long reaches, List<Scoped> group, List<OutgoingShare> shares) {
        if (reconciliation == null) {
            group.forEach(scoped -> scoped.scope().sent = to);
        }
        inFlight.add(new InFlight(to, reaches, group, shares));
        settle();
    }

    // Acknowledgements

    private void acknowledged(Ack ack, long nowMillis) {
        InFlight head = inFlight.poll();
        if (head == null || head.to() != ack.to()) {
            violated("an acknowledgement of " + ack.to() + " where "
                    + (head == null ? "none" : Long.toString(head.to())) + " was expected");
            return;
        }
        if (ack.outcomes().size() > head.shares().size()) {
            violated(ack.outcomes().size() + " outcomes of " + head.shares().size() + " commits");
            return;
        }
        advance(head);
        lastSuccessMillis = nowMillis;
        rate.acknowledged(head.shares().size(), nowMillis);
        ack.outcomes().forEach(reported -> reported(head, reported));
        settle();
        head.scopes().forEach(scoped -> scoped.scope().settleLater(nowMillis));
        if (gapFound && reconciliation == null) {
            compare(scopes.values().stream().filter(ReplicatorScope::active).toList());
        }
        gapFound = false;
        out.add(new Save());
    }

    private void reported(InFlight batch, Reported reported) {
        if (!batch.carries(reported.sequence())) {
            return; // of a commit that was not sent
        }
        /* A definition alone lies in no collection of the scope: any of them may need it. */
        boolean definition = batch.scopes().stream()
                .noneMatch(scoped -> batch.touches(reported.sequence(), scoped.scope().collection));
        for (Scoped scoped : batch.scopes()) {
            /* What went back meanwhile is sent again, and gets its outcome then. */
            boolean present = scoped.epoch() == scoped.scope().epoch;
            if (present && (definition || batch.touches(reported.sequence(), scoped.scope().collection))) {
                reported(scoped.scope(), reported);
            }
        }
    }

    private void reported(ReplicatorScope scope, Reported reported) {
        lastError = reported.outcome() + ": " + reported.reason();
        if (reported.outcome() == Outcome.MISSING_PARENTS && !scope.begunAnew) {
            gapFound = true;
        }
        scope.report(reported);
    }

    /**
     * Takes what needs no acknowledgement from the head of the window. It is not worth a record: after a restart the log
     * is scanned again from the last acknowledgement, and writing one would itself make the log grow.
     */
    private void settle() {
        while (!inFlight.isEmpty() && inFlight.peek().acknowledged()) {
            advance(inFlight.remove());
        }
    }

    private static void advance(InFlight done) {
        for (Scoped scoped : done.scopes()) {
            scoped.scope().acknowledge(scoped.epoch(), done.reaches());
        }
    }

    private void received(ReplicateMessage message, long nowMillis) {
        if (message instanceof Welcome welcome) {
            welcomed(welcome, nowMillis);
        } else if (message instanceof Want want) {
            wanted(want);
        } else if (message instanceof Ack ack) {
            acknowledged(ack, nowMillis);
        } else if (message instanceof Ask ask) {
            asked(ask);
        } else if (message instanceof Lacks lacks) {
            lacks(lacks);
        } else if (message instanceof Changed) {
            /* A welcome that is still to come was made after the change; one who says this all the time gets no more. */
            if (hellos.isEmpty()) {
                hello();
            }
        } else {
            violated(peer + " answered with a " + message.getClass().getSimpleName());
        }
    }
}
