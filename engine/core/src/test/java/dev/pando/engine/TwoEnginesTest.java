package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.delete;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ColumnType;
import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Grants.Right;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.libp2p.Multiaddr;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole engines over loopback sockets. */
@Timeout(60)
class TwoEnginesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Engine a = open();
    private final Engine b = open();

    private static Engine open() {
        return Engine.open(EngineOptions.inMemory().withNetwork(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0")));
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private static void replicate(Engine from, Engine to) {
        Multiaddr address = to.network().addresses().get(0);
        from.replication()
                .setReplicator(new ReplicatorSpec(
                        to.peerId(), Optional.of(address), List.of(books(from)), List.of(), Optional.empty()));
    }

    @Test
    void whatOneWritesTheOtherReads() {
        books(b);
        b.grants().grant(books(b), Optional.of(a.peerId()), Set.of(Right.WRITE, Right.ALTER));
        commit(a, tx -> {
            for (int i = 0; i < 200; i++) {
                insert(tx, books(a), "k" + i, "title " + i, (long) i, 1L);
            }
        });
        replicate(a, b);
        commit(a, tx -> update(tx, books(a), "k1", v -> v[3] = 7L));
        commit(a, tx -> delete(tx, books(a), "k2"));
        assertThat(a.replication().awaitSync(books(a), b.peerId(), PATIENCE)).isTrue();
        assertThat(rows(b, books(b))).hasSize(199).isEqualTo(rows(a, books(a)));
        assertThat(b.stateHash(books(b))).isEqualTo(a.stateHash(books(a)));
    }

    @Test
    void countersOfBothAddUpAndConflictsEndAlike() {
        books(a);
        books(b);
        b.grants().grant(books(b), Optional.of(a.peerId()), Set.of(Right.WRITE));
        a.grants().grant(books(a), Optional.of(b.peerId()), Set.of(Right.WRITE));
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        replicate(a, b);
        assertThat(a.replication().awaitSync(books(a), b.peerId(), PATIENCE)).isTrue();
        a.network().disconnect(b.peerId());
        for (int i = 0; i < 5; i++) {
            commit(a, tx -> update(tx, books(a), "1", v -> v[3] = (Long) v[3] + 1));
            commit(b, tx -> update(tx, books(b), "1", v -> v[3] = (Long) v[3] + 10));
        }
        replicate(b, a);
        assertThat(b.replication().awaitSync(books(b), a.peerId(), PATIENCE)).isTrue();
        assertThat(a.replication().awaitSync(books(a), b.peerId(), PATIENCE)).isTrue();
        assertThat(rows(a, books(a)).get(0).get(3)).isEqualTo(55L);
        assertThat(rows(b, books(b))).isEqualTo(rows(a, books(a)));
        assertThat(b.stateHash(books(b))).isEqualTo(a.stateHash(books(a)));
    }

    @Test
    void columnsFollow() {
        books(a);
        books(b);
        b.grants().grant(books(b), Optional.of(a.peerId()), Set.of(Right.WRITE, Right.ALTER));
        var more = a.catalog().addColumn(books(a), ColumnSpec.of("kind", ColumnType.VARCHAR));
        commit(a, tx -> insert(tx, more, "1", "Walden", 1L, 1L, "essay"));
        replicate(a, b);
        assertThat(a.replication().awaitSync(books(a), b.peerId(), PATIENCE)).isTrue();
        assertThat(books(b).column("kind")).isPresent();
        assertThat(rows(b, books(b))).isEqualTo(rows(a, books(a)));
    }

    @Test
    void whoWaitsWhileTheEngineIsClosedIsNotToldThatAllArrived() throws Exception {
        books(a);
        replicate(a, b); // which has no such table
        commit(a, tx -> insert(tx, books(a), "1", "Walden"));
        var table = books(a);
        var arrived = new CompletableFuture<Boolean>();
        var waiting = new Thread(() -> {
            try {
                arrived.complete(a.replication().awaitSync(table, b.peerId(), PATIENCE));
            } catch (RuntimeException e) {
                arrived.completeExceptionally(e);
            }
        });
        waiting.start();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (waiting.getState() != Thread.State.WAITING && waiting.getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime()).as("the call waits").isLessThan(end);
            Thread.onSpinWait();
        }
        a.close();
        assertThat(arrived.exceptionally(failure -> false).get(30, TimeUnit.SECONDS))
                .isFalse();
    }
}
