package dev.pando.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDatabaseTest extends DatabaseContract {
    @TempDir
    private Path directory;

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:pando:file:" + directory.resolve("node"));
    }

    @Test
    void rowsAreThereAgainAfterTheLastConnectionWasClosed() throws Exception {
        String url = "jdbc:pando:file:" + directory.resolve("again");
        try (Connection first = DriverManager.getConnection(url);
                Statement statement = first.createStatement()) {
            statement.execute("CREATE TABLE t (id INT PRIMARY KEY)");
            statement.execute("INSERT INTO t VALUES (1), (2)");
        }
        try (Connection second = DriverManager.getConnection(url);
                Statement statement = second.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(2);
        }
    }

    @Test
    void theAdminsPasswordIsForItsOwnerOnlyAndOpensTheSqlPort() throws Exception {
        Path root = directory.resolve("users");
        Properties options = new Properties();
        int port;
        try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
            port = free.getLocalPort();
        }
        options.setProperty("sqladdr", "127.0.0.1:" + port);
        try (Connection keeper = DriverManager.getConnection("jdbc:pando:file:" + root, options)) {
            Path file = root.resolve("admin.password");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            String password = Files.readString(file).strip();
            try (Connection remote = DriverManager.getConnection("jdbc:pando://127.0.0.1:" + port, "admin", password)) {
                assertThat(remote.isValid(5)).isTrue();
                assertThat(remote.getMetaData().getUserName()).isEqualTo("admin");
            }
            assertThat(keeper.isValid(5)).isTrue();
        }
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:pando://127.0.0.1:" + port, "admin", "x"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"));
    }

    @Test
    void aDirectoryThatCannotBeMadeIsAnError() throws Exception {
        Path file = Files.createFile(directory.resolve("plain"));
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:pando:file:" + file.resolve("node")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("58030"))
                .hasMessageContaining("plain");
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:pando:file:" + file))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("58030"));
    }

    @Test
    void aPortInUseIsAnErrorAndLetsTheDirectoryGo() throws Exception {
        Path root = directory.resolve("port");
        try (java.net.ServerSocket taken =
                new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            String url = "jdbc:pando:file:" + root + ";sqladdr=127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> DriverManager.getConnection(url))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08004"))
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
        }
        DriverManager.getConnection("jdbc:pando:file:" + root).close();
    }
}
