package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.delete;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Grants.Right;
import dev.pando.PandoException;
import dev.pando.Replication.Direction;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.Table;
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

/** Passive replication between whole engines over loopback sockets; numbers are those of docs/scenarios.md. */
@Timeout(240)
class PassiveReplicationTest {

    /** More than the half minute after which whatever was missed is pulled: a busy machine may need that. */
    private static final long DEADLINE_NANOS = 75_000_000_000L;

    private final List<Engine> engines = new ArrayList<>();

    @TempDir
    private Path directory;

    private static EngineOptions networked(EngineOptions options) {
        return options.withNetwork(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0"));
    }

    private Engine open(EngineOptions options) {
        Engine engine = Engine.open(networked(options));
        engines.add(engine);
        books(engine);
        return engine;
    }

    /** An engine with the table, which grants everything to everybody. */
    private Engine engine() {
        Engine engine = open(EngineOptions.inMemory());
        engine.grants().grant(books(engine), Optional.empty(), Set.of(Right.values()));
        return engine;
    }

    @AfterEach
    void close() {
        engines.forEach(Engine::close);
    }

    private static void connect(Engine from, Engine to) {
        from.network().connect(to.network().addresses().get(0));
    }

    private static void subscribe(Engine engine) {
        engine.subscriptions().subscribe(List.of(books(engine)));
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static boolean equal(Engine... all) {
        for (Engine engine : all) {
            if (!engine.stateHash(books(engine)).equals(all[0].stateHash(books(all[0])))) {
                return false;
            }
        }
        return true;
    }

    private static int count(Engine engine) {
        return rows(engine, books(engine)).size();
    }

    @Test
    void scenario1And2_onlyWhoSubscribedHears() {
        Engine a = engine();
        Engine b = engine();
        Engine c = engine();
        connect(a, b);
        connect(a, c);
        subscribe(b);
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        commit(a, tx -> insert(tx, books(a), "2", "Emma"));
        commit(b, tx -> insert(tx, books(b), "3", "Ulysses"));
        until("b has all", () -> count(b) == 3);
        assertThat(count(c)).isZero();
        assertThat(count(a)).isEqualTo(2);
    }

    @Test
    void scenario5_differentColumnsOfOneRowMerge() {
        Engine a = engine();
        Engine b = engine();
        connect(a, b);
        subscribe(a);
        subscribe(b);
        commit(a, tx -> insert(tx, books(a), "1", "Walden", 300L, 1L));
        until("b has it", () -> equal(a, b) && count(b) == 1);
        commit(a, tx -> update(tx, books(a), "1", v -> v[1] = "Walden; or, Life in the Woods"));
        commit(b, tx -> update(tx, books(b), "1", v -> v[2] = 352L));
        until(
                "both have both",
                () -> equal(a, b) && rows(a, books(a)).get(0).get(2).equals(352L));
        assertThat(rows(a, books(a)).get(0).get(1)).isEqualTo("Walden; or, Life in the Woods");
        assertThat(rows(b, books(b))).isEqualTo(rows(a, books(a)));
    }

    @Test
    void scenario7_whatWasMissedArrivesAtTheNextConnectionWithoutANewWrite() {
        Engine a = engine();
        Engine b = engine();
        subscribe(b);
        commit(a, tx -> {
            for (int i = 0; i < 500; i++) {
                insert(tx, books(a), "k" + i, "title " + i, (long) i, 1L);
            }
        });
        for (int i = 0; i < 20; i++) {
            commit(a, tx -> update(tx, books(a), "k1", v -> v[3] = (Long) v[3] + 1));
        }
        connect(b, a);
        until("b has caught up", () -> equal(a, b));
        assertThat(rows(b, books(b))).isEqualTo(rows(a, books(a)));
    }

    @Test
    void scenario8And12_subscriptionsSurviveARestart() {
        Engine a = engine();
        var options = networked(EngineOptions.at(directory));
        Engine b = Engine.open(options);
        b.grants().grant(books(b), Optional.empty(), Set.of(Right.values()));
        subscribe(b);
        connect(b, a);
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        until("b has the first", () -> count(b) == 1);
        b.close();
        commit(a, tx -> insert(tx, books(a), "2", "Emma"));

        Engine again = open(EngineOptions.at(directory));
        assertThat(again.subscriptions().subscriptions())
                .extracting(Table::name)
                .containsExactly("Books");
        connect(again, a);
        commit(a, tx -> insert(tx, books(a), "3", "Ulysses"));
        until("all three are there", () -> count(again) == 3 && equal(a, again));
    }

    @Test
    void whoPushedHereBeforeARestartIsStillShown() {
        Engine a = engine();
        Engine b = Engine.open(networked(EngineOptions.at(directory)));
        b.grants().grant(books(b), Optional.empty(), Set.of(Right.values()));
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        a.replication()
                .setReplicator(new ReplicatorSpec(
                        b.peerId(),
                        Optional.of(b.network().addresses().get(0)),
                        List.of(books(a)),
                        List.of(),
                        Optional.empty()));
        until("b has it", () -> count(b) == 1);
        a.close(); // else b, which dials again whom it knew, hears of it
        b.close();

        Engine again = open(EngineOptions.at(directory));
        assertThat(again.replication().syncStatus())
                .filteredOn(row -> row.direction() == Direction.IN)
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.peer()).isEqualTo(a.peerId());
                    assertThat(row.equal()).isEmpty();
                    assertThat(row.offlineSince()).isPresent();
                });
    }

    @Test
    void scenario9_afterUnsubscribingNothingArrives() {
        Engine a = engine();
        Engine b = engine();
        Engine witness = engine();
        connect(a, b);
        connect(a, witness);
        subscribe(b);
        subscribe(witness);
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        until("b has it", () -> count(b) == 1);
        b.subscriptions().unsubscribe(List.of(books(b)));
        commit(a, tx -> insert(tx, books(a), "2", "Emma"));
        until("the witness has the second", () -> count(witness) == 2);
        assertThat(count(b)).isEqualTo(1);
        assertThat(b.subscriptions().subscriptions()).isEmpty();
    }

    @Test
    void scenario14_gossipGoesThroughAChain() {
        Engine a = engine();
        Engine b = engine();
        Engine c = engine();
        connect(a, b);
        connect(c, b);
        List.of(a, b, c).forEach(PassiveReplicationTest::subscribe);
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        until("c has it", () -> count(c) == 1);
        commit(c, tx -> insert(tx, books(c), "2", "Emma"));
        until("all are equal", () -> equal(a, b, c) && count(a) == 2);
    }

    @Test
    void scenario15To18_deletesAndRebirths() {
        Engine a = engine();
        Engine b = engine();
        connect(a, b);
        subscribe(a);
        subscribe(b);
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        until("b has it", () -> count(b) == 1);
        commit(a, tx -> delete(tx, books(a), "1"));
        until("b has it no more", () -> count(b) == 0 && equal(a, b));
        commit(b, tx -> insert(tx, books(b), "1", "Walden again"));
        until("it lives again", () -> count(a) == 1 && equal(a, b));
        assertThat(rows(a, books(a)).get(0).get(1)).isEqualTo("Walden again");
    }

    @Test
    void scenario46_withoutRightsNothingIsPublishedPulledOrAdmitted() {
        Engine a = open(EngineOptions.inMemory());
        Engine b = open(EngineOptions.inMemory());
        Engine friend = engine();
        connect(a, b);
        connect(a, friend);
        a.grants().grant(books(a), Optional.of(friend.peerId()), Set.of(Right.READ));
        subscribe(b);
        subscribe(friend);
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        until("the friend has it", () -> count(friend) == 1);
        assertThat(b.subscriptions().sync(books(b), java.time.Duration.ofSeconds(10)))
                .isTrue();
        assertThat(count(b)).as("a lets b read nothing").isZero();

        a.grants().grant(books(a), Optional.of(b.peerId()), Set.of(Right.READ));
        assertThat(b.subscriptions().sync(books(b), java.time.Duration.ofSeconds(10)))
                .isTrue();
        assertThat(count(b)).as("b lets a write nothing").isZero();

        b.grants().grant(books(b), Optional.of(a.peerId()), Set.of(Right.WRITE));
        until("now it arrives, without a new write", () -> count(b) == 1);
    }

    @Test
    void manyCommitsOfManyWritersConverge() {
        Engine a = engine();
        Engine b = engine();
        Engine c = engine();
        connect(a, b);
        connect(b, c);
        connect(c, a);
        List<Engine> all = List.of(a, b, c);
        all.forEach(PassiveReplicationTest::subscribe);
        commit(a, tx -> insert(tx, books(a), "1", "Walden", 1L, 0L));
        until("all have it", () -> equal(a, b, c) && count(c) == 1);
        for (int i = 0; i < 100; i++) {
            for (Engine engine : all) {
                commit(engine, tx -> update(tx, books(engine), "1", v -> v[3] = (Long) v[3] + 1));
            }
        }
        until(
                "all are equal",
                () -> equal(a, b, c) && rows(c, books(c)).get(0).get(3).equals(300L));
    }

    @Test
    void scenario38_oneMoreUpdateDoesNotCostTheHistory() {
        Engine a = engine();
        Engine b = engine();
        connect(a, b);
        subscribe(b);
        commit(a, tx -> insert(tx, books(a), "old", "Walden", 1L, 0L));
        commit(a, tx -> insert(tx, books(a), "new", "Emma", 1L, 0L));
        for (int i = 0; i < 10_000; i++) {
            commit(a, tx -> update(tx, books(a), "old", v -> v[3] = (Long) v[3] + 1));
        }
        until("b has all", () -> equal(a, b));
        var olds = new ArrayList<Long>();
        var news = new ArrayList<Long>();
        for (int i = 0; i < 200; i++) {
            olds.add(arrival(a, b, "old"));
            news.add(arrival(a, b, "new"));
        }
        olds.sort(null);
        news.sort(null);
        assertThat(olds.get(100))
                .as(
                        "nanoseconds until a change of the row with a long history is at b, and of one without: %s",
                        news.get(100))
                .isLessThan(5 * news.get(100));
    }

    /** Nanoseconds from a change of A to its arrival at B. */
    private static long arrival(Engine a, Engine b, String isbn) {
        long began = System.nanoTime();
        commit(a, tx -> update(tx, books(a), isbn, v -> v[3] = (Long) v[3] + 1));
        long end = began + DEADLINE_NANOS;
        Object wanted = likes(a, isbn);
        while (!wanted.equals(likes(b, isbn))) {
            assertThat(System.nanoTime()).as("it arrives").isLessThan(end);
            Thread.onSpinWait();
        }
        return System.nanoTime() - began;
    }

    private static Object likes(Engine engine, String isbn) {
        return TestDatabase.read(
                engine, tx -> tx.get(books(engine), List.of(isbn)).get(3));
    }

    @Test
    void withoutANetworkSubscribingIsRefused() {
        Engine alone = Engine.open(EngineOptions.inMemory());
        engines.add(alone);
        assertThatThrownBy(() -> subscribe(alone))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.NOT_SUPPORTED));
    }

    @Test
    void whatWasNotAdmittedIsNotCalledEqualWhenItIsNotAskedForAgain() {
        Engine a = engine();
        Engine b = open(EngineOptions.inMemory());
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        commit(b, tx -> insert(tx, books(b), "2", "Emma"));
        connect(a, b);
        subscribe(b);
        until("b has pulled", () -> !b.replication().syncStatus().isEmpty());
        for (int i = 0; i < 3; i++) {
            b.subscriptions().sync(books(b), Duration.ofSeconds(10));
        }
        var in = b.replication().syncStatus().stream()
                .filter(row -> row.direction() == Direction.IN)
                .toList();
        assertThat(in).isNotEmpty().allSatisfy(row -> {
            assertThat(row.equal()).isNotEqualTo(Optional.of(true));
            assertThat(row.refused()).isPresent();
        });
        b.grants().grant(books(b), Optional.empty(), Set.of(Right.WRITE));
        until("b has it", () -> count(b) == 2);
        until(
                "b says so",
                () -> b.replication().syncStatus().stream()
                        .anyMatch(row -> row.direction() == Direction.IN
                                && row.equal().orElse(false)
                                && row.refused().isEmpty()));
    }

    @Test
    void whatIsRefusedBehindAPlaceThatWasReachedIsNotSentForEver() {
        Engine a = engine();
        Engine b = engine();
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        connect(a, b);
        subscribe(b);
        until("b has it", () -> equal(a, b));
        b.subscriptions().sync(books(b), Duration.ofSeconds(10));
        b.grants().revoke(books(b), Optional.empty(), Set.of(Right.WRITE));
        for (int i = 0; i < 3; i++) {
            b.subscriptions().sync(books(b), Duration.ofSeconds(10));
        }
        commit(a, tx -> insert(tx, books(a), "2", "Emma"));
        for (int i = 0; i < 5; i++) {
            b.subscriptions().sync(books(b), Duration.ofSeconds(10));
        }
        assertThat(count(b)).isEqualTo(1);
        /* Not false, which it is after a pull in which something was not admitted. */
        assertThat(b.replication().syncStatus())
                .filteredOn(row -> row.direction() == Direction.IN)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.equal()).isEmpty());
    }
}
