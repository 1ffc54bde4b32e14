package dev.pando.sql.run;

import dev.pando.ColumnType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * WITH RECURSIVE: the rows of one query, then again and again those that another makes of the last ones, until it makes
 * none. With UNION each row comes once; with UNION ALL a query without end goes on until it is cancelled.
 */
final class Recursion extends Operator {
    private final Operator seed;
    private final Operator step;
    private final boolean all;
    private final int slot;

    /** @param slot where the rows that the step reads are remembered */
    Recursion(Operator seed, Operator step, boolean all, int slot) {
        super(seed.types(), seed.rows() * 10);
        this.seed = seed;
        this.step = step;
        this.all = all;
        this.slot = slot;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        Running running = new Running(state);
        try {
            running.take(seed);
        } catch (SQLException | RuntimeException e) {
            running.close();
            throw e;
        }
        return running;
    }

    private final class Running implements Tuples {
        private final RunState state;
        private final Set<Object> seen = new HashSet<>();
        private List<@Nullable Object[]> rows = List.of();
        private long bytes;
        private long seenBytes;
        private int next;

        Running(RunState state) {
            this.state = state;
        }

        void take(Operator operator) throws SQLException {
            List<@Nullable Object[]> made = new ArrayList<>();
            long held = 0;
            try (Tuples tuples = operator.open(state)) {
                for (@Nullable Object[] row = tuples.next(); row != null; row = tuples.next()) {
                    state.context().checkRow();
                    long size = Sizes.of(row);
                    if (!all) {
                        if (!seen.add(HashKeys.row(row))) {
                            continue;
                        }
                        seenBytes += size;
                        state.context().memory().take(size);
                    }
                    held += size;
                    bytes += size;
                    state.context().memory().take(size);
                    made.add(row);
                }
            }
            state.context().memory().release(bytes - held);
            bytes = held;
            rows = made;
            next = 0;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            if (next == rows.size() && !rows.isEmpty()) {
                state.remember(slot, rows);
                take(step);
            }
            return next < rows.size() ? rows.get(next++) : null;
        }

        @Override
        public void close() {
            state.context().memory().release(bytes + seenBytes);
            bytes = 0;
            seenBytes = 0;
            rows = List.of();
            seen.clear();
        }
    }

    @Override
    String describe() {
        return all ? "repeat, union all" : "repeat, union";
    }

    @Override
    List<Operator> inputs() {
        return List.of(seed, step);
    }

    /** The rows that the last step made. */
    static final class Last extends Operator {
        private final int slot;

        Last(List<@Nullable ColumnType> types, int slot) {
            super(types, 10);
            this.slot = slot;
        }

        int slot() {
            return slot;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Tuples open(RunState state) {
            Object remembered = state.remembered(slot);
            List<@Nullable Object[]> rows = remembered == null ? List.of() : (List<@Nullable Object[]>) remembered;
            return new Tuples() {
                private int next;

                @Override
                public @Nullable Object @Nullable [] next() {
                    return next < rows.size() ? rows.get(next++) : null;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        String describe() {
            return "rows of the last step";
        }

        @Override
        List<Operator> inputs() {
            return List.of();
        }
    }
}
