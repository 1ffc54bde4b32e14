package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Makes calls of {@link Window} of the planner's expressions. */
final class WindowFunctions {
    private final RexBinder binder;
    private final Operator input;
    private final List<RexNode> keys;

    /** @param keys what windows are partitioned and ordered by, as the input's last columns */
    private WindowFunctions(RexBinder binder, Operator input, List<RexNode> keys) {
        this.binder = binder;
        this.input = input;
        this.keys = keys;
    }

    /** A projection with windows: the keys of the windows beside the input's columns, the windows, and the rest. */
    static Operator project(Project project, Operator input, RexBinder binder) throws Unsupported, SQLException {
        Map<RexOver, Integer> overs = new LinkedHashMap<>();
        List<RexNode> keys = new ArrayList<>();
        RexShuttle finder = new RexShuttle() {
            @Override
            public RexNode visitOver(RexOver over) {
                overs.putIfAbsent(over, overs.size());
                keys.addAll(over.getWindow().partitionKeys);
                over.getWindow().orderKeys.forEach(key -> keys.add(key.left));
                return over;
            }
        };
        project.getProjects().forEach(finder::apply);
        Operator keyed = withKeys(input, keys, binder);
        WindowFunctions functions = new WindowFunctions(binder, keyed, keys);
        List<@Nullable ColumnType> types = new ArrayList<>(keyed.types());
        List<Window.Call> calls = new ArrayList<>();
        for (RexOver over : overs.keySet()) {
            calls.add(functions.call(over));
            types.add(Values.operatorType(over.getType()));
        }
        Operator computed = new Window(keyed, types, calls, overs.keySet().toString());
        RexShuttle results = new RexShuttle() {
            @Override
            public RexNode visitOver(RexOver over) {
                Integer number = overs.get(over);
                return number == null ? over : new RexInputRef(keyed.width() + number, over.getType());
            }
        };
        List<RexNode> expressions = results.apply(project.getProjects());
        @Nullable Expression[] bound = new Expression[expressions.size()];
        List<@Nullable ColumnType> projected = new ArrayList<>();
        for (int i = 0; i < bound.length; i++) {
            bound[i] = binder.bind(expressions.get(i));
            projected.add(Values.operatorType(expressions.get(i).getType()));
        }
        return new Steps.Project(computed, projected, bound, expressions.toString());
    }

    private static Operator withKeys(Operator input, List<RexNode> keys, RexBinder binder)
            throws Unsupported, SQLException {
        List<@Nullable ColumnType> types = new ArrayList<>(input.types());
        @Nullable Expression[] expressions = new Expression[input.width() + keys.size()];
        for (int i = 0; i < input.width(); i++) {
            ColumnType type = input.types().get(i);
            expressions[i] = type == null ? null : new Expression.ColumnReference(i, type);
        }
        for (int i = 0; i < keys.size(); i++) {
            expressions[input.width() + i] = binder.bind(keys.get(i));
            types.add(Values.operatorType(keys.get(i).getType()));
        }
        return new Steps.Project(input, types, expressions, "keys " + keys);
    }

    private Window.Call call(RexOver over) throws Unsupported, SQLException {
        RexWindow window = over.getWindow();
        int[] partition = new int[window.partitionKeys.size()];
        for (int i = 0; i < partition.length; i++) {
            partition[i] = column(window.partitionKeys.get(i));
        }
        List<RelFieldCollation> order = new ArrayList<>();
        for (RexFieldCollation each : window.orderKeys) {
            order.add(new RelFieldCollation(column(each.left), each.getDirection(), each.getNullDirection()));
        }
        WindowFrame frame = WindowFrame.of(window, binder, input, order);
        return new Window.Call(partition, Orders.order(input, order), function(over, frame));
    }

    private int column(RexNode key) {
        return input.width() - keys.size() + keys.indexOf(key);
    }

    private Window.Function function(RexOver over, WindowFrame frame) throws Unsupported, SQLException {
        List<Expression> arguments = new ArrayList<>();
        for (RexNode operand : over.getOperands()) {
            arguments.add(binder.bind(operand));
        }
        boolean skipsNull = over.ignoreNulls();
        SqlKind kind = over.getAggOperator().getKind();
        return switch (kind) {
            case ROW_NUMBER -> (partition, results) -> fill(results, row -> row + 1L);
            case RANK -> (partition, results) -> ranks(partition, results, false);
            case DENSE_RANK -> (partition, results) -> ranks(partition, results, true);
            case PERCENT_RANK -> WindowFunctions::percentRanks;
            case CUME_DIST -> WindowFunctions::distribution;
            case NTILE -> (partition, results) -> tiles(arguments.get(0), partition, results);
            case LAG, LEAD -> shifted(arguments, kind == SqlKind.LAG ? -1 : 1, skipsNull);
            case FIRST_VALUE -> nth(arguments.get(0), null, true, frame, skipsNull);
            case LAST_VALUE -> nth(arguments.get(0), null, false, frame, skipsNull);
            case NTH_VALUE -> nth(arguments.get(0), arguments.get(1), true, frame, skipsNull);
            default -> aggregate(over, arguments, frame);
        };
    }

    private interface ByRow {
        Object of(int row);
    }

    private static void fill(@Nullable Object[] results, ByRow value) {
        for (int i = 0; i < results.length; i++) {
            results[i] = value.of(i);
        }
    }

    private static void ranks(Window.Partition partition, @Nullable Object[] results, boolean dense) {
        long rank = 0;
        for (int i = 0; i < results.length; i++) {
            if (i == 0 || !partition.isPeer(i - 1, i)) {
                rank = dense ? rank + 1 : i + 1L;
            }
            results[i] = rank;
        }
    }

    private static void percentRanks(Window.Partition partition, @Nullable Object[] results) {
        double rank = 0;
        for (int i = 0; i < results.length; i++) {
            rank = i > 0 && partition.isPeer(i - 1, i) ? rank : i;
            results[i] = results.length == 1 ? 0.0 : rank / (results.length - 1);
        }
    }

    private static void distribution(Window.Partition partition, @Nullable Object[] results) {
        int end = 0;
        for (int i = 0; i < results.length; i++) {
            while (end < results.length && (end <= i || partition.isPeer(end, i))) {
                end++;
            }
            results[i] = (double) end / results.length;
        }
    }

    /* The first buckets are larger by one when it does not come out even. */
    private static void tiles(Expression argument, Window.Partition partition, @Nullable Object[] results)
            throws SQLException {
        for (int i = 0; i < results.length; i++) {
            long buckets = Window.count(partition.value(argument, i), "NTILE", 1);
            long size = results.length / buckets;
            long larger = results.length % buckets;
            long inLarger = larger * (size + 1);
            results[i] = i < inLarger ? i / (size + 1) + 1 : larger + (i - inLarger) / size + 1;
        }
    }

    private static Window.Function shifted(List<Expression> arguments, int sign, boolean skipsNull) {
        Expression value = arguments.get(0);
        return (partition, results) -> {
            for (int i = 0; i < results.length; i++) {
                partition.state().context().checkRow();
                Object distance = arguments.size() > 1 ? partition.value(arguments.get(1), i) : (Object) 1L;
                long left = Window.count(distance, "LAG and LEAD", 0);
                int at = i;
                if (skipsNull) {
                    while (left > 0 && at >= 0 && at < results.length) {
                        at += sign;
                        boolean counts = at >= 0 && at < results.length && partition.value(value, at) != null;
                        left -= counts ? 1 : 0;
                    }
                } else {
                    at = (int) Math.max(-1, Math.min(results.length, i + sign * Math.min(left, results.length)));
                }
                boolean inside = at >= 0 && at < results.length;
                results[i] = inside
                        ? partition.value(value, at)
                        : arguments.size() > 2 ? partition.value(arguments.get(2), i) : null;
            }
        };
    }

    private static Window.Function nth(
            Expression value, @Nullable Expression place, boolean fromStart, WindowFrame frame, boolean skipsNull) {
        return (partition, results) -> {
            for (int i = 0; i < results.length; i++) {
                int first = frame.first(partition, i);
                int last = frame.last(partition, i);
                long left = place == null ? 1 : Window.count(partition.value(place, i), "NTH_VALUE", 1);
                int step = fromStart ? 1 : -1;
                Object found = null;
                for (int at = fromStart ? first : last; at >= first && at <= last && left > 0; at += step) {
                    partition.state().context().checkRow();
                    Object each = partition.value(value, at);
                    if ((each != null || !skipsNull) && frame.counts(partition, i, at)) {
                        left--;
                        found = left == 0 ? each : null;
                    }
                }
                results[i] = found;
            }
        };
    }

    /*
     * A frame that only grows at its end goes on with what was added; any other begins anew for each row, and so does one
     * with gaps.
     */
    private Window.Function aggregate(RexOver over, List<Expression> arguments, WindowFrame frame) throws Unsupported {
        ColumnType result = Values.operatorType(over.getType());
        List<@Nullable ColumnType> types = new ArrayList<>();
        arguments.forEach(argument -> types.add(argument.type()));
        SqlKind kind = over.getAggOperator().getKind();
        Accumulator.Maker maker = Accumulator.maker(kind, types, result);
        boolean distinct = over.isDistinct() && kind != SqlKind.MIN && kind != SqlKind.MAX;
        if (distinct && arguments.size() > 1) {
            throw new Unsupported(over.toString());
        }
        int[] places = new int[arguments.size()];
        Arrays.setAll(places, i -> i);
        return (partition, results) -> {
            RunState state = partition.state();
            Accumulator running = begun(maker, distinct, state);
            int begun = 0;
            int added = -1;
            for (int i = 0; i < results.length; i++) {
                state.context().checkRow();
                int first = frame.first(partition, i);
                int last = frame.last(partition, i);
                if (first != begun || last < added || frame.hasGaps()) {
                    ended(running, state);
                    running = begun(maker, distinct, state);
                    begun = first;
                    added = first - 1;
                }
                while (added < last) {
                    state.context().checkRow();
                    added++;
                    if (frame.counts(partition, i, added)) {
                        @Nullable Object[] values = new Object[places.length];
                        for (int each = 0; each < values.length; each++) {
                            values[each] = partition.value(arguments.get(each), added);
                        }
                        running.addRow(values, places);
                    }
                }
                results[i] = running.result();
            }
            ended(running, state);
        };
    }

    private static Accumulator begun(Accumulator.Maker maker, boolean distinct, RunState state) {
        return distinct ? new Accumulator.Distinct(maker.make(), state) : maker.make();
    }

    private static void ended(Accumulator running, RunState state) {
        if (running instanceof Accumulator.Distinct distinct) {
            state.context().memory().release(distinct.bytes());
        }
    }
}
