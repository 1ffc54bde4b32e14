package dev.pando.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A table that is pushed and is not there, or is another one; numbers are those of docs/scenarios.md. */
@Timeout(60)
class MissingTableTest {

    private TwoNodes nodes;

    @BeforeEach
    void open() throws SQLException {
        nodes = new TwoNodes();
        nodes.a.run(
                "CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR(20), likes BIGINT COUNTER)",
                "ALTER TABLE Books ADD COLUMN genre VARCHAR",
                "INSERT INTO Books VALUES ('1', 'Walden', 3, 'essay'), ('2', 'Emma', 4, 'novel')");
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    private void replicate() throws SQLException {
        nodes.a.run("CALL set_replicator('Books', '" + nodes.b.address() + "')");
    }

    private void awaitStatus(String mentions) throws Exception {
        nodes.a.await(
                "SELECT status FROM sys.replicators",
                rows -> rows.size() == 1 && rows.get(0).get(0).toString().contains(mentions));
    }

    @Test
    void scenario33_aMissingTableIsMadeWhereThatIsAllowed() throws Exception {
        nodes.b.run("ALTER SYSTEM SET auto_create = 1");
        assertThat(nodes.b.column("SELECT setting FROM sys.settings WHERE name = 'auto_create'"))
                .containsExactly("1");
        replicate();
        nodes.a.run("CALL wait_for_sync('Books', '" + nodes.b.id() + "', 20000)");
        assertThat(nodes.b.rows("SELECT isbn, title, likes, genre FROM Books ORDER BY isbn"))
                .containsExactly(List.of("1", "Walden", 3L, "essay"), List.of("2", "Emma", 4L, "novel"));
        assertThat(nodes.b.rows("SELECT peer_id, rights FROM sys.grants WHERE table_name = 'Books'"))
                .containsExactly(List.of(nodes.a.id(), "INSERT, UPDATE, DELETE, ALTER"));
        assertThatThrownBy(
                        () -> nodes.b.run("INSERT INTO Books (isbn, title) VALUES ('3', 'a title that is too long')"))
                .as("the length came with the definition")
                .isInstanceOf(SQLException.class);
    }

    @Test
    void scenario33_elseTheReplicatorSaysWhyAndKeepsTheBacklog() throws Exception {
        replicate();
        awaitStatus("auto_create");
        nodes.a.run("INSERT INTO Books VALUES ('3', 'Ulysses', 5, 'novel')");
        assertThat(nodes.b.rows("SELECT * FROM sys.collections WHERE table_name = 'Books'"))
                .isEmpty();
        nodes.b.run("ALTER SYSTEM SET auto_create = 1");
        nodes.b.await("SELECT table_name FROM sys.collections", rows -> !rows.isEmpty());
        nodes.b.await("SELECT isbn FROM Books", rows -> rows.size() == 3);
    }

    @Test
    void anotherTableOfThatNameIsToldWithTheColumnsThatDifferAndCanBeGivenUp() throws Exception {
        nodes.b.run(
                "CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR, pages INT)",
                "GRANT INSERT, UPDATE, DELETE, ALTER ON Books TO PEER ANY",
                "ALTER SYSTEM SET auto_create = 1");
        replicate();
        awaitStatus("pages:int:set");
        awaitStatus("likes:int:add");
        nodes.b.run("CALL adopt_collection('Books', '" + nodes.a.address() + "')");
        nodes.b.await("SELECT isbn FROM Books", rows -> rows.size() == 2);
        nodes.b.await(
                "SELECT column_name FROM information_schema.columns WHERE column_name = 'genre'",
                rows -> rows.size() == 1);
        assertThat(nodes.b.column("SELECT peer_id FROM sys.grants")).containsExactly("ANY");
        nodes.b.run("CALL adopt_collection('Books', '" + nodes.a.id() + "')"); // it is that already
    }

    @Test
    void aTableThatHasHadRowsIsNotGivenUp() throws Exception {
        replicate();
        nodes.b.run("CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY)", "INSERT INTO Books VALUES ('1')");
        assertThatThrownBy(() -> nodes.b.run("CALL adopt_collection('Books', '" + nodes.a.address() + "')"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> nodes.b.run("CALL adopt_collection('Nothing', '" + nodes.a.id() + "')"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("Nothing");
        assertThat(nodes.b.column("SELECT isbn FROM Books")).containsExactly("1");
    }

    @Test
    void scenario39And40_definitionsMeet() throws Exception {
        nodes.b.run(
                "CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR(20), likes BIGINT COUNTER)",
                "GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON Books TO PEER ANY",
                "ALTER TABLE Books ADD COLUMN genre INT",
                "ALTER TABLE Books ADD COLUMN pages INT",
                "INSERT INTO Books (isbn, genre, pages) VALUES ('9', 7, 300)");
        nodes.a.run("GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON Books TO PEER ANY");
        replicate();
        nodes.b.run("CALL set_replicator('Books', '" + nodes.a.address() + "')");
        for (TwoNodes.Node node : List.of(nodes.a, nodes.b)) {
            node.await(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = 'Books' ORDER BY 1",
                    rows -> rows.toString().contains("genre$")
                            && rows.toString().contains("pages"));
            node.await("SELECT isbn FROM Books", rows -> rows.size() == 3);
            String other = node.column(
                            "SELECT column_name FROM information_schema.columns WHERE column_name LIKE 'genre$%'")
                    .get(0)
                    .toString();
            assertThat(node.rows("SELECT isbn, CAST(genre AS VARCHAR), CAST(\"" + other
                                    + "\" AS VARCHAR) FROM Books WHERE isbn IN ('1', '9') ORDER BY isbn")
                            .toString())
                    .as("nothing is lost")
                    .contains("essay")
                    .contains("7");
        }
    }
}
