package dev.pando.replication;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Local records of one kind, kept in the node's log. Thread-safe. */
public interface DurableRecords {

    /** All present records. */
    Map<String, byte[]> all();

    /** Completes when the record is on disk. Calls for one key take effect in their order. */
    CompletableFuture<Void> put(String key, byte[] value);

    /** Completes when the removal is on disk. */
    CompletableFuture<Void> remove(String key);
}
