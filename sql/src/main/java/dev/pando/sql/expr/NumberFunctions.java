package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.Assign;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions of numbers. */
final class NumberFunctions {
    /** Digits after or before the point that a number is rounded to at most. */
    private static final int SCALE_MAX = 38;

    private NumberFunctions() {}

    static void addTo(Library.Sink sink) {
        roots(sink);
        angles(sink);
        rounding(sink);
        bits(sink);
        sink.add("ABS", 1, 1, same(NumberFunctions::absolute));
        sink.add("SIGN", 1, 1, same(NumberFunctions::sign));
        sink.add("GCD", 2, 2, types -> integers(types, v -> gcd(types.get(0), (Long) v[0], (Long) v[1])));
    }

    private static void roots(Library.Sink sink) {
        floating(sink, "SQRT", x -> x < 0 ? Double.NaN : Math.sqrt(x));
        floating(sink, "CBRT", Math::cbrt);
        floating(sink, "EXP", Math::exp);
        floating(sink, "LN", Math::log);
        floating(sink, "LOG10", Math::log10);
        floating(sink, "LOG2", x -> logarithm(2, x));
        floating(sink, "LOG", Math::log10);
        floating(sink, "LOG", NumberFunctions::logarithm);
        floating(sink, "POWER", Math::pow);
        floating(sink, "POW", Math::pow);
    }

    private static void angles(Library.Sink sink) {
        floating(sink, "SIN", Math::sin);
        floating(sink, "COS", Math::cos);
        floating(sink, "TAN", Math::tan);
        floating(sink, "COT", x -> 1 / Math.tan(x));
        floating(sink, "ASIN", Math::asin);
        floating(sink, "ACOS", Math::acos);
        floating(sink, "ATAN", Math::atan);
        floating(sink, "ATAN2", Math::atan2);
        floating(sink, "SINH", Math::sinh);
        floating(sink, "COSH", Math::cosh);
        floating(sink, "TANH", Math::tanh);
        floating(sink, "ASINH", x -> Math.copySign(Math.log(Math.abs(x) + Math.hypot(x, 1)), x));
        floating(sink, "ACOSH", x -> Math.log(x + Math.sqrt(x * x - 1)));
        floating(sink, "ATANH", x -> Math.log((1 + x) / (1 - x)) / 2);
        floating(sink, "COTH", x -> 1 / Math.tanh(x));
        floating(sink, "SEC", x -> 1 / Math.cos(x));
        floating(sink, "SECH", x -> 1 / Math.cosh(x));
        floating(sink, "CSC", x -> 1 / Math.sin(x));
        floating(sink, "CSCH", x -> 1 / Math.sinh(x));
        floating(sink, "SIND", x -> Math.sin(Math.toRadians(x)));
        floating(sink, "COSD", x -> Math.cos(Math.toRadians(x)));
        floating(sink, "TAND", x -> Math.tan(Math.toRadians(x)));
        floating(sink, "ASIND", x -> Math.toDegrees(Math.asin(x)));
        floating(sink, "ACOSD", x -> Math.toDegrees(Math.acos(x)));
        floating(sink, "ATAND", x -> Math.toDegrees(Math.atan(x)));
        floating(sink, "DEGREES", Math::toDegrees);
        floating(sink, "RADIANS", Math::toRadians);
        sink.add("PI", 0, 0, types -> new Library.Made(ColumnType.DOUBLE, v -> Math.PI));
    }

    private static void bits(Library.Sink sink) {
        sink.add("BITAND", 2, 2, types -> integers(types, v -> (Long) v[0] & (Long) v[1]));
        sink.add("BITOR", 2, 2, types -> integers(types, v -> (Long) v[0] | (Long) v[1]));
        sink.add("BITXOR", 2, 2, types -> integers(types, v -> (Long) v[0] ^ (Long) v[1]));
        sink.add("BITNOT", 1, 1, types -> integers(types, v -> ~(Long) v[0]));
    }

    private static void rounding(Library.Sink sink) {
        sink.add("ROUND", 1, 2, types -> rounded(types, RoundingMode.HALF_UP));
        sink.add("TRUNCATE", 1, 2, types -> rounded(types, RoundingMode.DOWN));
        sink.add("TRUNC", 1, 2, types -> rounded(types, RoundingMode.DOWN));
        sink.add("FLOOR", 1, 1, types -> rounded(types, RoundingMode.FLOOR));
        sink.add("CEIL", 1, 1, types -> rounded(types, RoundingMode.CEILING));
        sink.add("CEILING", 1, 1, types -> rounded(types, RoundingMode.CEILING));
    }

    /* Math.log(1000) / Math.log(10) is 2.9999999999999996. */
    private static double logarithm(double base, double x) {
        double found = Math.log(x) / Math.log(base);
        double whole = Math.rint(found);
        return Math.pow(base, whole) == x ? whole : found;
    }

    private static void floating(Library.Sink sink, String name, DoubleUnaryOperator function) {
        sink.add(
                name,
                1,
                1,
                types -> Library.are(types, "N")
                        ? new Library.Made(ColumnType.DOUBLE, v -> finite(name, function.applyAsDouble(d(v[0]))))
                        : null);
    }

    private static void floating(Library.Sink sink, String name, DoubleBinaryOperator function) {
        sink.add(
                name,
                2,
                2,
                types -> Library.are(types, "NN")
                        ? new Library.Made(
                                ColumnType.DOUBLE, v -> finite(name, function.applyAsDouble(d(v[0]), d(v[1]))))
                        : null);
    }

    private static double d(Object value) {
        return ((Number) value).doubleValue();
    }

    private static Double finite(String name, double value) throws SQLException {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw PandoSqlState.OUT_OF_RANGE.exception("the result of "
                    + (name.equals("POWER") ? "POWER or SQRT" : name) + " is no number, or out of range");
        }
        return value == 0 ? 0.0 : value;
    }

    private interface OfOne {
        Object apply(ColumnType type, Object value) throws SQLException;
    }

    private static Library.Maker same(OfOne function) {
        return types -> {
            ColumnType type = types.get(0);
            return Numbers.isNumeric(type) ? new Library.Made(type, v -> function.apply(type, v[0])) : null;
        };
    }

    private static Object absolute(ColumnType type, Object value) throws SQLException {
        if (value instanceof BigDecimal number) {
            return number.abs();
        }
        if (value instanceof Double number) {
            return Math.abs(number);
        }
        /* The least integer of each type has no opposite. */
        return value instanceof Long number && number < 0 ? Numbers.apply('-', type, 0L, number) : value;
    }

    private static Object sign(ColumnType type, Object value) {
        if (value instanceof BigDecimal number) {
            return BigDecimal.valueOf(number.signum());
        }
        return value instanceof Double number
                ? (Object) Math.signum(number)
                : (Object) (long) Long.signum((Long) value);
    }

    private static Library.@Nullable Made integers(List<ColumnType> types, Library.Body body) {
        return Library.are(types, "II") ? new Library.Made(types.get(0), body) : null;
    }

    /* That of the least integer of a type and 0 is beyond the type. */
    private static Object gcd(ColumnType type, long a, long b) throws SQLException {
        return whole(type, new BigDecimal(BigInteger.valueOf(a).gcd(BigInteger.valueOf(b))), "GCD");
    }

    private static Library.@Nullable Made rounded(List<ColumnType> types, RoundingMode mode) {
        if (!Library.are(types, "NI")) {
            return null;
        }
        ColumnType type = types.get(0);
        return new Library.Made(type, v -> {
            long digits = v.length > 1 ? (Long) v[1] : 0;
            int scale = (int) Math.max(-SCALE_MAX, Math.min(SCALE_MAX, digits));
            if (v[0] instanceof Double number) {
                return BigDecimal.valueOf(number).setScale(scale, mode).doubleValue() + 0.0;
            }
            if (v[0] instanceof BigDecimal number) {
                return scale >= number.scale() ? number : number.setScale(scale, mode);
            }
            return scale >= 0
                    ? v[0]
                    : whole(type, BigDecimal.valueOf((Long) v[0]).setScale(scale, mode), "ROUND");
        });
    }

    private static Object whole(ColumnType type, BigDecimal number, String what) throws SQLException {
        Object value = Assign.to(type, number, what);
        return value == null ? 0L : value;
    }
}
