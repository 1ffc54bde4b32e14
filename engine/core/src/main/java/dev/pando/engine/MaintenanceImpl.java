package dev.pando.engine;

import dev.pando.Maintenance;
import dev.pando.store.CheckReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;

/** Checks, backups and checkpoints of one engine. */
final class MaintenanceImpl implements Maintenance {

    private final EngineParts parts;
    private final Checkpointer checkpointer;

    MaintenanceImpl(EngineParts parts, Checkpointer checkpointer) {
        this.parts = parts;
        this.checkpointer = checkpointer;
    }

    @Override
    public Report check() {
        parts.core.checkOpen();
        CheckReport log = parts.store.check();
        var problems = new ArrayList<>(log.problems());
        problems.addAll(parts.hashes.verify());
        return new Report(log.transactions(), log.blocks(), log.bytes(), problems);
    }

    @Override
    public void backupTo(Path directory) {
        parts.core.checkOpen();
        /* What is committed but not forced belongs into it too. */
        parts.threads.await(parts.committer.between(parts.committer::forceNow));
        parts.store.backup(parts.environment.disk(Optional.of(directory)));
    }

    @Override
    public void checkpoint() {
        parts.core.checkOpen();
        checkpointer.checkpoint();
    }
}
