package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.expr.Comparisons;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.Assign;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** One aggregate function over one group. */
abstract class Accumulator {
    /** Takes a value that is not NULL. */
    abstract void add(Object value) throws SQLException;

    /** The same of a number that stands for a {@link Long}. */
    void addNumber(long value) throws SQLException {
        add(value);
    }

    /** Takes a row, whose values at {@code arguments} count unless one is NULL. */
    void addRow(@Nullable Object[] row, int[] arguments) throws SQLException {
        if (arguments.length == 0) {
            add(Boolean.TRUE);
            return;
        }
        if (arguments.length == 1) {
            Object value = row[arguments[0]];
            if (value != null) {
                add(value);
            }
            return;
        }
        @Nullable Object[] values = new Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = HashKeys.key(row[arguments[i]]);
            if (values[i] == null) {
                return;
            }
        }
        add(HashKeys.Several.of(values));
    }

    abstract @Nullable Object result() throws SQLException;

    /** Makes accumulators of one function. */
    interface Maker {
        Accumulator make();
    }

    /**
     * The maker of a function's accumulators.
     *
     * @param arguments the types of its arguments
     */
    static Maker maker(SqlKind function, List<@Nullable ColumnType> arguments, @Nullable ColumnType result)
            throws Unsupported {
        ColumnType first = arguments.isEmpty() ? null : arguments.get(0);
        ColumnType second = arguments.size() < 2 ? null : arguments.get(1);
        if (function == SqlKind.ARG_MAX || function == SqlKind.ARG_MIN) {
            if (second == null) {
                throw new Unsupported(function + " by NULL");
            }
            Comparator<Object> order = Comparisons.order(second, second);
            return () -> new Companion(order, function == SqlKind.ARG_MAX ? 1 : -1);
        }
        Maker ofMoments = arguments.isEmpty() ? null : Moments.maker(function, first, second, result);
        if (ofMoments != null) {
            return ofMoments;
        }
        if (arguments.size() > 1 && (function == SqlKind.SUM || function == SqlKind.SUM0)) {
            Maker sum = maker(function, first, result);
            return () -> new OfPairs(sum.make());
        }
        if (arguments.size() > 1 && function != SqlKind.COUNT) {
            throw new Unsupported(function + " of more than one value");
        }
        return maker(function, first, result);
    }

    /** @param argument null when there is none */
    private static Maker maker(SqlKind function, @Nullable ColumnType argument, @Nullable ColumnType result)
            throws Unsupported {
        if (function == SqlKind.COUNT) {
            return Count::new;
        }
        if (argument == null || result == null) {
            throw new Unsupported("an aggregate of NULL");
        }
        switch (function) {
            case MIN, MAX -> {
                if (!argument.equals(result) && argument.family() != result.family()) {
                    throw new Unsupported(function + " of " + argument.name());
                }
                Comparator<Object> order = Comparisons.order(argument, argument);
                int sign = function == SqlKind.MIN ? -1 : 1;
                if (WalkedFields.isNumber(argument)) {
                    return () -> new NumberExtreme(order, sign);
                }
                return () -> new Extreme(order, sign);
            }
            case SUM, SUM0 -> {
                boolean zero = function == SqlKind.SUM0;
                return sum(argument, result, zero);
            }
            case AVG -> {
                return average(argument, result);
            }
            case BIT_AND, BIT_OR, BIT_XOR -> {
                if (argument.family() != Family.INT) {
                    throw new Unsupported(function + " of " + argument.name());
                }
                return () -> new Bits(function);
            }
            case SINGLE_VALUE -> {
                return Single::new;
            }
            case ANY_VALUE -> {
                return () -> new Extreme((a, b) -> 0, 1);
            }
            default -> throw new Unsupported("aggregate " + function);
        }
    }

    private static Maker sum(ColumnType argument, ColumnType result, boolean zero) throws Unsupported {
        return switch (argument.family()) {
            case INT -> () -> new IntegerSum(result, zero);
            case DEC -> () -> new DecimalSum(result, zero);
            case FLOAT -> () -> new DoubleSum(result, zero);
            default -> throw new Unsupported("SUM of " + argument.name());
        };
    }

    private static Maker average(ColumnType argument, ColumnType result) throws Unsupported {
        return switch (argument.family()) {
            case INT, DEC -> () -> new ExactAverage(result);
            case FLOAT -> () -> new DoubleAverage();
            default -> throw new Unsupported("AVG of " + argument.name());
        };
    }

    private static final class Count extends Accumulator {
        private long count;

        @Override
        void add(Object value) {
            count++;
        }

        @Override
        void addNumber(long value) {
            count++;
        }

        @Override
        Object result() {
            return count;
        }
    }

    private static class Extreme extends Accumulator {
        private final Comparator<Object> order;
        private final int sign;
        private @Nullable Object best;

        Extreme(Comparator<Object> order, int sign) {
            this.order = order;
            this.sign = sign;
        }

        @Override
        void add(Object value) {
            Object known = best;
            if (known == null || order.compare(value, known) * sign > 0) {
                best = value;
            }
        }

        @Override
        @Nullable
        Object result() {
            return best;
        }
    }

    /** Takes the first value where no other one is NULL: the planner makes such sums of covariances over windows. */
    private static final class OfPairs extends Accumulator {
        private final Accumulator inner;

        OfPairs(Accumulator inner) {
            this.inner = inner;
        }

        @Override
        void add(Object value) throws SQLException {
            inner.add(value);
        }

        @Override
        void addRow(@Nullable Object[] row, int[] arguments) throws SQLException {
            for (int argument : arguments) {
                if (row[argument] == null) {
                    return;
                }
            }
            inner.addRow(row, new int[] {arguments[0]});
        }

        @Override
        @Nullable
        Object result() throws SQLException {
            return inner.result();
        }
    }

    /** The value that stands in the row with the greatest or least other one. */
    private static final class Companion extends Accumulator {
        private final Comparator<Object> order;
        private final int sign;
        private @Nullable Object best;
        private @Nullable Object value;

        Companion(Comparator<Object> order, int sign) {
            this.order = order;
            this.sign = sign;
        }

        @Override
        void add(Object single) {
            throw new IllegalStateException("takes rows");
        }

        @Override
        void addRow(@Nullable Object[] row, int[] arguments) {
            Object by = row[arguments[1]];
            Object known = best;
            if (by != null && (known == null || order.compare(by, known) * sign > 0)) {
                best = by;
                value = row[arguments[0]];
            }
        }

        @Override
        @Nullable
        Object result() {
            return value;
        }
    }

    private static final class NumberExtreme extends Extreme {
        private final boolean least;
        private boolean any;
        private long best;

        NumberExtreme(Comparator<Object> order, int sign) {
            super(order, sign);
            this.least = sign < 0;
        }

        @Override
        void addNumber(long value) {
            if (!any || (least ? value < best : value > best)) {
                any = true;
                best = value;
            }
        }

        @Override
        @Nullable
        Object result() {
            if (any) {
                add(best);
            }
            return super.result();
        }
    }

    private static final class IntegerSum extends Accumulator {
        private final ColumnType type;
        private boolean any;
        private long sum;
        private @Nullable BigInteger beyond;

        IntegerSum(ColumnType type, boolean zero) {
            this.type = type;
            this.any = zero;
        }

        @Override
        void add(Object value) {
            addNumber((Long) value);
        }

        @Override
        void addNumber(long number) {
            any = true;
            long next = sum + number;
            if (((sum ^ next) & (number ^ next)) < 0) {
                BigInteger exact = beyond == null ? BigInteger.ZERO : beyond;
                beyond = exact.add(BigInteger.valueOf(sum));
                sum = number;
            } else {
                sum = next;
            }
        }

        @Override
        @Nullable
        Object result() throws SQLException {
            if (!any) {
                return null;
            }
            if (beyond == null && type.family() == Family.INT && type.name().equals("BIGINT")) {
                return sum;
            }
            BigInteger exact = BigInteger.valueOf(sum).add(beyond == null ? BigInteger.ZERO : beyond);
            return Assign.to(type, new BigDecimal(exact), "SUM");
        }
    }

    private static final class DecimalSum extends Accumulator {
        private final ColumnType type;
        private @Nullable BigDecimal sum;

        DecimalSum(ColumnType type, boolean zero) {
            this.type = type;
            this.sum = zero ? BigDecimal.ZERO : null;
        }

        @Override
        void add(Object value) {
            sum = sum == null ? (BigDecimal) value : sum.add((BigDecimal) value);
        }

        @Override
        @Nullable
        Object result() throws SQLException {
            return Assign.to(type, sum, "SUM");
        }
    }

    private static final class DoubleSum extends Accumulator {
        private final ColumnType type;
        private boolean any;
        private double sum;

        DoubleSum(ColumnType type, boolean zero) {
            this.type = type;
            this.any = zero;
        }

        @Override
        void add(Object value) {
            any = true;
            sum += (Double) value;
        }

        @Override
        @Nullable
        Object result() throws SQLException {
            return any ? Assign.to(type, sum, "SUM") : null;
        }
    }

    private static final class ExactAverage extends Accumulator {
        private final ColumnType type;
        private final DecimalSum sum = new DecimalSum(ColumnType.decimal(38, 0), true);
        private long small;
        private long count;

        ExactAverage(ColumnType type) {
            this.type = type;
        }

        @Override
        void add(Object value) {
            if (value instanceof Long number) {
                addNumber(number);
            } else {
                count++;
                sum.add(value);
            }
        }

        @Override
        void addNumber(long number) {
            count++;
            long next = small + number;
            if (((small ^ next) & (number ^ next)) < 0) {
                sum.add(BigDecimal.valueOf(small));
                small = number;
            } else {
                small = next;
            }
        }

        @Override
        @Nullable
        Object result() throws SQLException {
            if (count == 0) {
                return null;
            }
            BigDecimal total = BigDecimal.valueOf(small).add(sum.sum == null ? BigDecimal.ZERO : sum.sum);
            if (type.family() == Family.FLOAT) {
                return total.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
                        .doubleValue();
            }
            int scale = type.family() == Family.DEC ? type.scale() : 0;
            return Assign.to(type, total.divide(BigDecimal.valueOf(count), scale, RoundingMode.HALF_UP), "AVG");
        }
    }

    private static final class DoubleAverage extends Accumulator {
        private double sum;
        private long count;

        @Override
        void add(Object value) {
            sum += (Double) value;
            count++;
        }

        @Override
        @Nullable
        Object result() throws SQLException {
            return count == 0 ? null : Assign.to(ColumnType.DOUBLE, sum / count, "AVG");
        }
    }

    private static final class Bits extends Accumulator {
        private final SqlKind function;
        private @Nullable Long bits;

        Bits(SqlKind function) {
            this.function = function;
        }

        @Override
        void add(Object value) {
            Long known = bits;
            long more = (Long) value;
            if (known == null) {
                bits = more;
            } else {
                bits = switch (function) {
                    case BIT_AND -> known & more;
                    case BIT_OR -> known | more;
                    default -> known ^ more;
                };
            }
        }

        @Override
        @Nullable
        Object result() {
            return bits;
        }
    }

    private static final class Single extends Accumulator {
        private @Nullable Object only;

        @Override
        void add(Object value) throws SQLException {
            if (only != null) {
                throw PandoSqlState.CARDINALITY.exception("a subquery that is a value gave more than one row");
            }
            only = value;
        }

        @Override
        @Nullable
        Object result() {
            return only;
        }
    }

    /** Takes each value once. */
    static final class Distinct extends Accumulator {
        private final Accumulator inner;
        private final RunState state;
        private final Set<Object> seen = new HashSet<>();
        private long bytes;

        Distinct(Accumulator inner, RunState state) {
            this.inner = inner;
            this.state = state;
        }

        @Override
        void add(Object value) throws SQLException {
            Object key = HashKeys.key(value);
            if (key != null && seen.add(key)) {
                long size = Sizes.of(value) + Sizes.ENTRY;
                bytes += size;
                state.context().memory().take(size);
                inner.add(value);
            }
        }

        @Override
        @Nullable
        Object result() throws SQLException {
            return inner.result();
        }

        long bytes() {
            return bytes;
        }
    }
}
