package dev.pando.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scenario 32: only rows that match a predicate, and what becomes of them later. */
@Timeout(60)
class PartialReplicatorTest {

    private static final String TABLE =
            "CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR, genre VARCHAR, likes BIGINT COUNTER)";

    private TwoNodes nodes;

    @BeforeEach
    void open() throws SQLException {
        nodes = new TwoNodes();
        nodes.both(TABLE);
        nodes.b.run("GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON Books TO PEER '" + nodes.a.id() + "'");
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    private void replicate(String predicate) throws SQLException {
        nodes.a.run(
                "CALL set_replicator('Books', '" + nodes.b.address() + "', '" + predicate.replace("'", "''") + "')");
    }

    private void sync() throws SQLException {
        nodes.a.run("CALL wait_for_sync('Books', '" + nodes.b.id() + "', 20000)");
    }

    @Test
    void onlyMatchingRowsArriveAndALaterOneBringsItsHistory() throws SQLException {
        nodes.a.run(
                "INSERT INTO Books (isbn, title, genre) VALUES ('1', 'Dune', 'sf'), ('2', 'Emma', 'classic'), ('3', 'Solaris', 'sf')",
                "UPDATE Books SET likes = likes + 3 WHERE isbn = '2'");
        replicate("genre = 'sf'");
        nodes.a.run("INSERT INTO Books (isbn, title, genre) VALUES ('4', 'Ulysses', 'classic')");
        sync();
        assertThat(nodes.b.column("SELECT isbn FROM Books ORDER BY isbn")).containsExactly("1", "3");

        nodes.a.run(
                "UPDATE Books SET likes = likes + 4 WHERE isbn = '2'",
                "UPDATE Books SET genre = 'sf' WHERE isbn = '2'");
        sync();
        assertThat(nodes.b.rows("SELECT isbn, title, likes FROM Books WHERE isbn = '2'"))
                .containsExactly(List.of("2", "Emma", 7L));
    }

    @Test
    void whatOnceMatchedStaysInScope() throws SQLException {
        nodes.a.run("INSERT INTO Books (isbn, title, genre) VALUES ('1', 'Dune', 'sf'), ('2', 'Emma', 'classic')");
        replicate("genre = 'sf'");
        nodes.a.run(
                "UPDATE Books SET genre = 'classic' WHERE isbn = '1'",
                "UPDATE Books SET genre = 'sf' WHERE isbn = '2'",
                "UPDATE Books SET genre = 'comedy' WHERE isbn = '2'",
                "DELETE FROM Books WHERE isbn = '1'");
        sync();
        assertThat(nodes.b.rows("SELECT isbn, genre FROM Books")).containsExactly(List.of("2", "comedy"));
        assertThat(nodes.a.column("SELECT predicate FROM sys.replicators")).containsExactly("genre = 'sf'");
    }

    @Test
    void aWholeTableInsteadOfAPartBringsTheRest() throws SQLException {
        nodes.a.run("INSERT INTO Books (isbn, genre) VALUES ('1', 'sf'), ('2', 'classic'), ('3', 'classic')");
        replicate("genre = 'sf'");
        sync();
        assertThat(nodes.b.column("SELECT isbn FROM Books")).containsExactly("1");
        nodes.a.run("CALL set_replicator('Books', '" + nodes.b.id() + "')");
        sync();
        assertThat(nodes.b.column("SELECT isbn FROM Books ORDER BY isbn")).containsExactly("1", "2", "3");
        assertThat(nodes.b.engine.stateHash(
                        nodes.b.engine.catalog().find("PUBLIC", "Books").orElseThrow()))
                .isEqualTo(nodes.a.engine.stateHash(
                        nodes.a.engine.catalog().find("PUBLIC", "Books").orElseThrow()));
    }

    @Test
    void chosenDocumentsArriveWithAllThatBecomesOfThem() throws SQLException {
        nodes.a.run("INSERT INTO Books (isbn, title) VALUES ('1', 'Dune'), ('2', 'Emma'), ('3', 'Ulysses')");
        Object document =
                nodes.a.column("SELECT \"_docid\" FROM Books WHERE isbn = '2'").get(0);
        nodes.a.run(
                "CALL set_replicator('Books', '" + nodes.b.address() + "', documents => '" + document + "')",
                "UPDATE Books SET likes = likes + 1");
        sync();
        assertThat(nodes.b.rows("SELECT isbn, title, likes FROM Books")).containsExactly(List.of("2", "Emma", 1L));
    }

    @Test
    void aWrongPredicateIsAnErrorAndNothingIsSet() throws SQLException {
        assertThatThrownBy(() -> replicate("pages > 3"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("pages");
        assertThat(nodes.a.rows("SELECT * FROM sys.replicators")).isEmpty();
    }
}
