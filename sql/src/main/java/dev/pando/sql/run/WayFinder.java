package dev.pando.sql.run;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.Index;
import dev.pando.Table;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Unsupported;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.Sarg;
import org.jspecify.annotations.Nullable;

/** Finds which key or index narrows a table most, given conditions that all hold. */
final class WayFinder {
    private final Table table;
    private final int offset;
    private final RexBinder binder;
    private final List<RexNode> conditions;

    /**
     * @param offset where the table's columns begin among those that the conditions number
     * @param binder of values, over the row that is there when the table is opened
     */
    WayFinder(Table table, int offset, RexBinder binder, List<RexNode> conditions) {
        this.table = table;
        this.offset = offset;
        this.binder = binder;
        this.conditions = split(conditions);
    }

    /* a SEARCH of one range is two comparisons. */
    private static List<RexNode> split(List<RexNode> conditions) {
        List<RexNode> parts = new ArrayList<>();
        conditions.forEach(condition -> parts.addAll(RelOptUtil.conjunctions(condition)));
        return parts;
    }

    KeyWay best() throws SQLException {
        KeyWay best = KeyWay.all(table);
        if (!table.primaryKey().isEmpty()) {
            best = along(null, table.primaryKey());
        }
        for (Index index : table.indexes()) {
            KeyWay other = along(index, index.columns());
            best = strength(other) > strength(best) ? other : best;
        }
        return best;
    }

    private static int strength(KeyWay way) {
        int range = (way.low() == null ? 0 : 1) + (way.high() == null ? 0 : 1);
        int unique = way.index() != null
                        && way.index().unique()
                        && way.fixed() == way.key().size()
                ? 500
                : 0;
        return way.isLookup() ? 1_000 : unique + way.prefix().size() * 8 + (way.points() == null ? 0 : 6) + range * 2;
    }

    /** A value that a condition holds a column to, or bounds it by. */
    private record Bound(Expression value, RexNode condition) {}

    /** The narrowest part of a key's order. */
    KeyWay along(@Nullable Index index, List<Integer> key) throws SQLException {
        List<Expression> prefix = new ArrayList<>();
        List<RexNode> answered = new ArrayList<>();
        for (int ordinal : key) {
            Column column = table.columns().get(ordinal);
            Bound equal = bound(ordinal, SqlKind.EQUALS);
            if (equal != null) {
                prefix.add(equal.value);
                addAnswered(answered, column, equal);
                continue;
            }
            List<Expression> points = points(ordinal);
            if (points != null) {
                return new KeyWay(table, index, prefix, points, null, null, false, answered);
            }
            Bound above = bound(ordinal, SqlKind.GREATER_THAN);
            boolean lowInclusive = above == null;
            above = above == null ? bound(ordinal, SqlKind.GREATER_THAN_OR_EQUAL) : above;
            Bound below = bound(ordinal, SqlKind.LESS_THAN);
            boolean highInclusive = below == null;
            below = below == null ? bound(ordinal, SqlKind.LESS_THAN_OR_EQUAL) : below;
            addAnswered(answered, column, below);
            /* NULL stands above all values: without an upper bound the condition leaves it out. */
            if (below != null || table.primaryKey().contains(ordinal)) {
                addAnswered(answered, column, above);
            }
            KeyWay.Limit low = above == null ? null : new KeyWay.Limit(above.value, lowInclusive);
            KeyWay.Limit high = below == null ? null : new KeyWay.Limit(below.value, highInclusive);
            return new KeyWay(table, index, prefix, null, low, high, false, answered);
        }
        return new KeyWay(table, index, prefix, null, null, null, false, answered);
    }

    private static void addAnswered(List<RexNode> answered, Column column, @Nullable Bound bound) {
        if (bound != null && KeyWay.isComparedAsKey(column)) {
            answered.add(bound.condition);
        }
    }

    private @Nullable Bound bound(int ordinal, SqlKind wanted) throws SQLException {
        for (RexNode condition : conditions) {
            if (condition instanceof RexCall call && call.getOperands().size() == 2) {
                RexNode left = call.getOperands().get(0);
                RexNode right = call.getOperands().get(1);
                Expression value = null;
                if (call.getKind() == wanted && isColumn(left, ordinal)) {
                    value = free(right, ordinal);
                } else if (call.getKind().reverse() == wanted && isColumn(right, ordinal)) {
                    value = free(left, ordinal);
                }
                if (value != null) {
                    return new Bound(value, condition);
                }
            }
        }
        return null;
    }

    private boolean isColumn(RexNode node, int ordinal) {
        return node instanceof RexInputRef reference && reference.getIndex() == offset + ordinal;
    }

    /** A value that does not depend on the table's own columns; null when it does, or may not bound the column. */
    private @Nullable Expression free(RexNode node, int ordinal) throws SQLException {
        ImmutableBitSet own =
                ImmutableBitSet.range(offset, offset + table.columns().size() + 1);
        if (RelOptUtil.InputFinder.bits(node).intersects(own) || OperatorBuilder.hasSubQuery(node)) {
            return null;
        }
        ColumnType column = table.columns().get(ordinal).type();
        try {
            Expression bound = binder.bind(node);
            return KeyWay.mayBound(bound.type(), column) ? bound : null;
        } catch (Unsupported e) {
            return null;
        }
    }

    private @Nullable List<Expression> points(int ordinal) throws SQLException {
        for (RexNode condition : conditions) {
            List<Expression> values = condition.getKind() == SqlKind.SEARCH
                    ? searched((RexCall) condition, ordinal)
                    : condition.getKind() == SqlKind.OR ? alternatives((RexCall) condition, ordinal) : null;
            if (values != null) {
                return values;
            }
        }
        return null;
    }

    private @Nullable List<Expression> searched(RexCall search, int ordinal) throws SQLException {
        Sarg<?> sarg = ((RexLiteral) search.getOperands().get(1)).getValueAs(Sarg.class);
        if (!isColumn(search.getOperands().get(0), ordinal)
                || sarg == null
                || !sarg.isPoints()
                || sarg.nullAs == org.apache.calcite.rex.RexUnknownAs.TRUE) {
            return null;
        }
        try {
            List<Expression> points = binder.points(search);
            ColumnType column = table.columns().get(ordinal).type();
            return points.stream().allMatch(point -> KeyWay.mayBound(point.type(), column)) ? points : null;
        } catch (Unsupported e) {
            return null;
        }
    }

    private @Nullable List<Expression> alternatives(RexCall or, int ordinal) throws SQLException {
        List<Expression> values = new ArrayList<>();
        for (RexNode part : or.getOperands()) {
            if (!(part instanceof RexCall call) || call.getKind() != SqlKind.EQUALS) {
                return null;
            }
            RexNode left = call.getOperands().get(0);
            RexNode right = call.getOperands().get(1);
            Expression value = isColumn(left, ordinal) ? free(right, ordinal) : null;
            if (value == null && isColumn(right, ordinal)) {
                value = free(left, ordinal);
            }
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return values;
    }
}
