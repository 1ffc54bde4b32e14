package dev.pando.sql.run;

import dev.pando.ColumnType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All values of its input's one column as an array, in one row. */
final class Collection extends Operator {
    private final Operator input;

    Collection(Operator input, List<@Nullable ColumnType> types) {
        super(types, 1);
        this.input = input;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        long[] bytes = {0};
        try (Tuples rows = input.open(state)) {
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                long size = Sizes.of(row);
                bytes[0] += size;
                state.context().memory().take(size);
                values.add(row[0]);
            }
        } catch (SQLException | RuntimeException e) {
            state.context().memory().release(bytes[0]);
            throw e;
        }
        return new Tuples() {
            private boolean given;

            @Override
            public @Nullable Object @Nullable [] next() {
                @Nullable Object[] row = given ? null : new Object[] {values};
                given = true;
                return row;
            }

            @Override
            public void close() {
                state.context().memory().release(bytes[0]);
                bytes[0] = 0;
            }
        };
    }

    @Override
    String describe() {
        return "array of all";
    }

    @Override
    List<Operator> inputs() {
        return List.of(input);
    }
}
