package dev.pando;

import dev.pando.ipld.Cid;
import java.util.List;
import java.util.Optional;

/**
 * What a table is at one {@link Catalog#version()}. Immutable; operations given one of an older version use the present
 * definition of the same collection.
 *
 * @param collectionId the collection's id; for a local table one made at random
 * @param columns shown columns, in order; {@link Column#ordinal()} is the index
 * @param primaryKey ordinals of the key columns in key order; empty when there is none (then {@code _docid} is the key)
 * @param local never announced and never replicated
 * @param checks CHECK constraints as SQL text
 * @param uniques UNIQUE constraints as lists of ordinals
 * @param foreignKeys references to other tables
 * @param indexes local ones, and those that constraints need, under the constraint's name
 * @param comment of COMMENT ON TABLE; replicated
 */
public record Table(
        String schema,
        String name,
        Cid collectionId,
        List<Column> columns,
        List<Integer> primaryKey,
        boolean local,
        List<Check> checks,
        List<Unique> uniques,
        List<ForeignKey> foreignKeys,
        List<Index> indexes,
        Optional<String> comment) {

    /** The column of that name, compared without regard to case. */
    public Optional<Column> column(String columnName) {
        return columns.stream()
                .filter(c -> c.name().equalsIgnoreCase(columnName))
                .findFirst();
    }

    /** {@code schema.name}, as messages name it. */
    public String qualifiedName() {
        return schema + "." + name;
    }

    /** @param sql the condition's text */
    public record Check(String name, String sql) {}

    /** @param columns ordinals */
    public record Unique(String name, List<Integer> columns) {}

    /**
     * @param columns ordinals here
     * @param targetColumns names there
     */
    public record ForeignKey(
            String name, List<Integer> columns, String targetSchema, String targetTable, List<String> targetColumns) {}
}
