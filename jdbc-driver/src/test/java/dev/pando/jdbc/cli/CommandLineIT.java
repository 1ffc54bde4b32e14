package dev.pando.jdbc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as users start it: real processes of the -all jar, real ports, real kills. */
@Timeout(300)
class CommandLineIT {
    @TempDir
    private Path directory;

    private PandoProcess startNode(String rootdir, String... more) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "start", "--rootdir", rootdir, "--p2paddr", "/ip4/127.0.0.1/tcp/0", "--sqladdr", "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        return PandoProcess.start(directory, arguments.toArray(String[]::new));
    }

    private static String sqlUrl(PandoProcess node) throws Exception {
        String line = node.awaitLine("SQL: ");
        return line.substring(0, line.indexOf(','));
    }

    private Connection connect(PandoProcess node, String rootdir) throws Exception {
        String url = sqlUrl(node);
        node.awaitLine("Ready");
        String password = Files.readString(directory.resolve(rootdir).resolve("admin.password"))
                .strip();
        return DriverManager.getConnection(url, "admin", password);
    }

    private static long count(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM Books")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void aKilledNodeHasEveryAcknowledgedRowWhenItIsBack() throws Exception {
        int acknowledged = 0;
        String peerId;
        try (PandoProcess node = startNode("a")) {
            peerId = node.awaitLine("Peer ID: ");
            assertThat(node.awaitLine("Address: "))
                    .startsWith("/ip4/127.0.0.1/tcp/")
                    .endsWith("/p2p/" + peerId);
            assertThat(node.awaitLine("Passive replication: ")).isNotBlank();
            try (Connection connection = connect(node, "a");
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE Books (id INT PRIMARY KEY, likes BIGINT COUNTER)");
                try (PreparedStatement insert = connection.prepareStatement("INSERT INTO Books VALUES (?, 1)")) {
                    for (; acknowledged < 200; acknowledged++) {
                        insert.setInt(1, acknowledged);
                        insert.executeUpdate();
                    }
                }
                node.kill();
            } catch (java.sql.SQLException e) {
                assertThat(e.getSQLState())
                        .as("the connection of a killed node")
                        .startsWith("08");
            }
        }
        try (PandoProcess node = startNode("a")) {
            assertThat(node.awaitLine("Peer ID: ")).isEqualTo(peerId);
            try (Connection connection = connect(node, "a")) {
                assertThat(count(connection)).isEqualTo(acknowledged);
            }
            PandoProcess.Ended ended = node.terminate();
            assertThat(ended.out()).endsWith("Stopped");
            assertThat(ended.code()).isEqualTo(143);
            assertThat(ended.err()).isEmpty();
        }
    }

    @Test
    void theShellRunsWhatItIsGivenAndTellsWhatItGives() throws Exception {
        try (PandoProcess node = startNode("a")) {
            String url = sqlUrl(node);
            node.awaitLine("Ready");
            String[] base = {"sql", "-u", url, "--rootdir", "a"};
            PandoProcess.Ended created = PandoProcess.run(
                    directory,
                    with(
                            base,
                            "-e",
                            "CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, likes BIGINT COUNTER);"
                                    + " INSERT INTO Books VALUES ('9', 1), ('8;''', 2); SELECT isbn, likes FROM Books ORDER BY isbn"));
            assertThat(created.err()).isEmpty();
            assertThat(created.code()).isZero();
            assertThat(created.out())
                    .containsExactly(
                            "OK", "2 rows", " isbn | likes", "------+------", " 8;'  | 2", " 9    | 1", "(2 rows)");

            Path file = Files.writeString(
                    directory.resolve("more.sql"), "-- more\nDELETE FROM Books\n  WHERE likes = 1;\n");
            assertThat(PandoProcess.run(directory, with(base, "-f", file.toString()))
                            .out())
                    .containsExactly("1 row");
            PandoProcess.Ended plain =
                    PandoProcess.run(directory, with(base, "--plain", "-e", "SELECT likes, NULL, isbn FROM Books"));
            assertThat(plain.out()).containsExactly("2\tNULL\t8;'");

            PandoProcess.Ended failed =
                    PandoProcess.run(directory, with(base, "-e", "SELECT * FROM Nothing; DELETE FROM Books"));
            assertThat(failed.code()).isEqualTo(1);
            assertThat(failed.err())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR 42")
                    .contains("Nothing");
            try (Connection connection = connect(node, "a")) {
                assertThat(count(connection))
                        .as("what stood behind the error did not run")
                        .isEqualTo(1);
            }

            PandoProcess.Ended info = PandoProcess.run(directory, "client", "p2p", "info", "-u", url, "--rootdir", "a");
            assertThat(info.code()).isZero();
            assertThat(String.join("\n", info.out())).contains(node.awaitLine("Peer ID: "));

            PandoProcess.Ended noPassword = PandoProcess.run(directory, "sql", "-u", url, "-e", "VALUES 1");
            assertThat(noPassword.code()).isEqualTo(1);
            assertThat(noPassword.err()).singleElement().asString().contains("PANDO_PASSWORD");
        }
    }

    private static String[] with(String[] base, String... more) {
        String[] all = java.util.Arrays.copyOf(base, base.length + more.length);
        System.arraycopy(more, 0, all, base.length, more.length);
        return all;
    }

    @Test
    void wrongCallsPrintTheUsageAndEndWith2() throws Exception {
        for (String[] wrong : new String[][] {
            {"demo", "--fast"},
            {"start", "--nothing"},
            {"dance"},
            {},
            {"client"},
            {"client", "replicator", "set", "x"},
            {"start", "--trust", "some"},
            {"sql", "-e", "a", "-f", "b"}
        }) {
            PandoProcess.Ended ended = PandoProcess.run(directory, wrong);
            assertThat(ended.code()).as(List.of(wrong).toString()).isEqualTo(2);
            assertThat(String.join("\n", ended.err())).contains("Usage: pando");
        }
    }

    @Test
    void whatTheWorldRefusesIsOneLineAndEndsWith1() throws Exception {
        try (PandoProcess node = startNode("a")) {
            String url = sqlUrl(node);
            node.awaitLine("Ready");
            try (PandoProcess second = startNode("a")) {
                assertOneLine(second.awaitEnd(), "a");
            }
            String sqlPort = url.substring(url.lastIndexOf(':') + 1);
            assertOneLine(
                    PandoProcess.run(
                            directory, "start", "--rootdir", "b", "--no-p2p", "--sqladdr", "127.0.0.1:" + sqlPort),
                    sqlPort);
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                String port = String.valueOf(taken.getLocalPort());
                assertOneLine(
                        PandoProcess.run(
                                directory,
                                "start",
                                "--rootdir",
                                "b",
                                "--p2paddr",
                                "/ip4/127.0.0.1/tcp/" + port,
                                "--sqladdr",
                                "127.0.0.1:0"),
                        port);
            }
            assertThat(count(prepared(node))).isZero();
        }
        Files.writeString(directory.resolve("plain"), "a file");
        assertOneLine(
                PandoProcess.run(directory, "start", "--rootdir", "plain/node", "--sqladdr", "127.0.0.1:0"), "plain");
        assertOneLine(
                PandoProcess.run(
                        directory, "start", "--rootdir", "c", "--p2paddr", "/ip4/nowhere", "--sqladdr", "127.0.0.1:0"),
                "/ip4/nowhere");
        assertOneLine(PandoProcess.run(directory, "start", "--rootdir", "c", "--sqladdr", "here"), "here");
        assertOneLine(PandoProcess.run(directory, "sql", "-u", "jdbc:pando:nowhere", "-e", "VALUES 1"), "jdbc:pando:");
    }

    private Connection prepared(PandoProcess node) throws Exception {
        Connection connection = connect(node, "a");
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE Books (id INT PRIMARY KEY)");
        }
        return connection;
    }

    private static void assertOneLine(PandoProcess.Ended ended, String mentioned) {
        assertThat(ended.code()).as(ended.toString()).isEqualTo(1);
        assertThat(ended.err()).singleElement().asString().startsWith("pando: ").contains(mentioned);
    }

    @Test
    void theDemonstrationEndsWithEqualNodes() throws Exception {
        PandoProcess.Ended ended = PandoProcess.run(directory, "demo", "--no-shell");
        assertThat(ended.code()).as(ended.toString()).isZero();
        assertThat(ended.out().get(ended.out().size() - 1)).startsWith("all nodes equal: baf");
        assertThat(ended.err()).isEmpty();
    }
}
