package dev.pando.jdbc.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a whole table is the same whether its rows are read where they lie or in the order of their key. */
class WholeTableTest {
    private static final int ROWS = 3_000;

    private static Connection connection;

    @BeforeAll
    static void fill() throws SQLException {
        connection = DriverManager.getConnection("jdbc:pando:mem:whole");
        run(
                "CREATE TABLE t (id INT PRIMARY KEY, g INT, n BIGINT, d DATE, m DECIMAL(12, 3), f DOUBLE, s VARCHAR, b BOOLEAN,"
                        + " c BIGINT COUNTER)");
        run("CREATE TABLE u (g INT PRIMARY KEY, name VARCHAR)");
        connection.setAutoCommit(false);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (int i = 0; i < ROWS; i++) {
                insert.setInt(1, i);
                insert.setObject(2, i % 13 == 0 ? null : i % 40 - 5);
                insert.setObject(3, i % 11 == 0 ? null : (i % 2 == 0 ? 1 : -1) * (long) i * 1_000_000_007L);
                insert.setObject(4, i % 17 == 0 ? null : java.time.LocalDate.ofEpochDay(i - 1_000));
                insert.setObject(5, i % 7 == 0 ? null : java.math.BigDecimal.valueOf(i * 37L - 5_000, 3));
                insert.setDouble(6, i / 4.0);
                insert.setObject(7, i % 19 == 0 ? null : "s" + i % 100);
                insert.setObject(8, i % 23 == 0 ? null : i % 2 == 0);
                insert.setLong(9, i % 5);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        run(
                "INSERT INTO u SELECT DISTINCT g, 'name ' || CAST(ABS(g) AS VARCHAR) FROM t WHERE g IS NOT NULL AND g < 30");
        connection.commit();
        connection.setAutoCommit(true);
        run("UPDATE t SET n = n + 1 WHERE id < 50");
        run("DELETE FROM t WHERE id >= 2990");
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    private static void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> rows(String sql, Object... parameters) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    StringBuilder row = new StringBuilder();
                    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                        row.append(found.getString(i)).append('|');
                    }
                    rows.add(row.toString());
                }
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT COUNT(*), COUNT(g), SUM(n), MIN(n), MAX(n), AVG(n) FROM $T t",
                "SELECT COUNT(*), SUM(m), MIN(m), MAX(m), AVG(m), SUM(f), MAX(f) FROM $T t",
                "SELECT MIN(d), MAX(d), MIN(s), MAX(s), SUM(c), MIN(c) FROM $T t",
                "SELECT COUNT(*), SUM(n) FROM $T t WHERE n > 5 AND g <> 3",
                "SELECT COUNT(*), SUM(n) FROM $T t WHERE n > 5 AND n < 1",
                "SELECT COUNT(*), SUM(n) FROM $T t WHERE g >= 3 AND s LIKE 's1%'",
                "SELECT COUNT(*) FROM $T t WHERE d >= DATE '1970-01-01' AND d <= DATE '1971-01-01'",
                "SELECT COUNT(*) FROM $T t WHERE g = 3 OR g IS NULL",
                "SELECT COUNT(*) FROM $T t WHERE 4 > g",
                "SELECT COUNT(*) FROM $T t WHERE g > 2.5",
                "SELECT COUNT(*) FROM $T t WHERE NOT (g < 5)",
                "SELECT g, COUNT(*), SUM(n), MIN(m), MAX(s), COUNT(DISTINCT s), AVG(n) FROM $T t GROUP BY g",
                "SELECT g, COUNT(*) FROM $T t WHERE n > 100 GROUP BY g HAVING COUNT(*) > 2",
                "SELECT d, COUNT(*) FROM $T t GROUP BY d",
                "SELECT c, SUM(c), COUNT(*) FROM $T t GROUP BY c",
                "SELECT s, b, COUNT(*), SUM(n) FROM $T t GROUP BY s, b",
                "SELECT b, COUNT(*) FILTER (WHERE n > 0), SUM(n) FROM $T t GROUP BY b",
                "SELECT g, b, COUNT(*) FROM $T t GROUP BY ROLLUP(g, b)",
                "SELECT g + 1, COUNT(*), SUM(n * 2) FROM $T t GROUP BY g + 1",
                "SELECT u.name, COUNT(*), SUM(x.n) FROM $T x JOIN u ON u.g = x.g GROUP BY u.name",
                "SELECT u.name, COUNT(*), SUM(x.n) FROM $T x LEFT JOIN u ON u.g = x.g GROUP BY u.name",
                "SELECT x.b, COUNT(*) FROM $T x WHERE x.g NOT IN (SELECT g FROM u) GROUP BY x.b",
                "SELECT COUNT(*), MAX(x.s) FROM $T x JOIN $T y ON x.id = y.id + 1 WHERE y.g > 3",
                "SELECT id, s, m FROM $T t WHERE n > 5",
                "SELECT id + 1, s FROM $T t WHERE m > 3.5 AND s IS NOT NULL",
                "SELECT DISTINCT s FROM $T t WHERE n > 5",
                "SELECT x.id, u.name FROM $T x JOIN u ON u.g = x.g",
                "SELECT x.id, u.name FROM $T x LEFT JOIN u ON u.g = x.g",
                "SELECT x.id, y.id FROM $T x FULL JOIN (SELECT * FROM t WHERE g = 4) y ON y.id = x.id + 1",
                "SELECT x.id FROM $T x WHERE x.g IN (SELECT g FROM u)",
                "SELECT id FROM $T t WHERE g = 5 UNION ALL SELECT id FROM $T t WHERE g = 6",
                "SELECT id, m FROM $T t ORDER BY m, id",
                "SELECT (SELECT COUNT(*) FROM $T t WHERE n > 7), COUNT(*) FROM $T t"
            })
    void itIsTheSameInEveryOrder(String sql) throws SQLException {
        List<String> ordered = rows(sql.replace("$T", "(SELECT * FROM t ORDER BY id LIMIT 100000)"));
        List<String> found = rows(sql.replace("$T", "t"));
        assertThat(found).isNotEmpty().containsExactlyInAnyOrderElementsOf(ordered);
    }

    @Test
    void parametersAreComparedAsTheyAre() throws SQLException {
        assertThat(rows("SELECT COUNT(*) FROM t WHERE n = ?", 2_000_000_014L + 1))
                .isEqualTo(rows("SELECT COUNT(*) FROM t WHERE id IN (2) AND n = 2000000015"));
        assertThat(rows("SELECT COUNT(*) FROM t WHERE n > ?", new Object[] {null}))
                .containsExactly("0|");
        assertThat(rows("SELECT COUNT(*) FROM t WHERE g < ?", new java.math.BigDecimal("1.5")))
                .isEqualTo(rows("SELECT COUNT(*) FROM t WHERE g <= 1"));
    }

    @Test
    void anOrderThatIsAskedForIsGivenAndPagesFollowTheKey() throws SQLException {
        List<String> byKey = rows("SELECT id FROM t WHERE g = 3 ORDER BY id");
        assertThat(byKey).hasSizeGreaterThan(20);
        assertThat(rows("SELECT id FROM t WHERE g = 3 LIMIT 10")).isEqualTo(byKey.subList(0, 10));
        assertThat(rows("SELECT id + 0 FROM t WHERE g = 3 LIMIT 5 OFFSET 7")).isEqualTo(byKey.subList(7, 12));
        List<String> backwards = rows("SELECT id + 0 FROM t WHERE g = 3 ORDER BY id DESC");
        assertThat(backwards)
                .isEqualTo(byKey.stream()
                        .sorted(java.util.Comparator.comparing(
                                        (String row) -> Integer.valueOf(row.substring(0, row.length() - 1)))
                                .reversed())
                        .toList());
        assertThat(rows("SELECT id FROM t")).isEqualTo(rows("SELECT id FROM t ORDER BY id"));
        assertThat(rows("SELECT m FROM t WHERE g = 3 ORDER BY m LIMIT 3"))
                .isEqualTo(rows("SELECT m FROM t WHERE g = 3 ORDER BY m").subList(0, 3));
    }

    @Test
    void aTransactionSeesItsOwnRows() throws SQLException {
        List<String> before = rows("SELECT g, COUNT(*), SUM(n) FROM t GROUP BY g ORDER BY g");
        connection.setAutoCommit(false);
        try {
            run("INSERT INTO t (id, g, n) VALUES (100001, 500, 9), (100002, 500, NULL)");
            run("DELETE FROM t WHERE g = 7");
            assertThat(rows("SELECT g, COUNT(*), SUM(n) FROM t GROUP BY g"))
                    .contains("500|2|9|")
                    .noneMatch(row -> row.startsWith("7|"))
                    .hasSameSizeAs(before);
            assertThat(rows("SELECT MAX(g), COUNT(*) FROM t WHERE g >= 500")).containsExactly("500|2|");
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        assertThat(rows("SELECT g, COUNT(*), SUM(n) FROM t GROUP BY g ORDER BY g"))
                .isEqualTo(before);
    }
}
