package dev.pando.replication;

import dev.pando.Replication.Direction;
import dev.pando.Replication.SyncStatus;
import dev.pando.Table;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import dev.pando.replication.ReplicateMessage.Ack;
import dev.pando.replication.ReplicateMessage.Reported;
import dev.pando.replication.ReplicateMessage.Standing;
import dev.pando.replication.ReplicateMessage.Status;
import dev.pando.replication.ReplicateMessage.Welcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What peers push to this node, for people to see: since the process began, in memory. Of those that pushed before it
 * began, {@link PushedCollections} tells. Thread-safe.
 */
final class IncomingPushes {

    /** Peers remembered; the one longest silent is forgotten. */
    static final int PEERS_MAX = 1_024;

    private final LongSupplier nowMillis;
    private final Map<PeerId, Pusher> pushers = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Pusher {
        /** Whether each collection was equal when the peer greeted, and nothing came since. */
        final Map<Cid, Boolean> equal = new HashMap<>();

        boolean connected = true;
        long lastMillis;

        @Nullable
        Reported notApplied;
    }

    IncomingPushes(LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
    }

    /** What this node answered to a greeting. */
    synchronized void greeted(PeerId peer, Welcome welcome) {
        Pusher pusher = pushers.computeIfAbsent(peer, p -> new Pusher());
        pusher.equal.clear();
        pusher.notApplied = null;
        for (Standing standing : welcome.collections()) {
            if (standing.status() != Status.UNKNOWN) {
                pusher.equal.put(standing.collection(), standing.status() == Status.EQUAL);
            }
        }
        pusher.connected = true;
        pusher.lastMillis = nowMillis.getAsLong();
        Iterator<PeerId> oldest = pushers.keySet().iterator();
        while (pushers.size() > PEERS_MAX) {
            oldest.next();
            oldest.remove();
        }
    }

    /** What this node acknowledged. */
    synchronized void acknowledged(PeerId peer, Ack ack) {
        Pusher pusher = pushers.get(peer);
        if (pusher != null) {
            pusher.equal.replaceAll((collection, before) -> false);
            pusher.lastMillis = nowMillis.getAsLong();
            for (Reported reported : ack.outcomes()) {
                pusher.notApplied = reported;
            }
        }
    }

    /** No stream of the peer is open any more. */
    synchronized void ended(PeerId peer) {
        Pusher pusher = pushers.get(peer);
        if (pusher != null) {
            pusher.connected = false;
            pusher.lastMillis = nowMillis.getAsLong();
        }
    }

    /**
     * @param equal whether the peer had nothing that is lacking here when it greeted last, and nothing came since
     * @param lastMillis when something came last, or the stream ended
     */
    record State(
            PeerId peer,
            Cid collection,
            boolean connected,
            boolean equal,
            long lastMillis,
            Optional<Reported> notApplied) {

        SyncStatus row(Table table) {
            Optional<Boolean> known =
                    notApplied.isPresent() ? Optional.of(false) : equal ? Optional.of(true) : Optional.empty();
            Instant last = Instant.ofEpochMilli(lastMillis);
            return new SyncStatus(
                    table,
                    peer,
                    Direction.IN,
                    connected ? known : Optional.empty(),
                    0,
                    Optional.empty(),
                    0,
                    0,
                    connected ? Optional.empty() : Optional.of(last),
                    notApplied.map(reported -> reported.outcome() + ": " + reported.reason()),
                    connected ? "pushed here, the last at " + last : "offline");
        }
    }

    /** A peer that pushed before this process began and has not been heard of since. */
    static SyncStatus unheard(Table table, PeerId peer, Instant began) {
        return new SyncStatus(
                table,
                peer,
                Direction.IN,
                Optional.empty(),
                0,
                Optional.empty(),
                0,
                0,
                Optional.of(began),
                Optional.empty(),
                "offline: not heard of since this node started");
    }

    synchronized List<State> states() {
        var states = new ArrayList<State>();
        pushers.forEach((peer, pusher) -> pusher.equal.forEach((collection, equal) -> states.add(new State(
                peer,
                collection,
                pusher.connected,
                equal,
                pusher.lastMillis,
                Optional.ofNullable(pusher.notApplied)))));
        return states;
    }
}
