package dev.pando.jdbc.cli;

import dev.pando.Engine;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Table;
import dev.pando.jdbc.PandoDriver;
import dev.pando.jdbc.node.NodeLease;
import dev.pando.jdbc.node.NodeSettings;
import dev.pando.jdbc.node.Nodes;
import dev.pando.libp2p.Multiaddr;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One node of the demo: driven by SQL over JDBC, and reached by the others through cables that can be pulled. */
final class DemoNode implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("/tcp/(\\d+)");

    private final String name;
    private final Path directory;
    private final NodeLease lease;
    private final Connection connection;
    private final Map<DemoNode, CuttableLink> cablesFrom = new HashMap<>();

    private DemoNode(String name, Path directory, NodeLease lease, Connection connection) {
        this.name = name;
        this.directory = directory;
        this.lease = lease;
        this.connection = connection;
    }

    static DemoNode start(String name, Path root) throws SQLException {
        Path directory = root.resolve(name);
        NodeSettings settings = new NodeSettings(
                Optional.of(directory.toAbsolutePath().normalize()),
                "",
                Optional.of(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        NodeLease lease = Nodes.acquire(settings);
        try {
            return new DemoNode(name, directory, lease, connect(directory));
        } catch (SQLException e) {
            lease.close();
            throw e;
        }
    }

    private static Connection connect(Path directory) throws SQLException {
        Connection connection = new PandoDriver().connect("jdbc:pando:file:" + directory, new Properties());
        if (connection == null) {
            throw new SQLException("the driver refused its own URL");
        }
        return connection;
    }

    String name() {
        return name;
    }

    String peerId() {
        return engine().peerId().toString();
    }

    private Engine engine() {
        return lease.node().engine();
    }

    /** Another connection to this node. */
    Connection connect() throws SQLException {
        return connect(directory);
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    void createBooks(List<DemoNode> all) throws SQLException {
        run(
                "CREATE TABLE Books (isbn VARCHAR(13) PRIMARY KEY, title VARCHAR, likes BIGINT COUNTER, price DECIMAL(10,2))");
        for (DemoNode other : all) {
            if (other != this) {
                run("GRANT INSERT, UPDATE, DELETE ON Books TO PEER '" + other.peerId() + "'");
            }
        }
    }

    void replicateTo(List<DemoNode> all) throws SQLException, IOException {
        for (DemoNode other : all) {
            if (other != this) {
                run("CALL set_replicator('Books', '" + other.addressFor(this) + "')");
            }
        }
    }

    /* Where {@code other} reaches this node: a cable of its own in front of the port. */
    private String addressFor(DemoNode other) throws IOException {
        Multiaddr own = engine().network().addresses().get(0);
        Matcher port = PORT.matcher(own.toString());
        if (!port.find()) {
            throw new IOException("the node listens at " + own + ", which has no TCP port");
        }
        CuttableLink cable = new CuttableLink(Integer.parseInt(port.group(1)));
        cablesFrom.put(other, cable);
        return "/ip4/127.0.0.1/tcp/" + cable.port() + "/p2p/" + peerId();
    }

    /** Cuts this node off from all others, in both directions. */
    void unplug(List<DemoNode> all) {
        cablesFrom.values().forEach(CuttableLink::cut);
        all.stream()
                .filter(other -> other != this)
                .forEach(other -> other.cableFrom(this).cut());
    }

    void plugIn(List<DemoNode> all) {
        cablesFrom.values().forEach(CuttableLink::mend);
        all.stream()
                .filter(other -> other != this)
                .forEach(other -> other.cableFrom(this).mend());
    }

    private CuttableLink cableFrom(DemoNode other) {
        CuttableLink cable = cablesFrom.get(other);
        if (cable == null) {
            throw new IllegalStateException(other.name + " has no cable to " + name);
        }
        return cable;
    }

    String stateHash() {
        Table books = engine().catalog().find("PUBLIC", "Books").orElseThrow();
        return engine().stateHash(books).toString();
    }

    String describe() {
        return name + " " + stateHash();
    }

    void printBooks(PrintStream out) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT isbn, title, likes, price FROM Books ORDER BY isbn")) {
            new TablePrinter(out, false).print(rows);
        }
    }

    @Override
    public void close() throws SQLException, IOException {
        for (CuttableLink cable : cablesFrom.values()) {
            cable.close();
        }
        connection.close();
        lease.close();
    }
}
