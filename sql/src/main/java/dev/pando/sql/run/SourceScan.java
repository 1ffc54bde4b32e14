package dev.pando.sql.run;

import dev.pando.KeyRange;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.plan.RowSource;
import dev.pando.sql.plan.ValueSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows that a source makes: a table as it was, a system table. */
final class SourceScan extends Operator {
    private final ValueSource source;
    private final @Nullable KeyWay way;
    private final @Nullable Expression condition;
    private final String name;
    private final String text;

    /**
     * @param way to single rows of a source that gives them by key; null to look at all
     * @param text the condition as EXPLAIN shows it
     */
    SourceScan(
            ValueSource source,
            @Nullable KeyWay way,
            @Nullable Expression condition,
            double rows,
            String name,
            String text) {
        super(new ArrayList<>(source.columnTypes()), rows);
        this.source = source;
        this.way = way;
        this.condition = condition;
        this.name = name;
        this.text = text;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        if (way == null) {
            return filtered(source.openValues(state.context()), state);
        }
        Iterator<KeyRange> keys = way.ranges(state).iterator();
        return new Tuples() {
            @Override
            public @Nullable Object @Nullable [] next() throws SQLException {
                while (keys.hasNext()) {
                    List<Object> key = new ArrayList<>();
                    for (Object value : keys.next().low()) {
                        if (value != null) {
                            key.add(value);
                        }
                    }
                    try (Tuples rows = filtered(source.openKey(state.context(), key), state)) {
                        @Nullable Object[] row = rows.next();
                        if (row != null) {
                            return row;
                        }
                    }
                }
                return null;
            }

            @Override
            public void close() {}
        };
    }

    private Tuples filtered(RowSource.Rows rows, RunState state) {
        return new Tuples() {
            @Override
            public @Nullable Object @Nullable [] next() throws SQLException {
                while (rows.hasNext()) {
                    state.context().checkRow();
                    @Nullable Object[] tuple = rows.next();
                    if (Steps.holds(condition, state, tuple)) {
                        return tuple;
                    }
                }
                return null;
            }

            @Override
            public void close() {
                rows.close();
            }
        };
    }

    @Override
    String describe() {
        return (way == null ? "scan" : way.describe()) + " of " + name
                + (condition == null ? "" : ", filtered by " + text);
    }

    @Override
    List<Operator> inputs() {
        return List.of();
    }
}
