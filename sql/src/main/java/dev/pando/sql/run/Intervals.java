package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.Times;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Lengths of time, which operators count in months or in microseconds, as BIGINTs. */
final class Intervals {
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
    private static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
    private static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;
    private static final long MONTHS_PER_YEAR = 12;

    private Intervals() {}

    static boolean is(RelDataType type) {
        return SqlTypeName.INTERVAL_TYPES.contains(type.getSqlTypeName());
    }

    static boolean isOfMonths(RelDataType type) {
        return SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName());
    }

    /** What operators have for the planner's number, which counts months or milliseconds. */
    static long ofPlanner(RelDataType type, BigDecimal number) {
        return isOfMonths(type)
                ? number.longValueExact()
                : number.multiply(BigDecimal.valueOf(MICROS_PER_MILLI)).longValueExact();
    }

    /** The planner takes an interval for a number, or a number for an interval: it has milliseconds, or months. */
    static Expression reinterpreted(Expression operand, RelDataType from, RelDataType to) throws Unsupported {
        if (is(from) == is(to) || isOfMonths(is(from) ? from : to)) {
            return new Computed(operand, operand, (value, same) -> (Long) value);
        }
        if (is(from)) {
            return new Computed(operand, operand, (value, same) -> (Long) value / MICROS_PER_MILLI);
        }
        ColumnType type = operand.type();
        if (type == null || type.family() != Family.INT) {
            throw new Unsupported("an interval of " + type);
        }
        return new Computed(operand, operand, (value, same) -> Math.multiplyExact((Long) value, MICROS_PER_MILLI));
    }

    /** The time from {@code right} to {@code left}, both dates or times. */
    static Expression between(Expression left, Expression right, boolean months) throws Unsupported {
        ColumnType leftType = time(left);
        ColumnType rightType = time(right);
        return new Computed(left, right, (first, second) -> {
            long end = micros(leftType, (Long) first);
            long start = micros(rightType, (Long) second);
            return months
                    ? ChronoUnit.MONTHS.between(Times.dateTimeOf(start), Times.dateTimeOf(end))
                    : Math.subtractExact(end, start);
        });
    }

    private static ColumnType time(Expression expression) throws Unsupported {
        ColumnType type = expression.type();
        if (type != null) {
            switch (type.family()) {
                case DATE, TIME, TS, TSTZ -> {
                    return type;
                }
                default -> {}
            }
        }
        throw new Unsupported("a time between " + type + "s");
    }

    private static long micros(ColumnType type, long value) {
        return type.family() == Family.DATE ? Math.multiplyExact(value, MICROS_PER_DAY) : value;
    }

    /** The sum of two intervals of one kind, or their difference. */
    static Expression sum(Expression left, Expression right, boolean minus) {
        return new Computed(
                left,
                right,
                (a, b) -> minus ? Math.subtractExact((Long) a, (Long) b) : Math.addExact((Long) a, (Long) b));
    }

    /** An interval so many times, or its part. */
    static Expression scaled(Expression interval, Expression number, boolean divides) {
        return new Computed(interval, number, (length, factor) -> {
            BigDecimal exact = new BigDecimal(factor.toString());
            BigDecimal of = BigDecimal.valueOf((Long) length);
            if (!divides) {
                return of.multiply(exact).setScale(0, RoundingMode.HALF_UP).longValueExact();
            }
            if (exact.signum() == 0) {
                throw PandoSqlState.DIVISION_BY_ZERO.exception("division by zero");
            }
            return of.divide(exact, 0, RoundingMode.HALF_UP).longValueExact();
        });
    }

    /** EXTRACT of an interval. */
    static Expression part(String unit, Expression interval, boolean months) throws Unsupported {
        long divisor;
        long modulus;
        switch (unit) {
            case "YEAR" -> {
                divisor = MONTHS_PER_YEAR;
                modulus = Long.MAX_VALUE;
            }
            case "MONTH" -> {
                divisor = 1;
                modulus = MONTHS_PER_YEAR;
            }
            case "DAY" -> {
                divisor = MICROS_PER_DAY;
                modulus = Long.MAX_VALUE;
            }
            case "HOUR" -> {
                divisor = MICROS_PER_HOUR;
                modulus = 24;
            }
            case "MINUTE" -> {
                divisor = MICROS_PER_MINUTE;
                modulus = 60;
            }
            case "SECOND" -> {
                divisor = MICROS_PER_SECOND;
                modulus = 60;
            }
            case "MILLISECOND" -> {
                divisor = MICROS_PER_MILLI;
                modulus = MICROS_PER_MINUTE / MICROS_PER_MILLI;
            }
            case "MICROSECOND" -> {
                divisor = 1;
                modulus = MICROS_PER_MINUTE;
            }
            case "EPOCH" -> {
                divisor = MICROS_PER_SECOND;
                modulus = Long.MAX_VALUE;
            }
            default -> throw new Unsupported("EXTRACT(" + unit + ") of an interval");
        }
        boolean ofMonths = unit.equals("YEAR") || unit.equals("MONTH");
        return new Computed(
                interval, interval, (value, same) -> ofMonths == months ? (Long) value / divisor % modulus : 0L);
    }

    private interface Body {
        long of(Object left, Object right) throws SQLException;
    }

    /** A count of two values; NULL of a NULL. */
    private record Computed(Expression left, Expression right, Body body) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BIGINT;
        }

        @Override
        public boolean deterministic() {
            return left.deterministic() && right.deterministic();
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object first = left.evaluate(scope);
            Object second = right == left ? first : right.evaluate(scope);
            if (first == null || second == null) {
                return null;
            }
            try {
                return body.of(first, second);
            } catch (ArithmeticException e) {
                throw PandoSqlState.OUT_OF_RANGE.exception("the interval is out of range", e);
            }
        }
    }
}
