package dev.pando.sql.exec;

import dev.pando.ColumnType;
import dev.pando.Row;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Where the new value of one column comes from. Values are the session's. */
sealed interface Cell {
    /** What cells read: parameters, the row to change, and what the planner's query gave. */
    record Input(
            ExecutionContext context,
            @Nullable Object[] parameters,
            @Nullable Row row,
            @Nullable Object @Nullable [] planned) {}

    @Nullable
    Object value(Input input) throws SQLException;

    /** A parameter as it is. */
    record Parameter(int index) implements Cell {
        @Override
        public @Nullable Object value(Input input) {
            return input.parameters()[index];
        }
    }

    /** An interpreted expression. */
    record Interpreted(Expression expression) implements Cell {
        @Override
        public @Nullable Object value(Input input) throws SQLException {
            Object value = expression.evaluate(input.context().scope(input.row(), input.parameters()));
            ColumnType type = expression.type();
            return type == null ? value : Values.toSession(type, value);
        }
    }

    /** A column of the planner's query. */
    record Planned(int column) implements Cell {
        @Override
        public @Nullable Object value(Input input) {
            @Nullable Object[] row = input.planned();
            if (row == null) {
                throw new IllegalStateException("a planned value without a query");
            }
            return row[column];
        }
    }

    /** The column's default. */
    record Default() implements Cell {
        @Override
        public @Nullable Object value(Input input) {
            return null;
        }
    }
}
