package dev.pando.engine;

import dev.pando.ColumnType;
import dev.pando.Environment;
import dev.pando.ExpressionCompiler;
import dev.pando.Index;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.collection.Definition;
import dev.pando.dag.ReservedCollection;
import dev.pando.dag.Value;
import dev.pando.ipld.Cid;
import dev.pando.store.DerivedMap;
import dev.pando.store.Store;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables that this node holds. Changed on the writer (and by recovery, before there is one) by what the log says;
 * read by anyone.
 */
final class Tables {

    static final String SCHEMA_KIND = "Schema";

    /** The greatest collection number ever given: one that was dropped is not given again, its rows may still be there. */
    private static final String NUMBER_KIND = "Number";

    private static final String NUMBER_KEY = "collection";

    /** Tables that were dropped here, with the sequence up to which they are forgotten. */
    static final String FORGOTTEN_KIND = "Forgotten";

    /** Rows of the reserved collection are kept under this number. */
    static final int DEFINITIONS_NUMBER = 0;

    private static final Definition DEFINITIONS = Definition.create(
            TableSpec.of(
                    "sys",
                    "definitions",
                    List.of(ColumnSpec.of("collection", new ColumnType(ColumnType.Family.BYTES, "VARBINARY", -1, 0))),
                    List.of("collection")),
            ReservedCollection.DEFINITIONS);

    /** Names that this node shows tables under, by collection, where RENAME changed them. */
    static final String NAME_KIND = "Name";

    private final Store store;
    private final DerivedMap rows;
    private final TableState definitions;
    private final Locals locals;
    private final Environment environment;
    private final Optional<ExpressionCompiler> compiler;
    private final Listeners changed;
    private volatile CatalogView view = CatalogView.EMPTY;

    Tables(
            Store store,
            DerivedMap rows,
            Locals locals,
            Environment environment,
            Optional<ExpressionCompiler> compiler,
            Listeners changed) {
        this.store = store;
        this.rows = rows;
        this.locals = locals;
        this.environment = environment;
        this.compiler = compiler;
        this.changed = changed;
        this.definitions = newState(new TableRecord(DEFINITIONS_NUMBER, DEFINITIONS));
    }

    /** The reserved collection of definitions, which no one sees as a table. */
    TableState definitions() {
        return definitions;
    }

    CatalogView view() {
        return view;
    }

    /** @throws PandoException {@code UNKNOWN_TABLE} */
    TableState require(Table table) {
        TableState state = view.byId(table.collectionId());
        if (state == null) {
            throw new PandoException(Kind.UNKNOWN_TABLE, "table " + table.qualifiedName() + " was dropped");
        }
        return state;
    }

    /** Of a table, or of the definitions. */
    @Nullable
    TableState byId(Cid collection) {
        TableState state = view.byId(collection);
        return state == null && collection.equals(ReservedCollection.DEFINITIONS) ? definitions : state;
    }

    /** Of a table, or of the definitions. */
    @Nullable
    TableState byNumber(int number) {
        return number == DEFINITIONS_NUMBER ? definitions : view.byNumber(number);
    }

    /** The table of a collection that replicates. */
    Optional<Table> replicated(Cid collection) {
        TableState state = view.byId(collection);
        return state == null || state.table().local() ? Optional.empty() : Optional.of(state.table());
    }

    // ---- recovery

    /** Takes up what the records say. */
    void load() {
        view = CatalogView.EMPTY;
        locals.all(SCHEMA_KIND)
                .values()
                .forEach(name -> view = view.withSchema(new String(name, StandardCharsets.UTF_8)));
        locals.all(TableRecord.KIND).values().forEach(bytes -> install(TableRecord.decode(bytes)));
        for (byte[] bytes : locals.all(IndexRecord.KIND).values()) {
            IndexRecord record = IndexRecord.decode(bytes);
            TableState state = view.byId(record.collection());
            if (state != null) {
                addIndex(state, record, false);
            }
        }
    }

    // ---- what is written

    Cid randomCollectionId() {
        byte[] digest = new byte[32];
        environment.randomBytes(digest);
        return Cid.ofDigest(Cid.DAG_CBOR, digest);
    }

    int nextNumber() {
        byte[] last = locals.get(NUMBER_KIND, NUMBER_KEY);
        return last == null ? 1 : ByteBuffer.wrap(last).getInt() + 1;
    }

    RecordChange.Put numberUsed(int number) {
        return new RecordChange.Put(
                NUMBER_KIND,
                NUMBER_KEY,
                ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }

    static byte[] schemaRecord(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** @throws PandoException when expressions of the definition cannot be compiled */
    void checkRules(Table table) {
        rules(table).compile(List.of());
    }

    /** As above, of what a change makes of the table: what peers broke before is not its business. */
    void checkRules(TableState before, Table after) {
        rules(after)
                .compile(
                        before.rules().idle().stream().map(RowRules.Idle::check).toList());
    }

    RowRules rules(Table table) {
        return new RowRules(table, compiler);
    }

    // ---- on the writer

    void addSchema(String name) {
        publish(view.withSchema(name));
    }

    void removeSchema(String name) {
        publish(view.withoutSchema(name));
    }

    /** A table that is new here: empty, and its indexes with it. */
    void created(TableRecord record) {
        TableState state = install(record);
        state.totals().startEmpty();
        state.primary().setBuilt();
        state.indexes().forEach(TableIndex::setBuilt);
        publish(view.next());
    }

    /** The record of kind {@value #NAME_KIND} of this table has changed. */
    void renamed(TableState state) {
        define(state, definition(state));
        publish(view.next());
    }

    private TableState install(TableRecord record) {
        TableState state = newState(record);
        if (locals.get(FORGOTTEN_KIND, record.collection().toString()) != null) {
            state.setReborn();
        }
        define(state, definition(state));
        view = view.with(state);
        return state;
    }

    private TableState newState(TableRecord record) {
        Table table = record.created().table(List.of());
        return new TableState(
                record, TableIndex.primary(table, store.newOrderedIndex()), new RowRules(table, compiler), table);
    }

    /** What CREATE said with what is admitted of the definition's document. */
    private Definition definition(TableState state) {
        byte[] row = rows.get(
                RowKey.of(DEFINITIONS_NUMBER, state.definition().document()).bytes());
        byte[] name = locals.get(NAME_KIND, state.collection().toString());
        Definition definition = state.definition()
                .named(name == null ? state.definition().created().name() : new String(name, StandardCharsets.UTF_8));
        return row == null ? definition : definition.with(definitions.codec().state(row));
    }

    private void define(TableState state, Definition definition) {
        alignConstraints(state, definition.table(List.of()));
        Table bare = definition.table(List.of());
        List<Index> indexes = new ArrayList<>();
        for (TableIndex index : state.indexes()) {
            index.definition(bare).ifPresent(indexes::add);
        }
        Table table = definition.table(indexes);
        state.define(definition, table, new RowRules(table, compiler));
    }

    /** Gives each UNIQUE and foreign key constraint its index, wherever the constraint came from, and takes away others'. */
    private void alignConstraints(TableState state, Table bare) {
        var wanted = new ArrayList<IndexRecord>();
        bare.uniques().forEach(u -> wanted.add(ofConstraint(bare, u.name(), u.columns(), true)));
        bare.foreignKeys().forEach(f -> wanted.add(ofConstraint(bare, f.name(), f.columns(), false)));
        for (TableIndex index : state.indexes()) {
            boolean stays = index.isOfConstraint() && wanted.removeIf(record -> index.serves(record));
            if (index.isOfConstraint() && !stays) {
                state.removeIndex(index);
            }
        }
        for (IndexRecord record : wanted) {
            IndexRecord named = record;
            while (state.find(named.name()).isPresent()) {
                named = named.named(named.name() + "$");
            }
            state.addIndex(TableIndex.ofConstraint(named, bare, store.newOrderedIndex()));
        }
    }

    static IndexRecord ofConstraint(Table table, String name, List<Integer> ordinals, boolean unique) {
        List<String> ids =
                ordinals.stream().map(o -> table.columns().get(o).id()).toList();
        return new IndexRecord(
                table.collectionId(), name, ids, java.util.Collections.nCopies(ids.size(), false), unique);
    }

    /** An index that a constraint about to be added needs, over rows that are there. */
    TableIndex constraintIndexAdded(TableState state, IndexRecord record) {
        TableIndex index = TableIndex.ofConstraint(record, state.table(), store.newOrderedIndex());
        state.addIndex(index);
        return index;
    }

    /** A document of definitions has changed; {@code key} is its key. */
    void definitionChanged(SortedMap<String, Value> key) {
        Cid collection = Definition.collectionOf(key);
        TableState state = collection == null ? null : view.byId(collection);
        if (state != null) {
            define(state, definition(state));
            publish(view.next());
        }
    }

    void dropped(TableState state) {
        publish(view.without(state));
    }

    /** @param empty whether the table has no rows that an index would have to be built over */
    void indexCreated(TableState state, IndexRecord record, boolean empty) {
        addIndex(state, record, empty);
        publish(view.next());
    }

    private void addIndex(TableState state, IndexRecord record, boolean empty) {
        TableIndex index = TableIndex.secondary(record, state.table(), store.newOrderedIndex());
        if (empty) {
            index.setBuilt();
        }
        state.addIndex(index);
        define(state, state.definition());
    }

    void indexDropped(TableState state, TableIndex index) {
        state.removeIndex(index);
        define(state, state.definition());
        publish(view.next());
    }

    /** What makes replay, and the admission of old blocks, forget the table's rows up to the drop. */
    static RecordChange.Put forgotten(TableState state) {
        return new RecordChange.Put(FORGOTTEN_KIND, state.collection().toString(), null, true);
    }

    private void publish(CatalogView next) {
        view = next;
        changed.fire();
    }
}
