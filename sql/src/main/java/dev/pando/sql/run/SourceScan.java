package dev.pando.sql.run;

import dev.pando.sql.expr.Expression;
import dev.pando.sql.plan.RowSource;
import dev.pando.sql.plan.ValueSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows that a source makes: a table as it was, a system table. */
final class SourceScan extends Operator {
    private final ValueSource source;
    private final @Nullable Expression condition;
    private final String name;
    private final String text;

    /** @param text the condition as EXPLAIN shows it */
    SourceScan(ValueSource source, @Nullable Expression condition, double rows, String name, String text) {
        super(new ArrayList<>(source.columnTypes()), rows);
        this.source = source;
        this.condition = condition;
        this.name = name;
        this.text = text;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        RowSource.Rows rows = source.openValues(state.context());
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
        return "scan of " + name + (condition == null ? "" : ", filtered by " + text);
    }

    @Override
    List<Operator> inputs() {
        return List.of();
    }
}
