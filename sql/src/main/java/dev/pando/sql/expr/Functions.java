package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Times;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The functions that the interpreter knows. */
public final class Functions {
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final ColumnType UUID = SqlTypes.named("UUID", -1, 0);
    private static final ColumnType DATE = SqlTypes.named("DATE", -1, 0);
    private static final ColumnType TIMESTAMP = SqlTypes.named("TIMESTAMP", -1, 0);

    private Functions() {}

    /** What a function is, given the values of its arguments; none of them null unless it says so. */
    private interface Body {
        @Nullable
        Object apply(Expression.Scope scope, @Nullable Object[] arguments) throws SQLException;
    }

    private record Function(
            @Nullable ColumnType type, List<Expression> arguments, Body body, boolean takesNull, boolean pure)
            implements Expression {
        @Override
        public boolean deterministic() {
            return pure && arguments.stream().allMatch(Expression::deterministic);
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            @Nullable Object[] values = new Object[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments.get(i).evaluate(scope);
                if (values[i] == null && !takesNull) {
                    return null;
                }
            }
            return body.apply(scope, values);
        }
    }

    private static Expression moment(ColumnType type, Body body) {
        return new Function(type, List.of(), body, false, false);
    }

    /** A function that is written without parentheses; null when it is none. */
    static @Nullable Expression niladic(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP" -> moment(TIMESTAMP, (scope, none) -> micros(scope.now()));
            case "CURRENT_DATE" -> moment(DATE, (scope, none) -> Math.floorDiv(micros(scope.now()), MICROS_PER_DAY));
            default -> null;
        };
    }

    private static long micros(Instant instant) {
        return Times.micros(instant);
    }

    /** The type that a parameter as an argument has; null when its place does not say. */
    static @Nullable ColumnType argumentType(String name, @Nullable ColumnType target) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "UPPER", "LOWER", "CHAR_LENGTH", "CHARACTER_LENGTH", "LENGTH", "||", "TRIM" -> ColumnType.VARCHAR;
            case "COALESCE", "ABS" -> target;
            default -> null;
        };
    }

    /** CONCAT and CONCAT_WS: what is NULL is left out, but for the separator, the first of CONCAT_WS. */
    public static Expression concatenation(List<Expression> arguments, boolean separated) throws Unsupported {
        for (Expression argument : arguments) {
            ColumnType type = argument.type();
            if (type != null && type.family() != Family.TEXT) {
                throw new Unsupported("CONCAT of " + type.name());
            }
        }
        Body body = (scope, values) -> {
            if (separated && values[0] == null) {
                return null;
            }
            return Arrays.stream(values, separated ? 1 : 0, values.length)
                    .filter(value -> value != null)
                    .map(String::valueOf)
                    .collect(Collectors.joining(separated ? String.valueOf(values[0]) : ""));
        };
        return new Function(ColumnType.VARCHAR, arguments, body, true, true);
    }

    /**
     * GREATEST or LEAST of values of one type.
     *
     * @param sign 1 for the greatest
     * @param skipsNull whether NULLs are left out; else one makes the result NULL
     */
    public static Expression extreme(ColumnType type, List<Expression> arguments, int sign, boolean skipsNull)
            throws Unsupported {
        if (type.family() == Family.ARRAY) {
            throw new Unsupported("GREATEST of arrays");
        }
        Comparator<Object> order = Comparisons.order(type, type);
        Body body = (scope, values) -> {
            Object best = null;
            for (Object value : values) {
                if (value == null && !skipsNull) {
                    return null;
                }
                if (value != null && (best == null || order.compare(value, best) * sign > 0)) {
                    best = value;
                }
            }
            return best;
        };
        return new Function(type, arguments, body, true, true);
    }

    /** A time some time later. */
    public static Expression plus(ColumnType type, Expression time, Expression amount, boolean months, int sign) {
        Body body = (scope, v) -> v[0] == null || v[1] == null
                ? null
                : TimeFunctions.plus(type, (Long) v[0], Math.multiplyExact((Long) v[1], (long) sign), months);
        return new Function(type, List.of(time, amount), body, true, true);
    }

    /** What the session says of itself: CURRENT_USER, CURRENT_SCHEMA and the like; null for another name. */
    public static @Nullable Expression ofSession(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "CURRENT_USER", "SESSION_USER", "SYSTEM_USER", "USER" ->
                moment(ColumnType.VARCHAR, (scope, none) -> scope.user());
            case "CURRENT_SCHEMA" -> moment(ColumnType.VARCHAR, (scope, none) -> scope.schema());
            case "CURRENT_CATALOG", "CURRENT_DATABASE" ->
                moment(ColumnType.VARCHAR, (scope, none) -> Expression.CATALOG);
            case "CURRENT_ROLE" -> moment(ColumnType.VARCHAR, (scope, none) -> null);
            case "CURRENT_TIME", "LOCALTIME" ->
                moment(
                        SqlTypes.named("TIME", -1, 0),
                        (scope, none) -> Math.floorMod(micros(scope.now()), MICROS_PER_DAY));
            case "RANDOM", "RAND" ->
                moment(
                        ColumnType.DOUBLE,
                        (scope, none) -> (scope.randomUuid().getLeastSignificantBits() & MANTISSA) * UNIT);
            default -> null;
        };
    }

    /* 53 random bits, as many as a fraction of a double has. */
    private static final long MANTISSA = (1L << 53) - 1;
    private static final double UNIT = 0x1p-53;

    /** A call of a function that is known here. */
    public static Expression bind(String name, List<Expression> arguments) throws Unsupported {
        String upper = name.toUpperCase(Locale.ROOT);
        switch (upper) {
            case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "CURRENT_DATE" -> {
                Expression bound = niladic(upper);
                if (bound != null && arguments.isEmpty()) {
                    return bound;
                }
            }
            case "NOW" -> {
                if (arguments.isEmpty()) {
                    return moment(TIMESTAMP, (scope, none) -> micros(scope.now()));
                }
            }
            case "RANDOM_UUID", "GEN_RANDOM_UUID" -> {
                if (arguments.isEmpty()) {
                    return moment(UUID, (scope, none) -> scope.randomUuid());
                }
            }
            case "NEXT VALUE FOR" -> {
                return moment(ColumnType.BIGINT, (scope, none) -> scope.nextKey());
            }
            case "NEXT BLOCK FOR" -> {
                return moment(ColumnType.BIGINT, (scope, none) -> scope.nextBlock());
            }
            case "COALESCE" -> {
                return new Function(commonType(arguments), arguments, (scope, values) -> first(values), true, true);
            }
            default -> {}
        }
        Expression found = Library.bind(upper, arguments);
        if (found == null) {
            throw new Unsupported("function " + name);
        }
        return found;
    }

    private static @Nullable Object first(@Nullable Object[] values) {
        for (Object value : values) {
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** The one type that all have; beyond that, the planner finds it. */
    static @Nullable ColumnType commonType(List<Expression> values) throws Unsupported {
        ColumnType common = null;
        for (Expression value : values) {
            ColumnType type = value.type();
            if (type == null) {
                continue;
            }
            if (common == null) {
                common = type;
            } else if (common.family() == Family.TEXT && type.family() == Family.TEXT) {
                common = ColumnType.VARCHAR;
            } else if (common.family() == Family.INT && type.family() == Family.INT) {
                common = Numbers.resultType('+', common, type);
            } else if (!common.equals(type)) {
                throw new Unsupported(common.name() + " beside " + type.name());
            }
        }
        return common;
    }
}
