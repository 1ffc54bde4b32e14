package dev.pando.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scenarios 47 and 48: whether peers are equal, and if not, how far from it and why. */
@Timeout(60)
class SyncStatusTest {

    private static final String STATUS = "SELECT equal, behind, state FROM sys.sync_status WHERE direction = 'OUT'";

    private TwoNodes nodes;

    @BeforeEach
    void open() throws SQLException {
        nodes = new TwoNodes();
        nodes.both("CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, likes BIGINT COUNTER)");
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    private void grant() throws SQLException {
        nodes.b.run("GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON Books TO PEER '" + nodes.a.id() + "'");
    }

    private void replicate() throws SQLException {
        nodes.a.run("CALL set_replicator('Books', '" + nodes.b.address() + "')");
    }

    private void sync() throws SQLException {
        nodes.a.run("CALL wait_for_sync('Books', '" + nodes.b.id() + "', 20000)");
    }

    @Test
    void equalWhenNothingIsMissingAndBehindByWhatIs() throws Exception {
        grant();
        nodes.a.run("INSERT INTO Books (isbn) VALUES ('1')");
        replicate();
        sync();
        nodes.a.await(STATUS, rows -> rows.equals(List.of(List.of(true, 0L, "equal"))));
        String hash = "SELECT state_hash FROM sys.collections WHERE table_name = 'Books'";
        assertThat(nodes.b.column(hash)).isEqualTo(nodes.a.column(hash));

        nodes.b.close();
        nodes.a.await(
                "SELECT offline_since FROM sys.sync_status", rows -> rows.get(0).get(0) != null);
        nodes.a.run("INSERT INTO Books (isbn) VALUES ('2')", "UPDATE Books SET likes = likes + 1 WHERE isbn = '1'");
        assertThat(nodes.a.rows(STATUS)).containsExactly(List.of(false, 2L, "offline"));
        assertThat(nodes.a.column("SELECT behind_since FROM sys.sync_status").get(0))
                .isNotNull();
        assertThatThrownBy(() -> nodes.a.run("CALL wait_for_sync('Books', '" + nodes.b.id() + "', 50)"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("HYT01"));
    }

    @Test
    void whatIsRefusedIsToldWithTheReasonAndComesAfterAGrant() throws Exception {
        nodes.a.run("INSERT INTO Books (isbn) VALUES ('1')");
        replicate();
        nodes.a.await(
                "SELECT equal, behind, refused FROM sys.sync_status",
                rows -> rows.get(0).get(2) != null);
        List<Object> row = nodes.a
                .rows("SELECT equal, behind, refused FROM sys.sync_status")
                .get(0);
        assertThat(row.subList(0, 2)).containsExactly(false, 1L);
        assertThat(row.get(2).toString()).contains("REFUSED").contains("INSERT, UPDATE, DELETE");
        assertThatThrownBy(this::sync).isInstanceOf(SQLException.class).hasMessageContaining("REFUSED");
        grant();
        nodes.a.await(STATUS, rows -> rows.equals(List.of(List.of(true, 0L, "equal"))));
        assertThat(nodes.b.column("SELECT isbn FROM Books")).containsExactly("1");
    }

    @Test
    void aTableThatThePeerDoesNotHaveIsTold() throws Exception {
        nodes.b.run("DROP TABLE Books");
        nodes.a.run("INSERT INTO Books (isbn) VALUES ('1')");
        replicate();
        nodes.a.await(
                "SELECT refused FROM sys.sync_status",
                rows -> rows.get(0).get(0) != null
                        && rows.get(0).get(0).toString().startsWith("the peer has no such table"));
        nodes.b.run("CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, likes BIGINT COUNTER)");
        grant();
        nodes.a.await(STATUS, rows -> rows.equals(List.of(List.of(true, 0L, "equal"))));
    }

    @Test
    void aSubscriberSeesHowItsPullsWent() throws Exception {
        nodes.a.run("INSERT INTO Books (isbn) VALUES ('1')");
        nodes.a.run("GRANT SELECT ON Books TO PEER '" + nodes.b.id() + "'");
        grant();
        nodes.b.run("CALL subscribe_collection('Books')", "CALL connect('" + nodes.a.address() + "')");
        nodes.b.await(
                "SELECT equal FROM sys.sync_status WHERE direction = 'IN'",
                rows -> rows.equals(List.of(List.of(true))));
        assertThat(nodes.b.column("SELECT isbn FROM Books")).containsExactly("1");
    }

    @Test
    void aNodeSeesWhatIsPushedToIt() throws Exception {
        String in = "SELECT peer_id, equal, refused, offline_since FROM sys.sync_status WHERE direction = 'IN'";
        nodes.a.run("INSERT INTO Books (isbn) VALUES ('1')");
        replicate();
        nodes.b.await(
                in,
                rows -> rows.size() == 1
                        && rows.get(0).get(0).equals(nodes.a.id())
                        && Boolean.FALSE.equals(rows.get(0).get(1))
                        && rows.get(0).get(2).toString().contains("REFUSED"));
        grant();
        nodes.a.await(STATUS, rows -> rows.equals(List.of(List.of(true, 0L, "equal"))));
        nodes.b.await(
                in,
                rows -> rows.size() == 1
                        && !Boolean.FALSE.equals(rows.get(0).get(1))
                        && rows.get(0).get(2) == null
                        && rows.get(0).get(3) == null);
        nodes.a.close();
        nodes.b.await(in, rows -> rows.size() == 1 && rows.get(0).get(3) != null);
    }
}
