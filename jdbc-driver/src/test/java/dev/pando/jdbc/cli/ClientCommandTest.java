package dev.pando.jdbc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.jdbc.PandoDriver;
import dev.pando.jdbc.node.NodeLease;
import dev.pando.jdbc.node.NodeSettings;
import dev.pando.jdbc.node.Nodes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code pando client} and {@code pando sql} over the remote driver, on two nodes of this process. */
@Timeout(120)
class ClientCommandTest {

    @TempDir
    private Path directory;

    private final List<NodeLease> leases = new ArrayList<>();
    private NodeLease a;
    private NodeLease b;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void start() throws Exception {
        a = start("a");
        b = start("b");
        for (String node : List.of("a", "b")) {
            done(
                    node,
                    "sql",
                    "-e",
                    "CREATE TABLE Books (id INT PRIMARY KEY, title VARCHAR);"
                            + " GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON Books TO PEER ANY");
        }
    }

    private NodeLease start(String name) throws Exception {
        NodeLease lease = Nodes.acquire(new NodeSettings(
                Optional.of(directory.resolve(name).toAbsolutePath().normalize()),
                "",
                Optional.of(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0").withDht(true)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0)),
                false));
        leases.add(lease);
        return lease;
    }

    @AfterEach
    void stop() throws Exception {
        for (NodeLease lease : leases) {
            lease.close();
        }
    }

    private Ended run(String node, String... words) {
        NodeLease lease = node.equals("a") ? a : b;
        var command = new ArrayList<>(List.of(words));
        command.addAll(List.of(
                "-u",
                "jdbc:pando://127.0.0.1:"
                        + lease.node().sqlAddress().orElseThrow().getPort(),
                "--rootdir",
                directory.resolve(node).toString()));
        PrintStream out = System.out;
        PrintStream err = System.err;
        var caughtOut = new ByteArrayOutputStream();
        var caughtErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(caughtOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(caughtErr, true, StandardCharsets.UTF_8));
        try {
            int code = Main.run(command.toArray(String[]::new));
            return new Ended(
                    code, caughtOut.toString(StandardCharsets.UTF_8), caughtErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private String done(String node, String... words) {
        Ended ended = run(node, words);
        assertThat(ended.code()).as(ended.toString()).isZero();
        return ended.out();
    }

    private void refused(int code, String mentions, String... words) {
        Ended ended = run("a", words);
        assertThat(ended.code()).as(ended.toString()).isEqualTo(code);
        assertThat(ended.err()).contains(mentions);
    }

    private String id(NodeLease lease) {
        return lease.node().engine().peerId().toString();
    }

    private String address(NodeLease lease) {
        return lease.node().engine().network().addresses().get(0).toString();
    }

    @Test
    void peersReplicatorsAndSubscriptionsAreControlled() throws Exception {
        assertThat(done("a", "client", "p2p", "info"))
                .contains(id(a))
                .contains(address(a))
                .contains("server");
        assertThat(done("a", "client", "p2p", "connect", address(b))).contains("OK");
        assertThat(done("a", "client", "p2p", "info")).contains(id(b));

        done("a", "client", "p2p", "replicator", "set", "-c", "Books", id(b));
        assertThat(done("a", "client", "p2p", "replicator", "getall"))
                .contains(id(b))
                .contains("PUBLIC.Books");
        done("a", "sql", "-e", "INSERT INTO Books VALUES (1, 'Walden'); CALL wait_for_sync('Books', '" + id(b) + "')");
        assertThat(done("b", "sql", "--plain", "-e", "SELECT title FROM Books")).isEqualToIgnoringNewLines("Walden");
        done("a", "client", "p2p", "replicator", "delete", "-c", "Books", id(b));
        assertThat(done("a", "client", "replicator", "getall")).doesNotContain(id(b));

        done("b", "client", "p2p", "collection", "add", "Books");
        assertThat(done("b", "client", "p2p", "collection", "getall")).contains("Books");
        done("b", "client", "p2p", "collection", "remove", "Books");
        assertThat(done("b", "client", "p2p", "collection", "getall")).doesNotContain("Books");

        String document =
                done("a", "sql", "--plain", "-e", "SELECT _docid FROM Books").strip();
        done("b", "client", "p2p", "document", "add", "Books", document);
        assertThat(done("b", "client", "document", "getall")).contains(document);
        done("b", "client", "p2p", "document", "remove", "Books", document);
        assertThat(done("b", "client", "p2p", "document", "getall")).doesNotContain(document);
    }

    @Test
    void wrongArgumentsAreToldClearly() {
        refused(2, "Missing required option: '--collection", "client", "p2p", "replicator", "set", "x");
        refused(2, "Missing required parameter: 'PEER'", "client", "p2p", "replicator", "set", "-c", "Books");
        assertThat(Main.run("client", "p2p")).isEqualTo(2);
        assertThat(Main.run("client", "p2p", "dance")).isEqualTo(2);
        refused(1, "is not a Peer ID", "client", "p2p", "replicator", "set", "-c", "Books", "somebody");
        refused(1, "is this node", "client", "p2p", "replicator", "set", "-c", "Books", id(a));
        refused(1, "Nothing", "client", "p2p", "replicator", "set", "-c", "Nothing", id(b));
        refused(1, "Nothing", "client", "p2p", "collection", "add", "Books,Nothing");
        refused(1, "is not a document id", "client", "p2p", "document", "add", "Books", "x");
        refused(1, "is not an address", "client", "p2p", "connect", "127.0.0.1:9171");
        assertThat(done("a", "client", "p2p", "collection", "getall")).doesNotContain("Books");
    }

    @Test
    void filesAreExecuted() throws Exception {
        Path inner = Files.writeString(directory.resolve("inner.sql"), "INSERT INTO Books VALUES (1, 'Walden');\n");
        Path outer = Files.writeString(
                directory.resolve("outer.sql"), "EXECUTE '" + inner + "';\nINSERT INTO Books VALUES (2, 'Emma');\n");
        done("a", "sql", "-f", outer.toString());
        assertThat(done("a", "sql", "--plain", "-e", "SELECT COUNT(*) FROM Books"))
                .isEqualToIgnoringNewLines("2");
        Path itself = directory.resolve("itself.sql");
        Files.writeString(itself, "EXECUTE '" + itself + "';\n");
        refused(1, "deep", "sql", "-f", itself.toString());
        refused(1, "cannot read", "sql", "-e", "EXECUTE 'nowhere.sql'");
        refused(1, "there is no such file", "sql", "-f", "nowhere.sql");
    }

    @Test
    void aFileTellsTheLineOfWhatFailedAndIsTextInUtf8() throws Exception {
        Path marked = Files.writeString(
                directory.resolve("marked.sql"), "\uFEFFINSERT INTO Books VALUES (1, 'Čapek €');\n\nSELECT nothing;\n");
        refused(1, "marked.sql, the statement of line 3", "sql", "-f", marked.toString());
        assertThat(done("a", "sql", "--plain", "-e", "SELECT CHAR_LENGTH(title) FROM Books"))
                .isEqualToIgnoringNewLines("7");
        Path latin = directory.resolve("latin.sql");
        Files.write(latin, "SELECT 'é';".getBytes(StandardCharsets.ISO_8859_1));
        refused(1, "latin.sql: it is no text in UTF-8", "sql", "-f", latin.toString());
    }

    @Test
    void whatComesInThatIsNoTextEndsTheShell() throws Exception {
        try (Connection connection = new PandoDriver().connect("jdbc:pando:mem:shell", new Properties())) {
            Shell shell = new Shell(connection, System.out, System.err, true);
            byte[] latin =
                    "CREATE TABLE t (v VARCHAR);\nINSERT INTO t VALUES ('é');\n".getBytes(StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> shell.interact(new ByteArrayInputStream(latin), false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("UTF-8");
        }
    }

    @Test
    void theUrlMayNameTheUser() {
        done("a", "sql", "-e", "CREATE USER shop PASSWORD 'sesame'");
        String url =
                "jdbc:pando://127.0.0.1:" + a.node().sqlAddress().orElseThrow().getPort() + ";user=shop;password=";
        assertThat(Main.run("sql", "-u", url + "wrong", "-e", "SELECT 1")).isEqualTo(1);
        assertThat(Main.run("sql", "-u", url + "sesame", "-e", "SELECT 1")).isZero();
    }
}
