package dev.pando.engine;

import dev.pando.replication.DurableRecords;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Replication's records: one of the engine's own kinds. */
final class DurableRecordsImpl implements DurableRecords {

    private final String kind;
    private final Locals locals;
    private final Committer committer;

    DurableRecordsImpl(String kind, Locals locals, Committer committer) {
        this.kind = kind;
        this.locals = locals;
        this.committer = committer;
    }

    @Override
    public Map<String, byte[]> all() {
        return locals.all(kind);
    }

    @Override
    public CompletableFuture<Void> put(String key, byte[] value) {
        return write(new RecordChange.Put(kind, key, value.clone()));
    }

    @Override
    public CompletableFuture<Void> remove(String key) {
        return write(new RecordChange.Put(kind, key, null));
    }

    private CompletableFuture<Void> write(RecordChange.Put put) {
        return committer
                .submit(new RecordChange(locals, List.of(put), true, () -> {}))
                .thenApply(sequence -> null);
    }
}
