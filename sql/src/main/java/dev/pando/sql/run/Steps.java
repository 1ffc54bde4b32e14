package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Numbers;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.jspecify.annotations.Nullable;

/** The operators that hold no rows. */
final class Steps {
    private Steps() {}

    /** No rows. */
    static final Tuples NOTHING = new Tuples() {
        @Override
        public @Nullable Object @Nullable [] next() {
            return null;
        }

        @Override
        public void close() {}
    };

    static boolean holds(@Nullable Expression condition, RunState state, @Nullable Object[] row) throws SQLException {
        return condition == null || Boolean.TRUE.equals(condition.evaluate(state.over(row)));
    }

    /** Rows that the text lists. */
    static final class Listed extends Operator {
        private final List<List<Expression>> cells;

        Listed(List<@Nullable ColumnType> types, List<List<Expression>> cells) {
            super(types, cells.size());
            this.cells = cells;
        }

        @Override
        public Tuples open(RunState state) {
            return new Tuples() {
                private int next;

                @Override
                public @Nullable Object @Nullable [] next() throws SQLException {
                    return next == cells.size() ? null : values(cells.get(next++), state);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        String describe() {
            return "values: " + cells.size() + " rows";
        }

        @Override
        List<Operator> inputs() {
            return List.of();
        }
    }

    static @Nullable Object[] values(List<Expression> expressions, RunState state) throws SQLException {
        @Nullable Object[] values = new Object[expressions.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = expressions.get(i).evaluate(state);
        }
        return values;
    }

    /** The rows that meet a condition. */
    static final class Filter extends Operator {
        private final Operator input;
        private final Expression condition;
        private final String text;

        Filter(Operator input, Expression condition, String text, double rows) {
            super(input.types(), rows);
            this.input = input;
            this.condition = condition;
            this.text = text;
        }

        @Override
        public Tuples open(RunState state) throws SQLException {
            return filtered(state, input.open(state));
        }

        @Override
        Tuples openBriefly(RunState state) throws SQLException {
            return filtered(state, input.openBriefly(state));
        }

        @Override
        public Tuples openLending(RunState state) throws SQLException {
            return filtered(state, input.openLending(state));
        }

        private Tuples filtered(RunState state, Tuples rows) {
            return new Tuples() {
                @Override
                public @Nullable Object @Nullable [] next() throws SQLException {
                    @Nullable Object[] row = rows.next();
                    while (row != null && !holds(condition, state, row)) {
                        row = rows.next();
                    }
                    return row;
                }

                @Override
                public void close() {
                    rows.close();
                }
            };
        }

        @Override
        String describe() {
            return "filter " + text;
        }

        @Override
        boolean readsBriefly(Operator read, boolean briefly) {
            return briefly;
        }

        @Override
        List<Operator> inputs() {
            return List.of(input);
        }
    }

    /** Expressions over each row. */
    static final class Project extends Operator {
        private final Operator input;
        private final @Nullable Expression[] expressions;
        private final String text;

        /** @param expressions null for what nobody reads */
        Project(Operator input, List<@Nullable ColumnType> types, @Nullable Expression[] expressions, String text) {
            super(types, input.rows());
            this.input = input;
            this.expressions = expressions;
            this.text = text;
        }

        Operator input() {
            return input;
        }

        /** Which column of its input a column is; −1 when it is none. */
        int source(int column) {
            return expressions[column] instanceof Expression.ColumnReference reference ? reference.ordinal() : -1;
        }

        Project over(Operator other) {
            return new Project(other, types(), expressions, text);
        }

        @Override
        public Tuples open(RunState state) throws SQLException {
            return projected(state, input.openLending(state), false);
        }

        @Override
        Tuples openBriefly(RunState state) throws SQLException {
            return projected(state, input.openBriefly(state), true);
        }

        @Override
        public Tuples openLending(RunState state) throws SQLException {
            return projected(state, input.openLending(state), true);
        }

        /** Where every column that is read is one of the input. */
        @Override
        @Nullable
        Fields openFields(RunState state) throws SQLException {
            int[] sources = new int[expressions.length];
            for (int i = 0; i < sources.length; i++) {
                sources[i] = source(i);
                if (sources[i] < 0 && expressions[i] != null) {
                    return null;
                }
            }
            Fields fields = input.openFields(state);
            return fields == null ? null : new ProjectedFields(fields, sources);
        }

        private Tuples projected(RunState state, Tuples rows, boolean lending) {
            return new Tuples() {
                private @Nullable Object[] values = new Object[expressions.length];

                @Override
                public @Nullable Object @Nullable [] next() throws SQLException {
                    @Nullable Object[] row = rows.next();
                    if (row == null) {
                        return null;
                    }
                    if (!lending) {
                        values = new Object[expressions.length];
                    }
                    project(state, row, values);
                    return values;
                }

                @Override
                public void close() {
                    rows.close();
                }
            };
        }

        private void project(RunState state, @Nullable Object[] row, @Nullable Object[] values) throws SQLException {
            state.over(row);
            for (int i = 0; i < values.length; i++) {
                Expression expression = expressions[i];
                if (expression != null) {
                    values[i] = expression.evaluate(state);
                }
            }
        }

        @Override
        String describe() {
            return "project " + text;
        }

        @Override
        boolean readsBriefly(Operator read, boolean briefly) {
            return briefly;
        }

        @Override
        List<Operator> inputs() {
            return List.of(input);
        }
    }

    /** Fields under other numbers. */
    private record ProjectedFields(Fields fields, int[] sources) implements Fields {
        @Override
        public boolean next() throws SQLException {
            return fields.next();
        }

        @Override
        public boolean isNull(int column) {
            return fields.isNull(sources[column]);
        }

        @Override
        public boolean isNumber(int column) {
            return fields.isNumber(sources[column]);
        }

        @Override
        public long number(int column) {
            return fields.number(sources[column]);
        }

        @Override
        public @Nullable Object get(int column) {
            return fields.get(sources[column]);
        }

        @Override
        public void close() {
            fields.close();
        }
    }

    /** Some rows after some others. */
    static final class Limit extends Operator {
        private final Operator input;
        private final List<RelFieldCollation> order;
        private final @Nullable Expression offset;
        private final @Nullable Expression fetch;

        /** @param order of the input's rows; empty for none */
        Limit(Operator input, List<RelFieldCollation> order, @Nullable Expression offset, @Nullable Expression fetch) {
            super(input.types(), input.rows());
            this.input = input;
            this.order = order;
            this.offset = offset;
            this.fetch = fetch;
        }

        /** The order of its rows. */
        List<RelFieldCollation> order() {
            return order;
        }

        @Override
        public Tuples open(RunState state) throws SQLException {
            long skip = count(offset, state, 0);
            long most = count(fetch, state, Long.MAX_VALUE);
            if (most == 0) {
                return NOTHING;
            }
            Tuples rows = input.open(state);
            return new Tuples() {
                private long toSkip = skip;
                private long left = most;

                @Override
                public @Nullable Object @Nullable [] next() throws SQLException {
                    while (toSkip > 0) {
                        if (rows.next() == null) {
                            toSkip = 0;
                            left = 0;
                        }
                        toSkip--;
                    }
                    return left-- > 0 ? rows.next() : null;
                }

                @Override
                public void close() {
                    rows.close();
                }
            };
        }

        /** A number of rows. */
        static long count(@Nullable Expression expression, RunState state, long otherwise) throws SQLException {
            Object value = expression == null ? null : expression.evaluate(state);
            if (value == null) {
                return otherwise;
            }
            return Numbers.rows(value, "LIMIT and OFFSET");
        }

        @Override
        String describe() {
            return "limit";
        }

        @Override
        List<Operator> inputs() {
            return List.of(input);
        }
    }

    /** All rows of one input after those of another. */
    static final class Concatenation extends Operator {
        private final List<Operator> inputs;

        Concatenation(List<Operator> inputs) {
            super(
                    inputs.get(0).types(),
                    inputs.stream().mapToDouble(Operator::rows).sum());
            this.inputs = inputs;
        }

        @Override
        public Tuples open(RunState state) {
            return new Tuples() {
                private int next;
                private Tuples rows = NOTHING;

                @Override
                public @Nullable Object @Nullable [] next() throws SQLException {
                    while (true) {
                        @Nullable Object[] row = rows.next();
                        if (row != null) {
                            return row;
                        }
                        rows.close();
                        rows = NOTHING;
                        if (next == inputs.size()) {
                            return null;
                        }
                        rows = inputs.get(next++).open(state);
                    }
                }

                @Override
                public void close() {
                    rows.close();
                }
            };
        }

        @Override
        String describe() {
            return "union all";
        }

        @Override
        List<Operator> inputs() {
            return inputs;
        }
    }

    static @Nullable Object[] joined(@Nullable Object[] left, int leftWidth, @Nullable Object[] right, int rightWidth) {
        @Nullable Object[] row = Arrays.copyOf(left, leftWidth + rightWidth);
        System.arraycopy(right, 0, row, leftWidth, rightWidth);
        return row;
    }
}
