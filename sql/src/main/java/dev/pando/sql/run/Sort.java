package dev.pando.sql.run;

import dev.pando.sql.expr.Expression;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.calcite.rel.RelFieldCollation;
import org.jspecify.annotations.Nullable;

/** Rows in an order; with a limit, only as many are held as are wanted. */
final class Sort extends Operator {
    /** Rows that a heap holds at most; for more, all are sorted. */
    private static final long HEAP_MAX = 100_000;

    private final Operator input;
    private final List<RelFieldCollation> collations;
    private final Comparator<@Nullable Object[]> order;
    private final @Nullable Expression offset;
    private final @Nullable Expression fetch;
    private final String text;

    Sort(
            Operator input,
            List<RelFieldCollation> collations,
            @Nullable Expression offset,
            @Nullable Expression fetch,
            String text) {
        super(input.types(), input.rows());
        this.input = input;
        this.collations = collations;
        this.order = Orders.order(input, collations);
        this.offset = offset;
        this.fetch = fetch;
        this.text = text;
    }

    /** The order of its rows. */
    List<RelFieldCollation> order() {
        return collations;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        long skip = Steps.Limit.count(offset, state, 0);
        long most = Steps.Limit.count(fetch, state, Long.MAX_VALUE);
        if (most == 0) {
            return Steps.NOTHING;
        }
        Held held = new Held(state);
        try (Tuples rows = input.openBriefly(state)) {
            if (most < HEAP_MAX && skip < HEAP_MAX - most) {
                held.best(rows, (int) (skip + most));
            } else {
                held.all(rows);
            }
        } catch (SQLException | RuntimeException e) {
            held.close();
            throw e;
        }
        held.from(skip, most);
        return held;
    }

    private final class Held implements Tuples {
        private final RunState state;
        private List<@Nullable Object[]> sorted = new ArrayList<>();
        private long bytes;
        private int next;
        private int end;

        Held(RunState state) {
            this.state = state;
        }

        void all(Tuples rows) throws SQLException {
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                take(Sizes.of(row));
                sorted.add(row.clone());
            }
            sorted.sort(state.context().interruptible(order));
        }

        void best(Tuples rows, int count) throws SQLException {
            PriorityQueue<Numbered> heap =
                    new PriorityQueue<>(Numbered.order(order).reversed());
            long number = 0;
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                number++;
                Numbered worst = heap.peek();
                if (heap.size() < count) {
                    take(Sizes.of(row));
                    heap.add(new Numbered(row.clone(), number));
                } else if (worst != null && order.compare(row, worst.row) < 0) {
                    heap.poll();
                    take(Sizes.of(row) - Sizes.of(worst.row));
                    heap.add(new Numbered(row.clone(), number));
                }
            }
            List<Numbered> kept = new ArrayList<>(heap);
            kept.sort(Numbered.order(order));
            kept.forEach(each -> sorted.add(each.row));
        }

        private void take(long more) throws SQLException {
            bytes += more;
            state.context().memory().take(more);
        }

        void from(long skip, long most) {
            next = (int) Math.min(skip, sorted.size());
            end = (int) Math.min(sorted.size(), most > sorted.size() ? sorted.size() : next + most);
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            state.context().checkRow();
            return next < end ? sorted.get(next++) : null;
        }

        @Override
        public void close() {
            state.context().memory().release(bytes);
            bytes = 0;
            sorted = List.of();
            end = 0;
        }
    }

    /** A row and when it came: equal rows keep their order. */
    private record Numbered(@Nullable Object[] row, long number) {
        static Comparator<Numbered> order(Comparator<@Nullable Object[]> rows) {
            return (a, b) -> {
                int sign = rows.compare(a.row, b.row);
                return sign != 0 ? sign : Long.compare(a.number, b.number);
            };
        }
    }

    @Override
    String describe() {
        return "sort " + text;
    }

    @Override
    boolean readsBriefly(Operator read, boolean briefly) {
        return true;
    }

    @Override
    List<Operator> inputs() {
        return List.of(input);
    }
}
