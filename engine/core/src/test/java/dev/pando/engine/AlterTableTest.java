package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.drain;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.read;
import static dev.pando.engine.TestDatabase.rows;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.Alteration;
import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.ExpressionCompiler;
import dev.pando.Grants.Right;
import dev.pando.Index;
import dev.pando.IndexSpec;
import dev.pando.KeyRange;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AlterTableTest {

    private static final ColumnType VARCHAR_5 = new ColumnType(ColumnType.Family.TEXT, "VARCHAR", 5, 0);

    /** Knows conditions of the form {@code column > 0} and the text {@code 'x'}. */
    private static final ExpressionCompiler COMPILER = AlterTableTest::compile;

    private static ExpressionCompiler.RowFunction compile(String sql, Table table) {
        if (sql.startsWith("'")) {
            return row -> sql.substring(1, sql.length() - 1);
        }
        int ordinal = table.column(sql.split(" ")[0])
                .map(Column::ordinal)
                .orElseThrow(() -> new PandoException(Kind.INVALID_DEFINITION, "no column in " + sql));
        return row -> row.get(ordinal) == null ? null : (Long) row.get(ordinal) > 0;
    }

    private static Engine open() {
        return Engine.open(EngineOptions.inMemory().withExpressions(COMPILER));
    }

    private static Table alter(Engine engine, Alteration... changes) {
        return engine.catalog().alter(books(engine), List.of(changes));
    }

    private static void fails(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void oneCommitChangesAllOrNothing() {
        try (Engine engine = open()) {
            Table before = books(engine);
            fails(
                    Kind.UNKNOWN_COLUMN,
                    () -> alter(
                            engine,
                            new Alteration.AddColumn(ColumnSpec.of("kind", VARCHAR_5)),
                            new Alteration.DropColumn("nothing")));
            assertThat(books(engine)).isEqualTo(before);
            Table after = alter(
                    engine,
                    new Alteration.AddColumn(ColumnSpec.of("kind", VARCHAR_5)),
                    new Alteration.RenameColumn("kind", "genre"),
                    new Alteration.SetType("genre", ColumnType.VARCHAR),
                    new Alteration.SetDefault("genre", Optional.of("'x'")),
                    new Alteration.SetComment(Optional.of("genre"), Optional.of("of what kind it is")),
                    new Alteration.SetComment(Optional.empty(), Optional.of("all that was read")),
                    new Alteration.AddCheck(new Table.Check("long", "pages > 0")));
            Column genre = after.column("genre").orElseThrow();
            assertThat(genre.id()).isEqualTo("kind:text:set");
            assertThat(genre.type()).isEqualTo(ColumnType.VARCHAR);
            assertThat(genre.comment()).contains("of what kind it is");
            assertThat(after.comment()).contains("all that was read");
            commit(engine, tx -> insert(tx, after, "1", "Walden", 300L));
            assertThat(rows(engine, after)).containsExactly(List.of("1", "Walden", 300L, 0L, "x"));
            fails(Kind.CHECK_VIOLATION, () -> commit(engine, tx -> insert(tx, after, "2", "Void", -1L)));
            Table last = alter(
                    engine,
                    new Alteration.DropConstraint("LONG"),
                    new Alteration.SetDefault("genre", Optional.empty()),
                    new Alteration.SetComment(Optional.empty(), Optional.empty()));
            assertThat(last.comment()).isEmpty();
            assertThat(last.checks()).isEmpty();
            commit(engine, tx -> insert(tx, last, "2", "Void", -1L));
        }
    }

    @Test
    void aTypeOnlyWidensWithinItsFamily() {
        try (Engine engine = open()) {
            alter(engine, new Alteration.AddColumn(ColumnSpec.of("short", VARCHAR_5)));
            fails(Kind.NOT_SUPPORTED, () -> alter(engine, new Alteration.SetType("short", ColumnType.INTEGER)));
            fails(Kind.NOT_SUPPORTED, () -> alter(engine, new Alteration.SetType("title", VARCHAR_5)));
            alter(engine, new Alteration.SetType("short", ColumnType.VARCHAR));
            alter(engine, new Alteration.SetType("pages", ColumnType.BIGINT));
            fails(Kind.NOT_SUPPORTED, () -> alter(engine, new Alteration.SetType("pages", ColumnType.INTEGER)));
            commit(engine, tx -> insert(tx, books(engine), "1", "x", 1L << 40, 0L, "longer than five"));
            assertThat(rows(engine, books(engine)).get(0)).contains(1L << 40, "longer than five");
        }
    }

    @Test
    void whatIsAskedAnewMustHoldForTheRowsThatAreThere() {
        try (Engine engine = open()) {
            commit(engine, tx -> {
                insert(tx, books(engine), "1", "same", null);
                insert(tx, books(engine), "2", "same", -5L);
            });
            Table before = books(engine);
            fails(Kind.NOT_NULL_VIOLATION, () -> alter(engine, new Alteration.SetNullable("pages", false)));
            fails(
                    Kind.CHECK_VIOLATION,
                    () -> alter(engine, new Alteration.AddCheck(new Table.Check("c", "pages > 0"))));
            var unique = new Alteration.AddUnique(new TableSpec.UniqueSpec("u", List.of("title")));
            fails(Kind.DUPLICATE_KEY, () -> alter(engine, unique));
            fails(
                    Kind.FOREIGN_KEY_VIOLATION,
                    () -> alter(
                            engine,
                            new Alteration.AddForeignKey(new TableSpec.ForeignKeySpec(
                                    "f", List.of("title"), "PUBLIC", "Books", List.of("isbn")))));
            assertThat(books(engine)).isEqualTo(before);
            commit(engine, tx -> update(tx, books(engine), "2", v -> v[1] = "other"));
            Table after = alter(engine, unique);
            assertThat(after.indexes())
                    .singleElement()
                    .satisfies(index -> assertThat(index.unique()).isTrue());
            fails(Kind.DUPLICATE_KEY, () -> commit(engine, tx -> insert(tx, after, "3", "other")));
            fails(Kind.INVALID_DEFINITION, () -> alter(engine, new Alteration.DropColumn("title")));
            fails(
                    Kind.INVALID_DEFINITION,
                    () -> engine.catalog().dropIndex(after.indexes().get(0)));
            alter(engine, new Alteration.DropConstraint("U"), new Alteration.DropColumn("title"));
            assertThat(books(engine).indexes()).isEmpty();
        }
    }

    @Test
    void nodesThatAlterAtOnceEndWithOneDefinition() {
        try (Engine a = network();
                Engine b = network()) {
            books(a);
            books(b);
            a.grants().grant(books(a), Optional.of(b.peerId()), Set.of(Right.READ, Right.WRITE, Right.ALTER));
            b.grants().grant(books(b), Optional.of(a.peerId()), Set.of(Right.READ, Right.WRITE, Right.ALTER));
            alter(
                    a,
                    new Alteration.AddColumn(ColumnSpec.of("genre", ColumnType.VARCHAR)),
                    new Alteration.AddUnique(new TableSpec.UniqueSpec("u", List.of("title"))),
                    new Alteration.SetType("pages", ColumnType.BIGINT));
            alter(
                    b,
                    new Alteration.RenameColumn("title", "name"),
                    new Alteration.AddColumn(ColumnSpec.of("Genre", ColumnType.INTEGER)),
                    new Alteration.SetDefault("pages", Optional.of("7")));
            commit(a, tx -> insert(tx, books(a), "a", "Walden", 1L));
            commit(b, tx -> insert(tx, books(b), "b", "Emma"));
            replicate(a, b);
            replicate(b, a);
            assertThat(books(a)).isEqualTo(books(b));
            assertThat(books(a).columns())
                    .extracting(Column::name)
                    .containsExactlyInAnyOrder("isbn", "name", "pages", "likes", "Genre", "genre$TEXT");
            assertThat(rows(a, books(a))).hasSize(2).isEqualTo(rows(b, books(b)));
            assertThat(b.stateHash(books(b))).isEqualTo(a.stateHash(books(a)));
            fails(Kind.DUPLICATE_KEY, () -> commit(b, tx -> insert(tx, books(b), "c", "Walden")));
            commit(b, tx -> insert(tx, books(b), "c", "Persuasion"));
            assertThat(rows(b, books(b)).get(2)).contains(7L);
        }
    }

    @Test
    void aCheckOverAColumnThatAPeerDroppedIsAskedOfNoRowAndListed() {
        try (Engine a = network();
                Engine b = network()) {
            for (Engine engine : List.of(a, b)) {
                books(engine);
                engine.grants()
                        .grant(
                                books(engine),
                                Optional.of((engine == a ? b : a).peerId()),
                                Set.of(Right.WRITE, Right.ALTER));
            }
            alter(a, new Alteration.AddCheck(new Table.Check("thick", "pages > 0")));
            alter(b, new Alteration.DropColumn("pages"));
            replicate(a, b);
            replicate(b, a);
            for (Engine engine : List.of(a, b)) {
                commit(engine, tx -> insert(tx, books(engine), "of " + engine.peerId(), "Walden"));
                assertThat(engine.inspection().violations(books(engine), 10))
                        .singleElement()
                        .satisfies(found -> {
                            assertThat(found.document()).isNull();
                            assertThat(found.constraint()).isEqualTo("thick");
                        });
            }
            alter(a, new Alteration.AddColumn(TableSpec.ColumnSpec.of("genre", ColumnType.VARCHAR)));
            fails(
                    Kind.INVALID_DEFINITION,
                    () -> alter(a, new Alteration.AddCheck(new Table.Check("other", "pages > 0"))));
            alter(a, new Alteration.DropConstraint("thick"));
            assertThat(a.inspection().violations(books(a), 10)).isEmpty();
        }
    }

    private static Engine network() {
        return Engine.open(EngineOptions.inMemory()
                .withExpressions(COMPILER)
                .withNetwork(EngineOptions.NetworkOptions.listening("/ip4/127.0.0.1/tcp/0")));
    }

    private static void replicate(Engine from, Engine to) {
        from.replication()
                .setReplicator(new ReplicatorSpec(
                        to.peerId(),
                        Optional.of(to.network().addresses().get(0)),
                        List.of(books(from)),
                        List.of(),
                        Optional.empty()));
        assertThat(from.replication().awaitSync(books(from), to.peerId(), Duration.ofSeconds(20)))
                .isTrue();
    }

    @Test
    void renamingATableIsLocalAndLasts(@TempDir Path directory) {
        try (Engine engine = Engine.open(EngineOptions.at(directory))) {
            commit(engine, tx -> insert(tx, books(engine), "1", "Walden"));
            Table renamed = engine.catalog().renameTable(books(engine), "Volumes");
            assertThat(renamed.collectionId()).isEqualTo(dev.pando.collection.CollectionId.of(TestDatabase.BOOKS));
            assertThat(engine.catalog().find("PUBLIC", "books")).isEmpty();
            fails(Kind.TABLE_EXISTS, () -> engine.catalog().createTable(TestDatabase.BOOKS));
            alter(engine, "Volumes", new Alteration.AddUnique(new TableSpec.UniqueSpec("u", List.of("title"))));
        }
        try (Engine engine = Engine.open(EngineOptions.at(directory))) {
            Table volumes = engine.catalog().find("PUBLIC", "VOLUMES").orElseThrow();
            assertThat(rows(engine, volumes)).hasSize(1);
            assertThat(volumes.indexes()).extracting(Index::tableName).containsExactly("Volumes");
            fails(Kind.DUPLICATE_KEY, () -> commit(engine, tx -> insert(tx, volumes, "2", "Walden")));
            engine.catalog().renameTable(volumes, "Books");
            assertThat(rows(engine, books(engine))).hasSize(1);
        }
    }

    private static void alter(Engine engine, String table, Alteration change) {
        engine.catalog().alter(engine.catalog().find("PUBLIC", table).orElseThrow(), List.of(change));
    }

    @Test
    void anIndexMayDescend() {
        try (Engine engine = open()) {
            commit(engine, tx -> {
                for (long i = 0; i < 6; i++) {
                    insert(tx, books(engine), "k" + i, i < 3 ? "a" : "b", i == 5 ? null : i % 3);
                }
            });
            Index index = engine.catalog()
                    .createIndex(
                            books(engine),
                            new IndexSpec(
                                    "i",
                                    List.of(new IndexSpec.Part("title", false), new IndexSpec.Part("pages", true)),
                                    false));
            assertThat(keys(engine, index, KeyRange.all(), false)).containsExactly("k2", "k1", "k0", "k5", "k4", "k3");
            assertThat(keys(engine, index, KeyRange.all(), true)).containsExactly("k3", "k4", "k5", "k0", "k1", "k2");
            assertThat(keys(engine, index, KeyRange.prefix(List.of("b")), false))
                    .containsExactly("k5", "k4", "k3");
            assertThat(keys(engine, index, range(List.of("a", 1L), true, List.of("a")), false))
                    .containsExactly("k2", "k1");
            assertThat(keys(engine, index, range(List.of("a", 1L), false, List.of("a")), false))
                    .containsExactly("k2");
            assertThat(keys(engine, index, new KeyRange(List.of("a"), true, List.of("a", 1L), true), false))
                    .containsExactly("k1", "k0");
            assertThat(keys(engine, index, new KeyRange(List.of("a", 0L), true, List.of("a", 1L), false), true))
                    .containsExactly("k0");
            engine.catalog().dropIndex(index);
        }
    }

    private static KeyRange range(List<Object> low, boolean lowInclusive, List<Object> high) {
        return new KeyRange(Arrays.asList(low.toArray()), lowInclusive, Arrays.asList(high.toArray()), true);
    }

    private static List<Object> keys(Engine engine, Index index, KeyRange range, boolean descending) {
        return read(
                engine,
                tx -> drain(tx.scan(books(engine), index, range, descending)).stream()
                        .map(row -> row.get(0))
                        .toList());
    }

    @Test
    void anIndexOverAColumnThatWasHiddenMeanwhileIsWhole() {
        try (Engine a = network();
                Engine b = network()) {
            a.grants().grant(books(a), Optional.of(b.peerId()), Set.of(Right.WRITE, Right.ALTER));
            books(b);
            Index index = a.catalog().createIndex(books(a), "i", List.of("title"), false);
            alter(b, new Alteration.DropColumn("title"));
            replicate(b, a);
            assertThat(books(a).indexes()).isEmpty();
            commit(a, tx -> insert(tx, books(a), "1", 5L));
            alter(b, new Alteration.AddColumn(ColumnSpec.of("title", ColumnType.VARCHAR)));
            assertThat(b.replication().awaitSync(books(b), a.peerId(), Duration.ofSeconds(20)))
                    .isTrue();
            assertThat(keys(a, index, KeyRange.all(), false)).containsExactly("1");
        }
    }
}
