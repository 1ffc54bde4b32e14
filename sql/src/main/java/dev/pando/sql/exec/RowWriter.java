package dev.pando.sql.exec;

import dev.pando.Column;
import dev.pando.DocumentId;
import dev.pando.Inserter;
import dev.pando.MergeKind;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.Assign;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes rows of one table in one transaction. Values come as the session has them. */
final class RowWriter {
    private final ExecutionContext context;
    private final Table table;

    /** Of the columns that the last row named: mostly those of the next one too. */
    private @Nullable Inserter inserter;

    private BitSet inserterNames = new BitSet();

    RowWriter(ExecutionContext context, Table table) {
        this.context = context;
        this.table = table;
    }

    /** A row to insert: a value for each column that is named. */
    static final class NewRow {
        private final @Nullable Object[] values;
        private final BitSet named;

        NewRow(Table table) {
            values = new Object[table.columns().size()];
            named = new BitSet(values.length);
        }

        void set(Column column, @Nullable Object sessionValue) throws SQLException {
            setEngine(column, Assign.to(column.type(), sessionValue, column.name()));
        }

        void setEngine(Column column, @Nullable Object engineValue) {
            values[column.ordinal()] = engineValue;
            named.set(column.ordinal());
        }
    }

    Row insert(NewRow row) throws SQLException {
        context.query().checkRow();
        Inserter inserts = inserter;
        if (inserts == null || !inserterNames.equals(row.named)) {
            inserts = context.transaction().inserter(table, row.named);
            inserter = inserts;
            inserterNames = row.named;
        }
        return inserts.insert(row.values);
    }

    /** Inserts, or changes the named columns of the row that has this key. */
    Row upsert(NewRow row) throws SQLException, Plan.Changed {
        List<Object> key = new ArrayList<>();
        for (int ordinal : table.primaryKey()) {
            Object value = row.values[ordinal];
            if (value == null) {
                return insert(row);
            }
            key.add(value);
        }
        Row seen = key.isEmpty() ? null : context.transaction().get(table, key);
        if (seen == null) {
            return insert(row);
        }
        Row locked = lock(seen);
        if (locked == null) {
            return insert(row);
        }
        @Nullable Object[] values = values(locked);
        row.named.stream().forEach(ordinal -> values[ordinal] = row.values[ordinal]);
        return update(context, locked, values);
    }

    /** Changes a row that is locked. Warns of values that a column which keeps its greatest or least did not take. */
    static Row update(ExecutionContext context, Row locked, @Nullable Object[] values) {
        Row written = context.transaction().update(locked, values);
        if (written.table() != locked.table()) {
            return written; // Altered meanwhile: its columns may stand elsewhere.
        }
        for (Column column : written.table().columns()) {
            MergeKind merge = column.merge();
            if (merge == MergeKind.MAX || merge == MergeKind.MIN) {
                Object wanted = values[column.ordinal()];
                Object kept = written.get(column.ordinal());
                if (!isSame(wanted, kept)) {
                    context.warnings()
                            .accept(
                                    "column " + column.name() + " keeps its "
                                            + (merge == MergeKind.MAX ? "greatest" : "least") + " value, which stays "
                                            + kept,
                                    PandoSqlState.WARNING.code());
                }
            }
        }
        return written;
    }

    private static boolean isSame(@Nullable Object a, @Nullable Object b) {
        return a instanceof BigDecimal x && b instanceof BigDecimal y ? x.compareTo(y) == 0 : Objects.deepEquals(a, b);
    }

    /** The row of that document id, locked; null when it is gone. */
    @Nullable
    Row lock(String documentId) throws SQLException, Plan.Changed {
        Row seen = context.transaction().get(table, DocumentId.parse(documentId));
        return seen == null ? null : lock(seen);
    }

    /** The row, locked; null when it is gone. */
    @Nullable
    Row lock(Row seen) throws SQLException, Plan.Changed {
        context.query().checkRow();
        Row locked = context.transaction().lock(seen);
        if (locked != null && locked != seen && locked.version() != seen.version()) {
            throw new Plan.Changed();
        }
        return locked;
    }

    /** All values of a row, to be changed. */
    static @Nullable Object[] values(Row row) {
        @Nullable Object[] values = new Object[row.table().columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(i);
        }
        return values;
    }
}
