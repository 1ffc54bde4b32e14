package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Times;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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

    private static Expression strict(@Nullable ColumnType type, List<Expression> arguments, Body body) {
        return new Function(type, arguments, body, false, true);
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
            default -> target;
        };
    }

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
            case "COALESCE" -> {
                return new Function(commonType(arguments), arguments, (scope, values) -> first(values), true, true);
            }
            case "UPPER" -> {
                texts(arguments, 1);
                return strict(
                        ColumnType.VARCHAR, arguments, (scope, v) -> text(v[0]).toUpperCase(Locale.ROOT));
            }
            case "LOWER" -> {
                texts(arguments, 1);
                return strict(
                        ColumnType.VARCHAR, arguments, (scope, v) -> text(v[0]).toLowerCase(Locale.ROOT));
            }
            case "CHAR_LENGTH", "CHARACTER_LENGTH", "LENGTH" -> {
                texts(arguments, 1);
                return strict(ColumnType.INTEGER, arguments, (scope, v) -> codePoints(text(v[0])));
            }
            case "||" -> {
                texts(arguments, 2);
                return strict(ColumnType.VARCHAR, arguments, (scope, v) -> text(v[0]) + text(v[1]));
            }
            case "ABS" -> {
                ColumnType type = arguments.size() == 1 ? arguments.get(0).type() : null;
                if (type != null && Numbers.isNumeric(type)) {
                    return strict(type, arguments, (scope, v) -> absolute(type, v[0]));
                }
            }
            default -> {}
        }
        throw new Unsupported("function " + name);
    }

    private static @Nullable Object absolute(ColumnType type, @Nullable Object value) throws SQLException {
        if (value instanceof BigDecimal number) {
            return number.abs();
        }
        if (value instanceof Double number) {
            return Math.abs(number);
        }
        /* The least integer of each type has no opposite. */
        return value instanceof Long number && number < 0 ? Numbers.apply('-', type, 0L, number) : value;
    }

    private static long codePoints(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }

    private static @Nullable Object first(@Nullable Object[] values) {
        for (Object value : values) {
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static void texts(List<Expression> arguments, int count) throws Unsupported {
        if (arguments.size() != count) {
            throw new Unsupported("that many arguments");
        }
        for (Expression argument : arguments) {
            ColumnType type = argument.type();
            if (type != null && type.family() != Family.TEXT) {
                throw new Unsupported("a text function of " + type.name());
            }
        }
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
