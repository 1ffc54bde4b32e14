package dev.pando.adapter;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The configuration properties as the server sets them on the resource adapter and on each connection definition.
 * Equality is by configuration, as both contracts demand. Safe for use by many threads once configured.
 */
abstract class ConfiguredBean {

    private volatile NodeConfig config = NodeConfig.EMPTY;

    final NodeConfig config() {
        return config;
    }

    /** The node's data directory; required here or on the resource adapter. */
    public @Nullable String getRootdir() {
        return config.rootdir();
    }

    public void setRootdir(@Nullable String rootdir) {
        config = config.withRootdir(rootdir);
    }

    /** Whether the node takes part in the network; without it, whether {@code p2paddr} or {@code peers} is given. */
    public @Nullable Boolean getP2p() {
        return config.p2p();
    }

    public void setP2p(@Nullable Boolean p2p) {
        config = config.withP2p(p2p);
    }

    /** Multiaddress on which peers reach the node, as {@code /ip4/127.0.0.1/tcp/9171}. */
    public @Nullable String getP2paddr() {
        return config.p2paddr();
    }

    public void setP2paddr(@Nullable String p2paddr) {
        config = config.withP2paddr(p2paddr);
    }

    /** Multiaddresses of peers that the node connects to when it starts, separated by commas. */
    public @Nullable String getPeers() {
        return config.peers();
    }

    public void setPeers(@Nullable String peers) {
        config = config.withPeers(peers);
    }

    /** {@code HOST:PORT} on which SQL clients reach the node; closed when not given. */
    public @Nullable String getSqladdr() {
        return config.sqladdr();
    }

    public void setSqladdr(@Nullable String sqladdr) {
        config = config.withSqladdr(sqladdr);
    }

    /** The user whose rights connections have; the administrator when not given. */
    public @Nullable String getUser() {
        return config.user();
    }

    public void setUser(@Nullable String user) {
        config = config.withUser(user);
    }

    public @Nullable String getPassword() {
        return config.password();
    }

    public void setPassword(@Nullable String password) {
        config = config.withPassword(password);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConfiguredBean that && getClass() == that.getClass() && config.equals(that.config);
    }

    @Override
    public int hashCode() {
        return Objects.hash(getClass().getName(), config);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(" + config + ")";
    }
}
