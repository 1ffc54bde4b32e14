package dev.pando.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest may do what is granted on single tables, and nothing else. */
class UserRightsTest {
    private TestDatabase database;
    private Session admin;
    private Session guest;

    @BeforeEach
    void makeUser() throws SQLException {
        database = new TestDatabase();
        admin = database.session();
        admin.execute("CREATE TABLE a (id INT PRIMARY KEY, v INT)").close();
        admin.execute("CREATE TABLE b (id INT PRIMARY KEY, v INT)").close();
        admin.execute("INSERT INTO a VALUES (1, 10)").close();
        admin.execute("CREATE VIEW av AS SELECT v FROM a").close();
        admin.execute("CREATE USER bob PASSWORD 'pencil' ROLE GUEST").close();
        guest = database.database().openSession(new SessionUser("bob", Role.GUEST));
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    private void grant(String sql) throws SQLException {
        admin.execute(sql).close();
    }

    private long run(String sql) throws SQLException {
        try (Result result = guest.execute(sql)) {
            return result.updateCount() >= 0
                    ? result.updateCount()
                    : result.fetch(100).size();
        }
    }

    private void refused(String sql) {
        assertThatThrownBy(() -> run(sql))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).isEqualTo(PandoSqlState.NO_PRIVILEGE.code()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM a",
                "SELECT v FROM a WHERE id = 1",
                "TABLE a",
                "SELECT * FROM av",
                "SELECT 1 FROM (VALUES (1)) AS t (x) WHERE EXISTS (SELECT 1 FROM a)",
                "SELECT (SELECT MAX(v) FROM a)",
                "SELECT * FROM (VALUES (1)) AS t (x) JOIN a ON a.id = t.x",
                "WITH a AS (SELECT * FROM a) SELECT * FROM a",
                "(WITH a AS (SELECT 1) SELECT * FROM a) UNION ALL SELECT id FROM a",
                "SELECT * FROM a FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP",
                "WITH a AS (SELECT 1) SELECT * FROM a FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP",
                "WITH RECURSIVE a AS (SELECT * FROM a) SELECT * FROM a",
                "WITH RECURSIVE a AS (SELECT id, v FROM a UNION ALL SELECT id, v FROM a) SELECT * FROM a",
                "WITH RECURSIVE a (id) AS (SELECT 1 UNION ALL SELECT id FROM a UNION ALL SELECT id FROM a) SELECT * FROM a",
                "WITH \"A\" AS (SELECT 1) SELECT v FROM a",
                "SELECT * FROM TABLE(history('a', 'x'))",
                "WITH a AS (SELECT 1) SELECT * FROM TABLE(history('a', 'x'))",
                "SELECT * FROM a FOR UPDATE",
                "EXPLAIN SELECT * FROM a",
                "INSERT INTO a VALUES (2, 1)",
                "INSERT INTO a DEFAULT VALUES",
                "UPSERT INTO a VALUES (1, 1)",
                "UPDATE a SET v = 1",
                "DELETE FROM a",
                "MERGE INTO a USING (VALUES (1)) AS s (x) ON a.id = s.x WHEN MATCHED THEN UPDATE SET v = 3",
                "TRUNCATE TABLE a",
                "SELECT * FROM sys.node",
                "CREATE TABLE c (id INT PRIMARY KEY)",
                "DROP TABLE a",
                "GRANT SELECT ON a TO bob",
            })
    void aGuestMayDoNothingByItself(String sql) {
        refused(sql);
    }

    @Test
    void whatIsGrantedIsAllowedAndNoMore() throws SQLException {
        grant("GRANT SELECT ON a TO bob");
        assertThat(run("SELECT v FROM a WHERE id = 1")).isEqualTo(1);
        refused("INSERT INTO a VALUES (2, 20)");
        refused("SELECT * FROM a JOIN b ON a.id = b.id");
        refused("SELECT * FROM a FOR UPDATE");
        grant("GRANT INSERT ON b TO bob");
        assertThat(run("INSERT INTO b SELECT * FROM a")).isEqualTo(1);
        refused("UPSERT INTO b VALUES (1, 1)");
        grant("REVOKE SELECT ON a FROM bob");
        refused("SELECT v FROM a WHERE id = 1");
    }

    @Test
    void whatWasPreparedNeedsRightsOnWhatItNamedThen() throws SQLException {
        grant("CREATE SCHEMA other");
        grant("CREATE TABLE other.a (id INT PRIMARY KEY)");
        grant("GRANT SELECT ON other.a TO bob");
        try (Prepared prepared = guest.prepare("SELECT * FROM a")) {
            guest.setSchema("other");
            assertThatThrownBy(() -> guest.execute(prepared, new Object[0], ExecuteOptions.DEFAULT))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getSQLState()).isEqualTo(PandoSqlState.NO_PRIVILEGE.code()));
        }
    }

    @Test
    void aViewStandsForWhatItReads() throws SQLException {
        grant("GRANT SELECT ON av TO bob");
        assertThat(run("SELECT * FROM av")).isEqualTo(1);
        refused("SELECT * FROM a");
    }

    @Test
    void whatNamesNoTableNeedsNoRight() throws SQLException {
        assertThat(run("SELECT 1")).isEqualTo(1);
        assertThat(run("WITH q AS (SELECT 1) SELECT * FROM q")).isEqualTo(1);
        assertThat(
                        run(
                                "WITH RECURSIVE q (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM q WHERE n < 3) SELECT * FROM q"))
                .isEqualTo(3);
        assertThat(run("SELECT table_name FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = 'PUBLIC'"))
                .isEqualTo(3);
    }

    @Test
    void aRightGoesWithItsTable() throws SQLException {
        grant("GRANT SELECT ON a TO bob");
        grant("ALTER TABLE a RENAME TO renamed");
        assertThat(run("SELECT * FROM renamed")).isEqualTo(1);
        grant("DROP TABLE renamed");
        grant("CREATE TABLE renamed (id INT PRIMARY KEY)");
        refused("SELECT * FROM renamed");
        grant("GRANT ALL ON * TO bob");
        assertThat(run("DELETE FROM b")).isZero();
        grant("DROP USER bob");
        refused("DELETE FROM b");
    }

    @Test
    void aRightAddsToARole() throws SQLException {
        Session reader = database.database().openSession(new SessionUser("bob", Role.READER));
        assertThatThrownBy(() -> reader.execute("INSERT INTO b VALUES (1, 1)")).isInstanceOf(SQLException.class);
        grant("GRANT INSERT ON b TO bob");
        try (Result result = reader.execute("INSERT INTO b SELECT * FROM a")) {
            assertThat(result.updateCount()).isEqualTo(1);
        }
    }
}
