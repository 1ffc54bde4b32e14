package dev.pando.replication;

import dev.pando.Replication.Direction;
import dev.pando.Replication.SyncStatus;
import dev.pando.Table;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import dev.pando.replication.ReplicateMessage.Reported;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How one collection stood towards a peer that it is pushed to, when its sender was looked at. */
record SyncOut(
        Cid collection,
        boolean open,
        long position,
        int troubles,
        @Nullable Reported lastTrouble,
        @Nullable String suspended,
        boolean reconciling,
        int filled,
        int toFill,
        long offlineSinceMillis,
        String state) {

    static SyncOut of(Sender sender, ReplicatorScope scope) {
        Reported last = scope.troubles.isEmpty() ? null : scope.troubles.get(scope.troubles.size() - 1);
        Optional<Reconciliation> filling = scope.reconciling ? sender.reconciliation() : Optional.empty();
        return new SyncOut(
                scope.collection,
                sender.isOpen(),
                scope.position,
                scope.troubles.size(),
                last,
                scope.suspended,
                scope.reconciling || sender.isOpen() && !scope.greeted,
                filling.map(Reconciliation::done).orElse(0),
                filling.map(Reconciliation::total).orElse(0),
                sender.offlineSinceMillis(),
                ReplicationService.status(sender, scope));
    }

    /** Counts what is not acknowledged: reads the log the first time. */
    SyncStatus row(Table table, PeerId peer, LogTail tail) {
        var backlog = tail.backlog(position, collection);
        long behind = backlog.commits() + troubles;
        boolean equal = behind == 0 && suspended == null && !reconciling;
        Optional<String> refused = lastTrouble != null
                ? Optional.of(lastTrouble.outcome() + ": " + lastTrouble.reason())
                : Optional.ofNullable(suspended);
        return new SyncStatus(
                table,
                peer,
                Direction.OUT,
                Optional.of(equal),
                behind,
                backlog.commits() == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(backlog.firstMillis())),
                filled,
                toFill,
                offlineSinceMillis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(offlineSinceMillis)),
                refused,
                equal && open ? "equal" : state);
    }
}
