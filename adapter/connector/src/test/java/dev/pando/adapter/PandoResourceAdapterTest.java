package dev.pando.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starting, sharing and stopping nodes. */
@Timeout(120)
class PandoResourceAdapterTest {

    private final AtomicInteger starts = new AtomicInteger();
    private final SharedNodes nodes = new SharedNodes(config -> {
        starts.incrementAndGet();
        return H2Node.start(config);
    });

    @Test
    void adaptersOfOneDirectoryShareANodeUntilTheLastStops() throws Exception {
        Server first = new Server(nodes, "/nowhere/shared");
        Server second = new Server(nodes, "/nowhere/./shared");
        try (Connection one = first.dataSource().getConnection();
                Connection two = second.dataSource().getConnection()) {
            one.createStatement().execute("CREATE TABLE t (a INT)");
            two.createStatement().execute("INSERT INTO t VALUES (1)");
        }
        assertThat(starts).hasValue(1);
        first.close();
        assertThat(H2Node.RUNNING).hasValue(1);
        second.dataSource().getConnection().close();
        second.close();
        assertThat(H2Node.RUNNING).hasValue(0);
    }

    @Test
    void aNodeStartsWithItsAdapterWhenTheRootdirIsThere() throws Exception {
        var adapter = new PandoResourceAdapter(nodes);
        adapter.setRootdir("/nowhere/eager");
        adapter.start(null);
        assertThat(starts).hasValue(1);
        adapter.stop();
        adapter.stop();
        assertThat(H2Node.RUNNING).hasValue(0);
    }

    @Test
    void anAdapterWhoseNodeDoesNotStartSaysWhyAndLeavesNoThread() {
        var adapter = new PandoResourceAdapter(new SharedNodes(config -> {
            throw new SQLException("held by process 1", "08001");
        }));
        adapter.setRootdir("/nowhere/held");
        assertThatThrownBy(() -> adapter.start(null))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("held by process 1")
                .satisfies(thrown ->
                        assertThat(((ResourceException) thrown).getErrorCode()).isEqualTo("08001"));
        assertThat(adapterThreads()).isEmpty();
    }

    @Test
    void otherSettingsForARunningNodeAreRefused() throws Exception {
        try (Server first = new Server(nodes, "/nowhere/settings");
                Server second = new Server(nodes, "/nowhere/settings");
                Server third = new Server(nodes, "/nowhere/settings")) {
            first.factory.setSqladdr("127.0.0.1:9181");
            first.dataSource().getConnection().close();
            second.dataSource().getConnection().close();
            third.factory.setSqladdr("127.0.0.1:9182");
            assertThatThrownBy(() -> third.dataSource().getConnection())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("127.0.0.1:9181")
                    .hasMessageContaining("127.0.0.1:9182");
            second.factory.setSqladdr("127.0.0.1:9183");
            assertThatThrownBy(() -> second.dataSource().getConnection("another", ""))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("127.0.0.1:9183");
        }
    }

    @Test
    void withoutARootdirTheMessageNamesIt() throws Exception {
        try (Server server = new Server(nodes, " ")) {
            assertThatThrownBy(() -> server.dataSource().getConnection())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("rootdir");
        }
    }

    @Test
    void stopEndsOpenConnectionsAndEveryThread() throws Exception {
        Server server = new Server(nodes, "/nowhere/open");
        Connection left = server.dataSource().getConnection();
        assertThat(adapterThreads()).isNotEmpty();
        server.close();
        assertThat(adapterThreads()).isEmpty();
        assertThat(left.isClosed()).isTrue();
        assertThatThrownBy(left::createStatement).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> server.dataSource().getConnection())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("not started");
    }

    @Test
    void equalityIsByConfiguration() {
        var one = new PandoResourceAdapter(nodes);
        var two = new PandoResourceAdapter(nodes);
        assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
        two.setSqladdr("127.0.0.1:9181");
        assertThat(one).isNotEqualTo(two);

        var factory = new PandoManagedConnectionFactory();
        assertThat(factory).isEqualTo(new PandoManagedConnectionFactory());
        factory.setUser("shop");
        assertThat(factory).isNotEqualTo(new PandoManagedConnectionFactory());
        assertThat((Object) one).isNotEqualTo(factory);
    }

    @Test
    void passwordsDoNotAppearInTexts() {
        var factory = new PandoManagedConnectionFactory();
        factory.setUser("shop");
        factory.setPassword("hunter2");
        assertThat(factory.toString()).contains("shop").doesNotContain("hunter2");
        assertThat(new Login("shop", "hunter2").toString()).doesNotContain("hunter2");
    }

    private static java.util.List<String> adapterThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("pando-adapter"))
                .toList();
    }
}
