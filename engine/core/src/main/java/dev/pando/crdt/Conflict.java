package dev.pando.crdt;

import dev.pando.dag.ColumnId;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Stamp;
import dev.pando.dag.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Two {@code set} ops on one column of which neither delta is the other's ancestor.
 *
 * @param certain false when the history between them was too long to look at
 */
public record Conflict(String column, Stamp winner, Value winnerValue, Stamp loser, Value loserValue, boolean certain) {

    /**
     * The conflicts that {@code delta} brings to a document in state {@code before}: none when it follows exactly the
     * present heads, which costs nothing to see. Compared is what shows; what had lost before was told before.
     */
    public static List<Conflict> of(DocumentState before, DecodedDelta delta, Ancestry ancestry) {
        if (before.headCids().equals(delta.delta().prev())) {
            return List.of();
        }
        List<Conflict> conflicts = new ArrayList<>();
        delta.delta().ops().forEach((column, op) -> {
            Stamp present = before.setBy(column);
            if (!(op instanceof FieldOp.SetValue set) || present == null || !counts(before, delta)) {
                return;
            }
            Ancestry.Answer answer = ancestry.isAncestor(present, delta.delta());
            Value shown = before.value(column);
            if (answer != Ancestry.Answer.YES && shown != null) {
                boolean certain = answer == Ancestry.Answer.NO;
                boolean wins = present.compareTo(delta.stamp()) < 0;
                conflicts.add(
                        wins
                                ? new Conflict(column, delta.stamp(), set.value(), present, shown, certain)
                                : new Conflict(column, present, shown, delta.stamp(), set.value(), certain));
            }
        });
        return conflicts;
    }

    /** Whether the delta's ops are merged at all: one of an incarnation that was reset conflicts with nothing. */
    private static boolean counts(DocumentState before, DecodedDelta delta) {
        Stamp reset = before.reset();
        if (delta.delta().incarnation() == null) {
            return reset == null || delta.stamp().compareTo(reset) > 0;
        }
        return before.incarnation(delta.delta().incarnation()) != null;
    }

    /** Whether both wrote the same: worth no one's attention. */
    public boolean sameValue() {
        return winnerValue.equals(loserValue);
    }

    /** The column's parsed id. */
    public ColumnId columnId() {
        return ColumnId.parse(column);
    }
}
