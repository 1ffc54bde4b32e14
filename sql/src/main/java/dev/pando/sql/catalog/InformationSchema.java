package dev.pando.sql.catalog;

import static dev.pando.sql.catalog.SystemTable.SystemColumn.flag;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.integer;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.number;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.text;

import dev.pando.Column;
import dev.pando.Index;
import dev.pando.Table;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.types.SqlTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.jspecify.annotations.Nullable;

/** The tables of {@code INFORMATION_SCHEMA}, and {@code indexes} and {@code index_columns} beside the standard's. */
final class InformationSchema {
    static final String SCHEMA = "INFORMATION_SCHEMA";

    /** The one catalog. */
    static final String CATALOG = "PANDO";

    private final LocalObjects objects;
    private final SchemaSnapshot snapshot;

    private InformationSchema(LocalObjects objects, SchemaSnapshot snapshot) {
        this.objects = objects;
        this.snapshot = snapshot;
    }

    static Map<String, org.apache.calcite.schema.Table> all(LocalObjects objects, SchemaSnapshot snapshot) {
        InformationSchema schema = new InformationSchema(objects, snapshot);
        Map<String, org.apache.calcite.schema.Table> tables = new LinkedHashMap<>();
        tables.put("SCHEMATA", schema.schemata());
        tables.put("TABLES", schema.tables());
        tables.put("COLUMNS", schema.columns());
        tables.put("VIEWS", schema.views());
        tables.put("TABLE_CONSTRAINTS", schema.constraints());
        tables.put("KEY_COLUMN_USAGE", schema.keyColumns());
        tables.put("CHECK_CONSTRAINTS", schema.checks());
        tables.put("REFERENTIAL_CONSTRAINTS", schema.references());
        tables.put("INDEXES", schema.indexes());
        tables.put("INDEX_COLUMNS", schema.indexColumns());
        tables.put("SEQUENCES", schema.sequences());
        tables.put("TABLE_PRIVILEGES", TablePrivileges.table(objects, snapshot));
        return tables;
    }

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    private SystemTable schemata() {
        return new SystemTable(
                List.of(text("CATALOG_NAME"), text("SCHEMA_NAME")),
                context -> snapshot.schemaNames().stream().map(name -> row(CATALOG, name)));
    }

    private SystemTable tables() {
        return new SystemTable(
                List.of(
                        text("TABLE_CATALOG"),
                        text("TABLE_SCHEMA"),
                        text("TABLE_NAME"),
                        text("TABLE_TYPE"),
                        flag("IS_LOCAL"),
                        text("COLLECTION_ID"),
                        text("REMARKS")),
                context -> {
                    List<@Nullable Object[]> rows = new ArrayList<>();
                    snapshot.forEachTable((schema, name, table) -> rows.add(tableRow(schema, name, table)));
                    return rows.stream();
                });
    }

    private @Nullable Object[] tableRow(String schema, String name, org.apache.calcite.schema.Table table) {
        if (table instanceof EngineTable engine) {
            Table definition = engine.table();
            return row(
                    CATALOG,
                    schema,
                    name,
                    "BASE TABLE",
                    definition.local(),
                    definition.collectionId().toString(),
                    definition.comment().orElse(null));
        }
        String remarks = objects.comment(schema, name, "").orElse(null);
        return row(CATALOG, schema, name, table instanceof ViewTable ? "VIEW" : "SYSTEM TABLE", true, null, remarks);
    }

    private SystemTable columns() {
        return new SystemTable(
                List.of(
                        text("TABLE_CATALOG"),
                        text("TABLE_SCHEMA"),
                        text("TABLE_NAME"),
                        text("COLUMN_NAME"),
                        integer("ORDINAL_POSITION"),
                        text("COLUMN_DEFAULT"),
                        text("IS_NULLABLE"),
                        text("DATA_TYPE"),
                        integer("JDBC_TYPE"),
                        integer("CHARACTER_MAXIMUM_LENGTH"),
                        integer("NUMERIC_PRECISION"),
                        integer("NUMERIC_SCALE"),
                        integer("DATETIME_PRECISION"),
                        text("IS_IDENTITY"),
                        text("MERGE_RULE"),
                        text("COLUMN_ID"),
                        text("REMARKS")),
                context -> {
                    List<@Nullable Object[]> rows = new ArrayList<>();
                    snapshot.forEachTable((schema, name, table) -> addColumns(rows, schema, name, table));
                    return rows.stream();
                });
    }

    private void addColumns(
            List<@Nullable Object[]> rows, String schema, String name, org.apache.calcite.schema.Table table) {
        if (table instanceof EngineTable engine) {
            for (Column column : engine.table().columns()) {
                ColumnMeta meta = SqlTypes.meta(column.name(), schema, name, column, !column.nullable());
                rows.add(columnRow(schema, name, column.ordinal(), meta, column));
            }
            return;
        }
        for (RelDataTypeField field : table.getRowType(snapshot.types()).getFieldList()) {
            ColumnMeta meta = SqlTypes.meta(field.getName(), field.getType());
            rows.add(columnRow(schema, name, field.getIndex(), meta, null));
        }
    }

    private @Nullable Object[] columnRow(
            String schema, String table, int ordinal, ColumnMeta meta, @Nullable Column column) {
        Integer length = null;
        Integer precision = null;
        Integer scale = null;
        Integer fraction = null;
        switch (meta.type()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> {
                precision = meta.precision();
                scale = meta.scale();
            }
            case DATE, TIME, TIMESTAMP, TIMESTAMP_WITH_TIME_ZONE -> fraction = meta.scale();
            case CHAR, VARCHAR, CLOB, JSON, BINARY, VARBINARY, BLOB ->
                length = meta.precision() == 0 ? null : meta.precision();
            default -> {}
        }
        String typeName =
                column == null ? meta.type().typeName() : column.type().name();
        return row(
                CATALOG,
                schema,
                table,
                meta.label(),
                ordinal + 1,
                column == null ? null : column.defaultSql().orElse(null),
                meta.nullable() ? "YES" : "NO",
                typeName.equals("DOUBLE") ? "DOUBLE PRECISION" : typeName,
                meta.type().jdbcType(),
                length,
                precision,
                scale,
                fraction,
                meta.autoIncrement() ? "YES" : "NO",
                column == null ? null : column.merge().name(),
                column == null ? null : column.id(),
                column == null ? null : column.comment().orElse(null));
    }

    private SystemTable views() {
        return new SystemTable(
                List.of(text("TABLE_CATALOG"), text("TABLE_SCHEMA"), text("TABLE_NAME"), text("VIEW_DEFINITION")),
                context -> objects.views().stream().map(view -> row(CATALOG, view.schema(), view.name(), view.sql())));
    }

    private Stream<Table> engineTables() {
        List<Table> tables = new ArrayList<>();
        snapshot.forEachTable((schema, name, table) -> {
            if (table instanceof EngineTable engine) {
                tables.add(engine.table());
            }
        });
        return tables.stream();
    }

    private static String primaryKeyName(Table table) {
        return table.name() + "_pkey";
    }

    private SystemTable constraints() {
        return new SystemTable(
                List.of(
                        text("CONSTRAINT_CATALOG"),
                        text("CONSTRAINT_SCHEMA"),
                        text("CONSTRAINT_NAME"),
                        text("TABLE_SCHEMA"),
                        text("TABLE_NAME"),
                        text("CONSTRAINT_TYPE")),
                context -> engineTables().flatMap(InformationSchema::constraintsOf));
    }

    private static Stream<@Nullable Object[]> constraintsOf(Table table) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        if (!table.primaryKey().isEmpty()) {
            rows.add(constraint(table, primaryKeyName(table), "PRIMARY KEY"));
        }
        table.uniques().forEach(unique -> rows.add(constraint(table, unique.name(), "UNIQUE")));
        table.checks().forEach(check -> rows.add(constraint(table, check.name(), "CHECK")));
        table.foreignKeys().forEach(foreign -> rows.add(constraint(table, foreign.name(), "FOREIGN KEY")));
        return rows.stream();
    }

    private static @Nullable Object[] constraint(Table table, String name, String type) {
        return row(CATALOG, table.schema(), name, table.schema(), table.name(), type);
    }

    private SystemTable keyColumns() {
        return new SystemTable(
                List.of(
                        text("CONSTRAINT_SCHEMA"),
                        text("CONSTRAINT_NAME"),
                        text("TABLE_SCHEMA"),
                        text("TABLE_NAME"),
                        text("COLUMN_NAME"),
                        integer("ORDINAL_POSITION")),
                context -> engineTables().flatMap(table -> {
                    List<@Nullable Object[]> rows = new ArrayList<>();
                    addKey(rows, table, primaryKeyName(table), table.primaryKey());
                    table.uniques().forEach(unique -> addKey(rows, table, unique.name(), unique.columns()));
                    table.foreignKeys().forEach(foreign -> addKey(rows, table, foreign.name(), foreign.columns()));
                    return rows.stream();
                }));
    }

    private static void addKey(List<@Nullable Object[]> rows, Table table, String name, List<Integer> ordinals) {
        for (int i = 0; i < ordinals.size(); i++) {
            String column = table.columns().get(ordinals.get(i)).name();
            rows.add(row(table.schema(), name, table.schema(), table.name(), column, i + 1));
        }
    }

    private SystemTable checks() {
        return new SystemTable(
                List.of(text("CONSTRAINT_SCHEMA"), text("CONSTRAINT_NAME"), text("CHECK_CLAUSE")),
                context -> engineTables()
                        .flatMap(table ->
                                table.checks().stream().map(check -> row(table.schema(), check.name(), check.sql()))));
    }

    private SystemTable references() {
        return new SystemTable(
                List.of(
                        text("CONSTRAINT_SCHEMA"),
                        text("CONSTRAINT_NAME"),
                        text("TABLE_NAME"),
                        text("REFERENCED_SCHEMA"),
                        text("REFERENCED_TABLE"),
                        text("REFERENCED_COLUMNS")),
                context -> engineTables()
                        .flatMap(table -> table.foreignKeys().stream()
                                .map(foreign -> row(
                                        table.schema(),
                                        foreign.name(),
                                        table.name(),
                                        foreign.targetSchema(),
                                        foreign.targetTable(),
                                        String.join(",", foreign.targetColumns())))));
    }

    private SystemTable indexes() {
        return new SystemTable(
                List.of(text("INDEX_SCHEMA"), text("INDEX_NAME"), text("TABLE_NAME"), flag("IS_UNIQUE")),
                context -> engineTables()
                        .flatMap(table -> table.indexes().stream()
                                .map(index -> row(index.schema(), index.name(), table.name(), index.unique()))));
    }

    private SystemTable indexColumns() {
        return new SystemTable(
                List.of(
                        text("INDEX_SCHEMA"),
                        text("INDEX_NAME"),
                        text("TABLE_NAME"),
                        text("COLUMN_NAME"),
                        integer("ORDINAL_POSITION"),
                        flag("IS_DESCENDING")),
                context -> engineTables()
                        .flatMap(table -> table.indexes().stream().flatMap(index -> indexRows(table, index))));
    }

    private static Stream<@Nullable Object[]> indexRows(Table table, Index index) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < index.columns().size(); i++) {
            String column = table.columns().get(index.columns().get(i)).name();
            rows.add(row(
                    index.schema(),
                    index.name(),
                    table.name(),
                    column,
                    i + 1,
                    index.descending().get(i)));
        }
        return rows.stream();
    }

    private SystemTable sequences() {
        return new SystemTable(
                List.of(
                        text("SEQUENCE_CATALOG"),
                        text("SEQUENCE_SCHEMA"),
                        text("SEQUENCE_NAME"),
                        text("DATA_TYPE"),
                        number("START_VALUE"),
                        number("MINIMUM_VALUE"),
                        number("MAXIMUM_VALUE"),
                        number("INCREMENT")),
                context -> objects.sequences().stream()
                        .map(sequence ->
                                row(null, sequence.schema(), sequence.name(), "BIGINT", 1L, 1L, Long.MAX_VALUE, (long)
                                        sequence.increment())));
    }
}
