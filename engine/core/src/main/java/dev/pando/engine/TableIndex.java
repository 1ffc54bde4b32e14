package dev.pando.engine;

import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.Index;
import dev.pando.KeyRange;
import dev.pando.PandoException;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.collection.KeyOrder;
import dev.pando.collection.RowView;
import dev.pando.dag.ColumnId;
import dev.pando.store.OrderedIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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
    private final BitSet descending = new BitSet();

    /** Whether it is there because a constraint of the definition needs it, and goes with that. */
    private final boolean ofConstraint;

    private volatile List<Integer> ordinals;

    /** Whether every row that some reader may see has its entries. */
    private volatile boolean built;

    private TableIndex(
            @Nullable IndexRecord record,
            boolean ofConstraint,
            List<String> columnIds,
            Table table,
            OrderedIndex entries) {
        this.record = record;
        this.ofConstraint = ofConstraint;
        this.entries = entries;
        this.columnIds = List.copyOf(columnIds);
        this.ordinals = places(table, this.columnIds);
        for (int i = 0; record != null && i < columnIds.size(); i++) {
            descending.set(i, record.descending().get(i));
        }
    }

    static TableIndex primary(Table table, OrderedIndex entries) {
        List<String> ids = table.primaryKey().stream()
                .map(o -> table.columns().get(o).id())
                .toList();
        return new TableIndex(null, false, ids, table, entries);
    }

    static TableIndex secondary(IndexRecord record, Table table, OrderedIndex entries) {
        return new TableIndex(record, false, record.columnIds(), table, entries);
    }

    /** An index that no record keeps: it comes and goes with its constraint. */
    static TableIndex ofConstraint(IndexRecord record, Table table, OrderedIndex entries) {
        return new TableIndex(record, true, record.columnIds(), table, entries);
    }

    private static List<Integer> places(Table table, List<String> ids) {
        return ids.stream().map(id -> TableState.ordinal(table, id)).toList();
    }

    /** Follows the table's columns to their new places. Rows that are written while one is hidden leave no entry. */
    void resolve(Table table) {
        ordinals = places(table, columnIds);
        if (!usable()) {
            built = false;
        }
    }

    /** Whether it is what a constraint of that name over these columns needs. */
    boolean serves(IndexRecord constraint) {
        return record != null
                && record.columnIds().equals(constraint.columnIds())
                && record.unique() == constraint.unique()
                && (record.name().equals(constraint.name()) || record.name().startsWith(constraint.name() + "$"));
    }

    boolean isOfConstraint() {
        return ofConstraint;
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
        return isPrimary() ? primaryKey(row) : withId(row.orderedKey(ordinals, descending), row.id());
    }

    /** Whether {@link #key} of the row is {@code key}, an entry of the row's document in this secondary index. */
    boolean isKeyOf(RowView row, byte[] key) {
        return row.hasOrderedKey(ordinals, descending, key, key.length - DocumentId.BYTES);
    }

    private byte[] primaryKey(RowView row) {
        return ordinals.isEmpty() ? row.id().bytes() : row.orderedKey(ordinals, descending);
    }

    /** The full key of values of the present table definition. */
    byte[] key(Table table, DocumentId id, Row row) {
        if (isPrimary() && ordinals.isEmpty()) {
            return id.bytes();
        }
        byte[] values = KeyOrder.encode(types(table), descending, values(row));
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
        return values.contains(null) ? null : KeyOrder.encode(types(table), descending, values);
    }

    /** The entries of a range of values: low and high change places where the column that tells them apart descends. */
    ByteRange range(Table table, KeyRange range) {
        byte[] low = prefix(table, range.low());
        byte[] high = prefix(table, range.high());
        if (descending.isEmpty() || !descending.get(firstDifference(table, range))) {
            return ByteRange.between(low, range.lowInclusive(), high, range.highInclusive());
        }
        if (range.low().size() == range.high().size()) {
            return ByteRange.between(high, range.highInclusive(), low, range.lowInclusive());
        }
        /* The shorter bound is no bound of that column: it stands for all keys that begin with it, or for none. */
        if (range.low().size() < range.high().size()) {
            boolean lowOpen = range.low().isEmpty() || range.lowInclusive();
            return lowOpen ? ByteRange.between(high, range.highInclusive(), low, true) : ByteRange.EMPTY;
        }
        boolean highOpen = range.high().isEmpty() || range.highInclusive();
        return highOpen ? ByteRange.between(high, true, low, range.lowInclusive()) : ByteRange.EMPTY;
    }

    /** The place of the first column in which the bounds differ. */
    private int firstDifference(Table table, KeyRange range) {
        int both = Math.min(range.low().size(), range.high().size());
        for (int i = 0; i < both; i++) {
            if (!Arrays.equals(
                    prefix(table, range.low().subList(0, i + 1)),
                    prefix(table, range.high().subList(0, i + 1)))) {
                return i;
            }
        }
        return both;
    }

    /** The prefix that stands for values of the leading columns. */
    byte[] prefix(Table table, List<@Nullable Object> values) {
        if (ordinals.isEmpty() && !values.isEmpty()) {
            return documentPrefix(values);
        }
        return KeyOrder.encode(types(table), descending, values);
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
