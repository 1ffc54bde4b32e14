package dev.pando.jdbc.node;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The databases that run in this class loader: one for each directory, or name in memory. Thread-safe. */
public final class Nodes {
    private static final Map<String, SharedNode> RUNNING = new ConcurrentHashMap<>();

    private Nodes() {}

    /**
     * Opens the node, or joins it where it runs.
     *
     * @throws SQLException 55006 when another process or class loader holds the directory, 55000 when it runs here with
     *     other options, and whatever keeps an engine from opening
     */
    public static NodeLease acquire(NodeSettings settings) throws SQLException {
        String identity = settings.identity();
        while (true) {
            SharedNode shared = RUNNING.computeIfAbsent(identity, key -> new SharedNode(() -> RUNNING.remove(key)));
            Optional<NodeLease> lease = shared.acquire(settings);
            if (lease.isPresent()) {
                return lease.get();
            }
        }
    }
}
