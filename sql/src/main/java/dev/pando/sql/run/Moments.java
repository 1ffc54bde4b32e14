package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.expr.Numbers;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.types.Assign;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.SQLException;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * How far numbers lie from their mean: variances, deviations, covariances. Of exact numbers the sums are exact, and only
 * the result is rounded; of others they are taken around the running mean, so that no large ones cancel out.
 */
abstract class Moments extends Accumulator {
    private final SqlKind function;
    private final ColumnType type;

    private Moments(SqlKind function, ColumnType type) {
        this.function = function;
        this.type = type;
    }

    /** The maker of a function's accumulators; null when it is none of these. */
    static @Nullable Maker maker(
            SqlKind function, @Nullable ColumnType first, @Nullable ColumnType second, @Nullable ColumnType result)
            throws Unsupported {
        boolean pairs;
        switch (function) {
            case COVAR_POP, COVAR_SAMP, REGR_SXX, REGR_SYY, REGR_COUNT -> pairs = true;
            case STDDEV_POP, STDDEV_SAMP, VAR_POP, VAR_SAMP -> pairs = false;
            default -> {
                return null;
            }
        }
        boolean numbers = first != null
                && result != null
                && Numbers.isNumeric(first)
                && (!pairs || second != null && Numbers.isNumeric(second));
        if (first == null || result == null || !numbers) {
            throw new Unsupported(function + " of what is no number");
        }
        boolean exact = first.family() != Family.FLOAT && (second == null || second.family() != Family.FLOAT);
        return exact ? () -> new Exact(function, result) : () -> new Approximate(function, result);
    }

    /** Takes a pair; REGR and COVAR call the first of it y, the second x. */
    abstract void addPair(Number y, Number x);

    abstract long count();

    /** What the products of distances from the means add up to. */
    abstract BigDecimal spreadOf(boolean ofY, boolean ofX);

    @Override
    void add(Object value) {
        addPair((Number) value, (Number) value);
    }

    @Override
    void addRow(@Nullable Object[] row, int[] arguments) {
        Object y = row[arguments[0]];
        Object x = row[arguments[arguments.length - 1]];
        if (y != null && x != null) {
            addPair((Number) y, (Number) x);
        }
    }

    @Override
    @Nullable
    Object result() throws SQLException {
        long count = count();
        if (function == SqlKind.REGR_COUNT) {
            return count;
        }
        boolean ofSample =
                function == SqlKind.COVAR_SAMP || function == SqlKind.STDDEV_SAMP || function == SqlKind.VAR_SAMP;
        if (count == 0 || ofSample && count == 1) {
            return null;
        }
        BigDecimal spread = spreadOf(function != SqlKind.REGR_SXX, function != SqlKind.REGR_SYY);
        BigDecimal divisor = switch (function) {
            case REGR_SXX, REGR_SYY -> BigDecimal.ONE;
            default -> BigDecimal.valueOf(ofSample ? count - 1 : count);
        };
        BigDecimal mean = spread.divide(divisor, MathContext.DECIMAL128);
        boolean root = function == SqlKind.STDDEV_POP || function == SqlKind.STDDEV_SAMP;
        BigDecimal value = root ? mean.max(BigDecimal.ZERO).sqrt(MathContext.DECIMAL128) : mean;
        Object given = type.family() == Family.FLOAT ? (Object) value.doubleValue() : value;
        return Assign.to(type, given, function.toString());
    }

    private static final class Exact extends Moments {
        private long count;
        private BigDecimal sumY = BigDecimal.ZERO;
        private BigDecimal sumX = BigDecimal.ZERO;
        private BigDecimal sumYX = BigDecimal.ZERO;
        private BigDecimal sumYY = BigDecimal.ZERO;
        private BigDecimal sumXX = BigDecimal.ZERO;

        Exact(SqlKind function, ColumnType type) {
            super(function, type);
        }

        @Override
        void addPair(Number first, Number second) {
            BigDecimal y = exact(first);
            BigDecimal x = exact(second);
            count++;
            sumY = sumY.add(y);
            sumX = sumX.add(x);
            sumYX = sumYX.add(y.multiply(x));
            sumYY = sumYY.add(y.multiply(y));
            sumXX = sumXX.add(x.multiply(x));
        }

        private static BigDecimal exact(Number number) {
            return number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.longValue());
        }

        @Override
        long count() {
            return count;
        }

        /* Σab − Σa·Σb / n */
        @Override
        BigDecimal spreadOf(boolean ofY, boolean ofX) {
            BigDecimal products = ofY && ofX ? sumYX : ofY ? sumYY : sumXX;
            BigDecimal sums = (ofY ? sumY : sumX).multiply(ofX ? sumX : sumY);
            BigDecimal n = BigDecimal.valueOf(count);
            return products.multiply(n).subtract(sums).divide(n, MathContext.DECIMAL128);
        }
    }

    private static final class Approximate extends Moments {
        private long count;
        private double meanY;
        private double meanX;
        private double spreadYX;
        private double spreadYY;
        private double spreadXX;

        Approximate(SqlKind function, ColumnType type) {
            super(function, type);
        }

        @Override
        void addPair(Number first, Number second) {
            double y = first.doubleValue();
            double x = second.doubleValue();
            count++;
            double fromY = y - meanY;
            double fromX = x - meanX;
            meanY += fromY / count;
            meanX += fromX / count;
            spreadYX += fromY * (x - meanX);
            spreadYY += fromY * (y - meanY);
            spreadXX += fromX * (x - meanX);
        }

        @Override
        long count() {
            return count;
        }

        @Override
        BigDecimal spreadOf(boolean ofY, boolean ofX) {
            double spread = ofY && ofX ? spreadYX : ofY ? spreadYY : spreadXX;
            if (!Double.isFinite(spread)) {
                throw new ArithmeticException("the result is out of range: a DOUBLE does not hold it");
            }
            return BigDecimal.valueOf(spread);
        }
    }
}
