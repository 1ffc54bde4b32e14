package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.RowWalk;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Operators;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** A condition that only compares columns of numbers with numbers that are the same for all rows. */
final class NumberTests {
    private record Test(int column, SqlKind kind, long value) {
        boolean holds(RowWalk row) {
            if (row.isNull(column)) {
                return false;
            }
            long number = row.getLong(column);
            return switch (kind) {
                case EQUALS -> number == value;
                case NOT_EQUALS -> number != value;
                case LESS_THAN -> number < value;
                case LESS_THAN_OR_EQUAL -> number <= value;
                case GREATER_THAN -> number > value;
                default -> number >= value;
            };
        }
    }

    private final Test[] tests;

    private NumberTests(Test[] tests) {
        this.tests = tests;
    }

    /**
     * The condition as tests of numbers; null when it is more than that.
     *
     * @param numbers whether a column holds numbers
     * @param state for the values that the columns are compared with
     */
    static @Nullable NumberTests of(Expression condition, boolean[] numbers, RunState state) throws SQLException {
        List<Test> tests = new ArrayList<>();
        return add(condition, numbers, state, tests) ? new NumberTests(tests.toArray(new Test[0])) : null;
    }

    private static boolean add(Expression condition, boolean[] numbers, RunState state, List<Test> tests)
            throws SQLException {
        if (condition instanceof Operators.Logical logical && logical.and()) {
            for (Expression part : logical.parts()) {
                if (!add(part, numbers, state, tests)) {
                    return false;
                }
            }
            return true;
        }
        if (!(condition instanceof Operators.Comparison comparison)
                || !(comparison.left() instanceof Expression.ColumnReference column)
                || !numbers[column.ordinal()]
                || !RexBinder.isSame(comparison.right())
                || !isAlike(column.type(), comparison.right().type())) {
            return false;
        }
        /* NULL, or a number beyond the column's type: the condition itself knows better. */
        if (!(comparison.right().evaluate(state) instanceof Long value)) {
            return false;
        }
        tests.add(new Test(column.ordinal(), comparison.kind(), value));
        return true;
    }

    private static boolean isAlike(ColumnType column, @Nullable ColumnType value) {
        return value != null && value.family() == column.family();
    }

    boolean hold(RowWalk row) {
        for (Test test : tests) {
            if (!test.holds(row)) {
                return false;
            }
        }
        return true;
    }
}
