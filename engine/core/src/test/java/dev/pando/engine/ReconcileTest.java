package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Grants.Right;
import dev.pando.Replication.ReplicatorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that lost something, or have other things, are filled by comparing heads. Whole engines over sockets. */
@Timeout(60)
class ReconcileTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final EngineOptions OPTIONS =
            EngineOptions.inMemory().withNetwork(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0"));

    @TempDir
    Path directory;

    private static void replicate(Engine from, Engine to) {
        to.grants().grant(books(to), Optional.of(from.peerId()), Set.of(Right.WRITE, Right.ALTER));
        from.replication()
                .setReplicator(new ReplicatorSpec(
                        to.peerId(),
                        Optional.of(to.network().addresses().get(0)),
                        List.of(books(from)),
                        List.of(),
                        Optional.empty()));
    }

    private static void fill(Engine engine, String prefix, int rows) {
        for (int i = 0; i < rows; i++) {
            String key = prefix + i;
            commit(engine, tx -> insert(tx, books(engine), key, "title", 1L, 1L));
        }
    }

    private static void awaitSync(Engine from, Engine to) {
        assertThat(from.replication().awaitSync(books(from), to.peerId(), PATIENCE))
                .isTrue();
    }

    @Test
    void aTableThatWasDroppedMadeAgainAndWrittenToIsFilledAgain() {
        try (Engine a = Engine.open(OPTIONS);
                Engine b = Engine.open(OPTIONS)) {
            fill(a, "a", 300);
            commit(a, tx -> update(tx, books(a), "a7", v -> v[3] = 5L));
            replicate(a, b);
            awaitSync(a, b);
            b.catalog().dropTable(books(b));
            fill(b, "b", 40);
            b.grants().grant(books(b), Optional.of(a.peerId()), Set.of(Right.WRITE, Right.ALTER));
            fill(a, "late", 1);
            awaitSync(a, b);
            assertThat(rows(b, books(b))).hasSize(341).containsAll(rows(a, books(a)));
        }
    }

    @Test
    void whoHasMostOfItElsewhereIsSentOnlyTheRest() {
        try (Engine a = Engine.open(OPTIONS);
                Engine b = Engine.open(OPTIONS);
                Engine c = Engine.open(OPTIONS)) {
            fill(a, "a", 400);
            replicate(a, b);
            replicate(a, c);
            awaitSync(a, b);
            awaitSync(a, c);
            a.replication().deleteReplicator(c.peerId(), List.of(books(a)));
            fill(a, "more", 30);
            commit(a, tx -> update(tx, books(a), "a5", v -> v[3] = 9L));
            fill(c, "own", 5);
            awaitSync(a, b);
            long before = c.info().commitSequence();
            replicate(b, c);
            awaitSync(b, c);
            assertThat(rows(c, books(c))).hasSize(435).containsAll(rows(a, books(a)));
            /* Grants are written too. */
            assertThat(c.info().commitSequence() - before).isBetween(31L, 35L);
        }
    }

    @Test
    void aReceiverRestoredFromABackupIsFilledAgain() {
        EngineOptions first = EngineOptions.at(directory.resolve("b")).withNetwork(OPTIONS.network());
        EngineOptions second = EngineOptions.at(directory.resolve("restored")).withNetwork(OPTIONS.network());
        try (Engine a = Engine.open(OPTIONS)) {
            try (Engine b = Engine.open(first)) {
                fill(a, "a", 50);
                replicate(a, b);
                awaitSync(a, b);
                b.maintenance().backupTo(directory.resolve("restored"));
                fill(a, "lost", 50);
                commit(a, tx -> update(tx, books(a), "a1", v -> v[3] = 3L));
                awaitSync(a, b);
                copyIdentity();
            }
            try (Engine b = Engine.open(second)) {
                replicate(a, b);
                awaitSync(a, b);
                assertThat(rows(b, books(b))).hasSize(100).isEqualTo(rows(a, books(a)));
                assertThat(b.stateHash(books(b))).isEqualTo(a.stateHash(books(a)));
            }
        }
    }

    /** A backup has no key: who restores a node keeps that apart. */
    private void copyIdentity() {
        try {
            java.nio.file.Files.copy(
                    directory.resolve("b").resolve("identity.key"),
                    directory.resolve("restored").resolve("identity.key"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
