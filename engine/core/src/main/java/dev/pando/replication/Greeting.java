package dev.pando.replication;

import dev.pando.ipld.Cid;
import dev.pando.replication.ReplicateMessage.Hello;
import dev.pando.replication.ReplicateMessage.Offered;
import dev.pando.replication.ReplicateMessage.Standing;
import dev.pando.replication.ReplicateMessage.Status;
import dev.pando.replication.ReplicateMessage.Welcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;

/**
 * The room of a {@link Sender} in which it learns where the peer stands: a hello with the state hash of each collection,
 * a welcome with what the peer makes of it.
 */
final class Greeting {

    private final SenderState state;
    private final Comparison comparison;
    private final boolean offersAll;
    private final Deque<Long> hellos = new ArrayDeque<>();
    private byte[] peerLog;

    /** @param offersAll whether every commit is offered before it is sent, as the peer may have it from others */
    Greeting(SenderState state, Comparison comparison, boolean offersAll, byte[] peerLog) {
        this.state = state;
        this.comparison = comparison;
        this.offersAll = offersAll;
        this.peerLog = peerLog;
    }

    /** The id of the peer's log to which the positions belong. */
    byte[] peerLog() {
        return peerLog;
    }

    /** Whether no welcome is to come. */
    boolean isDone() {
        return hellos.isEmpty();
    }

    void streamEnded() {
        hellos.clear();
    }

    void hello() {
        /* Before the hashes: what is admitted between the two is sent again at worst, never left out. */
        hellos.add(state.tail.lastSequence());
        var collections = state.scopes.values().stream().map(this::offered).toList();
        state.send(new Hello(state.tail.logId(), collections));
    }

    /** Of some documents only there is no state hash that the peer could compare with its own. */
    private Offered offered(ReplicatorScope scope) {
        Cid collection = scope.collection;
        return new Offered(
                collection, scope.members != null ? java.util.Optional.empty() : state.tail.stateHash(collection));
    }

    /** Returns whether the peer said it in its turn. */
    boolean welcomed(Welcome welcome, long nowMillis) {
        Long helloSequence = hellos.poll();
        if (helloSequence == null) {
            state.violated("a welcome without a hello");
            return false;
        }
        state.lastError = null;
        boolean sameLog = Arrays.equals(peerLog, welcome.log());
        peerLog = welcome.log();
        if (!sameLog) {
            state.fromPeer.clear();
            state.scopes.values().forEach(scope -> scope.rewind(0, helloSequence));
        }
        comparison.drop();
        var compared = new ArrayList<ReplicatorScope>();
        boolean anew = false;
        for (Standing standing : welcome.collections()) {
            ReplicatorScope scope = state.scopes.get(standing.collection());
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
        if (anew) {
            comparison.begin(compared);
        }
        state.out.add(new Sender.Save());
        return true;
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
            state.fromPeer.clear();
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
}
