package dev.pando.engine;

import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.Engine;
import dev.pando.PandoException;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the statements of one transaction begin and end. */
class StatementsOfATransactionTest {
    private Engine engine;
    private Table books;

    @BeforeEach
    void open() {
        engine = TestDatabase.inMemory();
        books = TestDatabase.books(engine);
        commit(engine, tx -> insert(tx, books, "1", "Walden", 1L));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void aTransactionThatReadsIsKeptForLaterStatementsAndSeesWhatIsCommittedWhenTheyBegin() {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            for (long pages = 2; pages < 5; pages++) {
                long next = pages;
                tx.beginStatement();
                assertThat(tx.get(books, List.of("1")).get(2)).isEqualTo(pages - 1);
                commit(engine, other -> update(other, books, "1", v -> v[2] = next));
                assertThat(tx.get(books, List.of("1")).get(2)).isEqualTo(pages - 1);
                tx.endStatement();
            }
        }
    }

    @Test
    void aTransactionThatWroteKeepsItsSnapshot() {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            insert(tx, books, "2", "Emma");
            assertThatThrownBy(tx::endStatement).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aCancelEndsTheStatementAndNotTheTransaction() {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            insert(tx, books, "2", "Emma");
            tx.beginStatement();
            tx.cancel();
            assertThatThrownBy(() -> tx.get(books, List.of("1")))
                    .isInstanceOfSatisfying(
                            PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.CANCELLED));
            tx.rollbackStatement();
            tx.beginStatement();
            assertThat(tx.get(books, List.of("2")).get(1)).isEqualTo("Emma");
            tx.commit();
        }
        assertThat(TestDatabase.rows(engine, books)).hasSize(2);
    }

    private static void assertCancelled(Transaction tx) {
        assertThatThrownBy(tx::commit)
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.CANCELLED));
    }

    @Test
    void aCancelEndsACommitAndTheTransactionWithIt() {
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            insert(tx, books, "2", "Emma");
            tx.cancel();
            assertCancelled(tx);
        }
        assertThat(TestDatabase.rows(engine, books)).hasSize(1);
        /* Its locks are gone. */
        commit(engine, tx -> insert(tx, books, "2", "Emma"));
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            insert(tx, books, "3", "Persuasion");
            tx.cancel();
            tx.beginStatement();
            tx.commit();
        }
        assertThat(TestDatabase.rows(engine, books)).hasSize(3);
    }

    @Test
    void aCancelEndsACommitThatWaitsForTheWriter() throws Exception {
        EngineParts parts = ((EngineImpl) engine).parts();
        var writing = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        CompletableFuture<Void> held = parts.committer.between(() -> {
            writing.countDown();
            parts.threads.await(CompletableFuture.runAsync(() -> await(goOn)));
        });
        await(writing);
        try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            insert(tx, books, "2", "Emma");
            var asked = new CountDownLatch(1);
            CompletableFuture<Void> committing = CompletableFuture.runAsync(() -> {
                asked.countDown();
                assertCancelled(tx);
            });
            await(asked);
            tx.cancel();
            goOn.countDown();
            committing.get(20, TimeUnit.SECONDS);
        }
        held.get(20, TimeUnit.SECONDS);
        assertThat(TestDatabase.rows(engine, books)).hasSize(1);
        commit(engine, tx -> insert(tx, books, "2", "Emma"));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
