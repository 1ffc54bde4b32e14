package dev.pando.jdbc.cli;

import dev.pando.Engine;
import dev.pando.EngineOptions.Durability;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.jdbc.node.AdminPassword;
import dev.pando.jdbc.node.Node;
import dev.pando.jdbc.node.NodeLease;
import dev.pando.jdbc.node.NodeSettings;
import dev.pando.jdbc.node.Nodes;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "start",
        description = "Runs a node until it is told to stop (SIGTERM, Ctrl-C).",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class StartCommand implements Callable<Integer> {
    /** Whether all peers are trusted. */
    enum Trust {
        NONE,
        ALL
    }

    @Option(
            names = "--rootdir",
            paramLabel = "DIR",
            description = "Where the node lives.",
            defaultValue = "./pando-data")
    @SuppressWarnings("NullAway.Init")
    private Path rootdir;

    @Option(
            names = "--p2paddr",
            paramLabel = "MULTIADDR",
            split = ",",
            description = "Where to listen for peers; port 0 takes a free one.",
            defaultValue = "/ip4/127.0.0.1/tcp/9171")
    @SuppressWarnings("NullAway.Init")
    private List<String> p2paddr;

    @Option(
            names = "--peers",
            paramLabel = "MULTIADDR",
            split = ",",
            description = "Peers to stay connected with, each with its Peer ID.")
    private List<String> peers = List.of();

    @Option(
            names = "--no-dht",
            description = "Look nobody up in the peers' hash table, and do not serve it: only named peers are dialled.")
    private boolean noDht;

    @Option(names = "--mdns", description = "Look for peers on the local network.")
    private boolean mdns;

    @Option(names = "--no-p2p", description = "Take no part in the network.")
    private boolean noP2p;

    @Option(
            names = "--sqladdr",
            paramLabel = "HOST:PORT",
            description = "Where to take SQL; port 0 takes a free one.",
            defaultValue = "127.0.0.1:9181")
    @SuppressWarnings("NullAway.Init")
    private String sqladdr;

    @Option(
            names = "--trust",
            paramLabel = "all|none",
            description = "Whether every connected peer may read and write: for demos and closed networks.",
            defaultValue = "none")
    private Trust trust = Trust.NONE;

    @Option(
            names = "--durability",
            paramLabel = "group|none",
            description = "What a returned commit promises: on disk, or soon on disk.",
            defaultValue = "group")
    private Durability durability = Durability.GROUP;

    @Override
    public Integer call() throws Exception {
        NodeLease lease = Nodes.acquire(settings());
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(lease, stopped), "pando-stop"));
        print(lease.node(), System.out);
        stopped.await();
        return 0;
    }

    private NodeSettings settings() throws SQLException {
        NetworkOptions network = noP2p ? NetworkOptions.off() : new NetworkOptions(true, p2paddr, peers, !noDht, mdns);
        return new NodeSettings(
                Optional.of(rootdir.toAbsolutePath().normalize()),
                "",
                Optional.of(network),
                Optional.of(trust == Trust.ALL),
                Optional.of(durability),
                Optional.of(NodeSettings.socketAddress(sqladdr)),
                false);
    }

    private void print(Node node, PrintStream out) {
        Engine engine = node.engine();
        out.println("Peer ID: " + engine.peerId());
        engine.network().addresses().forEach(address -> out.println("Address: " + address));
        if (!engine.network().enabled()) {
            out.println("Address: none, the network is off");
        }
        out.println(
                engine.network().enabled()
                        ? "Passive replication: on, peers with SELECT hear of every commit"
                        : "Passive replication: off, the network is off");
        if (engine.network().enabled()) {
            out.println("Discovery: " + (noDht ? "named peers only" : "by the peers' hash table")
                    + (mdns ? " and on the local network" : ""));
        }
        if (trust == Trust.ALL) {
            out.println("Trust: every connected peer may read and write");
        }
        InetSocketAddress sql = node.sqlAddress().orElseThrow();
        String pin = sql.getAddress().isLoopbackAddress() ? "" : ";peerid=" + engine.peerId();
        out.println("SQL: jdbc:pando://" + hostText(sql) + ":" + sql.getPort() + pin + ", user admin, password in "
                + rootdir.resolve(AdminPassword.FILE));
        out.println("Ready");
        out.flush();
    }

    private static String hostText(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static void stop(NodeLease lease, CountDownLatch stopped) {
        try {
            lease.close();
            System.out.println("Stopped");
        } catch (SQLException e) {
            System.err.println("pando: the node did not stop cleanly: " + e.getMessage());
        }
        System.out.flush();
        stopped.countDown();
    }
}
