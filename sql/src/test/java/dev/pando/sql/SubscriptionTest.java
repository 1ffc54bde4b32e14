package dev.pando.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subscriptions as SQL sets and shows them; numbers are those of docs/scenarios.md. */
@Timeout(60)
class SubscriptionTest {

    private TwoNodes nodes;

    @BeforeEach
    void open() throws SQLException {
        nodes = new TwoNodes();
        for (String table : List.of("Books", "Authors", "Shelves")) {
            nodes.both(
                    "CREATE TABLE " + table + " (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR)",
                    "GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON " + table + " TO PEER ANY");
        }
        nodes.b.run("CALL connect('" + nodes.a.address() + "')");
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    private static void refused(String state, String mentions, ThrowingCallable statement) {
        assertThatThrownBy(statement)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state))
                .hasMessageContaining(mentions);
    }

    @Test
    void scenario10_onlyTheSubscribedCollectionsArrive() throws Exception {
        nodes.b.run("CALL subscribe_collection('Books, Shelves')");
        for (String table : List.of("Authors", "Books", "Shelves")) {
            nodes.a.run("INSERT INTO " + table + " VALUES ('1', 'one')");
        }
        nodes.b.await("SELECT isbn FROM Shelves", rows -> rows.size() == 1);
        nodes.b.await("SELECT isbn FROM Books", rows -> rows.size() == 1);
        assertThat(nodes.b.rows("SELECT isbn FROM Authors")).isEmpty();
    }

    @Test
    void scenario11_anUnknownCollectionSubscribesNothing() throws Exception {
        refused("42S02", "Nothing", () -> nodes.b.run("CALL subscribe_collection('Nothing')"));
        refused("42S02", "Nothing", () -> nodes.b.run("CALL subscribe_collection('Books,Nothing')"));
        refused("42S02", "Nothing", () -> nodes.b.run("CALL subscribe_document('Nothing', 'x')"));
        assertThat(nodes.b.rows("SELECT * FROM sys.subscriptions")).isEmpty();
    }

    @Test
    void scenario12_theListShowsExactlyThePresentOnes() throws Exception {
        nodes.a.run("INSERT INTO Books VALUES ('1', 'Walden')");
        String id = (String) nodes.a.column("SELECT _docid FROM Books").get(0);
        nodes.b.run("CALL subscribe_collection('Authors')", "CALL subscribe_document('Books', '" + id + "')");
        assertThat(nodes.b.rows("SELECT table_name, document_id FROM sys.subscriptions ORDER BY table_name"))
                .containsExactly(Arrays.asList("Authors", null), List.of("Books", id));
        assertThat(nodes.b.column("SELECT kind FROM sys.topics WHERE table_name = 'Authors' ORDER BY kind"))
                .containsExactly("collection", "query");
        assertThat(nodes.b.rows("SELECT document_id, hot FROM sys.topics WHERE kind = 'document'"))
                .containsExactly(List.of(id, false));
        nodes.b.await("SELECT title FROM Books", rows -> rows.size() == 1);
        nodes.b.run("CALL unsubscribe_collection('Authors')", "CALL unsubscribe_document('Books', '" + id + "')");
        assertThat(nodes.b.rows("SELECT * FROM sys.subscriptions")).isEmpty();
    }

    @Test
    void scenario13_aMalformedDocumentIdIsAClearError() throws Exception {
        for (String bad : List.of("", "x", "bafyrei", nodes.a.id())) {
            refused(
                    "22023",
                    "is not a document id: expected",
                    () -> nodes.b.run("CALL subscribe_document('Books', '" + bad + "')"));
        }
        refused("22023", "one table", () -> nodes.b.run("CALL subscribe_document('*', 'x')"));
        assertThat(nodes.b.rows("SELECT * FROM sys.subscriptions")).isEmpty();
    }

    @Test
    void aDocumentIsFetchedOnDemand() throws Exception {
        nodes.a.run("INSERT INTO Books VALUES ('1', 'Walden')");
        String id = (String) nodes.a.column("SELECT _docid FROM Books").get(0);
        nodes.b.run("CALL sync_document('Books', '" + id + "', 10000)");
        assertThat(nodes.b.column("SELECT title FROM Books")).containsExactly("Walden");
    }
}
