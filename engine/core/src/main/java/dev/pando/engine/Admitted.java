package dev.pando.engine;

import dev.pando.dag.Delta;
import dev.pando.ipld.Cid;
import dev.pando.store.DerivedMap;
import dev.pando.store.Store;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which deltas are admitted: those in the log. Of a table that was dropped here and made again only those that came
 * since, which are kept apart in the meta map. The writer's, and recovery's before it.
 */
final class Admitted {

    private static final byte PREFIX = 'a';
    private static final byte[] PRESENT = {1};

    private final Store store;
    private final DerivedMap meta;
    private final Set<Cid> group = new HashSet<>();

    Admitted(Store store, DerivedMap meta) {
        this.store = store;
        this.meta = meta;
    }

    boolean contains(TableState table, Cid delta) {
        return table.reborn() ? group.contains(delta) || meta.contains(key(table, delta)) : store.contains(delta);
    }

    /** Whether the log has the block, whatever table admitted it. */
    boolean isInLog(Cid block) {
        return store.contains(block);
    }

    /** As {@link #contains}, of what is in the maps already; for any thread. */
    boolean isApplied(TableState table, Cid delta) {
        return table.reborn() ? meta.contains(key(table, delta)) : store.contains(delta);
    }

    /** An admitted delta; null for a CID that is none. */
    @Nullable
    Delta read(TableState table, Cid delta) {
        if (!contains(table, delta)) {
            return null;
        }
        byte[] block = store.get(delta);
        return block == null ? null : Delta.decode(block);
    }

    /** A delta is in the log, but not yet in the maps. */
    void appended(TableState table, Cid delta) {
        if (table.reborn()) {
            group.add(delta);
        }
    }

    /** A delta is not in the log any more. */
    void takenBack(Cid delta) {
        group.remove(delta);
    }

    /** A delta is in the log and its row in the maps. */
    void applied(TableState table, Cid delta) {
        if (table.reborn()) {
            meta.put(key(table, delta), PRESENT);
            group.remove(delta);
        }
    }

    private static byte[] key(TableState table, Cid delta) {
        return ByteBuffer.allocate(1 + Integer.BYTES + Cid.SHA256_BYTES)
                .put(PREFIX)
                .putInt(table.number())
                .put(delta.toBytes())
                .array();
    }
}
