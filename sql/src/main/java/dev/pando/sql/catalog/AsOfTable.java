package dev.pando.sql.catalog;

import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.Inspection;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.sql.plan.Bounds;
import dev.pando.sql.plan.PandoScan;
import dev.pando.sql.plan.QueryContext;
import dev.pando.sql.plan.RuntimeValue;
import dev.pando.sql.plan.ValueSource;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.Assign;
import dev.pando.sql.types.SqlTypes;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.jspecify.annotations.Nullable;

/** A table as it was: at a moment, or when this node had admitted the commits up to a sequence. */
public final class AsOfTable extends AbstractTable implements TranslatableTable {
    private static final ColumnType MOMENT = SqlTypes.named("TIMESTAMP WITH TIME ZONE", -1, 0);

    private final Table table;
    private final RuntimeValue moment;
    private final boolean showsId;

    /** @param moment a point in time, or an exact number: a commit sequence */
    public AsOfTable(Table table, RuntimeValue moment, boolean showsId) {
        this.table = table;
        this.moment = moment;
        this.showsId = showsId;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        return EngineTable.rowType(table, showsId, factory);
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable relOptTable) {
        return PandoScan.all(context.getCluster(), relOptTable, new Source(table, moment, showsId));
    }

    private record Source(Table table, RuntimeValue moment, boolean showsId) implements ValueSource {
        @Override
        public List<ColumnType> columnTypes() {
            List<ColumnType> types = new ArrayList<>();
            table.columns().forEach(column -> types.add(column.type()));
            if (showsId) {
                types.add(ColumnType.VARCHAR);
            }
            return types;
        }

        @Override
        public Rows openValues(QueryContext context) throws SQLException {
            return EngineTable.values(scan(context), columnTypes().size(), table);
        }

        @Override
        public Rows open(QueryContext context, int[] columns, Bounds bounds) throws SQLException {
            return EngineTable.rows(scan(context), table, columns);
        }

        @Override
        public Table keyed() {
            return table;
        }

        @Override
        public Rows openKey(QueryContext context, List<Object> key) throws SQLException {
            Inspection inspection = context.engine().inspection();
            DocumentId document = inspection.document(table, key);
            Object at = at(context);
            Row row = at instanceof Instant time
                    ? inspection.asOf(table, document, time).orElse(null)
                    : inspection.asOf(table, document, (Long) at).orElse(null);
            return EngineTable.values(new One(row), columnTypes().size(), table);
        }

        private RowCursor scan(QueryContext context) throws SQLException {
            Inspection inspection = context.engine().inspection();
            Object at = at(context);
            return at instanceof Instant time
                    ? inspection.scanAsOf(table, time)
                    : inspection.scanAsOf(table, (long) (Long) at);
        }

        /* A point in time, or a commit sequence. */
        private Object at(QueryContext context) throws SQLException {
            Object value = moment.in(context);
            if (value == null) {
                throw PandoSqlState.BAD_PARAMETER_VALUE.exception("AS OF takes a point in time, not NULL");
            }
            if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
                return ((Number) value).longValue();
            }
            Object micros = Assign.to(MOMENT, value, "AS OF");
            return Instant.EPOCH.plus(micros == null ? 0 : (Long) micros, ChronoUnit.MICROS);
        }
    }

    /** One row, or none. */
    private static final class One implements RowCursor {
        private @Nullable Row next;

        One(@Nullable Row row) {
            this.next = row;
        }

        @Override
        public @Nullable Row next() {
            Row given = next;
            next = null;
            return given;
        }

        @Override
        public void close() {}
    }
}
