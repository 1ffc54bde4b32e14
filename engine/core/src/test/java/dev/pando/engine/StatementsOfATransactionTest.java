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
}
