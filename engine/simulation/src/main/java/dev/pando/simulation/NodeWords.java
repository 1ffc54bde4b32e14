package dev.pando.simulation;

import dev.pando.Column;
import dev.pando.DocumentId;
import dev.pando.Engine;
import dev.pando.KeyRange;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Short words for what tests do most with an engine. Whole numbers may be given as {@link Integer}. */
public abstract class NodeWords {

    private static final String SCHEMA = "PUBLIC";

    /** The engine that runs now. */
    public abstract Engine engine();

    public Table table(String name) {
        return engine().catalog()
                .find(SCHEMA, name)
                .orElseThrow(() -> new IllegalArgumentException("there is no table " + name));
    }

    /** Runs {@code work} in a transaction and commits it. */
    public <T> T inTransaction(Function<Transaction, T> work) {
        try (Transaction transaction = engine().begin(TransactionOptions.DEFAULT)) {
            transaction.beginStatement();
            T result = work.apply(transaction);
            transaction.commit();
            return result;
        }
    }

    /** Inserts a row: {@code insert("books", "id", 1, "title", "Ubik")}. */
    public void insert(String table, Object... columnsAndValues) {
        inTransaction(transaction -> insert(transaction, table, columnsAndValues));
    }

    /** As {@link #insert(String, Object...)}, within a transaction. */
    public Row insert(Transaction transaction, String table, Object... columnsAndValues) {
        Table in = table(table);
        @Nullable Object[] values = new Object[in.columns().size()];
        var named = new BitSet();
        for (int i = 0; i < columnsAndValues.length; i += 2) {
            Column column = column(in, (String) columnsAndValues[i]);
            values[column.ordinal()] = value(columnsAndValues[i + 1]);
            named.set(column.ordinal());
        }
        return transaction.insert(in, values, named);
    }

    /** Sets one column of the row with that key; false when there is none. */
    public boolean update(String table, Object key, String column, @Nullable Object value) {
        return change(table, key, (row, values) -> values[ordinal(table, column)] = value(value));
    }

    /** Adds to a counter of the row with that key; false when there is none. */
    public boolean add(String table, Object key, String column, long amount) {
        int at = ordinal(table, column);
        return change(table, key, (row, values) -> values[at] = row.getLong(at) + amount);
    }

    /** Deletes the row with that key; false when there is none. */
    public boolean delete(String table, Object key) {
        return inTransaction(transaction -> {
            Row row = locked(transaction, table, key);
            if (row != null) {
                transaction.delete(row);
            }
            return row != null;
        });
    }

    /** How a row is changed: the values begin as those of the row. */
    public interface Change {
        void apply(Row row, @Nullable Object[] values);
    }

    /** Changes the row with that key; false when there is none. */
    public boolean change(String table, Object key, Change change) {
        return inTransaction(transaction -> change(transaction, table, key, change));
    }

    /** As {@link #change(String, Object, Change)}, within a transaction. */
    public boolean change(Transaction transaction, String table, Object key, Change change) {
        Row row = locked(transaction, table, key);
        if (row != null) {
            @Nullable Object[] values = values(row);
            change.apply(row, values);
            transaction.update(row, values);
        }
        return row != null;
    }

    private @Nullable Row locked(Transaction transaction, String table, Object key) {
        Row seen = transaction.get(table(table), keyOf(key));
        return seen == null ? null : transaction.lock(seen);
    }

    /** The value of a column, null also when there is no such row. */
    public @Nullable Object get(String table, Object key, String column) {
        int at = ordinal(table, column);
        Row row = inTransaction(transaction -> Optional.ofNullable(transaction.get(table(table), keyOf(key))))
                .orElse(null);
        return row == null ? null : row.get(at);
    }

    /** The id of the row with that key, which is there. */
    public DocumentId documentId(String table, Object key) {
        return inTransaction(
                transaction -> Objects.requireNonNull(transaction.get(table(table), keyOf(key)), "no such row")
                        .id());
    }

    /** All rows in key order, each as its values in the order of the columns. */
    public List<List<@Nullable Object>> rows(String table) {
        return inTransaction(transaction -> {
            var rows = new ArrayList<List<@Nullable Object>>();
            try (RowCursor cursor = transaction.scan(table(table), KeyRange.all(), false)) {
                for (Row row = cursor.next(); row != null; row = cursor.next()) {
                    var values = new ArrayList<@Nullable Object>();
                    for (Object value : values(row)) {
                        values.add(value);
                    }
                    rows.add(values);
                }
            }
            return rows;
        });
    }

    private static @Nullable Object[] values(Row row) {
        @Nullable Object[] values = new Object[row.table().columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(i);
        }
        return values;
    }

    private int ordinal(String table, String column) {
        return column(table(table), column).ordinal();
    }

    private static Column column(Table table, String name) {
        return table.column(name)
                .orElseThrow(() -> new IllegalArgumentException(table.qualifiedName() + " has no column " + name));
    }

    private static List<@Nullable Object> keyOf(Object key) {
        return key instanceof List<?> several ? List.copyOf(several) : List.of(value(key));
    }

    /** Integers as the engine has them. */
    private static @Nullable Object value(@Nullable Object value) {
        return value instanceof Integer i ? (Object) i.longValue() : value;
    }
}
