package dev.pando.sql.run;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.KeyRange;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.RowWalk;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.sql.expr.Expression;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads columns of a table's rows. Its key's values are computed when it is opened, over the row of that moment. */
final class Scan extends Operator {
    private final Table table;
    private final KeyWay way;
    private final int[] columns;
    private final @Nullable Expression condition;
    private final @Nullable Expression rest;
    private final String text;
    private final boolean ordered;

    /**
     * @param columns ordinals to be read; the others are null in its rows; one beyond the last is the document id
     * @param condition over its rows
     * @param rest the same without what the way has answered
     * @param text the condition as EXPLAIN shows it
     */
    Scan(
            List<@Nullable ColumnType> types,
            KeyWay way,
            int[] columns,
            @Nullable Expression condition,
            @Nullable Expression rest,
            double rows,
            String text) {
        this(types, way, columns, condition, rest, rows, text, false);
    }

    /** @param ordered whether the order of the key is wanted: else any order will do for what is read of a whole table */
    private Scan(
            List<@Nullable ColumnType> types,
            KeyWay way,
            int[] columns,
            @Nullable Expression condition,
            @Nullable Expression rest,
            double rows,
            String text,
            boolean ordered) {
        super(types, rows);
        this.table = way.table();
        this.way = way;
        this.columns = columns;
        this.condition = condition;
        this.rest = rest;
        this.text = text;
        this.ordered = ordered;
    }

    static List<@Nullable ColumnType> types(Table table, boolean withId) {
        List<@Nullable ColumnType> types = new ArrayList<>();
        for (Column column : table.columns()) {
            types.add(column.type());
        }
        if (withId) {
            types.add(ColumnType.VARCHAR);
        }
        return types;
    }

    KeyWay way() {
        return way;
    }

    /** The same in the order of its key, backwards. */
    Scan backwards() {
        return along(way.backwards());
    }

    /** The same rows in the order of this key. */
    Scan along(KeyWay other) {
        Expression left = other.answered().equals(way.answered()) ? rest : condition;
        return new Scan(types(), other, columns, condition, left, rows(), text, true);
    }

    /** What is chosen out of a whole table comes in any order; all of it in the order of its key, as people expect. */
    @Override
    public Tuples open(RunState state) throws SQLException {
        return open(state, false);
    }

    @Override
    public Tuples openLending(RunState state) throws SQLException {
        return open(state, true);
    }

    private Tuples open(RunState state, boolean lending) throws SQLException {
        if (condition != null && isAnyOrder()) {
            return new Walking(state, state.context().transaction().walk(table), !lending);
        }
        KeyWay.Found bounds = way.find(state);
        List<KeyRange> ranges = bounds.ranges();
        Expression asked = bounds.exact() ? rest : condition;
        Transaction transaction = state.context().transaction();
        if (way.isLookup()) {
            List<Row> found = new ArrayList<>(ranges.size());
            for (KeyRange range : ranges) {
                Row row = transaction.get(table, notNull(range.low()));
                if (row != null) {
                    found.add(row);
                }
            }
            return new Reading(state, asked, transaction, List.of(), found.iterator(), lending);
        }
        return new Reading(state, asked, transaction, ranges, List.<Row>of().iterator(), lending);
    }

    private boolean isAnyOrder() {
        return way.isAll() && !ordered;
    }

    @Override
    Tuples openBriefly(RunState state) throws SQLException {
        return isAnyOrder() ? new Walking(state, state.context().transaction().walk(table), false) : open(state);
    }

    @Override
    @Nullable
    Fields openFields(RunState state) throws SQLException {
        if (!isAnyOrder()) {
            return null;
        }
        RowWalk walk = state.context().transaction().walk(table);
        try {
            return new WalkedFields(state, walk, table, columns, width(), condition);
        } catch (SQLException | RuntimeException e) {
            walk.close();
            throw e;
        }
    }

    private static List<Object> notNull(List<@Nullable Object> values) {
        List<Object> present = new ArrayList<>(values.size());
        for (Object value : values) {
            if (value != null) {
                present.add(value);
            }
        }
        return present;
    }

    private final class Reading implements Tuples {
        private final RunState state;
        private final @Nullable Expression asked;
        private final Transaction transaction;
        private final Iterator<KeyRange> ranges;
        private final Iterator<Row> found;
        private final boolean lending;
        private @Nullable Object[] tuple = new Object[width()];
        private @Nullable RowCursor cursor;

        /**
         * @param asked of each row
         * @param lending whether a row is good only until the next one
         */
        Reading(
                RunState state,
                @Nullable Expression asked,
                Transaction transaction,
                List<KeyRange> ranges,
                Iterator<Row> found,
                boolean lending) {
            this.state = state;
            this.asked = asked;
            this.transaction = transaction;
            this.ranges = ranges.iterator();
            this.found = found;
            this.lending = lending;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            for (Row row = read(); row != null; row = read()) {
                state.context().checkRow();
                decode(row);
                if (Steps.holds(asked, state, tuple)) {
                    return given();
                }
            }
            return null;
        }

        private @Nullable Object[] given() {
            @Nullable Object[] given = tuple;
            if (!lending) {
                tuple = new Object[width()];
            }
            return given;
        }

        private @Nullable Row read() {
            while (true) {
                RowCursor open = cursor;
                if (open != null) {
                    Row row = open.next();
                    if (row != null) {
                        return row;
                    }
                    open.close();
                    cursor = null;
                }
                if (!ranges.hasNext()) {
                    return found.hasNext() ? found.next() : null;
                }
                KeyRange range = ranges.next();
                cursor = way.index() == null
                        ? transaction.scan(table, range, way.descending())
                        : transaction.scan(table, way.index(), range, way.descending());
            }
        }

        private void decode(Row row) {
            int documentId = table.columns().size();
            for (int column : columns) {
                tuple[column] = column == documentId ? row.id().toString() : row.get(column);
            }
        }

        @Override
        public void close() {
            if (cursor != null) {
                cursor.close();
                cursor = null;
            }
        }
    }

    /** Reads all rows into one array. */
    private final class Walking implements Tuples {
        private final RunState state;
        private final RowWalk walk;
        private final boolean copies;
        private final @Nullable Object[] tuple = new Object[width()];

        /** @param copies whether each row is the receiver's */
        Walking(RunState state, RowWalk walk, boolean copies) {
            this.copies = copies;
            this.state = state;
            this.walk = walk;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            int documentId = table.columns().size();
            while (walk.next()) {
                state.context().checkRow();
                for (int column : columns) {
                    tuple[column] = column == documentId ? walk.id().toString() : walk.get(column);
                }
                if (Steps.holds(condition, state, tuple)) {
                    return copies ? tuple.clone() : tuple;
                }
            }
            return null;
        }

        @Override
        public void close() {
            walk.close();
        }
    }

    @Override
    String describe(boolean briefly) {
        boolean byPage = isAnyOrder() && (briefly || condition != null);
        return describe() + (byPage ? ", page by page" : way.isAll() && way.index() == null ? ", in key order" : "");
    }

    @Override
    String describe() {
        return way.describe() + " of " + table.qualifiedName()
                + (way.descending() ? ", backwards" : "")
                + (condition == null ? "" : ", filtered by " + text);
    }

    @Override
    List<Operator> inputs() {
        return List.of();
    }
}
