package dev.pando.sql.run;

import dev.pando.ColumnType;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The elements of arrays as rows: of several arrays side by side, NULL where one has no more. */
final class Unnest extends Operator {
    /** Rows that one row is guessed to give. */
    private static final double ELEMENTS = 5;

    private final Operator input;
    private final boolean numbered;

    /** @param numbered whether a last column counts the rows of each row, from 1 */
    Unnest(Operator input, List<@Nullable ColumnType> types, boolean numbered) {
        super(types, input.rows() * ELEMENTS);
        this.input = input;
        this.numbered = numbered;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        Tuples rows = input.open(state);
        return new Tuples() {
            private @Nullable Object[] arrays = new Object[0];
            private int next;
            private int size;

            @Override
            public @Nullable Object @Nullable [] next() throws SQLException {
                state.context().checkRow();
                while (next >= size) {
                    @Nullable Object[] row = rows.next();
                    if (row == null) {
                        return null;
                    }
                    arrays = row;
                    next = 0;
                    size = 0;
                    for (Object array : row) {
                        size = Math.max(size, array == null ? 0 : ((List<?>) array).size());
                    }
                }
                @Nullable Object[] given = new Object[width()];
                for (int i = 0; i < arrays.length; i++) {
                    List<?> array = arrays[i] == null ? List.of() : (List<?>) arrays[i];
                    given[i] = next < array.size() ? array.get(next) : null;
                }
                if (numbered) {
                    given[given.length - 1] = next + 1L;
                }
                next++;
                return given;
            }

            @Override
            public void close() {
                rows.close();
            }
        };
    }

    @Override
    String describe() {
        return "elements" + (numbered ? " with numbers" : "");
    }

    @Override
    List<Operator> inputs() {
        return List.of(input);
    }
}
