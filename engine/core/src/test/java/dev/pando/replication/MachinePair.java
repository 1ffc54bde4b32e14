package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ipld.Cid;
import dev.pando.replication.LogTail.OutgoingShare;
import dev.pando.replication.ReplicateMessage.Batch;
import dev.pando.replication.ReplicateMessage.Fragment;
import dev.pando.replication.ReplicateMessage.Reported;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Sender} and a {@link Receiver} joined by a wire on which anything may happen next: a message arrives, a page
 * is read, the door answers, a record is saved, the stream breaks. All messages pass through their codec.
 *
 * <p>After every step it is checked that the sender's positions are true.
 */
final class MachinePair {

    /** Steps after which a pair that goes on talking is called restless. */
    private static final int STEPS_MAX = 200_000;

    final MemoryNode a;
    final MemoryNode b;
    private final Random random;
    private final List<Cid> collections;

    Sender sender;
    private byte[] savedRecord;
    private @Nullable Receiver receiver;
    private final Deque<byte[]> toB = new ArrayDeque<>();
    private final Deque<byte[]> toA = new ArrayDeque<>();
    private final Deque<Runnable> reads = new ArrayDeque<>();
    private final Deque<Runnable> admissions = new ArrayDeque<>();
    private boolean opening;
    private @Nullable Long wakeAt;

    /** Whether streams can be opened. */
    boolean reachable = true;

    /** One step in this many breaks the stream; 0 for never. */
    int resetOneIn;

    /** One step in this many crashes the sender, which goes on from its saved record; 0 for never. */
    int crashOneIn;

    /** Whether positions must be true after each step: not while the sender cannot know that the peer lost data. */
    boolean checked = true;

    /** How far the sender's clock is ahead of the receiver's. */
    long aheadMillis;

    int sharesSent;
    int messages;
    int batchesUnderWayMax;
    private int batchesUnderWay;

    MachinePair(long seed, MemoryNode a, MemoryNode b, Cid... collections) {
        this.random = new Random(seed);
        this.a = a;
        this.b = b;
        this.collections = List.of(collections);
        this.sender = new Sender(b.peer, a, new ReplicatorRecord(Optional.empty(), new byte[0], List.of()));
        this.collections.forEach(sender::add);
        this.savedRecord = sender.record().encode();
        input(new Sender.ScopesChanged());
    }

    void advanced() {
        input(new Sender.Advanced());
    }

    void collectionsChangedAtB() {
        Receiver at = receiver;
        if (at != null) {
            carryOutB(at, at.handle(new Receiver.CollectionsChanged()));
        }
    }

    void add(Cid collection) {
        sender.add(collection);
        savedRecord = sender.record().encode();
        input(new Sender.ScopesChanged());
    }

    void remove(Cid collection) {
        sender.remove(collection);
        savedRecord = sender.record().encode();
        input(new Sender.ScopesChanged());
    }

    ReplicatorScope scope(Cid collection) {
        return sender.scopes().stream()
                .filter(s -> s.collection.equals(collection))
                .findFirst()
                .orElseThrow();
    }

    /** Runs until nothing is left to do but to wait for a peer that is away or a time beyond {@code untilMillis}. */
    void runUntilQuiet(long untilMillis) {
        for (int steps = 0; steps < STEPS_MAX; steps++) {
            if (step()) {
                continue;
            }
            Long at = wakeAt;
            if (at == null || at > untilMillis || !reachable) {
                setNow(Math.max(a.nowMillis, untilMillis));
                return;
            }
            setNow(Math.max(a.nowMillis, at));
            wakeAt = null;
            input(new Sender.Woken());
        }
        throw new AssertionError("the pair does not become quiet");
    }

    void runUntilQuiet() {
        runUntilQuiet(a.nowMillis + 600_000);
    }

    /** The sender's clock is set to that of the receiver; timers that run go on. */
    void correctClock() {
        Long at = wakeAt;
        wakeAt = at == null ? null : Long.valueOf(at - aheadMillis);
        a.nowMillis -= aheadMillis;
        aheadMillis = 0;
    }

    private void setNow(long millis) {
        a.nowMillis = millis;
        b.nowMillis = millis - aheadMillis;
    }

    /** Does one of the things that may happen next; false when there is none. */
    boolean step() {
        if (resetOneIn > 0 && sender.isOpen() && random.nextInt(resetOneIn) == 0) {
            breakStream("the stream broke");
            return true;
        }
        if (crashOneIn > 0 && random.nextInt(crashOneIn) == 0) {
            crashA();
            return true;
        }
        var possible = new ArrayList<Runnable>();
        if (opening) {
            possible.add(this::opened);
        }
        Receiver at = receiver;
        if (!toB.isEmpty() && at != null && at.wantsMore()) {
            possible.add(() -> arriveAtB(at));
        }
        if (!toA.isEmpty()) {
            possible.add(this::arriveAtA);
        }
        if (!reads.isEmpty()) {
            possible.add(() -> reads.remove().run());
        }
        if (!admissions.isEmpty()) {
            possible.add(() -> admissions.remove().run());
        }
        if (possible.isEmpty()) {
            return false;
        }
        possible.get(random.nextInt(possible.size())).run();
        if (checked) {
            checkPositions();
        }
        return true;
    }

    void breakStream(String why) {
        dropWire();
        input(new Sender.StreamFailed(why));
    }

    private void dropWire() {
        toA.clear();
        toB.clear();
        batchesUnderWay = 0;
        receiver = null;
        opening = false;
    }

    /** The process of the sender ends, and begins anew with what it has saved. */
    void crashA() {
        dropWire();
        reads.clear();
        wakeAt = null;
        sender = new Sender(b.peer, a, ReplicatorRecord.decode(savedRecord));
        input(new Sender.ScopesChanged());
    }

    private void opened() {
        opening = false;
        if (!reachable) {
            input(new Sender.StreamFailed("unreachable"));
            return;
        }
        receiver = new Receiver(a.peer, b, b);
        input(new Sender.StreamOpened());
    }

    private void arriveAtB(Receiver at) {
        messages++;
        carryOutB(at, at.handle(new Receiver.Received(ReplicateCodec.decode(toB.remove()))));
    }

    private void arriveAtA() {
        messages++;
        ReplicateMessage message = ReplicateCodec.decode(toA.remove());
        if (message instanceof ReplicateMessage.Ack) {
            batchesUnderWay--;
        }
        input(new Sender.Received(message));
    }

    private void input(Sender.Input input) {
        for (Sender.Output output : sender.handle(input, a.nowMillis)) {
            if (output instanceof Sender.OpenStream) {
                opening = true;
            } else if (output instanceof Sender.Send send) {
                send(send.message());
            } else if (output instanceof Sender.CloseStream) {
                dropWire();
            } else if (output instanceof Sender.Work work) {
                Sender reader = sender;
                reads.add(() -> {
                    if (reader == sender) {
                        input(SenderWork.carryOut(a, work));
                    }
                });
            } else if (output instanceof Sender.WakeAfter wake) {
                wakeAt = a.nowMillis + wake.delay().toMillis();
            } else if (output instanceof Sender.Save) {
                savedRecord = sender.record().encode();
            }
        }
    }

    private void send(ReplicateMessage message) {
        if (message instanceof Batch batch) {
            batchesUnderWay++;
            batchesUnderWayMax = Math.max(batchesUnderWayMax, batchesUnderWay);
            sharesSent +=
                    (int) batch.fragments().stream().filter(f -> !f.more()).count();
            for (Fragment fragment : batch.fragments()) {
                assertThat(fragment.blocks()).isNotEmpty();
            }
        }
        byte[] bytes = ReplicateCodec.encode(message);
        assertThat(bytes.length).isLessThanOrEqualTo(ReplicateCodec.MESSAGE_BYTES_MAX);
        toB.add(bytes);
    }

    private void carryOutB(Receiver at, List<Receiver.Output> outputs) {
        for (Receiver.Output output : outputs) {
            if (output instanceof Receiver.Send send) {
                toA.add(ReplicateCodec.encode(send.message()));
            } else if (output instanceof Receiver.Admit admit) {
                /* The door goes on when the stream is gone: what it admits is admitted. */
                admissions.add(() -> {
                    var outcome = b.admit(a.peer, admit.share()).join();
                    if (at == receiver) {
                        carryOutB(at, at.handle(new Receiver.Admitted(admit.ticket(), outcome)));
                    }
                });
            } else if (output instanceof Receiver.Explore explore) {
                admissions.add(() -> {
                    var messages = explore.exchange().next(explore.tell());
                    if (at == receiver) {
                        carryOutB(at, at.handle(new Receiver.Explored(explore.exchange(), messages)));
                    }
                });
            } else if (output instanceof Receiver.CloseStream close) {
                breakStream(close.reason());
                return;
            }
        }
    }

    /** What the sender holds for answered is there, or has its outcome on record. */
    private void checkPositions() {
        for (ReplicatorScope scope : sender.scopes()) {
            var page = a.read(0, scope.position, Set.of(scope.collection), Integer.MAX_VALUE);
            for (OutgoingShare share : page.shares()) {
                boolean reported =
                        scope.troubles.stream().map(Reported::sequence).anyMatch(s -> s == share.sequence());
                assertThat(reported || b.contains(share.commit()))
                        .as("position %s says that commit %s is answered", scope.position, share.sequence())
                        .isTrue();
            }
        }
    }

    void assertEqual() {
        for (Cid collection : collections) {
            assertThat(b.stateHash(collection)).isEqualTo(a.stateHash(collection));
        }
    }
}
