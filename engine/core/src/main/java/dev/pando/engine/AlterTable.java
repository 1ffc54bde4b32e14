package dev.pando.engine;

import dev.pando.Alteration;
import dev.pando.Cancellation;
import dev.pando.Column;
import dev.pando.Environment;
import dev.pando.MergeKind;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Table;
import dev.pando.collection.Definition;
import java.util.ArrayList;
import java.util.List;

/**
 * One ALTER TABLE. What is new must hold for the rows of this node before it is said; what peers write meanwhile, or
 * wrote and this node has not seen, may break it all the same and shows as a violation.
 */
final class AlterTable {

    private final Tables tables;
    private final IndexBuilder builder;
    private final Committer committer;
    private final Environment.Threads threads;
    private final RowCheck rows;
    private final DefinitionWriter definitions;
    private final TableState state;
    private final Cancellation cancellation;

    AlterTable(
            Tables tables,
            IndexBuilder builder,
            Committer committer,
            Environment.Threads threads,
            RowCheck rows,
            DefinitionWriter definitions,
            TableState state,
            Cancellation cancellation) {
        this.tables = tables;
        this.builder = builder;
        this.committer = committer;
        this.threads = threads;
        this.rows = rows;
        this.definitions = definitions;
        this.state = state;
        this.cancellation = cancellation;
    }

    void run(List<Alteration> changes) {
        Table before = state.table();
        Definition definition = state.definition();
        Table after = definition.alter(changes).table();
        requireUnindexed(before, after);
        tables.checkRules(state, after);
        newForeignKeys(before, after).forEach(key -> checkTarget(after, key));
        Table asked = asked(before, after);
        if (!asked.checks().isEmpty()
                || !asked.foreignKeys().isEmpty()
                || asked.columns().stream().anyMatch(c -> !c.nullable())) {
            rows.check(state, asked, cancellation);
        }
        var built = new ArrayList<TableIndex>();
        try {
            newUniques(before, after).forEach(unique -> build(after, unique, built));
            cancellation.check();
            definitions.write(state, present -> present.alter(changes).ops());
        } catch (RuntimeException | Error e) {
            threads.await(committer.between(() -> built.forEach(state::removeIndex)));
            throw e;
        }
    }

    /** An index of its own would silently go with the column. */
    private void requireUnindexed(Table before, Table after) {
        for (Column column : before.columns()) {
            if (TableState.ordinal(after, column.id()) >= 0) {
                continue;
            }
            for (TableIndex index : state.indexes()) {
                if (!index.isOfConstraint() && index.record().columnIds().contains(column.id())) {
                    throw new PandoException(
                            Kind.INVALID_DEFINITION,
                            "column " + column.name() + " belongs to index "
                                    + index.record().name() + "; drop that first");
                }
            }
        }
    }

    /** Only what the change asks anew of rows: what merges broke before is not its business. */
    private static Table asked(Table before, Table after) {
        var columns = new ArrayList<Column>();
        for (Column column : after.columns()) {
            int old = TableState.ordinal(before, column.id());
            boolean wasNullable = old < 0 || before.columns().get(old).nullable();
            boolean asked = !column.nullable() && wasNullable && column.merge() != MergeKind.SUM;
            columns.add(new Column(
                    column.ordinal(),
                    column.id(),
                    column.name(),
                    column.type(),
                    column.merge(),
                    !asked,
                    column.defaultSql(),
                    column.identity(),
                    column.comment()));
        }
        return new Table(
                after.schema(),
                after.name(),
                after.collectionId(),
                List.copyOf(columns),
                after.primaryKey(),
                after.local(),
                after.checks().stream()
                        .filter(check -> !before.checks().contains(check))
                        .toList(),
                List.of(),
                newForeignKeys(before, after),
                List.of(),
                after.comment());
    }

    private static List<Table.ForeignKey> newForeignKeys(Table before, Table after) {
        return after.foreignKeys().stream()
                .filter(key -> before.foreignKeys().stream()
                        .noneMatch(old -> old.name().equals(key.name())))
                .toList();
    }

    private static List<Table.Unique> newUniques(Table before, Table after) {
        return after.uniques().stream()
                .filter(unique ->
                        before.uniques().stream().noneMatch(old -> old.name().equals(unique.name())))
                .toList();
    }

    /** A foreign key refers to the primary key, or to the columns of a UNIQUE constraint or index. */
    private void checkTarget(Table referring, Table.ForeignKey key) {
        TableState target = tables.view()
                .byName(key.targetSchema(), key.targetTable())
                .orElseThrow(() -> new PandoException(
                        Kind.UNKNOWN_TABLE,
                        key.name() + " of " + referring.qualifiedName() + " refers to table " + key.targetSchema() + "."
                                + key.targetTable() + ", which is not there"));
        List<Integer> ordinals = new ArrayList<>();
        for (String name : key.targetColumns()) {
            ordinals.add(target.table()
                    .column(name)
                    .orElseThrow(() -> new PandoException(
                            Kind.UNKNOWN_COLUMN,
                            "table " + target.table().qualifiedName() + " has no column '" + name + "'"))
                    .ordinal());
        }
        boolean unique = ordinals.equals(target.table().primaryKey())
                || target.indexes().stream()
                        .anyMatch(index -> index.unique() && index.ordinals().equals(ordinals));
        if (!unique || ordinals.size() != key.columns().size()) {
            throw new PandoException(
                    Kind.INVALID_DEFINITION,
                    key.name() + " of " + referring.qualifiedName()
                            + " must refer to the primary key or to UNIQUE columns of "
                            + target.table().qualifiedName() + ", in their order");
        }
    }

    /** Builds the index that a new UNIQUE constraint needs, if all columns of it are there already. */
    private void build(Table after, Table.Unique unique, List<TableIndex> built) {
        if (state.find(unique.name()).isPresent()) {
            throw new PandoException(
                    Kind.INDEX_EXISTS, "index " + unique.name() + " on " + after.qualifiedName() + " exists already");
        }
        IndexRecord record = Tables.ofConstraint(after, unique.name(), unique.columns(), true);
        threads.await(committer.between(() -> built.add(tables.constraintIndexAdded(state, record))));
        TableIndex index = built.get(built.size() - 1);
        if (index.usable()) {
            builder.ensureBuilt(index, cancellation);
            builder.checkUnique(state, index, cancellation);
        }
    }
}
