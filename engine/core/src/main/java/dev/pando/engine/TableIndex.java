package dev.pando.engine;

import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.Index;
import dev.pando.PandoException;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.collection.KeyOrder;
import dev.pando.collection.RowView;
import dev.pando.dag.ColumnId;
import dev.pando.store.OrderedIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One order of a table's rows.
 *
 * <pre>
 * primary key      | key columns |                 → document id
 * without one      | document id |                 → document id
 * secondary index  | columns     | document id |   → document id
 * </pre>
 *
 * <p>Entries are hints: they are added when a version with that key is written, and removed when no snapshot can see one
 * any more. Every hit is checked against the row at the reader's snapshot. Written on the writer only.
 */
final class TableIndex {

    private final @Nullable IndexRecord record;
    private final OrderedIndex entries;
    private final List<String> columnIds;
    private volatile List<Integer> ordinals;

    /** Whether every row that some reader may see has its entries. */
    private volatile boolean built;

    private TableIndex(@Nullable IndexRecord record, List<String> columnIds, Table table, OrderedIndex entries) {
        this.record = record;
        this.entries = entries;
        this.columnIds = List.copyOf(columnIds);
        this.ordinals = places(table, this.columnIds);
    }

    static TableIndex primary(Table table, OrderedIndex entries) {
        List<String> ids = table.primaryKey().stream()
                .map(o -> table.columns().get(o).id())
                .toList();
        return new TableIndex(null, ids, table, entries);
    }

    static TableIndex secondary(IndexRecord record, Table table, OrderedIndex entries) {
        return new TableIndex(record, record.columnIds(), table, entries);
    }

    private static List<Integer> places(Table table, List<String> ids) {
        return ids.stream().map(id -> TableState.ordinal(table, id)).toList();
    }

    /** Follows the table's columns to their new places. */
    void resolve(Table table) {
        ordinals = places(table, columnIds);
    }

    /** As a table shows it; empty for the primary one, and for one with a column that is not shown. */
    Optional<Index> definition(Table table) {
        return record == null ? Optional.empty() : record.on(table);
    }

    boolean isNamed(String name) {
        return record != null && ColumnId.fold(record.name()).equals(ColumnId.fold(name));
    }

    boolean isPrimary() {
        return record == null;
    }

    boolean unique() {
        return record != null && record.unique();
    }

    /** Whether all of its columns are shown: else no new entry can be told. */
    boolean usable() {
        return !ordinals.contains(-1);
    }

    IndexRecord record() {
        return Objects.requireNonNull(record, "the primary index has no record");
    }

    OrderedIndex entries() {
        return entries;
    }

    boolean built() {
        return built;
    }

    void setBuilt() {
        built = true;
    }

    /** The full key of a stored row of the present table definition. */
    byte[] key(RowView row) {
        return isPrimary() ? primaryKey(row) : withId(row.orderedKey(ordinals), row.id());
    }

    private byte[] primaryKey(RowView row) {
        return ordinals.isEmpty() ? row.id().bytes() : row.orderedKey(ordinals);
    }

    /** The full key of values of the present table definition. */
    byte[] key(Table table, DocumentId id, Row row) {
        if (isPrimary() && ordinals.isEmpty()) {
            return id.bytes();
        }
        byte[] values = KeyOrder.encode(types(table), values(row));
        return isPrimary() ? values : withId(values, id);
    }

    private static byte[] withId(byte[] values, DocumentId id) {
        byte[] key = Arrays.copyOf(values, values.length + DocumentId.BYTES);
        System.arraycopy(id.bytes(), 0, key, values.length, DocumentId.BYTES);
        return key;
    }

    /** The part of the key that a unique index allows once; null when a NULL in it makes every value its own. */
    byte @Nullable [] uniqueKey(Table table, Row row) {
        List<@Nullable Object> values = values(row);
        return values.contains(null) ? null : KeyOrder.encode(types(table), values);
    }

    /** The prefix that stands for values of the leading columns. */
    byte[] prefix(Table table, List<@Nullable Object> values) {
        if (ordinals.isEmpty() && !values.isEmpty()) {
            return documentPrefix(values);
        }
        return KeyOrder.encode(types(table), values);
    }

    /* A table without primary key is ordered by document id. */
    private static byte[] documentPrefix(List<@Nullable Object> values) {
        if (values.size() == 1 && values.get(0) instanceof DocumentId id) {
            return id.bytes();
        }
        throw new PandoException(
                PandoException.Kind.INVALID_ARGUMENT, "a table without primary key has document ids for keys");
    }

    private List<ColumnType> types(Table table) {
        return ordinals.stream().map(o -> table.columns().get(o).type()).toList();
    }

    private List<@Nullable Object> values(Row row) {
        List<@Nullable Object> values = new ArrayList<>(ordinals.size());
        ordinals.forEach(o -> values.add(row.get(o)));
        return values;
    }

    List<Integer> ordinals() {
        return ordinals;
    }

    @Override
    public String toString() {
        return record == null ? "the primary key" : record.name();
    }
}
