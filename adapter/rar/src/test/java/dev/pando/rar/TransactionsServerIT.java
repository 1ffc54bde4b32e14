package dev.pando.rar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.ResourceAdapterArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An application in a server works with its data source, in the server's transactions; then nothing is left. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class TransactionsServerIT {

    @ArquillianResource
    private Deployer deployer;

    @Deployment(name = "probe", testable = false)
    static WebArchive probe() {
        return Archives.probe();
    }

    @Deployment(name = "pando", managed = false, testable = false)
    static ResourceAdapterArchive rar() {
        return Archives.rar();
    }

    @Deployment(name = "shop", managed = false, testable = false)
    static WebArchive shop() throws Exception {
        Path rootdir = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "node");
        return Archives.shop(Map.of("rootdir", rootdir.toString()));
    }

    @Test
    void theServerCommitsAndRollsBackAndLeavesNothingBehind() throws Exception {
        deployer.deploy("pando");
        deployer.deploy("shop");
        Http.post("shop/sql", "CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR, likes BIGINT COUNTER)");
        Http.post("shop/sql?transaction=commit", insert("a") + "\n" + insert("b"));
        Http.post("shop/sql?transaction=rollback", insert("c"));
        Http.post("shop/sql?books=1-3", "");

        assertThat(Http.post("shop/sql", "SELECT isbn, likes FROM Books ORDER BY isbn"))
                .containsExactly("a|0", "b|0", "isbn-001|1", "isbn-002|2", "isbn-003|3");
        assertThatThrownBy(() -> Http.post("shop/sql", "SELECT * FROM Nowhere")).hasMessageContaining("42");
        assertThat(Http.get("probe/left")).anyMatch(line -> line.contains("pando-adapter-session"));

        deployer.undeploy("shop");
        deployer.undeploy("pando");
        Leftovers.assertNone();

        deployer.deploy("pando");
        deployer.deploy("shop");
        assertThat(Http.post("shop/sql", "SELECT COUNT(*) FROM Books")).containsExactly("5");
        deployer.undeploy("shop");
        deployer.undeploy("pando");
        Leftovers.assertNone();
    }

    private static String insert(String isbn) {
        return "INSERT INTO Books (isbn, title, likes) VALUES ('" + isbn + "', 'A book', 0)";
    }
}
