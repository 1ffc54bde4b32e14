package dev.pando.adapter;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a node in this server is told: the configuration properties that the resource adapter and its connection
 * definitions share, by the names that Pando gives them everywhere. Null where nothing was said.
 */
record NodeConfig(
        @Nullable String rootdir,
        @Nullable Boolean p2p,
        @Nullable String p2paddr,
        @Nullable String peers,
        @Nullable String sqladdr,
        @Nullable String user,
        @Nullable String password) {

    static final NodeConfig EMPTY = new NodeConfig(null, null, null, null, null, null, null);

    NodeConfig {
        rootdir = blankToNull(rootdir);
        p2paddr = blankToNull(p2paddr);
        peers = blankToNull(peers);
        sqladdr = blankToNull(sqladdr);
        user = blankToNull(user);
    }

    /** This configuration, completed by {@code defaults} where it says nothing. */
    NodeConfig orElse(NodeConfig defaults) {
        return new NodeConfig(
                either(rootdir, defaults.rootdir),
                either(p2p, defaults.p2p),
                either(p2paddr, defaults.p2paddr),
                either(peers, defaults.peers),
                either(sqladdr, defaults.sqladdr),
                either(user, defaults.user),
                user == null ? either(password, defaults.password) : password);
    }

    NodeConfig withRootdir(@Nullable String value) {
        return new NodeConfig(value, p2p, p2paddr, peers, sqladdr, user, password);
    }

    NodeConfig withP2p(@Nullable Boolean value) {
        return new NodeConfig(rootdir, value, p2paddr, peers, sqladdr, user, password);
    }

    NodeConfig withP2paddr(@Nullable String value) {
        return new NodeConfig(rootdir, p2p, value, peers, sqladdr, user, password);
    }

    NodeConfig withPeers(@Nullable String value) {
        return new NodeConfig(rootdir, p2p, p2paddr, value, sqladdr, user, password);
    }

    NodeConfig withSqladdr(@Nullable String value) {
        return new NodeConfig(rootdir, p2p, p2paddr, peers, value, user, password);
    }

    NodeConfig withUser(@Nullable String value) {
        return new NodeConfig(rootdir, p2p, p2paddr, peers, sqladdr, value, password);
    }

    NodeConfig withPassword(@Nullable String value) {
        return new NodeConfig(rootdir, p2p, p2paddr, peers, sqladdr, user, value);
    }

    /** The data directory, absolute and normalized: what makes two configurations name the same node. */
    Path directory() {
        String named = Objects.requireNonNull(rootdir, "rootdir");
        return Path.of(named).toAbsolutePath().normalize();
    }

    /** How the node runs, without who logs in. */
    NodeConfig withoutLogin() {
        return new NodeConfig(rootdir, p2p, p2paddr, peers, sqladdr, null, null);
    }

    /** Whether a node that runs with this configuration does all that {@code asked} says about the node. */
    boolean satisfies(NodeConfig asked) {
        return agrees(p2p, asked.p2p)
                && agrees(p2paddr, asked.p2paddr)
                && agrees(peers, asked.peers)
                && agrees(sqladdr, asked.sqladdr);
    }

    /** The options of the JDBC driver that start the node so. An address or peers ask for the network by themselves. */
    Properties driverOptions() {
        var options = new Properties();
        Boolean network = p2p != null ? p2p : p2paddr != null || peers != null ? Boolean.TRUE : null;
        put(options, "p2p", network == null ? null : network.toString());
        put(options, "p2paddr", p2paddr);
        put(options, "peers", peers);
        put(options, "sqladdr", sqladdr);
        return options;
    }

    /** Without the password: configurations appear in messages and in the servers' logs. */
    @Override
    public String toString() {
        return "rootdir=" + rootdir + ", p2p=" + p2p + ", p2paddr=" + p2paddr + ", peers=" + peers + ", sqladdr="
                + sqladdr + ", user=" + user;
    }

    private static void put(Properties options, String name, @Nullable String value) {
        if (value != null) {
            options.setProperty(name, value);
        }
    }

    private static boolean agrees(@Nullable Object running, @Nullable Object asked) {
        return asked == null || asked.equals(running);
    }

    private static <T> @Nullable T either(@Nullable T first, @Nullable T second) {
        return first != null ? first : second;
    }

    /* Servers' consoles write a property that was left empty as "". */
    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.trim();
    }
}
