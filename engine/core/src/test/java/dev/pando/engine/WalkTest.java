package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.delete;
import static dev.pando.engine.TestDatabase.drain;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.ColumnType;
import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.KeyRange;
import dev.pando.PandoException;
import dev.pando.RowWalk;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A walk shows the rows that an ordered scan of the same snapshot shows, each once. */
@Timeout(60)
class WalkTest {

    private static final int ROWS = 3_000;

    @TempDir
    Path directory;

    private Engine open(boolean file) {
        return Engine.open(file ? EngineOptions.at(directory.resolve("db")) : EngineOptions.inMemory());
    }

    private static Table filled(Engine engine) {
        Table table = books(engine);
        for (int from = 0; from < ROWS; from += 1_000) {
            int begin = from;
            commit(engine, tx -> {
                for (int i = begin; i < begin + 1_000; i++) {
                    insert(tx, table, key(i), i % 7 == 0 ? null : "title " + i, (long) i, (long) i % 3);
                }
            });
        }
        return table;
    }

    private static String key(int i) {
        return "isbn " + (100_000 + i);
    }

    private static List<List<Object>> walked(Table table, RowWalk walk, int rows) {
        var shown = new ArrayList<List<Object>>();
        while (shown.size() < rows && walk.next()) {
            var values = new ArrayList<Object>();
            for (int i = 0; i < table.columns().size(); i++) {
                values.add(walk.get(i));
                assertThat(walk.isNull(i)).isEqualTo(values.get(i) == null);
            }
            assertThat(walk.getLong(2)).isEqualTo(values.get(2));
            shown.add(values);
        }
        return shown;
    }

    private static List<List<Object>> walked(Table table, Transaction tx) {
        try (RowWalk walk = tx.walk(table)) {
            return walked(table, walk, Integer.MAX_VALUE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itShowsEachRowOnceAndTheTransactionsOwn(boolean file) {
        try (Engine engine = open(file)) {
            Table table = filled(engine);
            commit(engine, tx -> delete(tx, table, key(5)));
            try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                insert(tx, table, "new", "Emma", 474L);
                update(tx, table, key(6), v -> v[1] = "changed");
                delete(tx, table, key(7));
                tx.beginStatement();
                List<List<Object>> shown = walked(table, tx);
                assertThat(shown).hasSize(ROWS - 1);
                assertThat(shown).containsExactlyInAnyOrderElementsOf(drain(tx.scan(table, KeyRange.all(), false)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itKeepsItsSnapshotWhileOthersWrite(boolean file) {
        try (Engine engine = open(file)) {
            Table table = filled(engine);
            try (Transaction reader = engine.begin(TransactionOptions.DEFAULT)) {
                reader.beginStatement();
                List<List<Object>> before = drain(reader.scan(table, KeyRange.all(), false));
                try (RowWalk walk = reader.walk(table)) {
                    List<List<Object>> shown = walked(table, walk, 10);
                    commit(engine, tx -> {
                        for (int i = 0; i < ROWS; i += 3) {
                            update(tx, table, key(i), v -> v[1] = "a title that is much longer than what was there");
                            delete(tx, table, key(i + 1));
                            insert(tx, table, "new " + i, "Emma", 474L);
                        }
                    });
                    commit(engine, tx -> update(tx, table, key(0), v -> v[1] = "again"));
                    shown.addAll(walked(table, walk, Integer.MAX_VALUE));
                    assertThat(shown).containsExactlyInAnyOrderElementsOf(before);
                }
                reader.beginStatement();
                assertThat(walked(table, reader))
                        .containsExactlyInAnyOrderElementsOf(drain(reader.scan(table, KeyRange.all(), false)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyWalkBesideAWriterAddsUp(boolean file) throws InterruptedException {
        try (Engine engine = open(file)) {
            Table table = filled(engine);
            long sum = ROWS * (ROWS - 1L) / 2;
            AtomicBoolean done = new AtomicBoolean();
            Thread writer = new Thread(() -> {
                for (int round = 0; round < 150; round++) {
                    int from = round * 17 % ROWS;
                    int to = round * 31 % ROWS;
                    if (from != to) {
                        commit(engine, tx -> {
                            update(tx, table, key(from), v -> v[2] = (Long) v[2] - 1);
                            update(tx, table, key(to), v -> v[2] = (Long) v[2] + 1);
                        });
                    }
                }
                done.set(true);
            });
            writer.start();
            int walks = 0;
            do {
                try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                    tx.beginStatement();
                    long seen = 0;
                    int rows = 0;
                    try (RowWalk walk = tx.walk(table)) {
                        while (walk.next()) {
                            seen += walk.getLong(2);
                            rows++;
                        }
                    }
                    assertThat(rows).isEqualTo(ROWS);
                    assertThat(seen).isEqualTo(sum);
                    walks++;
                }
            } while (writer.isAlive());
            assertThat(done).as("the writer wrote all").isTrue();
            assertThat(walks).isPositive();
        }
    }

    @Test
    void itIsChosenWhereItPays() {
        assertThat(MapWalk.pays(MapWalk.ROWS_MIN - 1, () -> 0)).isFalse();
        assertThat(MapWalk.pays(-1, () -> 0)).isFalse();
        assertThat(MapWalk.pays(1_000_000, () -> 1_100_000)).isTrue();
        assertThat(MapWalk.pays(10_000, () -> 1_000_000)).isFalse();
    }

    @Test
    void aSmallTableBesideALargeOneIsReadByItsKeys() {
        try (Engine engine = open(false)) {
            Table large = filled(engine);
            Table small = engine.catalog()
                    .createTable(TableSpec.of(
                            "PUBLIC",
                            "Small",
                            List.of(ColumnSpec.of("id", ColumnType.BIGINT), ColumnSpec.of("name", ColumnType.VARCHAR)),
                            List.of("id")));
            commit(engine, tx -> insert(tx, small, 1L, "one"));
            try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                tx.beginStatement();
                try (RowWalk ofLarge = tx.walk(large);
                        RowWalk ofSmall = tx.walk(small)) {
                    assertThat(ofLarge).isInstanceOf(MapWalk.class);
                    assertThat(ofSmall).isInstanceOf(OrderedWalk.class);
                    assertThat(ofSmall.next()).isTrue();
                    assertThat(ofSmall.get(1)).isEqualTo("one");
                    assertThat(ofSmall.id())
                            .isEqualTo(tx.get(small, List.of(1L)).id());
                    assertThat(ofSmall.next()).isFalse();
                    assertThat(ofLarge.next()).isTrue();
                    assertThat(ofLarge.id())
                            .isEqualTo(tx.get(large, List.of(ofLarge.get(0))).id());
                }
            }
        }
    }

    @Test
    void itEndsWhenItIsClosedOrCancelled() {
        try (Engine engine = open(false)) {
            Table table = filled(engine);
            try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                tx.beginStatement();
                RowWalk closed = tx.walk(table);
                assertThat(closed.next()).isTrue();
                closed.close();
                assertThat(closed.next()).isFalse();
                try (RowWalk walk = tx.walk(table)) {
                    assertThat(walk.next()).isTrue();
                    tx.cancel();
                    assertThatThrownBy(walk::next)
                            .isInstanceOfSatisfying(
                                    PandoException.class,
                                    e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.CANCELLED));
                }
            }
        }
    }
}
