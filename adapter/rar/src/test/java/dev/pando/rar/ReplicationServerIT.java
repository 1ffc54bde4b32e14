package dev.pando.rar;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node inside a server, deployed by the scripts, pushes to a node that is killed in between. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class ReplicationServerIT {

    private static final String BOOKS =
            "CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR, likes BIGINT COUNTER)";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ServerScripts scripts = ServerScripts.ofServer();
    private final String sql = "shop/sql?jndi=" + URLEncoder.encode(scripts.jndiName(), StandardCharsets.UTF_8) + "&";

    @ArquillianResource
    private Deployer deployer;

    @Deployment(name = "probe", testable = false)
    static WebArchive probe() {
        return Archives.probe();
    }

    @Deployment(name = "shop", managed = false, testable = false)
    static WebArchive shop() {
        return Archives.plainShop();
    }

    @Test
    void whatAnApplicationWritesReachesAPeerThatWasKilledMidway() throws Exception {
        Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "replication");
        Path rootdir = directory.resolve("server");
        int sqlPort = NodeProcess.freePort();
        try (var peer = new NodeProcess(Files.createDirectory(directory.resolve("peer")))) {
            scripts.deploy(rootdir, "/ip4/127.0.0.1/tcp/0", "127.0.0.1:" + sqlPort);
            try {
                writeAndCompare(peer, rootdir, sqlPort);
            } finally {
                scripts.undeploy();
            }
            Leftovers.assertNone();
        }
    }

    private void writeAndCompare(NodeProcess peer, Path rootdir, int sqlPort) throws Exception {
        deployer.deploy("shop");
        try {
            Http.post(sql, BOOKS);
            peer.sql(BOOKS);
            String server = Http.post(sql, "SELECT peer_id FROM sys.node").get(0);
            peer.sql("GRANT INSERT, UPDATE, DELETE ON Books TO PEER '" + server + "'");
            String address = peer.sql("SELECT address FROM sys.addresses").get(0);
            Http.post(sql, "CALL set_replicator('Books', '" + address + "')");

            insertWhileThePeerIsKilled(peer);

            List<String> all = IntStream.rangeClosed(1, 100)
                    .mapToObj(book -> String.format("isbn-%03d|%d", book, book))
                    .toList();
            Await.until(LIMIT, "the peer has all books", () -> count(peer), List.of("100")::equals);
            Await.until(LIMIT, "the peer has all likes", () -> likes(peer), List.of("5050")::equals);
            assertThat(peer.sql("SELECT isbn, likes FROM Books ORDER BY isbn")).isEqualTo(all);
            assertThat(NodeProcess.sql(sqlPort, rootdir, "SELECT isbn, likes FROM Books ORDER BY isbn"))
                    .as("what a remote client sees of the node inside the server")
                    .isEqualTo(all);
        } finally {
            deployer.undeploy("shop");
        }
    }

    private void insertWhileThePeerIsKilled(NodeProcess peer) throws Exception {
        Http.post(sql + "books=1-50", "");
        Await.until(LIMIT, "the peer has some", () -> count(peer), rows -> !rows.equals(List.of("0")));
        ExecutorService application = Executors.newSingleThreadExecutor();
        try {
            Future<List<String>> writing = application.submit(() -> Http.post(sql + "books=51-100", ""));
            peer.kill();
            writing.get();
        } finally {
            application.shutdown();
        }
        peer.start();
    }

    private static List<String> count(NodeProcess peer) throws Exception {
        return peer.sql("SELECT COUNT(*) FROM Books");
    }

    private static List<String> likes(NodeProcess peer) throws Exception {
        return peer.sql("SELECT SUM(likes) FROM Books");
    }
}
