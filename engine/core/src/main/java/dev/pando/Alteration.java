package dev.pando;

import java.util.Optional;

/**
 * One change of ALTER TABLE. All of them replicate, and merge register by register with what other nodes alter at the
 * same time (docs/formats/definitions.md): none ever refuses or changes a row that is there.
 */
public sealed interface Alteration {

    /** Adds a column, or shows a dropped one of the same name, family and merge kind again with its data. */
    record AddColumn(TableSpec.ColumnSpec column) implements Alteration {}

    /** Hides a column; its data stays. */
    record DropColumn(String column) implements Alteration {}

    /** Changes a column's shown name. */
    record RenameColumn(String column, String newName) implements Alteration {}

    /** Widens a column's type within its family: what fits the type that it has must fit the new one. */
    record SetType(String column, ColumnType type) implements Alteration {}

    /** @param sql text of the expression; empty for DROP DEFAULT */
    record SetDefault(String column, Optional<String> sql) implements Alteration {}

    /** SET NOT NULL, which rows of this node must already keep to, or DROP NOT NULL. */
    record SetNullable(String column, boolean nullable) implements Alteration {}

    /** Adds a condition that rows of this node must already meet. */
    record AddCheck(Table.Check check) implements Alteration {}

    /** Adds a UNIQUE constraint that rows of this node must already keep to. */
    record AddUnique(TableSpec.UniqueSpec unique) implements Alteration {}

    /** Adds a foreign key that rows of this node must already keep to. */
    record AddForeignKey(TableSpec.ForeignKeySpec foreignKey) implements Alteration {}

    /** Drops the CHECK, UNIQUE or foreign key constraint of that name. */
    record DropConstraint(String name) implements Alteration {}

    /**
     * COMMENT ON.
     *
     * @param column empty for the table's own
     * @param text empty to remove it
     */
    record SetComment(Optional<String> column, Optional<String> text) implements Alteration {}
}
