package dev.pando.sql.run;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DISTINCT, INTERSECT and EXCEPT, with or without ALL. */
final class SetOperation extends Operator {
    /** Which rows of the first input are given. */
    enum Kind {
        DISTINCT,
        INTERSECT,
        EXCEPT
    }

    private final Kind kind;
    private final boolean all;
    private final List<Operator> inputs;

    SetOperation(Kind kind, boolean all, List<Operator> inputs) {
        super(inputs.get(0).types(), inputs.get(0).rows());
        this.kind = kind;
        this.all = all;
        this.inputs = inputs;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        Counted counted = new Counted(state);
        try {
            if (inputs.size() > 1) {
                counted.count(inputs.get(1));
            }
            return counted.over(inputs.get(0).open(state));
        } catch (SQLException | RuntimeException e) {
            counted.close();
            throw e;
        }
    }

    private final class Counted implements Tuples {
        private final RunState state;
        private final Map<Object, Integer> others = new HashMap<>();
        private final Set<Object> given = new HashSet<>();
        private Tuples rows = Steps.NOTHING;
        private long bytes;

        Counted(RunState state) {
            this.state = state;
        }

        void count(Operator input) throws SQLException {
            try (Tuples tuples = input.open(state)) {
                for (@Nullable Object[] row = tuples.next(); row != null; row = tuples.next()) {
                    if (others.merge(HashKeys.row(row), 1, Integer::sum) == 1) {
                        take(row);
                    }
                }
            }
        }

        private void take(@Nullable Object[] row) throws SQLException {
            long size = Sizes.of(row) + Sizes.ENTRY;
            bytes += size;
            state.context().memory().take(size);
        }

        Tuples over(Tuples tuples) {
            rows = tuples;
            return this;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                state.context().checkRow();
                if (wanted(row)) {
                    return row;
                }
            }
            return null;
        }

        private boolean wanted(@Nullable Object[] row) throws SQLException {
            Object key = HashKeys.row(row);
            if (!all) {
                boolean there = kind == Kind.DISTINCT || others.containsKey(key) == (kind == Kind.INTERSECT);
                if (!there || !given.add(key)) {
                    return false;
                }
                take(row);
                return true;
            }
            Integer left = others.get(key);
            if (left != null && left > 0) {
                others.put(key, left - 1);
                return kind == Kind.INTERSECT;
            }
            return kind == Kind.EXCEPT;
        }

        @Override
        public void close() {
            rows.close();
            state.context().memory().release(bytes);
            bytes = 0;
            others.clear();
            given.clear();
        }
    }

    @Override
    String describe() {
        return kind.name().toLowerCase(Locale.ROOT) + (all ? " all" : "");
    }

    @Override
    List<Operator> inputs() {
        return inputs;
    }
}
