package dev.pando.engine;

import dev.pando.Cancellation;
import dev.pando.Maintenance;
import dev.pando.store.CheckReport;
import dev.pando.store.CompactionReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Checks, backups and checkpoints of one engine. */
final class MaintenanceImpl implements Maintenance {

    private final EngineParts parts;
    private final Checkpointer checkpointer;

    MaintenanceImpl(EngineParts parts, Checkpointer checkpointer) {
        this.parts = parts;
        this.checkpointer = checkpointer;
    }

    @Override
    public Report check(Cancellation cancellation) {
        parts.core.checkOpen();
        CheckReport log = parts.store.check(cancellation);
        var problems = new ArrayList<>(log.problems());
        problems.addAll(parts.hashes.verify(cancellation));
        return new Report(log.transactions(), log.blocks(), log.bytes(), problems);
    }

    @Override
    public void backupTo(Path directory, Cancellation cancellation) {
        parts.core.checkOpen();
        parts.copying.take(() -> {
            /* What is committed but not forced belongs into it too. */
            parts.threads.await(parts.committer.between(parts.committer::forceNow));
            parts.departures.leaveAll(parts.committer.forcedSequence());
            parts.store.backup(parts.environment.disk(Optional.of(directory)), cancellation);
            parts.departures.leaveAll(parts.committer.forcedSequence()); // what came in before the copy began
        });
    }

    @Override
    public Compacted compact(Cancellation cancellation) {
        parts.core.checkOpen();
        var begun = new CompletableFuture<UnusedBlocks>();
        /* What goes may have the greatest hlc of the log. */
        var clock = new RecordChange.Put(Recovery.CLOCK_KIND, Recovery.CLOCK_KEY, Recovery.clockRecord(parts.clock));
        parts.committer.commit(new RecordChange(
                parts.locals,
                List.of(clock),
                true,
                () -> begun.complete(UnusedBlocks.of(parts.locals, parts.snapshots))));
        UnusedBlocks unused = parts.threads.await(begun);
        /* It is asked for each transaction, while the log is read and while it is written. */
        CompactionReport report = parts.store.compact((sequence, blocks) -> {
            cancellation.check();
            return unused.unused(sequence, blocks);
        });
        if (report.segments() > 0) {
            checkpointer.checkpoint();
        }
        return new Compacted(report.segments(), report.blocks(), report.bytesBefore(), report.bytesAfter());
    }

    @Override
    public ClockRepaired repairClock() {
        parts.core.checkOpen();
        return parts.copying.take(() -> new ClockRepair(parts).run());
    }

    @Override
    public void checkpoint() {
        parts.core.checkOpen();
        checkpointer.checkpoint();
    }
}
