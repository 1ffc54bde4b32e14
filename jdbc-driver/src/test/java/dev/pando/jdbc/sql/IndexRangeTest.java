package dev.pando.jdbc.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a range of a key answers is not asked of its rows again. So each range is held against the same condition in words
 * that no key answers, with bounds that the column can hold, and with others.
 */
class IndexRangeTest {
    private static final List<Object> BOUNDS = Arrays.asList(
            null, -1, 0, 2, 3L, 5, 7, new BigDecimal("2.5"), new BigDecimal("3.0"), 9_000_000_000L, Long.MIN_VALUE);

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:pando:mem:ranges");
        run("CREATE TABLE r (id INT PRIMARY KEY, g INT, n INT, d DECIMAL(6,1), s INT MERGE SUM, t TIMESTAMP)");
        run("CREATE INDEX r_n ON r (n)");
        run("CREATE INDEX r_d ON r (d DESC)");
        run("CREATE INDEX r_gn ON r (g, n DESC)");
        run("CREATE INDEX r_s ON r (s)");
        run("CREATE INDEX r_t ON r (t)");
        for (int i = 0; i < 40; i++) {
            String n = i % 9 == 0 ? "NULL" : String.valueOf(i % 8);
            run("INSERT INTO r VALUES (" + i + ", " + i % 3 + ", " + n + ", " + n + ", " + i % 6
                    + ", TIMESTAMP '2024-01-0" + (i % 5 + 1) + " 00:00:00')");
        }
        connection.setAutoCommit(false);
        run("UPDATE r SET n = 3, d = 3.5 WHERE id IN (1, 9)");
        run("INSERT INTO r (id, g, n, d) VALUES (100, 1, 2, 2.5), (101, 1, NULL, NULL)");
        run("DELETE FROM r WHERE id = 11");
    }

    @AfterEach
    void close() throws SQLException {
        connection.rollback();
        connection.close();
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<Integer> ids(String sql, Object... bounds) throws SQLException {
        List<Integer> ids = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < bounds.length; i++) {
                select.setObject(i + 1, bounds[i]);
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getInt(1));
                }
            }
        }
        return ids;
    }

    private void bothWays(String ranged, String plain, Object... bounds) throws SQLException {
        String select = "SELECT MAX(id) FROM r WHERE %s GROUP BY id ORDER BY id";
        assertThat(ids(select.formatted(ranged), bounds))
                .as(ranged + " with " + Arrays.toString(bounds))
                .isEqualTo(ids(select.formatted(plain), bounds));
    }

    @Test
    void aRangeGivesWhatItsConditionsGive() throws SQLException {
        for (Object low : BOUNDS) {
            for (String column : List.of("n", "d", "id", "s")) {
                bothWays(column + " > ?", column + " + 0 > ?", low);
                bothWays(column + " <= ?", column + " + 0 <= ?", low);
                bothWays(column + " = ?", column + " + 0 = ?", low);
            }
            for (Object high : BOUNDS) {
                bothWays("n >= ? AND n < ?", "n + 0 >= ? AND n + 0 < ?", low, high);
                bothWays("d > ? AND ? >= d", "d + 0 > ? AND ? >= d + 0", low, high);
                bothWays("g = ? AND n > ?", "g + 0 = ? AND n + 0 > ?", low, high);
                bothWays("n >= ? AND n >= ?", "n + 0 >= ? AND n + 0 >= ?", low, high);
            }
        }
    }

    @Test
    void theOtherConditionsAreStillAsked() throws SQLException {
        bothWays(
                "n >= 2 AND n < 6 AND d <> 3 AND g IN (1, 2)",
                "n + 0 >= 2 AND n + 0 < 6 AND d <> 3 AND g + 0 IN (1, 2)");
        bothWays("n IN (2, 3) AND g = 1", "n + 0 IN (2, 3) AND g + 0 = 1");
        bothWays("n = 2 OR n IS NULL", "n + 0 = 2 OR n + 0 IS NULL");
        bothWays(
                "t >= ? AND t < ?",
                "COALESCE(t, NULL) >= ? AND COALESCE(t, NULL) < ?",
                java.sql.Timestamp.valueOf("2024-01-02 00:00:00"),
                java.sql.Timestamp.valueOf("2024-01-04 00:00:00.5"));
    }

    @Test
    void anOrderAlongAnotherKeyAsksAllOfThem() throws SQLException {
        assertThat(ids("SELECT id FROM r WHERE n > 4 AND n <= 6 ORDER BY n DESC, id LIMIT 3"))
                .isEqualTo(ids("SELECT id FROM r WHERE n + 0 > 4 AND n + 0 <= 6 ORDER BY n DESC, id LIMIT 3"));
        assertThat(ids("SELECT id FROM r WHERE n > 4 ORDER BY id DESC"))
                .isEqualTo(ids("SELECT id FROM r WHERE n + 0 > 4 ORDER BY id DESC"));
        assertThat(ids("SELECT a.id FROM r a JOIN r b ON b.id = a.n AND b.n < 3 WHERE a.n > 1 ORDER BY a.id"))
                .isEqualTo(
                        ids(
                                "SELECT a.id FROM r a JOIN r b ON b.id + 0 = a.n AND b.n + 0 < 3 WHERE a.n + 0 > 1 ORDER BY a.id"));
    }
}
