package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions over windows: the input's rows, in their order, with a column more for each. Holds all rows. */
final class Window extends Operator {
    /** What a call makes of one partition. */
    interface Function {
        /** Sets the results of all rows of a partition, which is in the window's order. */
        void compute(Partition partition, @Nullable Object[] results) throws SQLException;
    }

    /**
     * One call.
     *
     * @param partition its columns
     * @param order of a partition's rows
     */
    record Call(int[] partition, Comparator<@Nullable Object[]> order, Function function) {}

    /** Rows of equal partition columns, in order. */
    static final class Partition {
        private final RunState state;
        private final @Nullable Object[][] rows;
        private final Comparator<@Nullable Object[]> order;
        private int @Nullable [][] peers;
        private int knownColumn = -1;
        private int knownFirst;
        private int knownEnd;

        Partition(RunState state, @Nullable Object[][] rows, Comparator<@Nullable Object[]> order) {
            this.state = state;
            this.rows = rows;
            this.order = order;
        }

        int size() {
            return rows.length;
        }

        @Nullable
        Object value(Expression expression, int row) throws SQLException {
            return expression.evaluate(state.over(rows[row]));
        }

        /** Whether two rows stand at the same place of the order. */
        boolean isPeer(int a, int b) {
            return order.compare(rows[a], rows[b]) == 0;
        }

        /** The first row of those at the place of a row. */
        int firstPeer(int row) {
            return peers()[0][row];
        }

        /** The last row of those at the place of a row. */
        int lastPeer(int row) {
            return peers()[1][row];
        }

        private int[][] peers() {
            int[][] known = peers;
            if (known == null) {
                known = new int[2][rows.length];
                for (int i = 1; i < rows.length; i++) {
                    known[0][i] = isPeer(i - 1, i) ? known[0][i - 1] : i;
                }
                for (int i = rows.length - 1; i >= 0; i--) {
                    boolean ends = i == rows.length - 1 || known[0][i + 1] == i + 1;
                    known[1][i] = ends ? i : known[1][i + 1];
                }
                peers = known;
            }
            return known;
        }

        /** The first row whose column, by which the rows are in order, is not NULL. */
        int firstKnown(int column) {
            findKnown(column);
            return knownFirst;
        }

        /** Behind the last such row. */
        int endKnown(int column) {
            findKnown(column);
            return knownEnd;
        }

        /* NULLs stand together at one end. */
        private void findKnown(int column) {
            if (knownColumn == column) {
                return;
            }
            knownColumn = column;
            knownFirst = 0;
            knownEnd = rows.length;
            while (knownFirst < knownEnd && rows[knownFirst][column] == null) {
                knownFirst++;
            }
            while (knownEnd > knownFirst && rows[knownEnd - 1][column] == null) {
                knownEnd--;
            }
        }

        /** A column of a row. */
        @Nullable
        Object column(int column, int row) {
            return rows[row][column];
        }

        RunState state() {
            return state;
        }
    }

    /** Bytes of a partition beside its key. */
    private static final int PARTITION = 200;

    /** Bytes of a row's places in its partition: in lists, among peers, and among results. */
    private static final int PLACE = 32;

    private final Operator input;
    private final List<Call> calls;
    private final String text;

    /** @param types of the input's columns and of the results */
    Window(Operator input, List<@Nullable ColumnType> types, List<Call> calls, String text) {
        super(types, input.rows());
        this.input = input;
        this.calls = calls;
        this.text = text;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        Held held = new Held(state);
        try {
            held.read();
            for (int i = 0; i < calls.size(); i++) {
                held.compute(calls.get(i), input.width() + i);
            }
        } catch (SQLException | RuntimeException e) {
            held.close();
            throw e;
        }
        return held;
    }

    private final class Held implements Tuples {
        private final RunState state;
        private List<@Nullable Object[]> rows = new ArrayList<>();
        private long bytes;
        private int next;

        Held(RunState state) {
            this.state = state;
        }

        void read() throws SQLException {
            try (Tuples tuples = input.open(state)) {
                for (@Nullable Object[] row = tuples.next(); row != null; row = tuples.next()) {
                    @Nullable Object[] wide = Arrays.copyOf(row, input.width() + calls.size());
                    long size = Sizes.of(wide) + (long) calls.size() * Sizes.ENTRY;
                    take(size);
                    rows.add(wide);
                }
            }
        }

        void compute(Call call, int column) throws SQLException {
            long before = bytes;
            try {
                computeWithin(call, column);
            } finally {
                state.context().memory().release(bytes - before);
                bytes = before;
            }
        }

        private void take(long size) throws SQLException {
            bytes += size;
            state.context().memory().take(size);
        }

        private void computeWithin(Call call, int column) throws SQLException {
            Map<Object, List<@Nullable Object[]>> partitions = new LinkedHashMap<>();
            for (@Nullable Object[] row : rows) {
                @Nullable Object[] key = new Object[call.partition.length];
                for (int i = 0; i < key.length; i++) {
                    key[i] = row[call.partition[i]];
                }
                List<@Nullable Object[]> partition = partitions.get(HashKeys.row(key));
                if (partition == null) {
                    take(PARTITION + Sizes.of(key));
                    partition = new ArrayList<>();
                    partitions.put(HashKeys.row(key), partition);
                }
                take(PLACE);
                partition.add(row);
            }
            for (List<@Nullable Object[]> each : partitions.values()) {
                state.context().check();
                each.sort(state.context().interruptible(call.order));
                Partition partition = new Partition(state, each.toArray(new Object[0][]), call.order);
                @Nullable Object[] results = new Object[partition.size()];
                call.function.compute(partition, results);
                for (int i = 0; i < results.length; i++) {
                    each.get(i)[column] = results[i];
                }
            }
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            state.context().checkRow();
            return next < rows.size() ? rows.get(next++) : null;
        }

        @Override
        public void close() {
            state.context().memory().release(bytes);
            bytes = 0;
            rows = List.of();
        }
    }

    /** A distance or a number of buckets, which is whole and not negative. */
    static long count(@Nullable Object value, String what, long least) throws SQLException {
        if (value instanceof Number number
                && number.longValue() >= least
                && number.longValue() == number.doubleValue()) {
            return number.longValue();
        }
        throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                what + " takes a whole number of " + least + " or more, unlike " + value);
    }

    @Override
    String describe() {
        return "window " + text;
    }

    @Override
    List<Operator> inputs() {
        return List.of(input);
    }
}
