package dev.pando.sql.run;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.RowWalk;
import dev.pando.Table;
import dev.pando.sql.expr.Expression;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a table's rows that meet a condition, read out of the store. Beyond the columns stands the document id. */
final class WalkedFields implements Fields {
    private final RunState state;
    private final RowWalk walk;
    private final boolean[] numbers;
    private final int documentId;
    private final @Nullable NumberTests tests;
    private final @Nullable Expression condition;
    private final int[] read;
    private final @Nullable Object[] tuple;

    /** @param read the columns that the condition may look at */
    WalkedFields(RunState state, RowWalk walk, Table table, int[] read, int width, @Nullable Expression condition)
            throws SQLException {
        List<Column> columns = table.columns();
        this.state = state;
        this.walk = walk;
        this.documentId = columns.size();
        this.numbers = new boolean[documentId + 1];
        for (Column column : columns) {
            numbers[column.ordinal()] = isNumber(column.type());
        }
        this.read = read;
        this.tuple = new Object[width];
        this.condition = condition;
        this.tests = condition == null ? null : NumberTests.of(condition, numbers, state);
    }

    /** Whether values of the type are a {@link Long} each. */
    static boolean isNumber(ColumnType type) {
        return switch (type.family()) {
            case INT, DATE, TIME, TS, TSTZ -> true;
            default -> false;
        };
    }

    @Override
    public boolean next() throws SQLException {
        while (walk.next()) {
            state.context().checkRow();
            if (tests != null ? tests.hold(walk) : holds()) {
                return true;
            }
        }
        return false;
    }

    private boolean holds() throws SQLException {
        if (condition == null) {
            return true;
        }
        for (int column : read) {
            tuple[column] = get(column);
        }
        return Steps.holds(condition, state, tuple);
    }

    @Override
    public boolean isNull(int column) {
        return column != documentId && walk.isNull(column);
    }

    @Override
    public boolean isNumber(int column) {
        return numbers[column];
    }

    @Override
    public long number(int column) {
        return walk.getLong(column);
    }

    @Override
    public @Nullable Object get(int column) {
        return column == documentId ? walk.id().toString() : walk.get(column);
    }

    @Override
    public void close() {
        walk.close();
    }
}
