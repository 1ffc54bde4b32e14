package dev.pando.engine;

import dev.pando.PandoException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The uncommitted writes of one transaction: what its own reads see over the snapshot, and what commit makes deltas of.
 * One thread at a time.
 */
final class Overlay {

    /** Held by one transaction at most; a write beyond fails with {@code MEMORY_EXCEEDED}. */
    static final long BYTES_MAX = 256L << 20;

    private record Undo(RowKey key, @Nullable PendingRow before) {}

    private final long bytesMax = Math.min(BYTES_MAX, Runtime.getRuntime().maxMemory() / 4);
    private final Map<Integer, Map<RowKey, PendingRow>> tables = new HashMap<>();
    private final List<Undo> undo = new ArrayList<>();

    /** Who in this transaction last took a value of a unique index: a hint, to be checked against its present row. */
    private final Map<UniqueValue, RowKey> claims = new HashMap<>();

    private long bytes;
    private int documents;

    @Nullable
    PendingRow get(RowKey key) {
        Map<RowKey, PendingRow> table = tables.get(key.collection());
        return table == null ? null : table.get(key);
    }

    /** All of a table, in the order in which they were first written. */
    Collection<PendingRow> of(int collection) {
        Map<RowKey, PendingRow> table = tables.get(collection);
        return table == null ? List.of() : table.values();
    }

    List<PendingRow> all() {
        var all = new ArrayList<PendingRow>(documents);
        tables.values().forEach(table -> all.addAll(table.values()));
        return all;
    }

    boolean isEmpty() {
        return documents == 0;
    }

    int documents() {
        return documents;
    }

    /** @throws PandoException {@code MEMORY_EXCEEDED} */
    void put(PendingRow row) {
        if (bytes + row.heapBytes() > bytesMax) {
            throw new PandoException(
                    PandoException.Kind.MEMORY_EXCEEDED,
                    "a transaction holds at most " + bytesMax + " bytes of uncommitted rows; commit more often");
        }
        undo.add(new Undo(row.key(), set(row.key(), row)));
    }

    /** Forgets a row that was inserted by this transaction and deleted again. */
    void remove(RowKey key) {
        undo.add(new Undo(key, set(key, null)));
    }

    private @Nullable PendingRow set(RowKey key, @Nullable PendingRow row) {
        Map<RowKey, PendingRow> table = tables.computeIfAbsent(key.collection(), c -> new LinkedHashMap<>());
        PendingRow before = row == null ? table.remove(key) : table.put(key, row);
        bytes += (row == null ? 0 : row.heapBytes()) - (before == null ? 0 : before.heapBytes());
        documents += (row == null ? 0 : 1) - (before == null ? 0 : 1);
        return before;
    }

    @Nullable
    RowKey claimed(UniqueValue value) {
        return claims.get(value);
    }

    void claim(UniqueValue value, RowKey key) {
        claims.put(value, key);
    }

    /** A point to return to. */
    int mark() {
        return undo.size();
    }

    void rollbackTo(int mark) {
        for (int i = undo.size() - 1; i >= mark; i--) {
            Undo step = undo.remove(i);
            set(step.key(), step.before());
        }
    }

    void clear() {
        tables.clear();
        undo.clear();
        claims.clear();
        bytes = 0;
        documents = 0;
    }
}
