package dev.pando.engine;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.ExpressionCompiler;
import dev.pando.Inserter;
import dev.pando.MergeKind;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.collection.Types;
import java.math.BigDecimal;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Converts and completes rows of which the same columns are named, and hands them to the {@link RowWriter}. */
final class RowInserter implements Inserter {

    private final Core core;
    private final TransactionImpl transaction;
    private final RowWriter writer;
    private final Table table;
    private final BitSet named;

    /** What was found for this definition holds until the table has another. */
    private @Nullable Table present;

    private Column[] columns = {};

    /** What is named, by ordinals of {@link #present}. Rows share it until a default is written beside. */
    private BitSet written = new BitSet();

    private boolean allWritten;

    /** @param table whose ordinals {@code named} and the values have */
    RowInserter(Core core, TransactionImpl transaction, RowWriter writer, Table table, BitSet named) {
        this.core = core;
        this.transaction = transaction;
        this.writer = writer;
        this.table = table;
        this.named = (BitSet) named.clone();
    }

    @Override
    public Row insert(@Nullable Object[] values) {
        transaction.checkWrite();
        TableState state = core.tables().require(table);
        Table now = state.table();
        if (now != present) {
            present = now;
            columns = now.columns().toArray(new Column[0]);
            written = RowAccess.asPresent(table, now, named);
            allWritten = written.cardinality() == columns.length;
        }
        @Nullable Object[] row = converted(RowAccess.asPresent(table, now, values));
        BitSet set = allWritten ? written : addDefaults(state, row);
        for (Column column : columns) {
            if (column.merge() == MergeKind.SUM && row[column.ordinal()] == null) {
                row[column.ordinal()] = zero(column.type());
            }
        }
        return core.access().as(table, writer.insert(state, now, row, set));
    }

    private @Nullable Object[] converted(@Nullable Object[] values) {
        @Nullable Object[] row = new @Nullable Object[columns.length];
        for (Column column : columns) {
            int i = column.ordinal();
            if (written.get(i)) {
                row[i] = Types.convert(column.type(), values[i], column.name());
            }
        }
        return row;
    }

    /** Fills in what was not named, and returns what is written with it. */
    private BitSet addDefaults(TableState state, @Nullable Object[] row) {
        BitSet set = written;
        ExpressionCompiler.RowValues known = new Known(row);
        for (Column column : columns) {
            int i = column.ordinal();
            if (written.get(i)) {
                continue;
            }
            row[i] = column.identity()
                    ? (Object) core.generatedKey()
                    : state.rules().defaultValue(column, known);
            if (row[i] != null) {
                if (set == written) {
                    set = (BitSet) written.clone();
                }
                set.set(i);
            }
        }
        return set;
    }

    /** What a DEFAULT sees: the columns before its own. */
    private final class Known implements ExpressionCompiler.RowValues {
        private final @Nullable Object[] row;

        Known(@Nullable Object[] row) {
            this.row = row;
        }

        @Override
        public @Nullable Object get(int ordinal) {
            return row[ordinal];
        }

        @Override
        public long nextKey() {
            return core.generatedKey();
        }
    }

    private static Object zero(ColumnType type) {
        return type.family() == ColumnType.Family.DEC ? (Object) BigDecimal.ZERO.setScale(type.scale()) : (Object) 0L;
    }
}
