package dev.pando.jdbc.node;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One use of a shared node; the node is closed with the last one. Thread-safe. */
public final class NodeLease implements AutoCloseable {
    private final SharedNode shared;
    private final Node node;
    private final AtomicBoolean closed = new AtomicBoolean();

    NodeLease(SharedNode shared, Node node) {
        this.shared = shared;
        this.node = node;
    }

    public Node node() {
        return node;
    }

    /** Idempotent. */
    @Override
    public void close() throws SQLException {
        if (closed.compareAndSet(false, true)) {
            shared.release();
        }
    }
}
