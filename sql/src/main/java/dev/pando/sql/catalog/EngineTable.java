package dev.pando.sql.catalog;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.KeyRange;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.sql.plan.Bounds;
import dev.pando.sql.plan.PandoScan;
import dev.pando.sql.plan.QueryContext;
import dev.pando.sql.plan.RowSource;
import dev.pando.sql.types.Assign;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** A table of the engine to the planner: its columns, and after them the hidden {@value #DOCUMENT_ID}. */
public final class EngineTable extends AbstractTable implements TranslatableTable {
    /** The hidden column that holds a row's document id. */
    public static final String DOCUMENT_ID = "_docid";

    private final Table table;
    private final DoubleSupplier rows;
    private final boolean showsId;

    /**
     * @param rows estimates their number when a query is planned
     * @param showsId whether the hidden column is there: only for queries that name it, since it would take part in
     *     NATURAL JOIN
     */
    public EngineTable(Table table, DoubleSupplier rows, boolean showsId) {
        this.showsId = showsId;
        this.table = table;
        this.rows = rows;
    }

    public Table table() {
        return table;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        return rowType(table, showsId, factory);
    }

    /** The columns of a table; only those of its key are surely not NULL: a merge may break every other constraint. */
    static RelDataType rowType(Table table, boolean showsId, RelDataTypeFactory factory) {
        RelDataTypeFactory.Builder builder = factory.builder();
        for (Column column : table.columns()) {
            boolean nullable = !table.primaryKey().contains(column.ordinal());
            builder.add(column.name(), SqlTypes.planner(column.type(), nullable, factory));
        }
        return showsId ? builder.add(DOCUMENT_ID, SqlTypeName.VARCHAR).build() : builder.build();
    }

    @Override
    public Statistic getStatistic() {
        return Statistics.of(rows.getAsDouble(), List.of());
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable relOptTable) {
        return PandoScan.all(context.getCluster(), relOptTable, new Source(table));
    }

    /** The engine's rows as the runtime has them. */
    static RowSource.Rows rows(RowCursor cursor, Table table, int[] columns) {
        return new CursorRows(cursor, table, columns);
    }

    /** The engine's rows in the engine's values. */
    static RowSource.Rows values(RowCursor cursor, int width, Table table) {
        return new CursorRows(cursor, table, IntStream.range(0, width).toArray()) {
            @Override
            @Nullable
            Object converted(ColumnType type, @Nullable Object value) {
                return value;
            }
        };
    }

    /** Reads the table in the transaction of the statement. */
    public record Source(Table table) implements RowSource {
        @Override
        public Rows open(QueryContext context, int[] columns, Bounds bounds) throws SQLException {
            KeyRange range = range(context, bounds);
            if (range == null) {
                return Rows.of(List.<@Nullable Object[]>of().iterator());
            }
            RowCursor cursor = bounds.index() == null
                    ? context.transaction().scan(table, range, false)
                    : context.transaction().scan(table, bounds.index(), range, false);
            return new CursorRows(cursor, table, columns);
        }

        /* Null when a bound is NULL: nothing equals it. */
        private @Nullable KeyRange range(QueryContext context, Bounds bounds) throws SQLException {
            List<Integer> key =
                    bounds.index() == null ? table.primaryKey() : bounds.index().columns();
            List<@Nullable Object> low = new ArrayList<>();
            for (int i = 0; i < bounds.prefix().size(); i++) {
                low.add(value(context, bounds.prefix().get(i), key.get(i)));
            }
            List<@Nullable Object> high = new ArrayList<>(low);
            boolean lowInclusive = true;
            boolean highInclusive = true;
            if (bounds.low() != null) {
                low.add(value(context, bounds.low().value(), key.get(low.size())));
                lowInclusive = bounds.low().inclusive();
            }
            if (bounds.high() != null) {
                high.add(value(context, bounds.high().value(), key.get(high.size())));
                highInclusive = bounds.high().inclusive();
            }
            return low.contains(null) || high.contains(null)
                    ? null
                    : new KeyRange(low, lowInclusive, high, highInclusive);
        }

        private @Nullable Object value(QueryContext context, RexNode node, int ordinal) throws SQLException {
            RexNode value =
                    node.isA(SqlKind.CAST) ? ((RexCall) node).getOperands().get(0) : node;
            Object runtime = value instanceof RexDynamicParam parameter
                    ? context.parameter(parameter.getIndex())
                    : ((RexLiteral) value).getValue3();
            Column column = table.columns().get(ordinal);
            return Assign.to(column.type(), Values.toSession(value.getType(), runtime), column.name());
        }
    }

    /** The engine's rows as the runtime has them. */
    private static class CursorRows implements RowSource.Rows {
        private final RowCursor cursor;
        private final int[] columns;
        private final ColumnType[] types;
        private @Nullable Row next;
        private boolean read;

        CursorRows(RowCursor cursor, Table table, int[] columns) {
            this.cursor = cursor;
            this.columns = columns;
            this.types = table.columns().stream().map(Column::type).toArray(ColumnType[]::new);
        }

        @Override
        public boolean hasNext() {
            if (!read) {
                next = cursor.next();
                read = true;
            }
            return next != null;
        }

        @Override
        public @Nullable Object[] next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            read = false;
            @Nullable Object[] values = new Object[columns.length];
            for (int i = 0; i < columns.length; i++) {
                int column = columns[i];
                values[i] = column == types.length ? next.id().toString() : converted(types[column], next.get(column));
            }
            return values;
        }

        @Nullable
        Object converted(ColumnType type, @Nullable Object value) {
            return Values.toRuntime(type, value);
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
