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

    /** Begins reading as {@link #open} does, but with rows that are good only until the next one is asked for. */
    public Tuples openLending(RunState state) throws SQLException {
        return open(state);
    }

    /** Begins reading single fields; null when only whole rows can be read. */
    @Nullable
    Fields openFields(RunState state) throws SQLException {
        return null;
    }

    /** What it does, in a few words. */
    abstract String describe();

    /** The same, told whether it is read by {@link #openBriefly}. */
    String describe(boolean briefly) {
        return describe();
    }

    abstract List<Operator> inputs();

    /** Whether it reads an input by {@link #openBriefly}, when it is itself read so or not. */
    boolean readsBriefly(Operator input, boolean briefly) {
        return false;
    }

    /** The tree as EXPLAIN shows it. */
    public final String explain() {
        StringBuilder text = new StringBuilder();
        explain(text, 0, false);
        return text.toString();
    }

    private void explain(StringBuilder text, int depth, boolean briefly) {
        text.append("  ".repeat(depth)).append(describe(briefly)).append('\n');
        inputs().forEach(input -> input.explain(text, depth + 1, readsBriefly(input, briefly)));
    }
}
