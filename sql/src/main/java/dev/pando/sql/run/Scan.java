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
    private final String text;

    /**
     * @param columns ordinals to be read; the others are null in its rows; one beyond the last is the document id
     * @param condition over its rows
     * @param text the condition as EXPLAIN shows it
     */
    Scan(
            List<@Nullable ColumnType> types,
            KeyWay way,
            int[] columns,
            @Nullable Expression condition,
            double rows,
            String text) {
        super(types, rows);
        this.table = way.table();
        this.way = way;
        this.columns = columns;
        this.condition = condition;
        this.text = text;
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

    Scan backwards() {
        return new Scan(types(), way.backwards(), columns, condition, rows(), text);
    }

    Scan along(KeyWay other) {
        return new Scan(types(), other, columns, condition, rows(), text);
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        List<KeyRange> ranges = way.ranges(state);
        Transaction transaction = state.context().transaction();
        if (way.isLookup()) {
            List<Row> found = new ArrayList<>(ranges.size());
            for (KeyRange range : ranges) {
                Row row = transaction.get(table, notNull(range.low()));
                if (row != null) {
                    found.add(row);
                }
            }
            return new Reading(state, transaction, List.of(), found.iterator());
        }
        return new Reading(state, transaction, ranges, List.<Row>of().iterator());
    }

    /** Whether the whole table is read, so that any order will do. */
    boolean isWhole() {
        return way.isAll();
    }

    @Override
    Tuples openBriefly(RunState state) throws SQLException {
        return isWhole() ? new Walking(state, state.context().transaction().walk(table)) : open(state);
    }

    @Override
    @Nullable
    Fields openFields(RunState state) throws SQLException {
        if (!isWhole()) {
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
        private final Transaction transaction;
        private final Iterator<KeyRange> ranges;
        private final Iterator<Row> found;
        private @Nullable RowCursor cursor;

        Reading(RunState state, Transaction transaction, List<KeyRange> ranges, Iterator<Row> found) {
            this.state = state;
            this.transaction = transaction;
            this.ranges = ranges.iterator();
            this.found = found;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            for (Row row = read(); row != null; row = read()) {
                state.context().checkRow();
                @Nullable Object[] tuple = tuple(row);
                if (Steps.holds(condition, state, tuple)) {
                    return tuple;
                }
            }
            return null;
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

        private @Nullable Object[] tuple(Row row) {
            @Nullable Object[] tuple = new Object[width()];
            int documentId = table.columns().size();
            for (int column : columns) {
                tuple[column] = column == documentId ? row.id().toString() : row.get(column);
            }
            return tuple;
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
        private final @Nullable Object[] tuple = new Object[width()];

        Walking(RunState state, RowWalk walk) {
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
                    return tuple;
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
