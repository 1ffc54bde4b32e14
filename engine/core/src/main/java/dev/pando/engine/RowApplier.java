package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.collection.Fingerprint;
import dev.pando.collection.RowCodec;
import dev.pando.collection.RowView;
import dev.pando.replication.HeadTree;
import dev.pando.store.DerivedMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** Brings drafted rows into the row map, the indexes and the totals, and saves what snapshots still see. On the writer. */
final class RowApplier implements Committer.Applier {

    private final Tables tables;
    private final DerivedMap rows;
    private final Snapshots snapshots;
    private final RowAccess access;
    private final ConflictLog conflicts;
    private final Environment.Threads threads;

    RowApplier(
            Tables tables,
            DerivedMap rows,
            Snapshots snapshots,
            RowAccess access,
            ConflictLog conflicts,
            Environment.Threads threads) {
        this.threads = threads;
        this.conflicts = conflicts;
        this.tables = tables;
        this.rows = rows;
        this.snapshots = snapshots;
        this.access = access;
    }

    @Override
    public void apply(Draft draft, long firstSequence, long lastSequence) {
        draft.conflicts().forEach(noted -> conflicts.note(noted.key(), noted.conflict()));
        if (draft.group().size() >= Pieces.HELPED_MIN && !changesDefinitions(draft)) {
            applyLarge(draft, lastSequence);
            return;
        }
        draft.group().forEach((key, change) -> {
            TableState state = tables.byNumber(key.collection());
            if (state == null) {
                return; // dropped by an earlier member of the group
            }
            save(key, change, lastSequence);
            index(state, key, change, lastSequence);
            rows.put(key.bytes(), change.after());
            if (state == tables.definitions()) {
                tables.definitionChanged(
                        Objects.requireNonNull(change.stateAfter().key()));
            }
        });
    }

    private boolean changesDefinitions(Draft draft) {
        int definitions = tables.definitions().number();
        return draft.group().keySet().stream().anyMatch(key -> key.collection() == definitions);
    }

    /**
     * A worker puts the rows while this thread sees to indexes and totals. A reader that meets a row without its entry, or
     * an entry without its row, passes over either, as over all that is newer than its snapshot; what it sees instead was
     * saved before.
     */
    private void applyLarge(Draft draft, long sequence) {
        var held =
                new ArrayList<Map.Entry<RowKey, Draft.RowChange>>(draft.group().size());
        draft.group().entrySet().forEach(entry -> {
            if (tables.byNumber(entry.getKey().collection()) != null) {
                held.add(entry);
                save(entry.getKey(), entry.getValue(), sequence);
            }
        });
        Pieces.both(
                threads,
                () -> held.forEach(entry ->
                        rows.put(entry.getKey().bytes(), entry.getValue().after())),
                () -> held.forEach(entry -> index(
                        Objects.requireNonNull(tables.byNumber(entry.getKey().collection())),
                        entry.getKey(),
                        entry.getValue(),
                        sequence)));
    }

    private void save(RowKey key, Draft.RowChange change, long sequence) {
        byte[] before = change.before();
        if (before != null) {
            /* All versions between were never published. */
            snapshots.save(key, RowCodec.sequence(before), sequence, before);
        }
    }

    private void index(TableState state, RowKey key, Draft.RowChange change, long sequence) {
        byte[] before = change.before();
        RowView old = before == null ? null : access.view(state, key, before);
        RowView now = access.view(state, key, change.after());
        boolean wasLive = old != null && old.live();
        byte[] made = change.leafAfter();
        byte[] leaf = made != null ? made : Fingerprint.leafOf(now.id(), change.stateAfter());
        state.totals().replace(change.leafBefore(), wasLive, leaf, now.live());
        HeadTree heads = state.heads();
        if (heads != null && leaf != null) {
            heads.put(now.id(), leaf);
        } else if (heads != null) {
            heads.remove(now.id());
        }
        if (now.live() && !wasLive) {
            state.primary().entries().put(state.primary().key(now), now.id().bytes());
        } else if (wasLive && old != null && !now.live()) {
            expire(state, state.primary(), key, state.primary().key(old), sequence);
        }
        for (TableIndex index : state.indexes()) {
            if (!index.usable()) {
                continue;
            }
            byte[] oldKey = wasLive && old != null ? index.key(old) : null;
            byte[] newKey = now.live() ? index.key(now) : null;
            if (!Arrays.equals(oldKey, newKey)) {
                if (newKey != null) {
                    index.entries().put(newKey, now.id().bytes());
                }
                if (oldKey != null) {
                    expire(state, index, key, oldKey, sequence);
                }
            }
        }
    }

    /** Removes an entry when no snapshot can see its version any more, if no newer version has it again. */
    private void expire(TableState state, TableIndex index, RowKey key, byte[] entry, long sequence) {
        snapshots.whenUnseen(sequence, () -> {
            byte[] present = rows.get(key.bytes());
            boolean again = present != null
                    && RowCodec.live(present)
                    && Arrays.equals(entry, index.key(access.view(state, key, present)));
            if (!again) {
                index.entries().remove(entry);
            }
        });
    }
}
