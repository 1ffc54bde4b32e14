package dev.pando.jdbc.node;

import dev.pando.EngineOptions.Durability;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.sql.session.PandoSqlState;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/**
 * How a node is to run. What is empty takes the default in a new node, and whatever holds in one that runs.
 *
 * @param directory where it lives, absolute and normal; empty for a database in memory
 * @param name of a database in memory
 * @param network off by default
 * @param trustAll whether every connected peer may read and write; no by default
 * @param durability {@code GROUP} by default
 * @param sqlAddress where to take remote SQL; nowhere by default
 * @param keep whether a database in memory outlives its last lease
 */
public record NodeSettings(
        Optional<Path> directory,
        String name,
        Optional<NetworkOptions> network,
        Optional<Boolean> trustAll,
        Optional<Durability> durability,
        Optional<InetSocketAddress> sqlAddress,
        boolean keep) {

    /** All defaults. */
    public static NodeSettings of(Path directory) {
        return new NodeSettings(
                Optional.of(directory.toAbsolutePath().normalize()),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** What is one and the same database within this class loader. */
    String identity() {
        return directory.map(path -> "file:" + path).orElse("mem:" + name);
    }

    NetworkOptions networkOrDefault() {
        return network.orElse(NetworkOptions.off());
    }

    boolean trustAllOrDefault() {
        return trustAll.orElse(false);
    }

    Durability durabilityOrDefault() {
        return durability.orElse(Durability.GROUP);
    }

    /** Refuses what {@code asked} says and a node with these settings does not do. */
    void checkSatisfies(NodeSettings asked) throws SQLException {
        check("the network", asked.network, Optional.of(networkOrDefault()));
        check("trust", asked.trustAll, Optional.of(trustAllOrDefault()));
        check("durability", asked.durability, Optional.of(durabilityOrDefault()));
        check("sqladdr", asked.sqlAddress, sqlAddress);
    }

    private void check(String what, Optional<?> asked, Optional<?> running) throws SQLException {
        if (asked.isPresent() && !asked.equals(running)) {
            throw PandoSqlState.NOT_IN_STATE.exception("the database " + identity()
                    + " runs in this process already, with other options for " + what + ": "
                    + running.map(Object::toString).orElse("none") + ", asked for " + asked.get()
                    + "; leave the option away, or close the other connections first");
        }
    }

    /** Parses {@code HOST:PORT} or {@code [IPV6]:PORT}. */
    public static InetSocketAddress socketAddress(String text) throws SQLException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception("'" + text + "' is no HOST:PORT, such as 127.0.0.1:9181");
        }
        return new InetSocketAddress(host, Integer.parseInt(port));
    }
}
