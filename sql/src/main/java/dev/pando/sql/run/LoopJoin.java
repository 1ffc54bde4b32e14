package dev.pando.sql.run;

import dev.pando.sql.expr.Expression;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins on any condition: the right side is held, and looked through for each row of the left. */
final class LoopJoin extends Operator {
    private final JoinShape shape;
    private final @Nullable Expression condition;
    private final String text;

    LoopJoin(JoinShape shape, @Nullable Expression condition, double rows, String text) {
        super(shape.types(), rows);
        this.shape = shape;
        this.condition = condition;
        this.text = text;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        Looping looping = new Looping(state);
        try {
            looping.begin();
            return looping;
        } catch (SQLException | RuntimeException e) {
            looping.close();
            throw e;
        }
    }

    private final class Looping implements Tuples {
        private final RunState state;
        private final List<@Nullable Object[]> right = new ArrayList<>();
        private final BitSet rightMatched = new BitSet();
        private Tuples left = Steps.NOTHING;
        private long bytes;
        private @Nullable Object @Nullable [] current;
        private int next;
        private boolean matched;
        private boolean leftEnded;

        Looping(RunState state) {
            this.state = state;
        }

        void begin() throws SQLException {
            try (Tuples rows = shape.right().open(state)) {
                for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                    long size = Sizes.of(row);
                    bytes += size;
                    state.context().memory().take(size);
                    right.add(row);
                }
            }
            left = shape.left().open(state);
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            while (!leftEnded) {
                @Nullable Object[] row = current;
                if (row == null) {
                    row = left.next();
                    if (row == null) {
                        leftEnded = true;
                        next = 0;
                        break;
                    }
                    current = row;
                    next = 0;
                    matched = false;
                }
                @Nullable Object[] given = ofLeft(row);
                if (given != null) {
                    return given;
                }
            }
            return shape.kind().keepsRight() ? nextUnmatched() : null;
        }

        private @Nullable Object @Nullable [] ofLeft(@Nullable Object[] row) throws SQLException {
            while (next < right.size()) {
                state.context().checkRow();
                int at = next++;
                @Nullable Object[] both = shape.row(row, right.get(at));
                if (!Steps.holds(condition, state, both)) {
                    continue;
                }
                matched = true;
                rightMatched.set(at);
                switch (shape.kind()) {
                    case SEMI -> {
                        current = null;
                        return row;
                    }
                    case ANTI -> next = right.size();
                    default -> {
                        return both;
                    }
                }
            }
            current = null;
            if (matched) {
                return null;
            }
            if (shape.kind() == JoinShape.Kind.ANTI) {
                return row;
            }
            return shape.kind().keepsLeft() ? shape.leftAlone(row) : null;
        }

        private @Nullable Object @Nullable [] nextUnmatched() {
            next = rightMatched.nextClearBit(next);
            return next < right.size() ? shape.rightAlone(right.get(next++)) : null;
        }

        @Override
        public void close() {
            left.close();
            state.context().memory().release(bytes);
            bytes = 0;
            right.clear();
        }
    }

    @Override
    String describe() {
        return "loop join (" + shape.kind().text() + ")" + (condition == null ? "" : " on " + text);
    }

    @Override
    List<Operator> inputs() {
        return List.of(shape.left(), shape.right());
    }
}
