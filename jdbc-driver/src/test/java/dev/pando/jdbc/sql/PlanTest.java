package dev.pando.jdbc.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What EXPLAIN says of each kind of query: which key it uses, and that it says so only when it does. */
class PlanTest {
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:pando:mem:plans");
        run("CREATE TABLE big (id INT PRIMARY KEY, a INT, b INT, t VARCHAR, n INT)");
        run("CREATE INDEX big_ab ON big (a, b)");
        run("CREATE TABLE small (id INT PRIMARY KEY, big_id INT, v INT)");
        StringBuilder rows = new StringBuilder("INSERT INTO big VALUES ");
        for (int i = 0; i < 2_000; i++) {
            rows.append(i == 0 ? "" : ", ")
                    .append("(" + i + ", " + i % 50 + ", " + i % 7 + ", 't" + i + "', " + i + ")");
        }
        run(rows.toString());
        run("INSERT INTO small VALUES (1, 10, 1), (2, 20, 2), (3, 30, 3)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String plan(String sql) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN " + sql)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    @Test
    void aKeyIsLookedUp() throws SQLException {
        assertThat(plan("SELECT t FROM big WHERE id = 7")).contains("short: key lookup of PUBLIC.big");
        assertThat(plan("SELECT t || 'x' FROM big WHERE id = 7")).contains("key lookup by id");
        assertThat(plan("SELECT t, COUNT(*) FROM big WHERE id IN (7, 8, 9) GROUP BY t"))
                .contains("key lookup by id");
        assertThat(plan("SELECT t || 'x' FROM big WHERE id = 7 OR id = 9")).contains("key lookup by id");
    }

    @Test
    void aRangeIsReadOfTheKeyOrAnIndex() throws SQLException {
        assertThat(plan("SELECT MAX(t) FROM big WHERE id > 100 AND id <= 200"))
                .contains("range of the primary key by id");
        assertThat(plan("SELECT MAX(t) FROM big WHERE id BETWEEN 100 AND 200"))
                .contains("range of the primary key by id");
        assertThat(plan("SELECT MAX(t) FROM big WHERE a = 3")).contains("range of index big_ab by a");
        assertThat(plan("SELECT MAX(t) FROM big WHERE a = 3 AND b >= 2 AND b < 5"))
                .contains("range of index big_ab by a, b");
        assertThat(plan("SELECT MAX(t) FROM big WHERE a IN (1, 2)")).contains("range of index big_ab by a");
    }

    @Test
    void anIndexGivesItsOrder() throws SQLException {
        assertThat(plan("SELECT id FROM big ORDER BY id"))
                .doesNotContain("sort")
                .contains("scan of PUBLIC.big");
        assertThat(plan("SELECT id FROM big ORDER BY id DESC LIMIT 3"))
                .doesNotContain("sort")
                .contains("backwards");
        assertThat(plan("SELECT id FROM big ORDER BY a, b"))
                .doesNotContain("sort")
                .contains("in the order of index big_ab");
        assertThat(plan("SELECT id FROM big WHERE a = 3 ORDER BY b"))
                .doesNotContain("sort")
                .contains("range of index big_ab");
        assertThat(plan("SELECT id FROM big ORDER BY a, b DESC"))
                .as("two directions")
                .contains("sort by a, b");
        assertThat(plan("SELECT id FROM big ORDER BY t")).contains("sort by t");
    }

    @Test
    void anIndexWithDescendingColumnsGivesTheirOrder() throws SQLException {
        run("CREATE TABLE d (id INT PRIMARY KEY, a INT, b INT)");
        run("CREATE INDEX d_ab ON d (a, b DESC)");
        run("INSERT INTO d VALUES (1, 1, 5), (2, 1, 7), (3, 2, 6), (4, 1, NULL), (5, 2, 9), (6, 3, 1)");
        String[] queries = {
            "SELECT id FROM d ORDER BY a, b DESC",
            "SELECT id FROM d ORDER BY a DESC, b",
            "SELECT id FROM d WHERE a = 1 ORDER BY b",
            "SELECT id FROM d WHERE a = 1 AND b IN (5, 7) ORDER BY b DESC",
            "SELECT id FROM d WHERE a = 1 AND b > 5 ORDER BY b"
        };
        String[] expected = {"4 2 1 5 3 6", "6 3 5 1 2 4", "1 2 4", "2 1", "2"};
        for (int i = 0; i < queries.length; i++) {
            assertThat(plan(queries[i])).as(queries[i]).doesNotContain("sort").contains("d_ab");
            assertThat(ids(queries[i])).as(queries[i]).isEqualTo(expected[i]);
        }
        assertThat(plan("SELECT id FROM d ORDER BY a, b")).contains("sort by a, b");
    }

    private String ids(String sql) throws SQLException {
        StringBuilder ids = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                ids.append(ids.isEmpty() ? "" : " ").append(rows.getInt(1));
            }
        }
        return ids.toString();
    }

    @Test
    void aJoinLooksUpKeysWhenFewRowsAsk() throws SQLException {
        assertThat(plan("SELECT s.v, b.t FROM small s JOIN big b ON b.id = s.big_id"))
                .contains("key join (inner)")
                .contains("key lookup by id of PUBLIC.big");
        assertThat(plan("SELECT s.v, b.t FROM small s LEFT JOIN big b ON b.a = s.v"))
                .contains("key join (left)")
                .contains("range of index big_ab by a");
        assertThat(plan("SELECT x.t, y.t FROM big x JOIN big y ON x.n = y.n")).contains("hash join (inner");
        assertThat(plan("SELECT x.t FROM small y JOIN big x ON x.n > y.v")).contains("loop join (inner)");
    }

    @Test
    void conditionsAndLimitsGoDown() throws SQLException {
        assertThat(plan("SELECT * FROM (SELECT id + 1 AS i, a, t FROM big) WHERE a = 3 AND t LIKE 't1%'"))
                .contains("range of index big_ab by a")
                .doesNotContain("filter ");
        assertThat(plan("SELECT s.v FROM small s JOIN big b ON b.n = s.v WHERE b.id = 7 AND s.id = 1"))
                .contains("key lookup by id of PUBLIC.big")
                .contains("key lookup by id of PUBLIC.small");
        assertThat(plan("SELECT a, COUNT(*) FROM big GROUP BY a HAVING a = 3")).contains("range of index big_ab by a");
        assertThat(plan("SELECT t FROM (SELECT t, a FROM big UNION ALL SELECT t, a FROM big) LIMIT 2"))
                .contains("limit");
    }

    @Test
    void aSubqueryThatLooksAtNothingAroundRunsOnceAndOthersByKey() throws SQLException {
        assertThat(plan("SELECT v FROM small WHERE big_id IN (SELECT id FROM big WHERE a = 3)"))
                .contains("planned");
        assertThat(plan("SELECT t FROM big WHERE a = 3 AND EXISTS (SELECT 1 FROM small WHERE small.id = big.id)"))
                .contains("range of index big_ab by a");
    }

    @Test
    void aConditionWithoutAKeyDoesNotPretend() throws SQLException {
        assertThat(plan("SELECT MAX(id) FROM big WHERE n = 5")).contains("scan of PUBLIC.big, filtered by =(n, 5)");
        assertThat(plan("SELECT id FROM big WHERE n = 5")).isEqualTo("short: scan of PUBLIC.big, filtered\n");
        assertThat(plan("SELECT MAX(id) FROM big WHERE b = 5"))
                .as("no leading column")
                .contains("scan of PUBLIC.big");
        assertThat(plan("SELECT MAX(t) FROM big WHERE a + 1 = 5")).contains("scan of PUBLIC.big");
        assertThat(plan("SELECT MAX(t) FROM big WHERE id = 5.5 OR n = 1")).contains("scan of PUBLIC.big");
    }
}
