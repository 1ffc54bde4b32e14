package dev.pando;

import java.util.List;
import java.util.Optional;

/**
 * What CREATE TABLE asks for.
 *
 * @param primaryKey names of the key columns in key order; may be empty
 * @param local never announced and never replicated
 * @param generation 0, or another number to begin a new collection under an old name
 */
public record TableSpec(
        String schema,
        String name,
        List<ColumnSpec> columns,
        List<String> primaryKey,
        boolean local,
        int generation,
        List<Table.Check> checks,
        List<UniqueSpec> uniques,
        List<ForeignKeySpec> foreignKeys) {

    /** A replicated table of generation 0 without further constraints. */
    public static TableSpec of(String schema, String name, List<ColumnSpec> columns, List<String> primaryKey) {
        return new TableSpec(schema, name, columns, primaryKey, false, 0, List.of(), List.of(), List.of());
    }

    /** One column; its id follows from name, type and merge kind. */
    public record ColumnSpec(
            String name,
            ColumnType type,
            MergeKind merge,
            boolean nullable,
            Optional<String> defaultSql,
            boolean identity) {

        /** A nullable column that merges by the greatest stamp. */
        public static ColumnSpec of(String name, ColumnType type) {
            return new ColumnSpec(name, type, MergeKind.LAST, true, Optional.empty(), false);
        }

        /** A NOT NULL column that adds up, from 0. */
        public static ColumnSpec counter(String name, ColumnType type) {
            return new ColumnSpec(name, type, MergeKind.SUM, false, Optional.of("0"), false);
        }
    }

    public record UniqueSpec(String name, List<String> columns) {}

    public record ForeignKeySpec(
            String name, List<String> columns, String targetSchema, String targetTable, List<String> targetColumns) {}
}
