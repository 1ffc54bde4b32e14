package dev.pando.replication;

import dev.pando.ipld.Cid;
import dev.pando.replication.ReplicateMessage.Outcome;
import dev.pando.replication.ReplicateMessage.Reported;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far one collection has got towards one peer. Belongs to its {@link Sender}, which alone changes it.
 *
 * <p>{@code position}, {@code instance} and the troubles are durable; the rest lives with the stream.
 */
final class ReplicatorScope {

    /** Shares not applied that are remembered for one collection; beyond, it is suspended and says so. */
    static final int TROUBLES_MAX = 4_096;

    final Cid collection;

    /** Which documents are pushed, as it is kept; empty for all. */
    final Optional<ReplicatorRecord.Filter> filter;

    /** The same, as it is used; null for all. */
    final @Nullable Membership members;

    /** All of the collection up to this sequence is answered by the peer. */
    long position;

    /** Shares at or below {@link #position} that the peer did not apply. */
    final List<Reported> troubles = new ArrayList<>();

    /** All up to this sequence is sent on the present stream. */
    long sent;

    /** Up to this sequence commits are offered before they are sent: the peer may have them. */
    long offerUntil;

    /** Whether the peer has told how the collection stands there, on the present stream. */
    boolean greeted;

    /** Why nothing is sent, or null. */
    @Nullable
    String suspended;

    /** Why the peer has no such table, as far as it told. */
    private String absence = "";

    /** Attempts in a row after which something was still wanted later. */
    private int laterTries;

    /** What is wanted later is not offered before this, whatever time the peer names. */
    private long laterNotBeforeMillis;

    /** Grows when the position goes back: acknowledgements of what was sent before do not move it then. */
    int epoch;

    /** The receiver's table to which {@link #position} belongs; 0 when it was never told. */
    long instance;

    /** Whether the receiver is finding out what it lacks, or is being sent that: nothing else is sent meanwhile. */
    boolean reconciling;

    /** Whether missing ancestors made this scope begin anew on the present stream; once is enough. */
    boolean begunAnew;

    /** For {@link #suspended}: the peer has no such table. */
    String absent() {
        return "the peer has no such table" + (absence.isEmpty() ? "" : ": " + absence);
    }

    void explain(String reason) {
        boolean shown = absent().equals(suspended);
        absence = reason;
        if (shown) {
            suspended = absent();
        }
    }

    ReplicatorScope(Cid collection) {
        this(collection, Optional.empty(), null);
    }

    ReplicatorScope(Cid collection, Optional<ReplicatorRecord.Filter> filter, @Nullable Membership members) {
        this.collection = collection;
        this.filter = filter;
        this.members = members;
    }

    boolean active() {
        return greeted && suspended == null && !reconciling;
    }

    boolean offering() {
        return sent < offerUntil;
    }

    /** Forgets what belongs to a stream that ended. */
    void streamEnded() {
        sent = position;
        offerUntil = 0;
        greeted = false;
        begunAnew = false;
        reconciling = false;
        epoch++;
    }

    /** Goes back to {@code sequence}; what the peer has by now is not sent again. */
    void rewind(long sequence, long offerUntilSequence) {
        position = Math.min(position, sequence);
        sent = position;
        offerUntil = offerUntilSequence;
        troubles.removeIf(t -> t.sequence() > position);
        epoch++;
    }

    void acknowledge(int sentInEpoch, long to) {
        if (sentInEpoch == epoch && to > position) {
            position = to;
        }
    }

    void report(Reported trouble) {
        troubles.removeIf(t -> t.sequence() == trouble.sequence());
        troubles.add(trouble);
        if (troubles.size() > TROUBLES_MAX) {
            suspended = "more than " + TROUBLES_MAX + " commits were not applied by the peer; the last: "
                    + trouble.outcome() + ", " + trouble.reason();
        }
    }

    /** The first sequence whose outcome may be another one by now, or empty. */
    Optional<Long> firstToRetry(long nowMillis) {
        return troubles.stream()
                .filter(t -> t.outcome() != Outcome.INVALID)
                .filter(t -> t.outcome() != Outcome.LATER || t.atMillis() <= nowMillis)
                .map(Reported::sequence)
                .min(Long::compare);
    }

    /** When the first commit that the peer wants later may be offered again, or empty. */
    Optional<Long> nextRetryMillis() {
        return troubles.stream()
                .filter(t -> t.outcome() == Outcome.LATER)
                .map(Reported::atMillis)
                .min(Long::compare)
                .map(at -> Math.max(at, laterNotBeforeMillis));
    }

    /**
     * Goes back to what is due. The time that the peer named is that of its clock: where ours is ahead of it, the answer
     * will be the same again, so the pauses double.
     */
    void retryLater(long nowMillis, long lastSequence) {
        long pause = Math.min(Sender.LATER_MAX.toMillis(), Sender.LATER_MIN.toMillis() << Math.min(laterTries, 20));
        laterTries++;
        laterNotBeforeMillis = nowMillis + pause;
        firstToRetry(nowMillis).ifPresent(first -> rewind(first - 1, lastSequence));
    }

    /** Called when troubles may have gone, or the clock gone back. */
    void settleLater(long nowMillis) {
        if (troubles.stream().noneMatch(t -> t.outcome() == Outcome.LATER) && position == sent) {
            laterTries = 0;
            laterNotBeforeMillis = 0;
        } else if (laterNotBeforeMillis > nowMillis + Sender.LATER_MAX.toMillis()) {
            laterNotBeforeMillis = 0;
        }
    }
}
