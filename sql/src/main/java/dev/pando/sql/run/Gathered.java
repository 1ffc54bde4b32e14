package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.SessionJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.runtime.JsonFunctions;
import org.apache.calcite.sql.SqlJsonConstructorNullClause;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlJsonArrayAggAggFunction;
import org.apache.calcite.sql.fun.SqlJsonObjectAggAggFunction;
import org.jspecify.annotations.Nullable;

/** A function over all rows of a group at once, in an order: texts and arrays of many values, JSON, percentiles. */
final class Gathered extends Accumulator {
    private interface Finish {
        @Nullable
        Object of(List<@Nullable Object[]> rows) throws SQLException;
    }

    /**
     * One function, for many groups.
     *
     * @param columns of the input that it keeps: its arguments, and then those of its order
     * @param required place among them of what is not NULL in a row that counts; −1 for none
     */
    record Function(
            int[] columns,
            int arguments,
            @Nullable Comparator<@Nullable Object[]> order,
            boolean distinct,
            int required,
            Finish finish) {
        Gathered make(RunState state) {
            return new Gathered(this, state);
        }
    }

    private final Function function;
    private final RunState state;
    private final List<@Nullable Object[]> rows = new ArrayList<>();
    private long bytes;

    private Gathered(Function function, RunState state) {
        this.function = function;
        this.state = state;
    }

    @Override
    void add(Object value) {
        throw new IllegalStateException("takes rows");
    }

    @Override
    void addRow(@Nullable Object[] row, int[] arguments) throws SQLException {
        if (function.required >= 0 && row[function.columns[function.required]] == null) {
            return;
        }
        @Nullable Object[] kept = new Object[function.columns.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = row[function.columns[i]];
        }
        long size = Sizes.of(kept);
        bytes += size;
        state.context().memory().take(size);
        rows.add(kept);
    }

    long bytes() {
        return bytes;
    }

    @Override
    @Nullable
    Object result() throws SQLException {
        List<@Nullable Object[]> given = rows;
        Comparator<@Nullable Object[]> order = function.order;
        if (order != null) {
            given.sort(state.context().interruptible(order));
        }
        if (function.distinct) {
            Set<Object> seen = new HashSet<>();
            given = new ArrayList<>(rows);
            given.removeIf(row -> !seen.add(HashKeys.row(java.util.Arrays.copyOf(row, function.arguments))));
        }
        return function.finish.of(given);
    }

    /** The function of a call; null when it is not one of these. */
    static @Nullable Function of(AggregateCall call, Operator input, @Nullable ColumnType result) throws Unsupported {
        SqlKind kind = call.getAggregation().getKind();
        int[] arguments = call.getArgList().stream().mapToInt(Integer::intValue).toArray();
        Finish finish;
        switch (kind) {
            case LISTAGG -> finish = Gathered::text;
            case ARRAY_AGG -> finish = Gathered::array;
            case JSON_ARRAYAGG -> finish = jsonArray(call, input);
            case JSON_OBJECTAGG -> finish = jsonObject(call, input);
            case MODE -> finish = Gathered::mostFrequent;
            case PERCENTILE_DISC -> finish = Gathered::reached;
            case PERCENTILE_CONT -> finish = Gathered::between;
            default -> {
                return null;
            }
        }
        int required = switch (kind) {
            case LISTAGG, MODE -> 0;
            case PERCENTILE_CONT, PERCENTILE_DISC -> 1;
            default -> call.ignoreNulls() ? 0 : -1;
        };
        if (call.isApproximate() || call.distinctKeys != null || !call.rexList.isEmpty() || result == null) {
            throw new Unsupported(call.toString());
        }
        if (kind == SqlKind.LISTAGG) {
            for (int argument : arguments) {
                ColumnType type = input.types().get(argument);
                if (type != null && type.family() != ColumnType.Family.TEXT) {
                    throw new Unsupported("LISTAGG of " + type.name());
                }
            }
        }
        if (kind == SqlKind.PERCENTILE_CONT && result.family() != ColumnType.Family.FLOAT) {
            throw new Unsupported("PERCENTILE_CONT of " + result.name());
        }
        List<RelFieldCollation> collations = call.getCollation().getFieldCollations();
        int[] columns = new int[arguments.length + collations.size()];
        System.arraycopy(arguments, 0, columns, 0, arguments.length);
        List<RelFieldCollation> moved = new ArrayList<>();
        for (int i = 0; i < collations.size(); i++) {
            columns[arguments.length + i] = collations.get(i).getFieldIndex();
            moved.add(collations.get(i).withFieldIndex(arguments.length + i));
        }
        List<@Nullable ColumnType> types = new ArrayList<>();
        for (int column : columns) {
            types.add(input.types().get(column));
        }
        Comparator<@Nullable Object[]> order = moved.isEmpty() ? null : Orders.order(types, moved);
        return new Function(columns, arguments.length, order, call.isDistinct(), required, finish);
    }

    /* What stands between two texts is the later one's; without one, a comma. */
    private static @Nullable Object text(List<@Nullable Object[]> rows) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            @Nullable Object[] row = rows.get(i);
            boolean separated = row.length > 1 && row[1] instanceof String;
            text.append(i == 0 ? "" : separated ? row[1] : ",").append(row[0]);
        }
        return rows.isEmpty() ? null : text.toString();
    }

    private static @Nullable Object array(List<@Nullable Object[]> rows) {
        List<@Nullable Object> values = new ArrayList<>();
        rows.forEach(row -> values.add(row[0]));
        return values.isEmpty() ? null : values;
    }

    /* Of those that are there equally often the one that was there first. */
    private static @Nullable Object mostFrequent(List<@Nullable Object[]> rows) {
        Map<Object, Integer> counts = new HashMap<>();
        int most = 0;
        for (@Nullable Object[] row : rows) {
            most = Math.max(most, counts.merge(keyOf(row[0]), 1, Integer::sum));
        }
        for (@Nullable Object[] row : rows) {
            if (counts.getOrDefault(keyOf(row[0]), 0) == most) {
                return row[0];
            }
        }
        return null;
    }

    private static Object keyOf(@Nullable Object value) {
        return Objects.requireNonNull(HashKeys.key(value));
    }

    /* The first value up to which there is at least that part of all. */
    private static @Nullable Object reached(List<@Nullable Object[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return null;
        }
        /* Exactly: as a DOUBLE, 0.07 of 100 rows is more than 7 of them. */
        BigDecimal part = BigDecimal.valueOf(fraction(rows)).multiply(BigDecimal.valueOf(rows.size()));
        int place = part.setScale(0, RoundingMode.CEILING).intValueExact();
        return rows.get(Math.max(0, place - 1))[1];
    }

    private static @Nullable Object between(List<@Nullable Object[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return null;
        }
        double place = fraction(rows) * (rows.size() - 1);
        int below = (int) Math.floor(place);
        double low = ((Number) Objects.requireNonNull(rows.get(below)[1])).doubleValue();
        double high = ((Number) Objects.requireNonNull(rows.get((int) Math.ceil(place))[1])).doubleValue();
        double part = place - below;
        double distance = high - low;
        return Double.isInfinite(distance) ? low * (1 - part) + high * part : low + distance * part;
    }

    private static double fraction(List<@Nullable Object[]> rows) throws SQLException {
        double fraction = rows.get(0)[0] instanceof Number number ? number.doubleValue() : -1;
        if (fraction < 0 || fraction > 1) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception("a percentile is a number from 0 to 1");
        }
        return fraction;
    }

    private static Finish jsonArray(AggregateCall call, Operator input) {
        boolean keepsNull = ((SqlJsonArrayAggAggFunction) call.getAggregation()).getNullClause()
                == SqlJsonConstructorNullClause.NULL_ON_NULL;
        ColumnType type = input.types().get(call.getArgList().get(0));
        return rows -> {
            List<@Nullable Object> values = new ArrayList<>();
            for (@Nullable Object[] row : rows) {
                if (row[0] != null || keepsNull) {
                    values.add(SessionJson.of(type, row[0]));
                }
            }
            return JsonFunctions.jsonize(values);
        };
    }

    private static Finish jsonObject(AggregateCall call, Operator input) {
        boolean keepsNull = ((SqlJsonObjectAggAggFunction) call.getAggregation()).getNullClause()
                == SqlJsonConstructorNullClause.NULL_ON_NULL;
        ColumnType type = input.types().get(call.getArgList().get(1));
        return rows -> {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            for (@Nullable Object[] row : rows) {
                if (row[0] == null) {
                    throw new IllegalArgumentException("JSON_OBJECTAGG: a key is not a valid text: NULL");
                }
                if (row[1] != null || keepsNull) {
                    values.put((String) row[0], SessionJson.of(type, row[1]));
                }
            }
            return JsonFunctions.jsonize(values);
        };
    }
}
