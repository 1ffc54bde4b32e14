package dev.pando.engine;

import dev.pando.Alteration;
import dev.pando.Cancellation;
import dev.pando.Catalog;
import dev.pando.Column;
import dev.pando.Environment;
import dev.pando.Index;
import dev.pando.IndexSpec;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.collection.CollectionId;
import dev.pando.collection.Definition;
import dev.pando.dag.ColumnId;
import dev.pando.ipld.Cid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The catalog as users see it. Changes are local records, and for what replicates deltas of the definition; one at a
 * time. What they mean for rows and indexes is {@link Tables}'s.
 */
final class CatalogImpl implements Catalog {

    private final Tables tables;
    private final Locals locals;
    private final Committer committer;
    private final GrantsImpl grants;
    private final IndexBuilder builder;
    private final DefinitionWriter definitions;
    private final Environment.Threads threads;
    private final RowCheck checks;
    private final Turn turn;

    CatalogImpl(
            Tables tables,
            Locals locals,
            Committer committer,
            GrantsImpl grants,
            IndexBuilder builder,
            DefinitionWriter definitions,
            Environment.Threads threads,
            RowCheck checks) {
        this.tables = tables;
        this.locals = locals;
        this.committer = committer;
        this.grants = grants;
        this.builder = builder;
        this.definitions = definitions;
        this.threads = threads;
        this.checks = checks;
        this.turn = new Turn(threads);
    }

    @Override
    public long version() {
        return tables.view().version();
    }

    @Override
    public List<String> schemas() {
        var schemas = new ArrayList<>(tables.view().schemas().values());
        schemas.remove(CatalogView.PUBLIC);
        schemas.add(0, CatalogView.PUBLIC);
        return schemas;
    }

    @Override
    public void createSchema(String name) {
        turn.take(() -> makeSchema(name));
    }

    private void makeSchema(String name) {
        if (tables.view().schemas().containsKey(ColumnId.fold(name))) {
            throw new PandoException(Kind.INVALID_DEFINITION, "schema " + name + " exists already");
        }
        write(
                List.of(new RecordChange.Put(Tables.SCHEMA_KIND, ColumnId.fold(name), Tables.schemaRecord(name))),
                () -> tables.addSchema(name));
    }

    @Override
    public void dropSchema(String name) {
        turn.take(() -> removeSchema(name));
    }

    private void removeSchema(String name) {
        CatalogView view = tables.view();
        if (!view.schemas().containsKey(ColumnId.fold(name))
                || ColumnId.fold(name).equals("public")) {
            throw new PandoException(Kind.INVALID_DEFINITION, "there is no schema " + name + " that can be dropped");
        }
        for (TableState state : view.tables()) {
            if (ColumnId.fold(state.table().schema()).equals(ColumnId.fold(name))) {
                throw new PandoException(
                        Kind.INVALID_DEFINITION,
                        "schema " + name + " holds table " + state.table().name() + "; drop its tables first");
            }
        }
        write(
                List.of(new RecordChange.Put(Tables.SCHEMA_KIND, ColumnId.fold(name), null)),
                () -> tables.removeSchema(name));
    }

    @Override
    public Optional<Table> find(String schema, String name) {
        return tables.view().byName(schema, name).map(TableState::table);
    }

    @Override
    public List<Table> tables() {
        return tables.view().tables().stream().map(TableState::table).toList();
    }

    @Override
    public Table createTable(TableSpec spec) {
        return turn.take(() -> makeTable(spec));
    }

    private Table makeTable(TableSpec spec) {
        CatalogView view = tables.view();
        Cid id = spec.local() ? tables.randomCollectionId() : CollectionId.of(spec);
        var definition = Definition.create(spec, id);
        if (!view.schemas().containsKey(ColumnId.fold(spec.schema()))) {
            throw new PandoException(Kind.INVALID_DEFINITION, "there is no schema " + spec.schema());
        }
        if (view.byName(spec.schema(), spec.name()).isPresent()) {
            throw new PandoException(
                    Kind.TABLE_EXISTS, "table " + spec.schema() + "." + spec.name() + " exists already");
        }
        if (view.byId(id) != null) {
            throw new PandoException(
                    Kind.TABLE_EXISTS, "this node holds collection " + id + " already, under another name");
        }
        tables.checkRules(definition.table(List.of()));
        var record = new TableRecord(tables.nextNumber(), definition);
        var puts = new ArrayList<RecordChange.Put>();
        puts.add(new RecordChange.Put(TableRecord.KIND, id.toString(), record.encode()));
        puts.add(tables.numberUsed(record.number()));
        write(puts, () -> tables.created(record));
        definitions.write(present(id), Definition::restoreCreated);
        return present(id).table();
    }

    @Override
    public void dropTable(Table table) {
        turn.take(() -> removeTable(table));
    }

    private void removeTable(Table table) {
        TableState state = tables.require(table);
        requireNotReferred(state);
        var puts = new ArrayList<RecordChange.Put>();
        puts.add(new RecordChange.Put(TableRecord.KIND, state.collection().toString(), null));
        puts.add(Tables.forgotten(state));
        puts.addAll(grants.forget(state.collection()));
        puts.add(new RecordChange.Put(Tables.NAME_KIND, state.collection().toString(), null));
        for (TableIndex index : state.indexes()) {
            if (!index.isOfConstraint()) {
                puts.add(new RecordChange.Put(IndexRecord.KIND, indexKey(index.record()), null));
            }
        }
        write(puts, () -> tables.dropped(state));
        builder.purge(state.number());
    }

    private void requireNotReferred(TableState state) {
        Table table = state.table();
        for (TableState other : tables.view().tables()) {
            boolean refers = other != state
                    && other.table().foreignKeys().stream()
                            .anyMatch(f -> f.targetSchema().equalsIgnoreCase(table.schema())
                                    && f.targetTable().equalsIgnoreCase(table.name()));
            if (refers) {
                throw new PandoException(
                        Kind.INVALID_DEFINITION,
                        table.qualifiedName() + " is referred to by "
                                + other.table().qualifiedName() + "; drop its foreign key first");
            }
        }
    }

    @Override
    public Table alter(Table table, List<Alteration> changes, Cancellation cancellation) {
        return turn.take(() -> {
            TableState state = tables.require(table);
            new AlterTable(tables, builder, committer, threads, checks, definitions, state, cancellation).run(changes);
            return present(state.collection()).table();
        });
    }

    @Override
    public Table renameTable(Table table, String newName) {
        return turn.take(() -> rename(tables.require(table), newName));
    }

    private Table rename(TableState state, String newName) {
        state.definition().named(newName);
        String schema = state.table().schema();
        var holder = tables.view().byName(schema, newName);
        if (holder.isPresent() && holder.get() != state) {
            throw new PandoException(Kind.TABLE_EXISTS, "table " + schema + "." + newName + " exists already");
        }
        requireNotReferred(state);
        boolean asCreated = state.definition().created().name().equals(newName);
        byte[] name = asCreated ? null : newName.getBytes(StandardCharsets.UTF_8);
        write(
                List.of(new RecordChange.Put(
                        Tables.NAME_KIND, state.collection().toString(), name)),
                () -> tables.renamed(state));
        return present(state.collection()).table();
    }

    private static Column column(TableState state, String name) {
        return state.table()
                .column(name)
                .orElseThrow(() -> new PandoException(
                        Kind.UNKNOWN_COLUMN, state.table().qualifiedName() + " has no column " + name));
    }

    @Override
    public Index createIndex(Table table, IndexSpec spec, Cancellation cancellation) {
        return turn.take(() -> makeIndex(tables.require(table), spec, cancellation));
    }

    private Index makeIndex(TableState state, IndexSpec spec, Cancellation cancellation) {
        if (state.find(spec.name()).isPresent()) {
            throw new PandoException(
                    Kind.INDEX_EXISTS,
                    "index " + spec.name() + " on " + state.table().qualifiedName() + " exists already");
        }
        if (spec.parts().isEmpty()) {
            throw new PandoException(Kind.INVALID_DEFINITION, "an index needs one column at least");
        }
        var record = new IndexRecord(
                state.collection(),
                spec.name(),
                spec.parts().stream()
                        .map(part -> column(state, part.column()).id())
                        .toList(),
                spec.parts().stream().map(IndexSpec.Part::descending).toList(),
                spec.unique());
        write(List.of(put(record)), () -> tables.indexCreated(state, record, false));
        TableIndex index = state.find(spec.name()).orElseThrow();
        try {
            builder.ensureBuilt(index, cancellation);
            if (spec.unique()) {
                builder.checkUnique(state, index, cancellation);
            }
        } catch (PandoException e) {
            drop(state, index);
            throw e;
        }
        return index.definition(state.table()).orElseThrow();
    }

    @Override
    public void dropIndex(Index index) {
        turn.take(() -> removeIndex(index));
    }

    private void removeIndex(Index index) {
        TableState state = tables.view()
                .byName(index.schema(), index.tableName())
                .orElseThrow(() -> new PandoException(
                        Kind.UNKNOWN_TABLE, "there is no table " + index.schema() + "." + index.tableName()));
        if (state.index(index).isOfConstraint()) {
            throw new PandoException(
                    Kind.INVALID_DEFINITION,
                    "index " + index.name() + " belongs to a constraint: ALTER TABLE … DROP CONSTRAINT drops it");
        }
        drop(state, state.index(index));
    }

    private void drop(TableState state, TableIndex index) {
        write(
                List.of(new RecordChange.Put(IndexRecord.KIND, indexKey(index.record()), null)),
                () -> tables.indexDropped(state, index));
    }

    private static RecordChange.Put put(IndexRecord index) {
        return new RecordChange.Put(IndexRecord.KIND, indexKey(index), index.encode());
    }

    private static String indexKey(IndexRecord index) {
        return index.collection() + " " + ColumnId.fold(index.name());
    }

    private TableState present(Cid collection) {
        TableState state = tables.view().byId(collection);
        if (state == null) {
            throw new PandoException(Kind.UNKNOWN_TABLE, "the table was dropped meanwhile");
        }
        return state;
    }

    private void write(List<RecordChange.Put> puts, Runnable whenApplied) {
        committer.commit(new RecordChange(locals, puts, true, whenApplied));
    }
}
