package dev.pando.sql.run;

import dev.pando.ColumnType;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step of a query. Values are the engine's. Immutable: executions share it. */
public abstract class Operator {
    private final List<@Nullable ColumnType> types;
    private final double rows;

    /**
     * @param types of the columns; null for one that is always NULL
     * @param rows how many are guessed to come
     */
    Operator(List<@Nullable ColumnType> types, double rows) {
        this.types = types;
        this.rows = Math.max(1, rows);
    }

    public final List<@Nullable ColumnType> types() {
        return types;
    }

    final int width() {
        return types.size();
    }

    final double rows() {
        return rows;
    }

    /** Begins reading. */
    public abstract Tuples open(RunState state) throws SQLException;

    /**
     * Begins reading in whatever order is quickest, and with rows that are good only until the next one is asked for: who
     * keeps one copies it.
     */
    Tuples openBriefly(RunState state) throws SQLException {
        return open(state);
    }

    /** Begins reading single fields; null when only whole rows can be read. */
    @Nullable
    Fields openFields(RunState state) throws SQLException {
        return null;
    }

    /** What it does, in a few words. */
    abstract String describe();

    abstract List<Operator> inputs();

    /** The tree as EXPLAIN shows it. */
    public final String explain() {
        StringBuilder text = new StringBuilder();
        explain(text, 0);
        return text.toString();
    }

    private void explain(StringBuilder text, int depth) {
        text.append("  ".repeat(depth)).append(describe()).append('\n');
        inputs().forEach(input -> input.explain(text, depth + 1));
    }
}
