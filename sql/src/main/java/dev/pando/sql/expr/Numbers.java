package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.SqlTypes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.List;

/** Arithmetic as the planner's runtime does it: exact on exact types, with 22003 for what does not fit. */
public final class Numbers {
    /** Digits of a DECIMAL at most. */
    private static final int DIGITS_MAX = 38;

    private static final List<String> INTEGERS = List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT");

    private Numbers() {}

    public static boolean isNumeric(ColumnType type) {
        return type.family() == Family.INT || type.family() == Family.DEC || type.family() == Family.FLOAT;
    }

    /** The type of {@code left operator right}. */
    static ColumnType resultType(char operator, ColumnType left, ColumnType right) throws Unsupported {
        if (left.family() == Family.FLOAT || right.family() == Family.FLOAT) {
            return ColumnType.DOUBLE;
        }
        if (left.family() == Family.INT && right.family() == Family.INT) {
            int rank = Math.max(INTEGERS.indexOf(left.name()), INTEGERS.indexOf(right.name()));
            return SqlTypes.named(INTEGERS.get(rank), -1, 0);
        }
        int scale = switch (operator) {
            case '+', '-' -> Math.max(scale(left), scale(right));
            case '*' -> scale(left) + scale(right);
            default -> throw new Unsupported("division of decimals");
        };
        if (scale > DIGITS_MAX) {
            throw new Unsupported("a scale of " + scale);
        }
        return ColumnType.decimal(DIGITS_MAX, scale);
    }

    private static int scale(ColumnType type) {
        return type.family() == Family.DEC ? type.scale() : 0;
    }

    /** What the operator makes of two numbers, which it gives the type that the caller found. */
    public static Object apply(char operator, ColumnType result, Object left, Object right) throws SQLException {
        try {
            return switch (result.family()) {
                case INT -> integer(operator, result, whole(left, result), whole(right, result));
                case DEC -> decimal(operator, result, exact(left), exact(right));
                default -> floating(operator, ((Number) left).doubleValue(), ((Number) right).doubleValue());
            };
        } catch (ArithmeticException e) {
            throw PandoSqlState.OUT_OF_RANGE.exception(
                    left + " " + operator + " " + right + " is outside " + SqlTypes.text(result));
        }
    }

    private static Long integer(char operator, ColumnType type, long left, long right) throws SQLException {
        if (right == 0 && (operator == '/' || operator == '%')) {
            throw PandoSqlState.DIVISION_BY_ZERO.exception("division by zero");
        }
        long value = switch (operator) {
            case '+' -> Math.addExact(left, right);
            case '-' -> Math.subtractExact(left, right);
            case '*' -> Math.multiplyExact(left, right);
            case '/' -> left / right;
            default -> left % right;
        };
        long bound = switch (type.name()) {
            case "TINYINT" -> Byte.MAX_VALUE;
            case "SMALLINT" -> Short.MAX_VALUE;
            case "INTEGER" -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
        if (value > bound || value < -bound - 1 || operator == '/' && left == Long.MIN_VALUE && right == -1) {
            throw new ArithmeticException();
        }
        return value;
    }

    private static BigDecimal decimal(char operator, ColumnType type, BigDecimal left, BigDecimal right)
            throws SQLException {
        if (right.signum() == 0 && (operator == '/' || operator == '%')) {
            throw PandoSqlState.DIVISION_BY_ZERO.exception("division by zero");
        }
        BigDecimal value = switch (operator) {
            case '+' -> left.add(right);
            case '-' -> left.subtract(right);
            case '*' -> left.multiply(right);
            case '/' -> left.divide(right, type.scale(), RoundingMode.HALF_UP);
            default -> left.remainder(right);
        };
        if (value.precision() > DIGITS_MAX) {
            throw new ArithmeticException();
        }
        return value.setScale(type.scale(), RoundingMode.HALF_UP);
    }

    private static Double floating(char operator, double left, double right) throws SQLException {
        if (right == 0 && (operator == '/' || operator == '%')) {
            throw PandoSqlState.DIVISION_BY_ZERO.exception("division by zero");
        }
        double value = switch (operator) {
            case '+' -> left + right;
            case '-' -> left - right;
            case '*' -> left * right;
            case '/' -> left / right;
            default -> left % right;
        };
        if (Double.isInfinite(value) || Double.isNaN(value)) {
            throw new ArithmeticException();
        }
        return value == 0 ? 0.0 : value;
    }

    private static long whole(Object value, ColumnType type) throws SQLException {
        if (value instanceof Long number) {
            return number;
        }
        throw PandoSqlState.OUT_OF_RANGE.exception(
                value + " is no " + type.name() + ", which a parameter beside one is: CAST it to DECIMAL");
    }

    /**
     * The number of rows that a value of LIMIT or OFFSET means; 22023 when it means none.
     *
     * @param what names the place in messages
     */
    public static long rows(Object value, String what) throws SQLException {
        BigDecimal exact =
                value instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(((Number) value).longValue());
        if (exact.signum() < 0
                || exact.signum() > 0 && exact.stripTrailingZeros().scale() > 0) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                    what + ": a number of rows is whole and not negative, unlike " + value);
        }
        return exact.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }

    static BigDecimal exact(Object value) {
        return value instanceof BigDecimal d ? d : BigDecimal.valueOf((Long) value);
    }
}
