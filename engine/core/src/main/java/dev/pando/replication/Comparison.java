package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.PandoException;
import dev.pando.ipld.Cid;
import dev.pando.replication.ReplicateMessage.Ask;
import dev.pando.replication.ReplicateMessage.Compare;
import dev.pando.replication.ReplicateMessage.Lacks;
import dev.pando.replication.ReplicateMessage.Tell;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The room of a {@link Sender} in which it finds out what the peer lacks of the past: by comparing heads
 * ({@link HeadExchange}), or because documents have come into a scope, with histories that the peer has not got.
 *
 * <p>Documents that come in are members in memory while their histories are sent, and on disk when these are acknowledged,
 * before the position passes the commit that brought them in. A stream that ends between forgets them: the next one meets
 * that commit again.
 */
final class Comparison {

    private final SenderState state;
    private @Nullable Reconciliation present;
    private long rounds;

    /** Documents whose histories are on their way, and the place behind which nothing is read until they are members on disk. */
    private final Map<Cid, Set<DocumentId>> joining = new HashMap<>();

    private long joiningAt;

    /** What the peer was compared to: it may have commits up to here though they are to be sent once more. */
    private long offeredTo;

    private boolean joinWritten;

    Comparison(SenderState state) {
        this.state = state;
    }

    /** What is found out or sent at present. */
    Optional<Reconciliation> present() {
        return Optional.ofNullable(present);
    }

    /** Forgets what is under way. */
    void drop() {
        present = null;
        offeredTo = 0;
        takeOut();
        joinWritten = false;
    }

    private void takeOut() {
        joining.forEach((collection, documents) -> {
            ReplicatorScope scope = state.scopes.get(collection);
            if (scope != null && scope.members != null) {
                scope.members.remove(documents);
            }
        });
        joining.clear();
    }

    void removed(Cid collection) {
        joining.remove(collection);
    }

    /** Lets the peer find out what it lacks. All that differs goes together: a commit may have parts in several. */
    void begin(List<ReplicatorScope> compared) {
        if (compared.isEmpty()) {
            return;
        }
        drop();
        state.fromPeer.clear();
        offeredTo = state.tail.lastSequence();
        long mark = offeredTo;
        for (ReplicatorScope scope : compared) {
            if (scope.members != null) {
                /* Commits behind it may bring documents in, which nobody has looked at. */
                mark = Math.min(mark, scope.members.knownTo(scope.position));
            }
            scope.rewind(0, 0);
            scope.reconciling = true;
            scope.begunAnew = true;
        }
        var collections = compared.stream().map(scope -> scope.collection).toList();
        present = new Reconciliation(++rounds, mark, collections);
        state.send(new Compare(rounds, collections));
    }

    void asked(Ask ask) {
        /* What belongs to an earlier round was on its way when this one began. */
        if (present != null && ask.round() == present.round) {
            String wrong = present.asked(ask);
            if (wrong.isEmpty()) {
                ReplicatorScope scope = state.scopes.get(ask.collection());
                state.out.add(new Sender.Answer(state.stream, ask, scope == null ? null : scope.members));
            } else {
                state.violated(wrong);
            }
        }
    }

    void answered(Tell tell) {
        if (present != null) {
            present.answered();
        }
        state.send(tell);
    }

    void lacks(Lacks lacks) {
        Reconciliation round = present;
        if (round == null || lacks.round() != round.round) {
            return;
        }
        String wrong = round.lacks(lacks);
        if (!wrong.isEmpty()) {
            state.violated(wrong);
        } else if (round.isCompared() && round.all()) {
            offerAll(round);
        } else if (round.isCompared()) {
            find(round);
        }
    }

    private void find(Reconciliation round) {
        state.out.add(new Sender.Find(state.stream, round.round, round.heads(), group().memberships(), round.mark));
    }

    /** Returns whether it is known what to send, and that there is nothing of it. */
    boolean found(Sender.Found found) {
        Reconciliation round = present;
        if (round == null || found.round() != round.round) {
            return false;
        }
        if (found.missing().isEmpty()) {
            offerAll(round);
            return false;
        }
        round.found(found.missing().get());
        return round.isRead();
    }

    private void offerAll(Reconciliation round) {
        present = null;
        for (ReplicatorScope scope : state.scopes.values()) {
            if (scope.reconciling) {
                scope.reconciling = false;
                scope.rewind(0, Math.max(round.mark, offeredTo));
            }
        }
    }

    /** All that was lacking is sent; what came since follows. */
    void sent(Reconciliation round) {
        present = null;
        for (ReplicatorScope scope : state.scopes.values()) {
            if (scope.reconciling) {
                scope.reconciling = false;
                scope.sent = round.mark;
                scope.offerUntil = Math.max(scope.offerUntil, offeredTo);
            }
        }
        state.out.add(new Sender.Save());
    }

    /** Those that are compared together. */
    ScopeGroup group() {
        return ScopeGroup.of(state.scopes.values().stream()
                .filter(scope -> scope.reconciling)
                .toList());
    }

    // Documents that come into a scope

    /** Documents are in scope now: their histories up to here are sent before the commits that brought them in. */
    void join(ScopeGroup group, Map<Cid, Set<DocumentId>> documents) {
        for (ScopeGroup.Scoped scoped : group.scopes()) {
            Set<DocumentId> joined = documents.get(scoped.scope().collection);
            if (joined != null && !takeIn(scoped.scope(), joined)) {
                takeOut();
                return; // the others of the group are read again without it
            }
        }
        joiningAt = group.first().sent;
        offeredTo = 0;
        var round = Reconciliation.ofJoined(++rounds, joiningAt, documents);
        present = round;
        group.scopes().forEach(scoped -> scoped.scope().reconciling = true);
        find(round);
    }

    /** Returns false when there is no room: then the scope is suspended, as a new stream would end at the same place. */
    private boolean takeIn(ReplicatorScope scope, Set<DocumentId> joined) {
        Membership members = scope.members;
        if (members == null) {
            return true;
        }
        try {
            members.add(joined);
        } catch (PandoException e) {
            if (e.kind() != PandoException.Kind.LIMIT_EXCEEDED) {
                throw e;
            }
            scope.suspended = e.getMessage();
            state.lastError = e.getMessage();
            return false;
        }
        joining.computeIfAbsent(scope.collection, c -> new HashSet<>()).addAll(joined);
        return true;
    }

    /** How far the log may be read: behind it lies what documents have come in with that are no members on disk yet. */
    long readableTo(long upTo) {
        return joining.isEmpty() ? upTo : Math.min(upTo, joiningAt);
    }

    /** Called when all that was sent is acknowledged, up to {@code sent}: then the documents that came in are written down. */
    void acknowledgedTo(long sent) {
        if (!joining.isEmpty() && !joinWritten && present == null && sent >= joiningAt) {
            joinWritten = true;
            var documents = new HashMap<Cid, Set<DocumentId>>();
            joining.forEach((collection, of) -> documents.put(collection, Set.copyOf(of)));
            state.out.add(new Sender.Join(state.stream, documents));
        }
    }

    void joined() {
        if (!joinWritten) {
            return; // of what was dropped meanwhile: it comes in anew
        }
        joining.clear();
        joinWritten = false;
    }
}
