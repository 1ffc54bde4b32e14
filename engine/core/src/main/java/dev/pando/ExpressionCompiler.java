package dev.pando;

import org.jspecify.annotations.Nullable;

/** Turns SQL text into pure functions of a row. The engine owns the interface, the SQL module implements it. */
public interface ExpressionCompiler {

    /**
     * Compiles an expression over {@code table}'s columns.
     *
     * @throws PandoException {@code INVALID_DEFINITION} for text that is not a valid expression of that table
     */
    RowFunction compile(String sql, Table table);

    /** A function of a row's values; thread-safe. For a condition: TRUE, FALSE or null (unknown). */
    @FunctionalInterface
    interface RowFunction {
        /** @param row values by ordinal */
        @Nullable
        Object apply(RowValues row);
    }

    /** Values by ordinal, of the classes that {@link ColumnType} tells. */
    @FunctionalInterface
    interface RowValues {
        @Nullable
        Object get(int ordinal);

        /** A key that no other node makes, for a DEFAULT; a CHECK and a predicate are given none. */
        default long nextKey() {
            throw new IllegalStateException("only a DEFAULT makes keys");
        }
    }
}
