package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.delete;
import static dev.pando.engine.TestDatabase.drain;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.read;
import static dev.pando.engine.TestDatabase.rows;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.ColumnType;
import dev.pando.Engine;
import dev.pando.Index;
import dev.pando.KeyRange;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {

    private final Engine engine = TestDatabase.inMemory();
    private Table books;

    @BeforeEach
    void create() {
        books = books(engine);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void aCommittedRowIsThereAndAnUncommittedOneIsNot() {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            insert(tx, books, "1", "Walden", 352L);
            assertThat(tx.get(books, List.of("1")).get(1)).isEqualTo("Walden");
            assertThat(rows(engine, books)).isEmpty();
            tx.commit();
        }
        assertThat(rows(engine, books)).containsExactly(List.of("1", "Walden", 352L, 0L));
        commit(engine, tx -> insert(tx, books, "2", "Emma", 474L));
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            insert(tx, books, "3", "Ulysses", 730L);
            tx.rollback();
        }
        assertThat(rows(engine, books)).hasSize(2);
    }

    @Test
    void updatesCountersAndNulls() {
        commit(engine, tx -> insert(tx, books, "1", "Walden", 352L, 5L));
        commit(
                engine,
                tx -> update(tx, books, "1", v -> {
                    v[1] = null;
                    v[3] = (Long) v[3] + 2;
                }));
        assertThat(rows(engine, books)).containsExactly(Arrays.asList("1", null, 352L, 7L));
    }

    @Test
    void aDeletedRowIsGoneAndItsKeyCanBeUsedAgain() {
        commit(engine, tx -> insert(tx, books, "1", "Walden", 352L, 5L));
        commit(engine, tx -> delete(tx, books, "1"));
        assertThat(rows(engine, books)).isEmpty();
        commit(engine, tx -> insert(tx, books, "1", "Emma", 474L));
        assertThat(rows(engine, books)).containsExactly(List.of("1", "Emma", 474L, 0L));
    }

    @Test
    void deleteAndInsertInOneTransactionReplacesTheRow() {
        commit(engine, tx -> insert(tx, books, "1", "Walden", 352L, 5L));
        commit(engine, tx -> {
            delete(tx, books, "1");
            insert(tx, books, "1", "Emma", 474L, 1L);
            assertThat(drain(tx.scan(books, KeyRange.all(), false))).containsExactly(List.of("1", "Emma", 474L, 1L));
        });
        assertThat(rows(engine, books)).containsExactly(List.of("1", "Emma", 474L, 1L));
    }

    @Test
    void insertAndDeleteInOneTransactionLeavesNothing() {
        commit(engine, tx -> {
            insert(tx, books, "1", "Walden");
            delete(tx, books, "1");
            assertThat(tx.hasWrites()).isFalse();
        });
        assertThat(rows(engine, books)).isEmpty();
    }

    /** A worker puts its rows while the writer sees to its entries: a reader must meet neither without the other. */
    @Test
    void aLargeTransactionIsSeenWholeOrNotAtAll() {
        int documents = 2 * Pieces.HELPED_MIN;
        var writing = new AtomicBoolean(true);
        CompletableFuture<Set<Object>> torn = CompletableFuture.supplyAsync(() -> {
            List<Object> pages = List.of();
            while (writing.get()
                    && (pages.isEmpty()
                            || pages.size() == documents && Set.copyOf(pages).size() == 1)) {
                pages = rows(engine, books).stream().map(row -> row.get(2)).toList();
            }
            return pages.isEmpty() || pages.size() == documents
                    ? Set.copyOf(pages)
                    : Set.of("of", documents, pages.size());
        });
        for (long round = 0; round < 5; round++) {
            long pages = 10 * round;
            commit(engine, tx -> keys(documents).forEach(key -> insert(tx, books, key, "title", pages)));
            commit(engine, tx -> keys(documents).forEach(key -> update(tx, books, key, v -> v[2] = pages + 1)));
            assertThat(rows(engine, books)).hasSize(documents);
            commit(engine, tx -> keys(documents).forEach(key -> delete(tx, books, key)));
            assertThat(rows(engine, books)).isEmpty();
        }
        writing.set(false);
        assertThat(torn.join()).hasSizeLessThanOrEqualTo(1);
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key" + i).toList();
    }

    @Test
    void theSameKeyTwiceIsRefused() {
        commit(engine, tx -> insert(tx, books, "1", "Walden"));
        fails(Kind.DUPLICATE_KEY, () -> commit(engine, tx -> insert(tx, books, "1", "Emma")));
        fails(
                Kind.DUPLICATE_KEY,
                () -> commit(engine, tx -> {
                    insert(tx, books, "2", "Emma");
                    insert(tx, books, "2", "Emma");
                }));
    }

    @Test
    void aChangedKeyMovesTheRow() {
        commit(engine, tx -> insert(tx, books, "1", "Walden", 352L, 5L));
        commit(engine, tx -> update(tx, books, "1", v -> v[0] = "9"));
        assertThat(rows(engine, books)).containsExactly(List.of("9", "Walden", 352L, 5L));
    }

    @Test
    void notNullIsChecked() {
        fails(Kind.NOT_NULL_VIOLATION, () -> commit(engine, tx -> insert(tx, books, null, "Walden")));
    }

    @Test
    void aStatementAndASavepointAreUndone() {
        commit(engine, tx -> {
            insert(tx, books, "1", "Walden");
            var point = tx.savepoint();
            insert(tx, books, "2", "Emma");
            tx.rollbackStatement();
            assertThat(tx.get(books, List.of("2"))).isNull();
            insert(tx, books, "3", "Ulysses");
            update(tx, books, "1", v -> v[1] = "changed");
            tx.rollbackTo(point);
            insert(tx, books, "4", "Dracula");
        });
        assertThat(rows(engine, books)).extracting(r -> r.get(1)).containsExactly("Walden", "Dracula");
    }

    @Test
    void rangesBothWaysWithOwnWritesAmongThem() {
        commit(engine, tx -> {
            for (int i = 0; i < 10; i++) {
                insert(tx, books, "k" + i, "t" + i, (long) i);
            }
        });
        commit(engine, tx -> {
            insert(tx, books, "k35", "own", 35L);
            delete(tx, books, "k5");
            update(tx, books, "k4", v -> v[1] = "mine");
            var range = new KeyRange(List.of("k3"), false, List.of("k6"), true);
            assertThat(drain(tx.scan(books, range, false)))
                    .extracting(r -> r.get(0) + "=" + r.get(1))
                    .containsExactly("k35=own", "k4=mine", "k6=t6");
            assertThat(drain(tx.scan(books, range, true)))
                    .extracting(r -> r.get(0))
                    .containsExactly("k6", "k4", "k35");
        });
    }

    @Test
    void aSecondaryIndexFollowsItsRows() {
        commit(engine, tx -> {
            insert(tx, books, "1", "b", 3L);
            insert(tx, books, "2", "a", 2L);
            insert(tx, books, "3", null, 1L);
        });
        Index byTitle = engine.catalog().createIndex(books, "by_title", List.of("title"), false);
        Table now = books(engine);
        assertThat(now.indexes()).containsExactly(byTitle);
        commit(engine, tx -> {
            insert(tx, now, "4", "aa", 4L);
            update(tx, now, "2", v -> v[1] = "z");
            delete(tx, now, "1");
            assertThat(keys(tx, now, byTitle)).containsExactly("4", "2", "3");
        });
        List<Object> inOrder = read(engine, tx -> keys(tx, now, byTitle));
        assertThat(inOrder).containsExactly("4", "2", "3");
        List<List<Object>> none =
                read(engine, tx -> drain(tx.scan(now, byTitle, KeyRange.prefix(List.of("a")), false)));
        assertThat(none).isEmpty();
        engine.catalog().dropIndex(byTitle);
        assertThat(books(engine).indexes()).isEmpty();
    }

    private static List<Object> keys(Transaction tx, Table table, Index index) {
        return drain(tx.scan(table, index, KeyRange.all(), false)).stream()
                .map(r -> r.get(0))
                .toList();
    }

    @Test
    void aUniqueIndexAllowsAValueOnce() {
        engine.catalog().createIndex(books, "one_title", List.of("title"), true);
        commit(engine, tx -> {
            insert(tx, books, "1", "a");
            insert(tx, books, "2", null);
            insert(tx, books, "3", null);
        });
        fails(Kind.DUPLICATE_KEY, () -> commit(engine, tx -> insert(tx, books, "4", "a")));
        commit(engine, tx -> {
            update(tx, books, "1", v -> v[1] = "b");
            insert(tx, books, "4", "a");
        });
        fails(Kind.DUPLICATE_KEY, () -> commit(engine, tx -> update(tx, books, "1", v -> v[1] = "a")));
        assertThat(rows(engine, books)).hasSize(4);
    }

    @Test
    void aUniqueIndexOverTwoEqualRowsIsRefused() {
        commit(engine, tx -> {
            insert(tx, books, "1", "a");
            insert(tx, books, "2", "a");
        });
        fails(Kind.DUPLICATE_KEY, () -> engine.catalog().createIndex(books, "u", List.of("title"), true));
        assertThat(books(engine).indexes()).isEmpty();
    }

    @Test
    void foreignKeysHoldBothWays() {
        Table reviews = engine.catalog()
                .createTable(new TableSpec(
                        "PUBLIC",
                        "Reviews",
                        List.of(ColumnSpec.of("id", ColumnType.BIGINT), ColumnSpec.of("book", ColumnType.VARCHAR)),
                        List.of("id"),
                        false,
                        0,
                        List.of(),
                        List.of(),
                        List.of(new TableSpec.ForeignKeySpec(
                                "of_book", List.of("book"), "PUBLIC", "Books", List.of("isbn")))));
        commit(engine, tx -> {
            insert(tx, books, "1", "Walden");
            insert(tx, reviews, 1L, "1");
            insert(tx, reviews, 2L, null);
        });
        fails(Kind.FOREIGN_KEY_VIOLATION, () -> commit(engine, tx -> insert(tx, reviews, 3L, "9")));
        fails(Kind.FOREIGN_KEY_VIOLATION, () -> commit(engine, tx -> delete(tx, books, "1")));
        try (Transaction deleting = engine.begin(TransactionOptions.DEFAULT)) {
            insert(deleting, books, "2", "Emma");
            deleting.commit();
        }
        try (Transaction deleting = engine.begin(TransactionOptions.DEFAULT)) {
            delete(deleting, books, "2");
            try (Transaction referring = engine.begin(TransactionOptions.DEFAULT)) {
                insert(referring, reviews, 4L, "2");
                deleting.commit();
                fails(Kind.FOREIGN_KEY_VIOLATION, referring::commit);
            }
        }
        fails(Kind.INVALID_DEFINITION, () -> engine.catalog().dropTable(books));
    }

    @Test
    void repeatableReadSeesOneStateAndFailsOnWhatChanged() {
        commit(engine, tx -> insert(tx, books, "1", "Walden", 1L));
        try (Transaction tx = engine.begin(TestDatabase.REPEATABLE_READ)) {
            tx.beginStatement();
            Row seen = tx.get(books, List.of("1"));
            commit(engine, other -> update(other, books, "1", v -> v[2] = 2L));
            commit(engine, other -> insert(other, books, "2", "Emma"));
            tx.beginStatement();
            assertThat(tx.get(books, List.of("1")).get(2)).isEqualTo(1L);
            assertThat(drain(tx.scan(books, KeyRange.all(), false))).hasSize(1);
            fails(Kind.SERIALIZATION_FAILURE, () -> tx.lock(seen));
        }
    }

    @Test
    void readCommittedLocksTheNewestVersion() {
        commit(engine, tx -> insert(tx, books, "1", "Walden", 1L));
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            tx.beginStatement();
            Row seen = tx.get(books, List.of("1"));
            commit(engine, other -> update(other, books, "1", v -> v[2] = 2L));
            Row locked = tx.lock(seen);
            assertThat(locked.get(2)).isEqualTo(2L);
            fails(Kind.LOCK_TIMEOUT, () -> {
                try (Transaction third = engine.begin(TestDatabase.IMPATIENT)) {
                    third.beginStatement();
                    third.lock(third.get(books, List.of("1")));
                }
            });
        }
    }

    @Test
    void aCursorKeepsItsSnapshotOverCommits() {
        commit(engine, tx -> {
            for (int i = 0; i < 100; i++) {
                insert(tx, books, String.format("k%03d", i), "old");
            }
        });
        Transaction tx = engine.begin(TransactionOptions.DEFAULT);
        tx.beginStatement();
        var cursor = tx.scan(books, KeyRange.all(), false);
        assertThat(cursor.next().get(1)).isEqualTo("old");
        commit(engine, other -> {
            for (int i = 0; i < 100; i++) {
                update(other, books, String.format("k%03d", i), v -> v[1] = "new");
            }
            insert(other, books, "k050a", "new");
        });
        tx.commit();
        assertThat(drain(cursor))
                .hasSize(99)
                .allSatisfy(r -> assertThat(r.get(1)).isEqualTo("old"));
    }

    @Test
    void columnsComeGoAndAreRenamed() {
        commit(engine, tx -> insert(tx, books, "1", "Walden"));
        Table more = engine.catalog()
                .addColumn(books, dev.pando.TableSpec.ColumnSpec.of("genre", dev.pando.ColumnType.VARCHAR));
        commit(engine, tx -> update(tx, more, "1", v -> v[4] = "essay"));
        assertThat(rows(engine, more)).containsExactly(Arrays.asList("1", "Walden", null, 0L, "essay"));
        assertThat(rows(engine, books)).containsExactly(Arrays.asList("1", "Walden", null, 0L));
        commit(engine, tx -> update(tx, books, "1", v -> v[1] = "Walden 2"));
        Table renamed = engine.catalog().renameColumn(more, "genre", "kind");
        assertThat(renamed.column("kind")).isPresent();
        Table fewer = engine.catalog().dropColumn(renamed, "pages");
        assertThat(rows(engine, fewer)).containsExactly(Arrays.asList("1", "Walden 2", 0L, "essay"));
    }

    @Test
    void aDroppedTableBeginsEmptyWhenItIsMadeAgain() {
        commit(engine, tx -> insert(tx, books, "1", "Walden"));
        engine.catalog().dropTable(books);
        fails(Kind.UNKNOWN_TABLE, () -> rows(engine, books));
        Table again = books(engine);
        assertThat(again.collectionId()).isEqualTo(books.collectionId());
        assertThat(rows(engine, again)).isEmpty();
        commit(engine, tx -> insert(tx, again, "1", "Emma"));
        assertThat(rows(engine, again)).hasSize(1);
    }

    @Test
    void theStateHashFollowsTheRowsAndIsThatOfACount() {
        var empty = engine.stateHash(books);
        commit(engine, tx -> insert(tx, books, "1", "Walden"));
        assertThat(engine.stateHash(books)).isNotEqualTo(empty);
    }

    @Test
    void aClosedEngineSaysSo() {
        Transaction tx = engine.begin(TransactionOptions.DEFAULT);
        engine.close();
        fails(Kind.CLOSED, () -> engine.begin(TransactionOptions.DEFAULT));
        assertThatThrownBy(() -> tx.get(books, List.of("1"))).isInstanceOf(PandoException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.isAlive() && t.getName().startsWith("pando-" + name()));
    }

    private String name() {
        String id = engine.peerId().toString();
        return id.substring(id.length() - 6);
    }

    static void fails(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PandoException.class,
                        e -> assertThat(e.kind()).as(e.toString()).isEqualTo(kind));
    }
}
