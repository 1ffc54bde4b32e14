package dev.pando;

import java.util.List;
import java.util.Optional;

/**
 * Tables, columns and indexes of this node. Reading takes no lock; a change is durable when its method returns and does
 * not belong to any transaction.
 */
public interface Catalog {

    /** Grows with every change: plans made at one version hold for it only. */
    long version();

    /** All schemas, {@code PUBLIC} first. */
    List<String> schemas();

    void createSchema(String name);

    void dropSchema(String name);

    /** The table of that name, compared without regard to case. */
    Optional<Table> find(String schema, String name);

    /** All tables, by schema and name. */
    List<Table> tables();

    /**
     * Creates a table. The same specification gives the same collection on every node, whatever the order of columns
     * (docs/rules.md §5).
     *
     * @throws PandoException {@code TABLE_EXISTS}, {@code INVALID_DEFINITION}
     */
    Table createTable(TableSpec spec);

    /** Forgets the table on this node; other nodes keep theirs. */
    void dropTable(Table table);

    /**
     * Changes a table's definition, all of {@code changes} or none, in this order, as one commit; replicated.
     *
     * @throws PandoException {@code INVALID_DEFINITION}, {@code UNKNOWN_COLUMN}, {@code COLUMN_EXISTS},
     *     {@code NOT_SUPPORTED} for a type that would not hold every value of the present one; {@code NOT_NULL_VIOLATION},
     *     {@code CHECK_VIOLATION}, {@code DUPLICATE_KEY}, {@code FOREIGN_KEY_VIOLATION} when rows of this node break a new
     *     constraint
     */
    default Table alter(Table table, List<Alteration> changes) {
        return alter(table, changes, new Cancellation());
    }

    /** As {@link #alter(Table, List)}; when it is cancelled nothing is changed, and it ends with {@code CANCELLED}. */
    Table alter(Table table, List<Alteration> changes, Cancellation cancellation);

    /** Adds a column; replicated. Existing rows read NULL, or a counter's 0. */
    default Table addColumn(Table table, TableSpec.ColumnSpec column) {
        return alter(table, List.of(new Alteration.AddColumn(column)));
    }

    /** Hides a column; replicated. Its data stays. */
    default Table dropColumn(Table table, String column) {
        return alter(table, List.of(new Alteration.DropColumn(column)));
    }

    /** Changes a column's shown name; replicated. */
    default Table renameColumn(Table table, String column, String newName) {
        return alter(table, List.of(new Alteration.RenameColumn(column, newName)));
    }

    /**
     * Changes the name that this node shows the table under. Local: the collection, and its name at peers, stay.
     *
     * @throws PandoException {@code TABLE_EXISTS}; {@code INVALID_DEFINITION} when foreign keys refer to the table
     */
    Table renameTable(Table table, String newName);

    /** Builds an index over existing rows and keeps it. Local to this node. */
    default Index createIndex(Table table, IndexSpec spec) {
        return createIndex(table, spec, new Cancellation());
    }

    /** The same; when it is cancelled there is no index, and it ends with {@code CANCELLED}. */
    Index createIndex(Table table, IndexSpec spec, Cancellation cancellation);

    /** As {@link #createIndex(Table, IndexSpec)}, all columns ascending. */
    default Index createIndex(Table table, String name, List<String> columns, boolean unique) {
        return createIndex(table, IndexSpec.ascending(name, columns, unique));
    }

    void dropIndex(Index index);
}
