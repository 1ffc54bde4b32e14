package dev.pando.engine;

import dev.pando.crdt.Conflict;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.DecodedDelta;
import org.jspecify.annotations.Nullable;

/** Merges admitted deltas into drafted rows. The writer's alone. */
final class Merger {

    private Merger() {}

    static DocumentState state(TableState table, byte @Nullable [] row) {
        return row == null ? DocumentState.empty() : table.codec().state(row);
    }

    /**
     * Merges a delta whose parents are admitted.
     *
     * @param first what it makes where nothing is known, if that was made before
     */
    static void merge(TableState table, DecodedDelta delta, @Nullable FirstRow first, Draft draft, long sequence) {
        RowKey key = RowKey.of(table.number(), delta.delta().document());
        byte[] row = draft.row(key);
        if (row == null && first != null && first.codec() == table.codec()) {
            draft.begin(key, first, sequence);
        } else {
            merge(table, key, row, state(table, row), delta, draft, sequence);
        }
    }

    /** As above, of the row that {@code draft} just showed and the state that it holds. */
    static void merge(
            TableState table,
            RowKey key,
            byte @Nullable [] row,
            DocumentState before,
            DecodedDelta delta,
            Draft draft,
            long sequence) {
        DocumentState after = before.apply(delta.cid(), delta.delta());
        if (row != null) {
            draft.noteConflicts(key, Conflict.of(before, delta, draft.ancestry()));
        }
        draft.replace(key, row, before, table.codec().encode(sequence, after), after);
    }
}
