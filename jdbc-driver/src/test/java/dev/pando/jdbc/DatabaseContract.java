package dev.pando.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.sql.session.PandoSqlState;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an application sees of a database through JDBC, whatever its URL. Each test has a database of its own. */
@Timeout(120)
abstract class DatabaseContract {
    private Connection connection;

    /** A new connection to this test's database. */
    abstract Connection connect() throws SQLException;

    @BeforeEach
    void open() throws SQLException {
        connection = connect();
        run("CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR(100) NOT NULL, likes BIGINT COUNTER,"
                + " price DECIMAL(10,2))");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private int run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private List<String> read(Connection from, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = from.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getString(i));
                }
                rows.add(String.join("|", row.stream().map(String::valueOf).toList()));
            }
        }
        return rows;
    }

    private List<String> read(String sql) throws SQLException {
        return read(connection, sql);
    }

    private static void assertState(String state, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.toString()).isEqualTo(state));
    }

    @Test
    void rowsAreWrittenReadChangedAndDeleted() throws Exception {
        assertThat(
                        run(
                                "INSERT INTO Books (isbn, title, likes, price) VALUES ('1', 'Emma', 3, 5.00), ('2', 'Dune', 1, NULL)"))
                .isEqualTo(2);
        assertThat(run("UPDATE books SET likes = likes + 4 WHERE ISBN = '1'")).isEqualTo(1);
        assertThat(run("DELETE FROM Books WHERE isbn = '9'")).isZero();
        assertThat(read("SELECT isbn, title, likes, price FROM Books ORDER BY isbn"))
                .containsExactly("1|Emma|7|5.00", "2|Dune|1|null");
        assertThat(run("DELETE FROM Books WHERE isbn = '2'")).isEqualTo(1);
        assertThat(read("SELECT COUNT(*), SUM(likes) FROM Books")).containsExactly("1|7");
    }

    @Test
    void preparedStatementsTakeParametersAgainAndAgain() throws Exception {
        try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO Books (isbn, title, price) VALUES (?, ?, ?)");
                PreparedStatement select =
                        connection.prepareStatement("SELECT title, price FROM Books WHERE isbn = ?")) {
            for (int i = 0; i < 20; i++) {
                insert.setString(1, "isbn" + i);
                insert.setString(2, "title " + i);
                insert.setBigDecimal(3, i % 2 == 0 ? null : new BigDecimal(i));
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            for (int i = 0; i < 20; i++) {
                select.setString(1, "isbn" + i);
                try (ResultSet row = select.executeQuery()) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getString("TITLE")).isEqualTo("title " + i);
                    assertThat(row.getBigDecimal(2)).isEqualTo(i % 2 == 0 ? null : new BigDecimal(i + ".00"));
                    assertThat(row.next()).isFalse();
                }
            }
        }
    }

    @Test
    void batchesAreAllOrNothingInAutocommit() throws Exception {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO Books (isbn, title) VALUES (?, ?)")) {
            for (int i = 0; i < 1_000; i++) {
                insert.setInt(1, i);
                insert.setString(2, "t");
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).hasSize(1_000).containsOnly(1);
            assertThat(read("SELECT COUNT(*) FROM Books")).containsExactly("1000");
            for (int i : new int[] {2_000, 2_001, 5, 2_002}) {
                insert.setInt(1, i);
                insert.setString(2, "t");
                insert.addBatch();
            }
            assertThatThrownBy(insert::executeBatch).isInstanceOfSatisfying(BatchUpdateException.class, e -> {
                assertThat(e.getSQLState()).isEqualTo("23505");
            });
            assertThat(read("SELECT COUNT(*) FROM Books")).containsExactly("1000");
        }
    }

    @Test
    void transactionsEndAsTold() throws Exception {
        connection.setAutoCommit(false);
        run("INSERT INTO Books (isbn, title) VALUES ('1', 'one')");
        Savepoint savepoint = connection.setSavepoint();
        run("INSERT INTO Books (isbn, title) VALUES ('2', 'two')");
        connection.rollback(savepoint);
        run("INSERT INTO Books (isbn, title) VALUES ('3', 'three')");
        try (Connection other = connect()) {
            assertThat(read(other, "SELECT isbn FROM Books")).isEmpty();
            connection.commit();
            assertThat(read(other, "SELECT isbn FROM Books ORDER BY isbn")).containsExactly("1", "3");
            run("DELETE FROM Books WHERE isbn = '1'");
            connection.rollback();
            assertThat(read(other, "SELECT isbn FROM Books ORDER BY isbn")).containsExactly("1", "3");
        }
        run("INSERT INTO Books (isbn, title) VALUES ('4', 'four')");
        connection.setAutoCommit(true);
        assertThat(read("SELECT COUNT(*) FROM Books")).containsExactly("3");
    }

    @Test
    void aFailedStatementLeavesItsTransactionAsItWas() throws Exception {
        connection.setAutoCommit(false);
        run("INSERT INTO Books (isbn, title) VALUES ('1', 'one')");
        assertState("23505", () -> run("INSERT INTO Books (isbn, title) VALUES ('2', 'two'), ('1', 'again')"));
        connection.commit();
        assertThat(read("SELECT isbn FROM Books")).containsExactly("1");
    }

    @Test
    void aClosedConnectionRollsBack() throws Exception {
        try (Connection other = connect()) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.executeUpdate("INSERT INTO Books (isbn, title) VALUES ('1', 'one')");
            }
        }
        assertThat(read("SELECT COUNT(*) FROM Books")).containsExactly("0");
    }

    @Test
    void errorsHaveTheirStates() throws Exception {
        assertState(PandoSqlState.SYNTAX.code(), () -> run("SELEKT 1"));
        assertState(PandoSqlState.NO_TABLE.code(), () -> run("DELETE FROM Nothing"));
        assertState(PandoSqlState.NO_COLUMN.code(), () -> read("SELECT nothing FROM Books"));
        assertState("23502", () -> run("INSERT INTO Books (isbn) VALUES ('1')"));
        assertState(PandoSqlState.DUPLICATE_TABLE.code(), () -> run("CREATE TABLE Books (a INT PRIMARY KEY)"));
        assertState(PandoSqlState.NO_TABLE.code(), () -> run("CALL set_replicator('Nothing', '/ip4/127.0.0.1/tcp/1')"));
        connection.setReadOnly(true);
        assertState("25006", () -> run("INSERT INTO Books (isbn, title) VALUES ('1', 'x')"));
    }

    @Test
    void everyTypeComesBackAsItWasWritten() throws Exception {
        run("CREATE TABLE Things (id INT PRIMARY KEY, b BOOLEAN, ti TINYINT, si SMALLINT, bi BIGINT, de DECIMAL(20,4),"
                + " re REAL, dp DOUBLE, vc VARCHAR(20), vb VARBINARY(10), da DATE, tm TIME(6), ts TIMESTAMP(6),"
                + " tz TIMESTAMP(6) WITH TIME ZONE, uu UUID)");
        Object[] values = {
            1,
            true,
            -128,
            32_767,
            Long.MAX_VALUE,
            new BigDecimal("-1234567890123456.7891"),
            1.5f,
            -2.5e100,
            "tree 🌳",
            new byte[] {0, -1},
            LocalDate.of(1969, 12, 31),
            LocalTime.of(23, 59, 59, 999_999_000),
            LocalDateTime.of(2026, 11, 22, 1, 2, 3, 4_000),
            OffsetDateTime.of(2026, 11, 22, 1, 2, 3, 4_000, ZoneOffset.UTC),
            UUID.fromString("123e4567-e89b-12d3-a456-426614174000")
        };
        try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO Things VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
                PreparedStatement select = connection.prepareStatement("SELECT * FROM Things WHERE id = ?")) {
            for (int i = 0; i < values.length; i++) {
                insert.setObject(i + 1, values[i]);
            }
            assertThat(insert.executeUpdate()).isEqualTo(1);
            insert.setInt(1, 2);
            for (int i = 1; i < values.length; i++) {
                insert.setNull(i + 1, Types.NULL);
            }
            insert.executeUpdate();
            select.setInt(1, 1);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                for (int i = 0; i < values.length; i++) {
                    assertThat(rows.getObject(i + 1, values[i].getClass())).isEqualTo(values[i]);
                }
                assertThat(rows.next()).isFalse();
            }
            select.setInt(1, 2);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                for (int i = 1; i < values.length; i++) {
                    assertThat(rows.getObject(i + 1)).isNull();
                }
            }
        }
    }

    @Test
    void callsAndSystemTablesAnswer() throws Exception {
        String peer = read("SELECT peer_id FROM sys.node").get(0);
        assertThat(peer).startsWith("12D3KooW");
        try (CallableStatement call = connection.prepareCall("{call set_replicator(?, ?)}")) {
            call.setString(1, "Books");
            call.setString(2, "/not/an/address");
            assertState("22023", call::execute);
        }
        assertThat(read("SELECT * FROM sys.replicators")).isEmpty();
    }

    @Test
    void metadataTellsWhoMayDoWhat() throws Exception {
        run("GRANT SELECT ON Books TO PEER ANY");
        DatabaseMetaData meta = connection.getMetaData();
        String admin = meta.getUserName();
        List<String> held = new ArrayList<>();
        try (ResultSet rows = meta.getTablePrivileges(null, "PUBLIC", "Books")) {
            while (rows.next()) {
                held.add(rows.getString("GRANTEE") + " " + rows.getString("PRIVILEGE") + " "
                        + rows.getString("IS_GRANTABLE"));
            }
        }
        assertThat(held)
                .contains(
                        admin + " DELETE YES",
                        admin + " INSERT YES",
                        admin + " SELECT YES",
                        admin + " UPDATE YES",
                        "PEER ANY SELECT NO");
        held.clear();
        try (ResultSet rows = meta.getColumnPrivileges(null, "PUBLIC", "Books", "ti%")) {
            while (rows.next()) {
                held.add(rows.getString("COLUMN_NAME") + " " + rows.getString("GRANTEE") + " "
                        + rows.getString("PRIVILEGE"));
            }
        }
        assertThat(held)
                .contains(
                        "title " + admin + " INSERT",
                        "title " + admin + " SELECT",
                        "title " + admin + " UPDATE",
                        "title PEER ANY SELECT")
                .noneMatch(each -> each.contains("DELETE"));
    }

    @Test
    void metadataDescribesTheTables() throws Exception {
        run("CREATE INDEX books_by_title ON Books (title)");
        DatabaseMetaData meta = connection.getMetaData();
        try (ResultSet tables = meta.getTables(null, "PUBLIC", "B%", new String[] {"TABLE"})) {
            assertThat(tables.next()).isTrue();
            assertThat(tables.getString("TABLE_NAME")).isEqualTo("Books");
            assertThat(tables.getString("TABLE_TYPE")).isEqualTo("TABLE");
            assertThat(tables.next()).isFalse();
        }
        List<String> columns = new ArrayList<>();
        try (ResultSet rows = meta.getColumns(null, null, "books", null)) {
            while (rows.next()) {
                columns.add(rows.getString("COLUMN_NAME") + " " + rows.getInt("DATA_TYPE") + " "
                        + rows.getInt("COLUMN_SIZE") + " " + rows.getInt("DECIMAL_DIGITS") + " "
                        + rows.getString("IS_NULLABLE"));
            }
        }
        assertThat(columns)
                .containsExactly(
                        "isbn " + Types.VARCHAR + " 13 0 NO",
                        "title " + Types.VARCHAR + " 100 0 NO",
                        "likes " + Types.BIGINT + " 19 0 NO",
                        "price " + Types.DECIMAL + " 10 2 YES");
        try (ResultSet key = meta.getPrimaryKeys(null, "PUBLIC", "Books")) {
            assertThat(key.next()).isTrue();
            assertThat(key.getString("COLUMN_NAME")).isEqualTo("isbn");
            assertThat(key.getShort("KEY_SEQ")).isEqualTo((short) 1);
            assertThat(key.next()).isFalse();
        }
        List<String> indexes = new ArrayList<>();
        try (ResultSet rows = meta.getIndexInfo(null, null, "Books", false, true)) {
            while (rows.next()) {
                indexes.add(rows.getString("INDEX_NAME") + " " + rows.getString("COLUMN_NAME") + " "
                        + rows.getBoolean("NON_UNIQUE"));
            }
        }
        assertThat(indexes).contains("books_by_title title true").hasSize(2);
        try (ResultSet schemas = meta.getSchemas()) {
            List<String> names = new ArrayList<>();
            while (schemas.next()) {
                names.add(schemas.getString(1));
            }
            assertThat(names).contains("PUBLIC", "sys", "INFORMATION_SCHEMA");
        }
    }

    @Test
    void halfACharacterIsRefusedInsteadOfStoredAsAQuestionMark() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE halves (id INT PRIMARY KEY, v VARCHAR)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO halves VALUES (1, ?)")) {
                insert.setString(1, "a\ud83d");
                assertThatThrownBy(insert::execute)
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("half of a surrogate pair");
            }
            assertThatThrownBy(() -> statement.execute("INSERT INTO halves VALUES (2, '\ud83d')"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("half of a surrogate pair");
        }
    }

    @Test
    void toolsSeeTheOrderOfIndexesAndTheLengthOfTypes() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE ordered (id INT PRIMARY KEY, a INT, b INT)");
            statement.execute("CREATE INDEX down ON ordered (a, b DESC)");
        }
        DatabaseMetaData meta = connection.getMetaData();
        List<String> orders = new ArrayList<>();
        try (ResultSet rows = meta.getIndexInfo(null, "PUBLIC", "ordered", false, true)) {
            while (rows.next()) {
                orders.add(rows.getString("COLUMN_NAME") + rows.getString("ASC_OR_DESC"));
            }
        }
        assertThat(orders).containsExactlyInAnyOrder("idA", "aA", "bD");
        try (ResultSet types = meta.getTypeInfo()) {
            while (types.next()) {
                assertThat(types.getInt("PRECISION"))
                        .as(types.getString("TYPE_NAME"))
                        .isPositive();
            }
        }
    }

    @Test
    void generatedKeysComeBack() throws Exception {
        run("CREATE TABLE Notes (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text VARCHAR)");
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO Notes (text) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, "hello");
            assertThat(insert.executeUpdate()).isEqualTo(1);
            try (ResultSet keys = insert.getGeneratedKeys()) {
                assertThat(keys.next()).isTrue();
                long id = keys.getLong(1);
                assertThat(read("SELECT text FROM Notes WHERE id = " + id)).containsExactly("hello");
            }
        }
    }

    @Test
    void manyRowsStreamThrough() throws Exception {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO Books (isbn, title) VALUES (?, ?)")) {
            for (int i = 0; i < 5_000; i++) {
                insert.setString(1, String.format("%05d", i));
                insert.setString(2, "x".repeat(100));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(100);
            try (ResultSet rows = statement.executeQuery("SELECT isbn, title FROM Books ORDER BY isbn")) {
                for (int i = 0; i < 5_000; i++) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).isEqualTo(i);
                }
                assertThat(rows.next()).isFalse();
            }
        }
    }
}
