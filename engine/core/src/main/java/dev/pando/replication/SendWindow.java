package dev.pando.replication;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.replication.LogTail.OutgoingShare;
import dev.pando.replication.LogTail.Page;
import dev.pando.replication.ReplicateMessage.Ack;
import dev.pando.replication.ReplicateMessage.Batch;
import dev.pando.replication.ReplicateMessage.Fragment;
import dev.pando.replication.ReplicateMessage.Offer;
import dev.pando.replication.ReplicateMessage.Outcome;
import dev.pando.replication.ReplicateMessage.Reported;
import dev.pando.replication.ReplicateMessage.Want;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The room of a {@link Sender} in which the log is read, sent and acknowledged: at most {@link Sender#WINDOW_BATCHES}
 * batches are under way.
 */
final class SendWindow {

    /**
     * @param reaches the position when it is acknowledged; 0 for none
     * @param shares what the batch carries; empty for one that had nothing to send and waits only for its turn
     */
    private record InFlight(long to, long reaches, ScopeGroup group, List<OutgoingShare> shares, long sentMillis) {
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

    private final SenderState state;
    private final Comparison comparison;
    private final BatchSize size = new BatchSize();
    private final AckRate rate = new AckRate();
    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    private @Nullable ScopeGroup reading;
    private @Nullable Page offered;
    private boolean gapFound;
    private long lastSuccessMillis;

    SendWindow(SenderState state, Comparison comparison) {
        this.state = state;
        this.comparison = comparison;
    }

    /** Whether nothing is under way. */
    boolean isQuiet() {
        return inFlight.isEmpty() && reading == null && offered == null;
    }

    /** Commits a second acknowledged lately. */
    double commitsPerSecond(long nowMillis) {
        return rate.perSecond(nowMillis);
    }

    /** Physical time of the last acknowledgement in this process, 0 before the first. */
    long lastSuccessMillis() {
        return lastSuccessMillis;
    }

    void streamEnded() {
        if (!inFlight.isEmpty()) {
            size.lost();
        }
        inFlight.clear();
        reading = null;
        offered = null;
        gapFound = false;
    }

    /** Reads on, when there is room. */
    void pump() {
        if (reading != null || offered != null || inFlight.size() >= Sender.WINDOW_BATCHES) {
            return;
        }
        Reconciliation present = comparison.present().orElse(null);
        if (present == null) {
            readTail();
        } else if (!present.toRead().isEmpty()) {
            ScopeGroup group = comparison.group();
            reading = group;
            state.out.add(new Sender.ReadChosen(
                    state.stream, present.toRead(), group.collections(), group.memberships(), size.bytes()));
        }
    }

    private void readTail() {
        List<ReplicatorScope> active = state.active();
        ReplicatorScope first = null;
        for (ReplicatorScope scope : active) {
            if (first == null || scope.sent < first.sent) {
                first = scope;
            }
        }
        if (first == null) {
            return;
        }
        if (inFlight.isEmpty()) {
            comparison.acknowledgedTo(first.sent);
        }
        long last = comparison.readableTo(state.tail.lastSequence());
        long upTo = first.offering() ? Math.min(first.offerUntil, last) : last;
        var together = new ArrayList<ReplicatorScope>();
        for (ReplicatorScope scope : active) {
            if (scope.sent == first.sent && scope.offering() == first.offering()) {
                together.add(scope);
                upTo = scope.offering() ? Math.min(upTo, scope.offerUntil) : upTo;
            } else if (scope.sent > first.sent) {
                upTo = Math.min(upTo, scope.sent);
            }
        }
        if (first.sent < upTo) {
            var group = ScopeGroup.of(together);
            reading = group;
            state.out.add(new Sender.Read(
                    state.stream, first.sent, upTo, group.collections(), group.memberships(), size.bytes()));
        }
    }

    void pageRead(Page whole) {
        ScopeGroup group = reading;
        reading = null;
        if (group == null || group.isStale()) {
            return;
        }
        Reconciliation present = comparison.present().orElse(null);
        if (present == null && !whole.joined().isEmpty()) {
            comparison.join(group, whole.joined());
            return;
        }
        Page page = state.fromPeer.without(whole);
        if (page.shares().isEmpty()) {
            sendPage(List.of(), page.scannedTo(), group);
        } else if (present == null ? group.first().offering() : present.uncertain()) {
            offered = page;
            reading = group;
            state.send(new Offer(
                    page.scannedTo(),
                    page.shares().stream().map(OutgoingShare::commit).toList()));
        } else {
            sendPage(page.shares(), page.scannedTo(), group);
        }
    }

    void found(Sender.Found found) {
        if (comparison.found(found)) {
            Reconciliation present = comparison.present().orElseThrow();
            sent(present.mark, present.reaches(), comparison.group(), List.of());
            comparison.sent(present);
        }
    }

    void wanted(Want want) {
        Page page = offered;
        ScopeGroup group = reading;
        if (page == null || group == null || want.to() != page.scannedTo()) {
            state.violated("an answer to no offer");
            return;
        }
        offered = null;
        reading = null;
        if (group.isStale()) {
            return;
        }
        var lacking = new ArrayList<OutgoingShare>();
        for (int index : want.lacking()) {
            if (index >= page.shares().size()) {
                state.violated("an answer that names commit " + index + " of "
                        + page.shares().size());
                return;
            }
            lacking.add(page.shares().get(index));
        }
        sendPage(lacking, page.scannedTo(), group);
    }

    private void sendPage(List<OutgoingShare> shares, long scannedTo, ScopeGroup group) {
        Reconciliation present = comparison.present().orElse(null);
        if (present == null) {
            send(shares, scannedTo, scannedTo, group);
            return;
        }
        boolean last = present.read(scannedTo);
        send(shares, scannedTo, last ? present.reaches() : 0, group);
        if (last) {
            comparison.sent(present);
        }
    }

    /** Cuts shares into messages of about {@link BatchSize#bytes}; the last of them carries {@code to}. */
    private void send(List<OutgoingShare> shares, long to, long reaches, ScopeGroup group) {
        if (shares.isEmpty()) {
            sent(to, reaches, group, List.of());
            return;
        }
        var fragments = new ArrayList<Fragment>();
        int bytes = 0;
        int batchBytes = size.bytes();
        /* Not the position, which may be another one for each collection; what is sent is the same for the group. */
        long complete = group.first().sent;
        var carried = new ArrayList<OutgoingShare>();
        for (OutgoingShare share : shares) {
            var blocks = new ArrayList<Block>();
            for (Block block : share.blocks()) {
                if (bytes > 0 && bytes + block.bytes().length > batchBytes) {
                    if (!blocks.isEmpty()) {
                        fragments.add(new Fragment(share.sequence(), true, blocks));
                    }
                    carried.add(share);
                    boolean inOrder = comparison.present().isEmpty();
                    batch(complete, inOrder ? complete : 0, fragments, group, carried);
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

    private void batch(long to, long reaches, List<Fragment> fragments, ScopeGroup group, List<OutgoingShare> carried) {
        state.send(new Batch(to, fragments));
        sent(to, reaches, group, carried);
    }

    private void sent(long to, long reaches, ScopeGroup group, List<OutgoingShare> shares) {
        if (comparison.present().isEmpty()) {
            group.scopes().forEach(scoped -> scoped.scope().sent = to);
        }
        inFlight.add(new InFlight(to, reaches, group, shares, state.nowMillis));
        settle();
    }

    void acknowledged(Ack ack, long nowMillis) {
        InFlight head = inFlight.poll();
        if (head == null || head.to() != ack.to()) {
            state.violated("an acknowledgement of " + ack.to() + " where "
                    + (head == null ? "none" : Long.toString(head.to())) + " was expected");
            return;
        }
        if (ack.outcomes().size() > head.shares().size()) {
            state.violated(
                    ack.outcomes().size() + " outcomes of " + head.shares().size() + " commits");
            return;
        }
        head.group().acknowledge(head.reaches());
        lastSuccessMillis = nowMillis;
        size.acknowledgedAfter(nowMillis - head.sentMillis());
        rate.acknowledged(head.shares().size(), nowMillis);
        ack.outcomes().forEach(reported -> reported(head, reported));
        settle();
        head.group().scopes().forEach(scoped -> scoped.scope().settleLater(nowMillis));
        if (gapFound && comparison.present().isEmpty()) {
            comparison.begin(state.active());
        }
        gapFound = false;
        state.out.add(new Sender.Save());
    }

    private void reported(InFlight batch, Reported reported) {
        if (!batch.carries(reported.sequence())) {
            return; // of a commit that was not sent
        }
        List<ScopeGroup.Scoped> scopes = batch.group().scopes();
        /* A definition alone lies in no collection of the scope: any of them may need it. */
        boolean definition =
                scopes.stream().noneMatch(scoped -> batch.touches(reported.sequence(), scoped.scope().collection));
        for (ScopeGroup.Scoped scoped : scopes) {
            /* What went back meanwhile is sent again, and gets its outcome then. */
            boolean present = scoped.epoch() == scoped.scope().epoch;
            if (present && (definition || batch.touches(reported.sequence(), scoped.scope().collection))) {
                reported(scoped.scope(), reported);
            }
        }
    }

    private void reported(ReplicatorScope scope, Reported reported) {
        state.lastError = reported.outcome() + ": " + reported.reason();
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
            InFlight done = inFlight.remove();
            done.group().acknowledge(done.reaches());
        }
    }
}
