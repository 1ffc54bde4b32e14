package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.expr.Comparisons;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Operators;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.SqlTypes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Expressions of arrays, which are lists of the engine's values. */
final class ArrayCalls {
    private ArrayCalls() {}

    private interface Body {
        @Nullable
        Object of(@Nullable Object[] values) throws SQLException;
    }

    /**
     * A function.
     *
     * @param nullable how many of the first arguments give NULL when they are NULL
     */
    private record Call(ColumnType type, List<Expression> arguments, int nullable, Body body) implements Expression {
        @Override
        public boolean deterministic() {
            return arguments.stream().allMatch(Expression::deterministic);
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            @Nullable Object[] values = new Object[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments.get(i).evaluate(scope);
                if (values[i] == null && i < nullable) {
                    return null;
                }
            }
            return body.of(values);
        }
    }

    /** ARRAY[…], whose elements have the array's element type already. */
    static Expression listed(ColumnType type, List<Expression> elements) {
        return new Call(type, elements, 0, values -> {
            List<@Nullable Object> list = new ArrayList<>();
            Collections.addAll(list, values);
            return list;
        });
    }

    /** {@code array[position]}; NULL outside of it. */
    static Expression item(Expression array, Expression position) throws Unsupported {
        ColumnType element = SqlTypes.element(array(array));
        ColumnType index = position.type();
        if (index == null || index.family() != Family.INT) {
            throw new Unsupported("an element by " + index);
        }
        return new Call(element, List.of(array, position), 2, values -> {
            List<?> list = list(values[0]);
            long at = (Long) required(values[1]) - 1;
            return at < 0 || at >= list.size() ? null : list.get((int) at);
        });
    }

    static Expression cardinality(Expression array) throws Unsupported {
        array(array);
        return new Call(ColumnType.INTEGER, List.of(array), 1, values ->
                (long) list(values[0]).size());
    }

    /** ELEMENT: the only one; NULL of none. */
    static Expression only(Expression array) throws Unsupported {
        return new Call(SqlTypes.element(array(array)), List.of(array), 1, values -> {
            List<?> list = list(values[0]);
            if (list.size() > 1) {
                throw PandoSqlState.CARDINALITY.exception("ELEMENT takes one element at most, unlike " + list.size());
            }
            return list.isEmpty() ? null : list.get(0);
        });
    }

    /** One array after the other. */
    static Expression joined(ColumnType type, Expression left, Expression right) {
        return new Call(type, List.of(cast(left, type), cast(right, type)), 2, values -> {
            List<@Nullable Object> both = new ArrayList<>(list(values[0]));
            both.addAll(list(values[1]));
            return both;
        });
    }

    /** Whether a value compares so with some element, or with all. */
    static Expression quantified(SqlKind comparison, boolean all, Expression value, Expression array)
            throws Unsupported {
        ColumnType left = value.type();
        ColumnType right = SqlTypes.element(array(array));
        if (left == null || !Comparisons.comparable(left, right)) {
            throw new Unsupported(left + " compared with " + right.name());
        }
        Comparator<Object> order = Comparisons.order(left, right);
        return new Call(ColumnType.BOOLEAN, List.of(array, value), 1, values -> {
            boolean unknown = false;
            for (Object element : list(values[0])) {
                Object given = values[1];
                if (given == null || element == null) {
                    unknown = true;
                } else if (SubQueryValue.matches(comparison, order.compare(given, element)) != all) {
                    return !all;
                }
            }
            return unknown ? null : (Object) all;
        });
    }

    /** The same elements as values of another type. */
    static Expression cast(Expression array, ColumnType type) {
        ColumnType from = array.type();
        if (from == null || from.equals(type)) {
            return array;
        }
        ColumnType target = SqlTypes.element(type);
        Expression each = new Expression.ColumnReference(0, SqlTypes.element(from));
        Expression converted = Operators.cast(each, target);
        return new Converted(array, type, converted);
    }

    /** The conversion of an element is an expression over a row of one column. */
    private record Converted(Expression array, ColumnType type, Expression conversion) implements Expression {
        @Override
        public boolean deterministic() {
            return array.deterministic();
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object value = array.evaluate(scope);
            if (value == null) {
                return null;
            }
            List<@Nullable Object> converted = new ArrayList<>();
            for (Object element : (List<?>) value) {
                converted.add(conversion.evaluate(new Alone(scope, element)));
            }
            return converted;
        }
    }

    private record Alone(Expression.Scope around, @Nullable Object value) implements Expression.Scope {
        @Override
        public @Nullable Object column(int ordinal) {
            return value;
        }

        @Override
        public @Nullable Object parameter(int index) {
            return around.parameter(index);
        }

        @Override
        public java.time.Instant now() {
            return around.now();
        }

        @Override
        public java.util.UUID randomUuid() {
            return around.randomUuid();
        }

        @Override
        public long nextKey() {
            return around.nextKey();
        }

        @Override
        public long nextBlock() {
            return around.nextBlock();
        }
    }

    private static ColumnType array(Expression expression) throws Unsupported {
        ColumnType type = expression.type();
        if (type == null || type.family() != Family.ARRAY) {
            throw new Unsupported("an array function of " + type);
        }
        return type;
    }

    private static List<?> list(@Nullable Object value) {
        return (List<?>) required(value);
    }

    private static Object required(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("NULL where none comes");
        }
        return value;
    }
}
