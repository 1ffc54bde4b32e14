package dev.pando.engine;

import dev.pando.ColumnType;
import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.KeyRange;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Short words for tests of the engine. */
final class TestDatabase {

    static final TableSpec BOOKS = TableSpec.of(
            "PUBLIC",
            "Books",
            List.of(
                    new ColumnSpec(
                            "isbn",
                            ColumnType.VARCHAR,
                            dev.pando.MergeKind.LAST,
                            false,
                            java.util.Optional.empty(),
                            false),
                    ColumnSpec.of("title", ColumnType.VARCHAR),
                    ColumnSpec.of("pages", ColumnType.INTEGER),
                    ColumnSpec.counter("likes", ColumnType.BIGINT)),
            List.of("isbn"));

    static final TransactionOptions REPEATABLE_READ =
            new TransactionOptions(Transaction.Isolation.REPEATABLE_READ, false, Duration.ofSeconds(5));

    static final TransactionOptions IMPATIENT =
            new TransactionOptions(Transaction.Isolation.READ_COMMITTED, false, Duration.ofMillis(50));

    private TestDatabase() {}

    static Engine inMemory() {
        return Engine.open(EngineOptions.inMemory());
    }

    static Table books(Engine engine) {
        return engine.catalog()
                .find("PUBLIC", "Books")
                .orElseGet(() -> engine.catalog().createTable(BOOKS));
    }

    static Row insert(Transaction tx, Table table, Object... values) {
        var named = new BitSet();
        Object[] row = new Object[table.columns().size()];
        for (int i = 0; i < values.length; i++) {
            row[i] = values[i];
            named.set(i);
        }
        tx.beginStatement();
        return tx.insert(table, row, named);
    }

    /** Reads, locks and changes one row. */
    static Row update(Transaction tx, Table table, String key, Consumer<Object[]> change) {
        tx.beginStatement();
        Row locked = tx.lock(tx.get(table, List.of(key)));
        Object[] values = values(locked);
        change.accept(values);
        return tx.update(locked, values);
    }

    static void delete(Transaction tx, Table table, String key) {
        tx.beginStatement();
        tx.delete(tx.lock(tx.get(table, List.of(key))));
    }

    static Object[] values(Row row) {
        Object[] values = new Object[row.table().columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(i);
        }
        return values;
    }

    static long commit(Engine engine, Consumer<Transaction> work) {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            work.accept(tx);
            return tx.commit();
        }
    }

    static <T> T read(Engine engine, Function<Transaction, T> work) {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            tx.beginStatement();
            return work.apply(tx);
        }
    }

    /** All rows in key order, as lists of values. */
    static List<List<Object>> rows(Engine engine, Table table) {
        return read(engine, tx -> drain(tx.scan(table, KeyRange.all(), false)));
    }

    static List<List<Object>> drain(RowCursor cursor) {
        var rows = new ArrayList<List<Object>>();
        try (cursor) {
            for (Row row = cursor.next(); row != null; row = cursor.next()) {
                var values = new ArrayList<Object>();
                for (Object value : values(row)) {
                    values.add(value);
                }
                rows.add(values);
            }
        }
        return rows;
    }
}
