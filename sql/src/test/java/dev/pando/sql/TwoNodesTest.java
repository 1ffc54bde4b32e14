package dev.pando.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Session;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What SQL on two nodes gives that write while they are apart, and then meet. */
class TwoNodesTest {
    private static final int KEYS = 10_000;
    private static final int BATCH = 1_000;

    private TestDatabase one;
    private TestDatabase two;
    private Session first;
    private Session second;

    @BeforeEach
    void open() throws SQLException {
        EngineOptions options = EngineOptions.inMemory()
                .withNetwork(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0"))
                .withTrustAll(true);
        one = new TestDatabase(options);
        two = new TestDatabase(options);
        first = one.session();
        second = two.session();
    }

    @AfterEach
    void close() throws SQLException {
        first.close();
        second.close();
        one.close();
        two.close();
    }

    private void both(String sql) throws SQLException {
        first.execute(sql).close();
        second.execute(sql).close();
    }

    private static List<List<Object>> query(Session session, String sql) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (Result result = session.execute(sql)) {
            for (var page = result.fetch(100); !page.isEmpty(); page = result.fetch(100)) {
                page.forEach(row -> rows.add(Arrays.asList(row)));
            }
        }
        return rows;
    }

    private static String address(TestDatabase database) {
        return database.engine().network().addresses().get(0).toString();
    }

    /** Pushes all of the table both ways and waits until each node has it. */
    private void meet(String table) throws SQLException {
        first.execute("CALL set_replicator('" + table + "', '" + address(two) + "')")
                .close();
        second.execute("CALL set_replicator('" + table + "', '" + address(one) + "')")
                .close();
        String toTwo = two.engine().peerId().toString();
        String toOne = one.engine().peerId().toString();
        first.execute("CALL wait_for_sync('" + table + "', '" + toTwo + "', 60000)")
                .close();
        second.execute("CALL wait_for_sync('" + table + "', '" + toOne + "', 60000)")
                .close();
    }

    private void part(String table) throws SQLException {
        first.execute("CALL delete_replicator('" + table + "', '" + two.engine().peerId() + "')")
                .close();
        second.execute("CALL delete_replicator('" + table + "', '"
                        + one.engine().peerId() + "')")
                .close();
    }

    @Test
    void generatedKeysOfTwoNodesNeverMeet() throws SQLException {
        both("CREATE TABLE k (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, node INT)");
        if (one.engine().keys().nodeNumber() == two.engine().keys().nodeNumber()) {
            /* One chance in 16,384: fleets that cannot bear it give numbers by hand. */
            second.execute("ALTER SYSTEM SET node_number = "
                            + (one.engine().keys().nodeNumber() ^ 1))
                    .close();
        }
        fill(first, 1);
        fill(second, 2);
        meet("k");
        for (Session session : List.of(first, second)) {
            assertThat(query(session, "SELECT node, count(*) FROM k GROUP BY node ORDER BY node"))
                    .containsExactly(List.of(1, (long) KEYS), List.of(2, (long) KEYS));
        }
    }

    private static void fill(Session session, int node) throws SQLException {
        Prepared insert = session.prepare("INSERT INTO k (node) VALUES (?)");
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            rows.add(new Object[] {node});
        }
        for (int done = 0; done < KEYS; done += BATCH) {
            session.executeBatch(insert, rows, ExecuteOptions.DEFAULT);
        }
    }

    /** An ORM writes every column of a row it read, changed or not. */
    @Test
    void editsOfDifferentColumnsByUpdatesOfAllColumnsSurvive() throws SQLException {
        both("CREATE TABLE b (id INT PRIMARY KEY, title VARCHAR, price DECIMAL(10,2), at_ TIMESTAMP(6),"
                + " tags VARCHAR ARRAY, stock INT COUNTER, paid DECIMAL(10,2) COUNTER)");
        first.execute("INSERT INTO b VALUES (1, 'Walden', 9.50, TIMESTAMP '2026-01-01 00:00:00.123456',"
                        + " ARRAY['a', 'b'], 10, 1.00)")
                .close();
        meet("b");
        part("b");
        orm(first, "Walden, or Life in the Woods", "9.50", 13, "2.25");
        orm(second, "Walden", "12.00", 9, "1.50");
        meet("b");
        for (Session session : List.of(first, second)) {
            assertThat(query(session, "SELECT title, price, stock, paid FROM b"))
                    .containsExactly(List.of(
                            "Walden, or Life in the Woods", new BigDecimal("12.00"), 12, new BigDecimal("2.75")));
            assertThat(query(session, "SELECT operation FROM TABLE(history('b', (SELECT _docid FROM b)))"))
                    .hasSize(3);
            assertThat(query(session, "SELECT * FROM sys.conflicts")).isEmpty();
        }
    }

    @Test
    void theValueThatLostIsFoundWithItsAuthor() throws SQLException {
        both("CREATE TABLE c (id INT PRIMARY KEY, title VARCHAR)");
        first.execute("INSERT INTO c VALUES (1, 'seed')").close();
        meet("c");
        part("c");
        first.execute("UPDATE c SET title = 'one' WHERE id = 1").close();
        second.execute("UPDATE c SET title = 'two' WHERE id = 1").close();
        meet("c");
        String authorOfOne = one.engine().peerId().toString();
        String authorOfTwo = two.engine().peerId().toString();
        for (Session session : List.of(first, second)) {
            Object title = query(session, "SELECT title FROM c").get(0).get(0);
            boolean oneWon = "one".equals(title);
            assertThat(query(
                            session,
                            "SELECT column_name, winner_value, winner_author, loser_value, loser_author"
                                    + " FROM sys.conflicts"))
                    .containsExactly(List.of(
                            "title",
                            title,
                            oneWon ? authorOfOne : authorOfTwo,
                            oneWon ? "two" : "one",
                            oneWon ? authorOfTwo : authorOfOne));
        }
    }

    private static void orm(Session session, String title, String price, int stock, String paid) throws SQLException {
        Prepared update = session.prepare(
                "UPDATE b SET title = ?, price = ?, at_ = ?, tags = ?, stock = ?, paid = ? WHERE id = ?");
        Object at = query(session, "SELECT at_ FROM b WHERE id = 1").get(0).get(0);
        Object[] values = {title, new BigDecimal(price), at, List.of("a", "b"), stock, new BigDecimal(paid), 1};
        session.execute(update, values, ExecuteOptions.DEFAULT).close();
    }
}
