package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Unsupported;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.core.JoinRelType;
import org.jspecify.annotations.Nullable;

/** The two sides of a join, and which rows it gives. */
record JoinShape(Kind kind, Operator left, Operator right) {
    /** What becomes of rows with and without partners. */
    enum Kind {
        INNER,
        LEFT,
        RIGHT,
        FULL,
        /** Left rows that have a partner, alone. */
        SEMI,
        /** Left rows that have none. */
        ANTI;

        static Kind of(JoinRelType type) throws Unsupported {
            return switch (type) {
                case INNER -> INNER;
                case LEFT -> LEFT;
                case RIGHT -> RIGHT;
                case FULL -> FULL;
                case SEMI -> SEMI;
                case ANTI -> ANTI;
                default -> throw new Unsupported(type + " JOIN");
            };
        }

        boolean keepsLeft() {
            return this == LEFT || this == FULL;
        }

        boolean keepsRight() {
            return this == RIGHT || this == FULL;
        }

        boolean givesLeftOnly() {
            return this == SEMI || this == ANTI;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    List<@Nullable ColumnType> types() {
        return kind.givesLeftOnly() ? left.types() : HashJoin.both(left, right);
    }

    @Nullable
    Object[] row(@Nullable Object[] ofLeft, @Nullable Object[] ofRight) {
        return Steps.joined(ofLeft, left.width(), ofRight, right.width());
    }

    @Nullable
    Object[] leftAlone(@Nullable Object[] row) {
        return Arrays.copyOf(row, left.width() + right.width());
    }

    @Nullable
    Object[] rightAlone(@Nullable Object[] row) {
        @Nullable Object[] wide = new Object[left.width() + right.width()];
        System.arraycopy(row, 0, wide, left.width(), right.width());
        return wide;
    }
}
