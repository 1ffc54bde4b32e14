package dev.pando.engine;

import dev.pando.Catalog;
import dev.pando.Column;
import dev.pando.Index;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.collection.CollectionId;
import dev.pando.collection.Definition;
import dev.pando.dag.ColumnId;
import dev.pando.ipld.Cid;
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

    CatalogImpl(
            Tables tables,
            Locals locals,
            Committer committer,
            GrantsImpl grants,
            IndexBuilder builder,
            DefinitionWriter definitions) {
        this.tables = tables;
        this.locals = locals;
        this.committer = committer;
        this.grants = grants;
        this.builder = builder;
        this.definitions = definitions;
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
    public synchronized void createSchema(String name) {
        if (tables.view().schemas().containsKey(ColumnId.fold(name))) {
            throw new PandoException(Kind.INVALID_DEFINITION, "schema " + name + " exists already");
        }
        write(
                List.of(new RecordChange.Put(Tables.SCHEMA_KIND, ColumnId.fold(name), Tables.schemaRecord(name))),
                () -> tables.addSchema(name));
    }

    @Override
    public synchronized void dropSchema(String name) {
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
    public synchronized Table createTable(TableSpec spec) {
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
        tables.checkRules(definition);
        var record = new TableRecord(tables.nextNumber(), definition);
        var indexes = ownIndexes(definition.table(List.of()));
        var puts = new ArrayList<RecordChange.Put>();
        puts.add(new RecordChange.Put(TableRecord.KIND, id.toString(), record.encode()));
        puts.add(tables.numberUsed(record.number()));
        indexes.forEach(index -> puts.add(put(index)));
        write(puts, () -> tables.created(record, indexes));
        definitions.write(present(id), Definition::restoreCreated);
        return present(id).table();
    }

    /** The indexes that UNIQUE and FOREIGN KEY constraints need; named as they are. */
    private static List<IndexRecord> ownIndexes(Table table) {
        var indexes = new ArrayList<IndexRecord>();
        table.uniques().forEach(u -> indexes.add(index(table, u.name(), u.columns(), true)));
        table.foreignKeys().stream()
                .filter(f -> indexes.stream().noneMatch(i -> i.name().equalsIgnoreCase(f.name())))
                .forEach(f -> indexes.add(index(table, f.name(), f.columns(), false)));
        return indexes;
    }

    private static IndexRecord index(Table table, String name, List<Integer> ordinals, boolean unique) {
        List<String> ids =
                ordinals.stream().map(o -> table.columns().get(o).id()).toList();
        return new IndexRecord(table.collectionId(), name, ids, unique);
    }

    @Override
    public synchronized void dropTable(Table table) {
        TableState state = tables.require(table);
        for (TableState other : tables.view().tables()) {
            boolean refers = other != state
                    && other.table().foreignKeys().stream()
                            .anyMatch(f -> f.targetSchema()
                                            .equalsIgnoreCase(state.table().schema())
                                    && f.targetTable()
                                            .equalsIgnoreCase(state.table().name()));
            if (refers) {
                throw new PandoException(
                        Kind.INVALID_DEFINITION,
                        table.qualifiedName() + " is referred to by "
                                + other.table().qualifiedName() + "; drop that one first");
            }
        }
        var puts = new ArrayList<RecordChange.Put>();
        puts.add(new RecordChange.Put(TableRecord.KIND, state.collection().toString(), null));
        puts.add(Tables.forgotten(state));
        puts.addAll(grants.forget(state.collection()));
        for (TableIndex index : state.indexes()) {
            puts.add(new RecordChange.Put(IndexRecord.KIND, indexKey(index.record()), null));
        }
        write(puts, () -> tables.dropped(state));
        builder.purge(state.number());
    }

    @Override
    public synchronized Table addColumn(Table table, TableSpec.ColumnSpec column) {
        TableState state = tables.require(table);
        definitions.write(state, definition -> definition.addColumn(column));
        return present(state.collection()).table();
    }

    @Override
    public synchronized Table dropColumn(Table table, String column) {
        TableState state = tables.require(table);
        Column dropped = column(state, column);
        for (Index index : state.table().indexes()) {
            if (index.columns().contains(dropped.ordinal())) {
                throw new PandoException(
                        Kind.INVALID_DEFINITION,
                        "column " + column + " belongs to index " + index.name() + "; drop that first");
            }
        }
        definitions.write(state, definition -> definition.dropColumn(column));
        return present(state.collection()).table();
    }

    @Override
    public synchronized Table renameColumn(Table table, String column, String newName) {
        TableState state = tables.require(table);
        definitions.write(state, definition -> definition.renameColumn(column, newName));
        return present(state.collection()).table();
    }

    private static Column column(TableState state, String name) {
        return state.table()
                .column(name)
                .orElseThrow(() -> new PandoException(
                        Kind.UNKNOWN_COLUMN, state.table().qualifiedName() + " has no column " + name));
    }

    @Override
    public synchronized Index createIndex(Table table, String name, List<String> columns, boolean unique) {
        TableState state = tables.require(table);
        if (state.find(name).isPresent()) {
            throw new PandoException(
                    Kind.INDEX_EXISTS, "index " + name + " on " + table.qualifiedName() + " exists already");
        }
        List<String> ids = columns.stream().map(c -> column(state, c).id()).toList();
        if (ids.isEmpty()) {
            throw new PandoException(Kind.INVALID_DEFINITION, "an index needs one column at least");
        }
        var record = new IndexRecord(state.collection(), name, ids, unique);
        write(List.of(put(record)), () -> tables.indexCreated(state, record, false));
        TableIndex index = state.find(name).orElseThrow();
        builder.ensureBuilt(index);
        if (unique) {
            try {
                builder.checkUnique(state, index);
            } catch (PandoException e) {
                drop(state, index);
                throw e;
            }
        }
        return index.definition(state.table()).orElseThrow();
    }

    @Override
    public synchronized void dropIndex(Index index) {
        TableState state = tables.view()
                .byName(index.schema(), index.tableName())
                .orElseThrow(() -> new PandoException(
                        Kind.UNKNOWN_TABLE, "there is no table " + index.schema() + "." + index.tableName()));
        if (state.table().uniques().stream().anyMatch(u -> u.name().equalsIgnoreCase(index.name()))) {
            throw new PandoException(
                    Kind.INVALID_DEFINITION, "index " + index.name() + " belongs to a UNIQUE constraint");
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
