package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.read;
import static dev.pando.engine.TestDatabase.rows;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.DocumentId;
import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Grants.Right;
import dev.pando.Subscriptions.TopicInfo;
import dev.pando.collection.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Single documents between whole engines over loopback sockets. */
@Timeout(240)
class DocumentReplicationTest {

    /** More than the half minute after which whatever was missed is pulled: a busy machine may need that. */
    private static final long DEADLINE_NANOS = 75_000_000_000L;

    private final List<Engine> engines = new ArrayList<>();

    @TempDir
    private Path directory;

    private Engine open(EngineOptions options) {
        Engine engine = Engine.open(options.withNetwork(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0")));
        engines.add(engine);
        engine.grants().grant(books(engine), Optional.empty(), Set.of(Right.values()));
        return engine;
    }

    private Engine engine() {
        return open(EngineOptions.inMemory());
    }

    @AfterEach
    void close() {
        engines.forEach(Engine::close);
    }

    private static void connect(Engine from, Engine to) {
        from.network().connect(to.network().addresses().get(0));
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static DocumentId id(Engine engine, String isbn) {
        return Keys.documentId(books(engine), List.of(isbn));
    }

    private static void follow(Engine engine, String isbn) {
        engine.subscriptions().subscribeDocuments(books(engine), List.of(id(engine, isbn)));
    }

    private static Object title(Engine engine, String isbn) {
        return rows(engine, books(engine)).stream()
                .filter(row -> row.get(0).equals(isbn))
                .map(row -> row.get(1))
                .findFirst()
                .orElse(null);
    }

    @Test
    void scenario3_aSubscribedDocumentFollowsAndNoOtherDoes() {
        Engine a = engine();
        Engine b = engine();
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        commit(a, tx -> insert(tx, books(a), "2", "Emma"));
        connect(a, b);
        follow(b, "1");
        until("its past is fetched", () -> "Walden".equals(title(b, "1")));
        commit(a, tx -> {
            update(tx, books(a), "1", v -> v[1] = "Walden; or, Life in the Woods");
            update(tx, books(a), "2", v -> v[1] = "Emma, a novel");
        });
        until("its change arrives", () -> "Walden; or, Life in the Woods".equals(title(b, "1")));
        assertThat(rows(b, books(b))).hasSize(1);
        assertThat(b.subscriptions().documents()).extracting(d -> d.document()).containsExactly(id(b, "1"));
    }

    @Test
    void scenario4_theOtherWayRound() {
        Engine a = engine();
        Engine b = engine();
        connect(b, a);
        follow(a, "1");
        commit(b, tx -> insert(tx, books(b), "1", "Walden"));
        until("it arrives", () -> "Walden".equals(title(a, "1")));
        commit(b, tx -> update(tx, books(b), "1", v -> v[1] = "Emma"));
        until("its change arrives", () -> "Emma".equals(title(a, "1")));
    }

    @Test
    void whatWasMissedIsAskedForWhenThePeerIsBack() {
        Engine a = engine();
        Engine b = engine();
        follow(b, "1");
        commit(a, tx -> insert(tx, books(a), "1", "0", 1L, 1L));
        for (int i = 1; i <= 300; i++) {
            String title = Integer.toString(i);
            commit(
                    a,
                    tx -> update(tx, books(a), "1", v -> {
                        v[1] = title;
                        v[3] = (Long) v[3] + 1;
                    }));
            commit(a, tx -> insert(tx, books(a), "other " + title, title));
        }
        connect(b, a);
        until("all of it has come", () -> "300".equals(title(b, "1")));
        assertThat(rows(b, books(b))).containsExactly(List.of("1", "300", 1L, 301L));
        assertThat(b.inspection().history(books(b), id(b, "1"))).hasSize(301);
    }

    @Test
    void aDocumentThatIsReadByKeyBecomesHotAndIsRenewed() {
        Engine a = engine();
        Engine b = engine();
        connect(a, b);
        follow(b, "1");
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        until("b has it", () -> "Walden".equals(title(b, "1")));
        b.subscriptions().unsubscribeDocuments(books(b), List.of(id(b, "1")));
        assertThat(b.subscriptions().topics()).noneMatch(t -> t.kind().equals("document"));

        Engine c = engine();
        connect(c, a);
        c.subscriptions().subscribe(List.of(books(c)));
        until("c has it", () -> "Walden".equals(title(c, "1")));
        c.subscriptions().unsubscribe(List.of(books(c)));
        commit(a, tx -> update(tx, books(a), "1", v -> v[1] = "changed while cold"));
        assertThat(title(c, "1")).isEqualTo("Walden");
        read(c, tx -> tx.get(books(c), List.of("1")));
        until("the query brings it", () -> "changed while cold".equals(title(c, "1")));
        assertThat(c.subscriptions().topics()).anyMatch(TopicInfo::hot);
        commit(a, tx -> update(tx, books(a), "1", v -> v[1] = "changed while hot"));
        until("the topic brings it", () -> "changed while hot".equals(title(c, "1")));
        assertThat(title(b, "1")).as("pinned out").isEqualTo("Walden");
    }

    @Test
    void hotDocumentsAndSubscriptionsOutliveARestart() {
        Engine a = engine();
        Engine b = open(EngineOptions.at(directory));
        commit(b, tx -> insert(tx, books(b), "hot", "0"));
        read(b, tx -> tx.get(books(b), List.of("hot")));
        follow(b, "1");
        until("it is hot", () -> b.subscriptions().topics().stream().anyMatch(TopicInfo::hot));
        b.close();

        Engine again = open(EngineOptions.at(directory));
        assertThat(again.subscriptions().documents())
                .extracting(d -> d.document())
                .containsExactly(id(again, "1"));
        until(
                "both topics are joined",
                () -> again.subscriptions().topics().stream()
                                .filter(t -> t.kind().equals("document"))
                                .count()
                        == 2);
        connect(again, a);
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        until("it arrives", () -> "Walden".equals(title(again, "1")));
    }

    @Test
    void aNodeThatHoldsPartOfACommitGetsTheRestWhenItFollowsTheCollection() {
        Engine a = engine();
        Engine b = engine();
        connect(a, b);
        follow(b, "1");
        commit(a, tx -> {
            for (int i = 0; i < 200; i++) {
                insert(tx, books(a), Integer.toString(i), "title " + i);
            }
        });
        until("b has its part", () -> rows(b, books(b)).size() == 1);
        b.subscriptions().subscribe(List.of(books(b)));
        until("b has all", () -> b.stateHash(books(b)).equals(a.stateHash(books(a))));
        assertThat(rows(b, books(b))).isEqualTo(rows(a, books(a)));
    }

    @Test
    void withoutReadRightNothingOfADocumentIsTold() {
        Engine a = engine();
        a.grants().revoke(books(a), Optional.empty(), Set.of(Right.READ));
        Engine b = engine();
        connect(a, b);
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        follow(b, "1");
        assertThat(b.subscriptions().sync(books(b), id(b, "1"), Duration.ofSeconds(10)))
                .isTrue();
        assertThat(rows(b, books(b))).isEmpty();
        a.grants().grant(books(a), Optional.of(b.peerId()), Set.of(Right.READ));
        assertThat(b.subscriptions().sync(books(b), id(b, "1"), Duration.ofSeconds(10)))
                .isTrue();
        assertThat(title(b, "1")).isEqualTo("Walden");
    }
}
