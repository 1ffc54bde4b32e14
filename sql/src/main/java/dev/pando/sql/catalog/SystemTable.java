package dev.pando.sql.catalog;

import dev.pando.ColumnType;
import dev.pando.sql.plan.Bounds;
import dev.pando.sql.plan.PandoScan;
import dev.pando.sql.plan.QueryContext;
import dev.pando.sql.plan.ValueSource;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Times;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** A table whose rows are made when they are read. */
public class SystemTable extends AbstractTable implements TranslatableTable {
    /** A column of it. */
    public record SystemColumn(String name, SqlTypeName type) {
        ColumnType columnType() {
            return switch (type) {
                case BIGINT -> ColumnType.BIGINT;
                case INTEGER -> ColumnType.INTEGER;
                case BOOLEAN -> ColumnType.BOOLEAN;
                case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> SqlTypes.named("TIMESTAMP WITH TIME ZONE", -1, 0);
                default -> ColumnType.VARCHAR;
            };
        }

        static SystemColumn text(String name) {
            return new SystemColumn(name, SqlTypeName.VARCHAR);
        }

        static SystemColumn number(String name) {
            return new SystemColumn(name, SqlTypeName.BIGINT);
        }

        static SystemColumn integer(String name) {
            return new SystemColumn(name, SqlTypeName.INTEGER);
        }

        static SystemColumn flag(String name) {
            return new SystemColumn(name, SqlTypeName.BOOLEAN);
        }

        static SystemColumn instant(String name) {
            return new SystemColumn(name, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
        }
    }

    /** Makes the rows; each has a value a column: String, Long, Integer, Boolean, {@link Instant}, Optional of these. */
    @FunctionalInterface
    public interface Content {
        Stream<@Nullable Object[]> rows(QueryContext context) throws SQLException;
    }

    private final List<SystemColumn> columns;
    private final Content content;

    SystemTable(List<SystemColumn> columns, Content content) {
        this.columns = columns;
        this.content = content;
    }

    public List<SystemColumn> columns() {
        return columns;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        RelDataTypeFactory.Builder builder = factory.builder();
        columns.forEach(column -> builder.add(column.name(), column.type()).nullable(true));
        return builder.build();
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable relOptTable) {
        return PandoScan.all(context.getCluster(), relOptTable, new Source(columns, content));
    }

    private record Source(List<SystemColumn> columns, Content content) implements ValueSource {
        @Override
        public List<ColumnType> columnTypes() {
            return columns.stream().map(SystemColumn::columnType).toList();
        }

        @Override
        public Rows openValues(QueryContext context) throws SQLException {
            return Rows.of(content.rows(context)
                    .map(row -> {
                        @Nullable Object[] values = new Object[row.length];
                        for (int i = 0; i < values.length; i++) {
                            values[i] = engine(row[i]);
                        }
                        return values;
                    })
                    .iterator());
        }

        private static @Nullable Object engine(@Nullable Object value) {
            if (value instanceof Optional<?> optional) {
                return engine(optional.orElse(null));
            }
            if (value instanceof Instant instant) {
                return Times.micros(instant);
            }
            boolean plain =
                    value == null || value instanceof Long || value instanceof Boolean || value instanceof String;
            return plain
                    ? value
                    : value instanceof Integer number ? (Object) number.longValue() : String.valueOf(value);
        }

        @Override
        public Rows open(QueryContext context, int[] columns, Bounds bounds) throws SQLException {
            Iterator<@Nullable Object[]> rows = content.rows(context)
                    .map(row -> {
                        @Nullable Object[] values = new Object[columns.length];
                        for (int i = 0; i < columns.length; i++) {
                            values[i] = runtime(row[columns[i]]);
                        }
                        return values;
                    })
                    .iterator();
            return Rows.of(rows);
        }

        private static @Nullable Object runtime(@Nullable Object value) {
            if (value instanceof Optional<?> optional) {
                return runtime(optional.orElse(null));
            }
            if (value instanceof Instant instant) {
                return instant.toEpochMilli();
            }
            boolean plain = value == null
                    || value instanceof Long
                    || value instanceof Integer
                    || value instanceof Boolean
                    || value instanceof String;
            return plain ? value : String.valueOf(value);
        }
    }
}
