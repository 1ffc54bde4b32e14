package dev.pando.sql.run;

import dev.pando.sql.expr.Expression;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens the right side anew for each row of the left: by key, or for a subquery in FROM that looks at the left. */
final class LookupJoin extends Operator {
    private final JoinShape shape;
    private final int slot;
    private final @Nullable Expression rest;
    private final String text;

    /**
     * @param slot where the right side finds the left row; −1 when it only needs it on opening
     * @param rest of the condition, over a row of both sides
     */
    LookupJoin(JoinShape shape, int slot, @Nullable Expression rest, double rows, String text) {
        super(shape.types(), rows);
        this.shape = shape;
        this.slot = slot;
        this.rest = rest;
        this.text = text;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        return new Looking(state, shape.left().open(state));
    }

    private final class Looking implements Tuples {
        private final RunState state;
        private final Tuples left;
        private Tuples right = Steps.NOTHING;
        private @Nullable Object @Nullable [] current;
        private boolean matched;

        Looking(RunState state, Tuples left) {
            this.state = state;
            this.left = left;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            while (true) {
                @Nullable Object[] row = current;
                if (row == null) {
                    row = left.next();
                    if (row == null) {
                        return null;
                    }
                    current = row;
                    matched = false;
                    if (slot >= 0) {
                        state.setOuter(slot, row);
                    }
                    right = shape.right().open(state.over(row));
                }
                @Nullable Object[] given = ofLeft(row);
                if (given != null) {
                    return given;
                }
            }
        }

        private @Nullable Object @Nullable [] ofLeft(@Nullable Object[] row) throws SQLException {
            if (slot >= 0) {
                state.setOuter(slot, row);
            }
            for (@Nullable Object[] partner = right.next(); partner != null; partner = right.next()) {
                @Nullable Object[] both = shape.row(row, partner);
                if (!Steps.holds(rest, state, both)) {
                    continue;
                }
                matched = true;
                switch (shape.kind()) {
                    case SEMI -> {
                        end();
                        return row;
                    }
                    case ANTI -> {
                        end();
                        return null;
                    }
                    default -> {
                        return both;
                    }
                }
            }
            end();
            if (matched) {
                return null;
            }
            if (shape.kind() == JoinShape.Kind.ANTI) {
                return row;
            }
            return shape.kind() == JoinShape.Kind.LEFT ? shape.leftAlone(row) : null;
        }

        private void end() {
            right.close();
            right = Steps.NOTHING;
            current = null;
        }

        @Override
        public void close() {
            right.close();
            left.close();
        }
    }

    @Override
    String describe() {
        return (slot >= 0 ? "for each row (" : "key join (") + shape.kind().text() + ")"
                + (text.isEmpty() ? "" : " on " + text);
    }

    @Override
    List<Operator> inputs() {
        return List.of(shape.left(), shape.right());
    }
}
