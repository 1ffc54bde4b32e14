package dev.pando.adapter;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of this class loader, one for each data directory, counted by those who use them. Servers make several
 * instances of one resource adapter (each {@code @ConnectionFactoryDefinition} starts its own), and a data directory
 * admits one engine: the first user starts the node, the last one stops it. Safe for use by many threads.
 */
final class SharedNodes {

    private final Node.Starter starter;
    private final Map<Path, Shared> running = new HashMap<>();

    SharedNodes(Node.Starter starter) {
        this.starter = starter;
    }

    /**
     * Joins the node of {@code config}'s directory, starting it when nobody has; each lease is given back once.
     *
     * @throws SQLException 08001 when it runs already with another network configuration, or the starter's
     */
    synchronized Lease join(NodeConfig config) throws SQLException {
        Path directory = config.directory();
        Shared shared = running.get(directory);
        if (shared == null) {
            shared = new Shared(config.withoutLogin(), starter.start(config));
            running.put(directory, shared);
        } else {
            shared.requireSettings(config);
        }
        shared.users++;
        return new Lease(directory, shared);
    }

    private synchronized void leave(Path directory, Shared shared) throws SQLException {
        shared.users--;
        if (shared.users == 0) {
            running.remove(directory);
            shared.node.stop();
        }
    }

    private static final class Shared {
        final NodeConfig config;
        final Node node;
        int users;

        Shared(NodeConfig config, Node node) {
            this.config = config;
            this.node = node;
        }

        void requireSettings(NodeConfig asked) throws SQLException {
            if (!config.satisfies(asked)) {
                throw new SQLException(
                        "the node of " + asked.directory() + " runs already with other settings: it has " + config
                                + ", asked for was " + asked.withoutLogin(),
                        "08001");
            }
        }
    }

    /** One user's hold on a running node. */
    final class Lease {
        private final Path directory;
        private @Nullable Shared shared;

        private Lease(Path directory, Shared shared) {
            this.directory = directory;
            this.shared = shared;
        }

        /** Opens a session; see {@link Node#connect}. */
        Connection connect(Login login, SessionThread thread, EngineThreads threads) throws SQLException {
            return held().node.connect(login, thread, threads);
        }

        /** Refuses, with 08001, what {@code asked} says about the node and the node does not do. */
        void requireSettings(NodeConfig asked) throws SQLException {
            held().requireSettings(asked);
        }

        private synchronized Shared held() throws SQLException {
            if (shared == null) {
                throw new SQLException("the node of " + directory + " was stopped", "08003");
            }
            return shared;
        }

        /** Gives the hold back; again is a no-op. */
        void close() throws SQLException {
            Shared held;
            synchronized (this) {
                held = shared;
                shared = null;
            }
            if (held != null) {
                leave(directory, held);
            }
        }
    }
}
