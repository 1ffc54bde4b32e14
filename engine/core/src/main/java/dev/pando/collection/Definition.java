package dev.pando.collection;

import dev.pando.Alteration;
import dev.pando.DocumentId;
import dev.pando.Index;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.crdt.ColumnNumbers;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Live;
import dev.pando.dag.ReservedCollection;
import dev.pando.dag.Value;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The definition of one table: what CREATE said on this node, and over it the registers of the collection's document in
 * {@link ReservedCollection#DEFINITIONS}, which every ALTER of every node writes (docs/formats/definitions.md). Immutable.
 *
 * <p>What CREATE said makes no delta, so the same CREATE on two nodes leaves nothing to exchange. Definitions only choose
 * what SQL shows: no delta of a row is ever refused, and no row changes, because of one.
 */
public final class Definition {

    private static final String KEY_COLUMN = "collection:bytes:set";

    private final TableSpec created;
    private final String name;
    private final Cid collectionId;
    private final GenesisNumbers numbers;
    private final DocumentState registers;
    private final Registers shown;

    private Definition(
            TableSpec created, String name, Cid collectionId, GenesisNumbers numbers, DocumentState registers) {
        this.created = created;
        this.name = name;
        this.collectionId = collectionId;
        this.numbers = numbers;
        this.registers = registers;
        this.shown = Registers.of(created).overlaid(registers);
    }

    /**
     * The definition that CREATE makes.
     *
     * @param collectionId {@link CollectionId#of}; for a local table any
     * @throws PandoException {@code INVALID_DEFINITION}, {@code COLUMN_EXISTS}, {@code UNKNOWN_COLUMN}
     */
    public static Definition create(TableSpec spec, Cid collectionId) {
        SpecRules.check(spec);
        return new Definition(spec, spec.name(), collectionId, GenesisNumbers.of(spec), DocumentState.empty());
    }

    /** A replicated table's. */
    public static Definition create(TableSpec spec) {
        return create(spec, CollectionId.of(spec));
    }

    /** What CREATE said and the collection id, for this node's local record of the table. */
    public byte[] encode() {
        return SpecCodec.encode(created, collectionId);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws DecodeException for anything else
     */
    public static Definition decode(byte[] record) {
        TableSpec spec = SpecCodec.decode(record);
        try {
            return create(spec, SpecCodec.collectionId(record));
        } catch (PandoException e) {
            throw new DecodeException("the record of a table that cannot be: " + e.getMessage(), e);
        }
    }

    /** This definition with what was admitted of its document. */
    public Definition with(DocumentState admitted) {
        return new Definition(created, name, collectionId, numbers, admitted);
    }

    /** This definition under the name that this node shows the table by. */
    public Definition named(String shownName) {
        SpecRules.checkName("table", shownName);
        return new Definition(created, shownName, collectionId, numbers, registers);
    }

    public Cid collectionId() {
        return collectionId;
    }

    /** What CREATE said here. */
    public TableSpec created() {
        return created;
    }

    /** The document in {@link ReservedCollection#DEFINITIONS} that holds this definition's registers. */
    public DocumentId document() {
        return document(collectionId);
    }

    /** The document in {@link ReservedCollection#DEFINITIONS} of a collection. */
    public static DocumentId document(Cid collectionId) {
        return Keys.documentId(ReservedCollection.DEFINITIONS, key(collectionId));
    }

    /** The collection that a document of definitions is about; null when its key tells none. */
    public static @Nullable Cid collectionOf(SortedMap<String, Value> key) {
        Value value = key.get(KEY_COLUMN);
        if (value == null || key.size() != 1) {
            return null;
        }
        try {
            return DagCbor.decode(value.encoded()) instanceof byte[] bytes ? Cid.fromBytes(bytes) : null;
        } catch (DecodeException e) {
            return null; // a document of no collection: nobody asks for it
        }
    }

    private static SortedMap<String, Value> key(Cid collectionId) {
        SortedMap<String, Value> key = new TreeMap<>(DagCbor.KEY_ORDER);
        key.put(KEY_COLUMN, Value.ofEncoded(DagCbor.encode(collectionId.toBytes())));
        return key;
    }

    /** Short names for the columns of CREATE in stored rows; the same on all nodes, for ever. */
    public ColumnNumbers numbers() {
        return numbers;
    }

    /** The table as SQL shows it. */
    public Table table(List<Index> indexes) {
        return shown.table(created, name, collectionId, indexes);
    }

    /** What people should know: columns that show under another name than was asked for. */
    public List<String> remarks() {
        return shown.remarks(created);
    }

    /**
     * What ALTER TABLE makes of this definition.
     *
     * @param ops of the delta that says it; empty when nothing changes
     * @param table as it shows then, without indexes
     */
    public record Altered(SortedMap<String, FieldOp> ops, Table table) {}

    /**
     * Applies changes one after the other.
     *
     * @throws PandoException as {@link dev.pando.Catalog#alter} does for what needs no look at rows
     */
    public Altered alter(List<Alteration> changes) {
        var alterations = new Alterations(created, shown);
        changes.forEach(alterations::apply);
        Registers altered = alterations.registers();
        return new Altered(shown.difference(altered), altered.table(created, name, collectionId, List.of()));
    }

    /**
     * Ops that make the definition what this node's CREATE says, where other nodes, or a table of this id that was
     * dropped here, changed it. Empty when it is so already.
     */
    public SortedMap<String, FieldOp> restoreCreated() {
        return registers.columns().isEmpty() ? Collections.emptySortedMap() : shown.difference(Registers.of(created));
    }

    /** The draft of a delta of the definition's document with these ops. */
    public DeltaDraft draft(SortedMap<String, FieldOp> ops) {
        Live live = registers.live() ? null : Live.INSERT;
        return DeltaDraft.on(
                ReservedCollection.DEFINITIONS, document(), key(collectionId), registers, live, ops, List.of());
    }

    /** The ids of the columns of CREATE: what tells two collections of one name apart. */
    public List<String> genesisColumns() {
        return numbers.columns();
    }

    /** For a refusal: which columns two definitions of one name do not share. */
    public static String differences(List<String> here, List<String> there) {
        List<String> onlyHere = here.stream().filter(id -> !there.contains(id)).toList();
        List<String> onlyThere = there.stream().filter(id -> !here.contains(id)).toList();
        if (onlyHere.isEmpty() && onlyThere.isEmpty()) {
            return "same columns; another key, schema or generation";
        }
        return "only here: " + onlyHere + ", only there: " + onlyThere;
    }

    static PandoException invalid(TableSpec spec, String reason) {
        return new PandoException(
                Kind.INVALID_DEFINITION, "table " + spec.schema() + "." + spec.name() + ": " + reason);
    }
}
