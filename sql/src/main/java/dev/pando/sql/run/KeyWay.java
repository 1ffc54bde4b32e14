package dev.pando.sql.run;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.Index;
import dev.pando.KeyRange;
import dev.pando.MergeKind;
import dev.pando.Table;
import dev.pando.sql.expr.Comparisons;
import dev.pando.sql.expr.Expression;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a table is read, and in which order: rows whose leading key columns equal the prefix, and of which the
 * next column is one of the points or lies between the limits. It may give more rows than meet the condition, never
 * fewer.
 *
 * @param index null for the primary key
 * @param points null for none
 * @param answered conditions that hold of each row within bounds that the columns can hold
 */
record KeyWay(
        Table table,
        @Nullable Index index,
        List<Expression> prefix,
        @Nullable List<Expression> points,
        @Nullable Limit low,
        @Nullable Limit high,
        boolean descending,
        List<RexNode> answered) {
    /** One end of a range. */
    record Limit(Expression value, boolean inclusive) {}

    /**
     * What a way comes to with the values of one execution.
     *
     * @param exact whether no bound was left out: what is {@linkplain #answered} need not be asked again
     */
    record Found(List<KeyRange> ranges, boolean exact) {
        static final Found NOTHING = new Found(List.of(), true);
    }

    static KeyWay all(Table table) {
        return along(table, null);
    }

    /** All rows in the order of a key. */
    static KeyWay along(Table table, @Nullable Index index) {
        return new KeyWay(table, index, List.of(), null, null, null, false, List.of());
    }

    KeyWay backwards() {
        return new KeyWay(table, index, prefix, points, low, high, true, answered);
    }

    List<Integer> key() {
        return index == null ? table.primaryKey() : index.columns();
    }

    /** Whether the values of a column of the key stand in descending order in it. */
    boolean isDescending(int keyColumn) {
        return index != null && index.descending().get(keyColumn);
    }

    boolean isAll() {
        return prefix.isEmpty() && points == null && low == null && high == null;
    }

    /** Columns of the key that are held to single values. */
    int fixed() {
        return prefix.size() + (points == null ? 0 : 1);
    }

    /** Whether each value, or each point, is one row at most. */
    boolean isLookup() {
        return index == null
                && !table.primaryKey().isEmpty()
                && fixed() == table.primaryKey().size();
    }

    /** The ranges to read, one after the other; empty when a value is NULL or cannot be in the column. */
    List<KeyRange> ranges(RunState state) throws SQLException {
        return find(state).ranges;
    }

    /** The same, and whether they say all that the way knows. */
    Found find(RunState state) throws SQLException {
        List<@Nullable Object> from = new ArrayList<>();
        for (int i = 0; i < prefix.size(); i++) {
            Object value = prefix.get(i).evaluate(state);
            Object fitting = value == null ? null : exact(prefix.get(i).type(), value, type(i));
            if (fitting == null) {
                return Found.NOTHING;
            }
            from.add(fitting);
        }
        if (points != null) {
            return new Found(pointRanges(state, from, points), true);
        }
        List<@Nullable Object> to = new ArrayList<>(from);
        boolean exact = true;
        boolean lowInclusive = true;
        boolean highInclusive = true;
        if (low != null) {
            Object value = low.value.evaluate(state);
            if (value == null) {
                return Found.NOTHING;
            }
            Object fitting = exact(low.value.type(), value, type(from.size()));
            if (fitting != null) {
                from.add(fitting);
                lowInclusive = low.inclusive;
            }
            exact = fitting != null;
        }
        if (high != null) {
            Object value = high.value.evaluate(state);
            if (value == null) {
                return Found.NOTHING;
            }
            Object fitting = exact(high.value.type(), value, type(to.size()));
            if (fitting != null) {
                to.add(fitting);
                highInclusive = high.inclusive;
            }
            exact &= fitting != null;
        }
        return new Found(List.of(new KeyRange(from, lowInclusive, to, highInclusive)), exact);
    }

    private List<KeyRange> pointRanges(RunState state, List<@Nullable Object> from, List<Expression> wanted)
            throws SQLException {
        ColumnType column = type(from.size());
        TreeSet<Object> values = new TreeSet<>(Comparisons.order(column, column));
        for (Expression each : wanted) {
            Object value = each.evaluate(state);
            Object fitting = value == null ? null : exact(each.type(), value, column);
            if (fitting != null) {
                values.add(fitting);
            }
        }
        List<KeyRange> ranges = new ArrayList<>();
        boolean downwards = descending != isDescending(from.size());
        for (Object value : downwards ? values.descendingSet() : values) {
            List<@Nullable Object> key = new ArrayList<>(from);
            key.add(value);
            ranges.add(KeyRange.prefix(key));
        }
        return ranges;
    }

    private ColumnType type(int keyColumn) {
        return table.columns().get(key().get(keyColumn)).type();
    }

    /** Whether values of a type may bound a column. */
    static boolean mayBound(@Nullable ColumnType type, ColumnType column) {
        if (type == null) {
            return false;
        }
        Family family = type.family();
        return switch (column.family()) {
            case INT, DEC -> family == Family.INT || family == Family.DEC;
            case FLOAT -> family == Family.FLOAT || family == Family.INT;
            case TEXT -> family == Family.TEXT;
            case ARRAY, JSON -> false;
            default -> family == column.family();
        };
    }

    /** Whether the order of a column's keys is the order in which its values are compared, and every value shows it. */
    static boolean isComparedAsKey(Column column) {
        return column.merge() != MergeKind.SUM
                && switch (column.type().family()) {
                    case INT, DEC, DATE, TIME, TS, TSTZ -> true;
                    default -> false;
                };
    }

    /** The value as the column would hold it; null when it would hold another. */
    private static @Nullable Object exact(@Nullable ColumnType type, Object value, ColumnType column) {
        return switch (column.family()) {
            case INT -> integer(value, column);
            case DEC -> decimal(value, column);
            case FLOAT ->
                value instanceof Long number && (long) (double) number != number
                        ? null
                        : (Object) (((Number) value).doubleValue() + 0.0);
            default -> value;
        };
    }

    private static @Nullable Object integer(Object value, ColumnType column) {
        long number;
        if (value instanceof BigDecimal decimal) {
            try {
                number = decimal.longValueExact();
            } catch (ArithmeticException e) {
                return null;
            }
        } else {
            number = (Long) value;
        }
        long max = switch (column.name()) {
            case "TINYINT" -> Byte.MAX_VALUE;
            case "SMALLINT" -> Short.MAX_VALUE;
            case "INTEGER" -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
        return number > max || number < -max - 1 ? null : (Object) number;
    }

    private static @Nullable Object decimal(Object value, ColumnType column) {
        BigDecimal number = value instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) value;
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() > column.scale() ? null : number.setScale(column.scale());
    }

    String describe() {
        if (isAll()) {
            return index == null ? "scan" : "scan in the order of index " + index.name();
        }
        String way = isLookup()
                ? "key lookup"
                : index == null ? "range of the primary key" : "range of index " + index.name();
        int columns = fixed() + (low != null || high != null ? 1 : 0);
        List<String> names = new ArrayList<>();
        for (int ordinal : key().subList(0, columns)) {
            names.add(table.columns().get(ordinal).name());
        }
        return way + " by " + String.join(", ", names);
    }
}
