package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.delete;
import static dev.pando.engine.TestDatabase.drain;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.read;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.ColumnType.Family;
import dev.pando.DocumentId;
import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Grants.Right;
import dev.pando.Inspection;
import dev.pando.PandoException;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.dag.CommitBuilder;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Signer;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import dev.pando.libp2p.KeyPair;
import dev.pando.replication.AdmissionOutcome;
import dev.pando.store.MemoryDisk;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InspectionTest {

    private final InlineEnvironment environment = new InlineEnvironment(new MemoryDisk(), 1);
    private final EngineImpl engine =
            (EngineImpl) Engine.open(EngineOptions.inMemory().withEnvironment(environment));
    private final Table books = books(engine);

    @AfterEach
    void close() {
        engine.close();
    }

    private DocumentId id(String key) {
        Row row = read(engine, tx -> tx.get(books, List.of(key)));
        return row.id();
    }

    @Test
    void whoChangedWhatIsTold() {
        commit(engine, tx -> insert(tx, books, "1", "Walden", 352L, 2L));
        commit(
                engine,
                tx -> update(tx, books, "1", v -> {
                    v[1] = null;
                    v[3] = 5L;
                }));
        DocumentId id = id("1");
        commit(engine, tx -> delete(tx, books, "1"));
        List<Inspection.Change> history = engine.inspection().history(books, id);
        assertThat(history).extracting(Inspection.Change::kind).containsExactly("insert", "update", "delete");
        assertThat(history).allSatisfy(c -> assertThat(c.author()).isEqualTo(engine.peerId()));
        assertThat(history.get(0).values())
                .containsEntry("isbn", Optional.of("1"))
                .containsEntry("title", Optional.of("Walden"))
                .containsEntry("likes", Optional.of(2L));
        assertThat(history.get(1).values())
                .containsOnly(
                        java.util.Map.entry("title", Optional.empty()), java.util.Map.entry("likes", Optional.of(3L)));
        assertThat(history.get(1).parents()).containsExactly(history.get(0).id());
    }

    @Test
    void theTableAsItWas() {
        environment.setTime(1_900_000_000_000L);
        commit(engine, tx -> {
            insert(tx, books, "1", "Walden", 352L, 2L);
            insert(tx, books, "2", "Emma");
        });
        environment.setTime(1_900_000_100_000L);
        commit(engine, tx -> update(tx, books, "1", v -> v[1] = "Walden 2"));
        commit(engine, tx -> delete(tx, books, "2"));
        environment.setTime(1_900_000_200_000L);
        commit(engine, tx -> insert(tx, books, "3", "Ulysses"));
        assertThat(titles(1_899_999_999_999L)).isEmpty();
        assertThat(titles(1_900_000_050_000L)).containsExactly("Walden", "Emma");
        assertThat(titles(1_900_000_150_000L)).containsExactly("Walden 2");
        assertThat(titles(1_900_000_250_000L)).containsExactly("Walden 2", "Ulysses");
    }

    private List<Object> titles(long millis) {
        return drain(engine.inspection().scanAsOf(books, Instant.ofEpochMilli(millis))).stream()
                .map(r -> r.get(1))
                .toList();
    }

    @Test
    void theTableAsItWasAtACommit() {
        commit(engine, tx -> insert(tx, books, "1", "Walden"));
        long first = engine.info().commitSequence();
        commit(engine, tx -> update(tx, books, "1", v -> v[1] = "Walden 2"));
        long second = engine.info().commitSequence();
        commit(engine, tx -> delete(tx, books, "1"));
        commit(engine, tx -> insert(tx, books, "2", "Emma"));
        assertThat(titlesAt(first - 1)).isEmpty();
        assertThat(titlesAt(first)).containsExactly("Walden");
        assertThat(titlesAt(second)).containsExactly("Walden 2");
        assertThat(titlesAt(second + 1)).isEmpty();
        assertThat(titlesAt(engine.info().commitSequence())).containsExactly("Emma");
        assertThat(engine.inspection().asOf(books, id("2"), second)).isEmpty();
        assertThatThrownBy(() -> titlesAt(second + 3)).isInstanceOf(PandoException.class);

        List<Inspection.CommitInfo> commits = engine.inspection().commits(first - 1, 2);
        assertThat(commits).extracting(Inspection.CommitInfo::sequence).containsExactly(first, second);
        assertThat(commits).allSatisfy(c -> {
            assertThat(c.author()).isEqualTo(engine.peerId());
            assertThat(c.documents()).containsExactly(java.util.Map.entry(books.collectionId(), 1));
        });
        assertThat(engine.inspection().heads(books, id("2"))).hasSize(1);
    }

    private List<Object> titlesAt(long sequence) {
        return drain(engine.inspection().scanAsOf(books, sequence)).stream()
                .map(r -> r.get(1))
                .toList();
    }

    /** Another author who saw only the insert writes the same title column, and a NULL that is not allowed. */
    @Test
    void aConflictAndABrokenConstraintAreListed() {
        commit(engine, tx -> insert(tx, books, "1", "Walden"));
        DocumentId id = id("1");
        var insert = engine.inspection().history(books, id).get(0);
        commit(engine, tx -> update(tx, books, "1", v -> v[1] = "mine"));

        Signer other = Signer.of(KeyPair.fromSeed(new byte[32]));
        long hlc = insert.hlc() + (60_000L << 16);
        var ops = new TreeMap<String, FieldOp>(dev.pando.ipld.DagCbor.KEY_ORDER);
        ops.put("title:text:set", new FieldOp.SetValue(text("theirs")));
        var share = new CommitBuilder(hlc, other)
                .add(new Delta(
                        books.collectionId(),
                        id,
                        null,
                        List.of(insert.id()),
                        insert.id(),
                        hlc,
                        other.author(),
                        new byte[16],
                        null,
                        ops))
                .build();
        KeyPair pair = KeyPair.fromSeed(new byte[32]);
        assertThat(engine.admit(pair.peerId(), share.blocks())).isInstanceOf(AdmissionOutcome.Refused.class);
        engine.grants().grant(books, Optional.of(pair.peerId()), Set.of(Right.WRITE));
        assertThat(engine.admit(pair.peerId(), share.blocks())).isInstanceOf(AdmissionOutcome.Applied.class);
        assertThat(engine.admit(pair.peerId(), share.blocks())).isInstanceOf(AdmissionOutcome.AlreadyKnown.class);

        assertThat(engine.inspection().conflicts(books)).singleElement().satisfies(c -> {
            assertThat(c.column()).isEqualTo("title");
            assertThat(c.winnerValue()).isEqualTo("theirs");
            assertThat(c.loserValue()).isEqualTo("mine");
        });
        Row row = read(engine, tx -> tx.get(books, List.of("1")));
        assertThat(row.get(1)).isEqualTo("theirs");
    }

    @Test
    void aDroppedTableLeavesNoRows() {
        commit(engine, tx -> insert(tx, books, "1", "Walden"));
        assertThat(engine.storedRows()).isEqualTo(1);
        engine.catalog().dropTable(books);
        assertThat(engine.storedRows()).isZero();
    }

    private static Value text(String text) {
        return Values.encode(Family.TEXT, text);
    }

    @Test
    void twoRowsOfOneUniqueValueAreListed() {
        var index = engine.catalog().createIndex(books, "one_title", List.of("title"), true);
        assertThat(index.unique()).isTrue();
        commit(engine, tx -> insert(tx, books, "1", "Walden"));
        Signer other = Signer.of(KeyPair.fromSeed(new byte[32]));
        KeyPair pair = KeyPair.fromSeed(new byte[32]);
        engine.grants().grant(books, Optional.of(pair.peerId()), Set.of(Right.WRITE));
        var key = new TreeMap<String, Value>(dev.pando.ipld.DagCbor.KEY_ORDER);
        key.put("isbn:text:set", text("2"));
        var ops = new TreeMap<String, FieldOp>(dev.pando.ipld.DagCbor.KEY_ORDER);
        ops.put("title:text:set", new FieldOp.SetValue(text("Walden")));
        long hlc = environment.currentTimeMillis() << 16;
        var share = new CommitBuilder(hlc, other)
                .add(new Delta(
                        books.collectionId(),
                        dev.pando.collection.Keys.documentId(books.collectionId(), key),
                        key,
                        List.of(),
                        null,
                        hlc,
                        other.author(),
                        new byte[16],
                        dev.pando.dag.Live.INSERT,
                        ops))
                .build();
        assertThat(engine.admit(pair.peerId(), share.blocks())).isInstanceOf(AdmissionOutcome.Applied.class);
        assertThat(engine.inspection().violations(books, 10))
                .singleElement()
                .satisfies(v -> assertThat(v.kind()).isEqualTo(PandoException.Kind.DUPLICATE_KEY));
        EngineTest.fails(
                PandoException.Kind.DUPLICATE_KEY, () -> commit(engine, tx -> insert(tx, books, "3", "Walden")));
    }
}
