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

    /** Adds a column; replicated. Existing rows read NULL, or a counter's 0. */
    Table addColumn(Table table, TableSpec.ColumnSpec column);

    /** Hides a column; replicated. Its data stays. */
    Table dropColumn(Table table, String column);

    /** Changes a column's shown name; replicated. */
    Table renameColumn(Table table, String column, String newName);

    /** Builds an index over existing rows and keeps it. Local to this node. */
    Index createIndex(Table table, String name, List<String> columns, boolean unique);

    void dropIndex(Index index);
}
