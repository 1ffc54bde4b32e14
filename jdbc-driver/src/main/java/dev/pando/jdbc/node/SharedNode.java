package dev.pando.jdbc.node;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A database of this process and the number of its leases. Thread-safe: one thread at a time opens or closes it. */
final class SharedNode {
    private final Runnable onEnd;
    private @Nullable Node node;
    private int leases;
    private boolean ended;

    /** @param onEnd forgets this object, so that the next one who asks opens anew */
    SharedNode(Runnable onEnd) {
        this.onEnd = onEnd;
    }

    /** A lease; empty when this node has ended meanwhile, and another must be made. */
    synchronized Optional<NodeLease> acquire(NodeSettings settings) throws SQLException {
        if (ended) {
            return Optional.empty();
        }
        Node running = node;
        if (running == null) {
            running = open(settings);
        } else {
            running.settings().checkSatisfies(settings);
        }
        leases++;
        return Optional.of(new NodeLease(this, running));
    }

    private Node open(NodeSettings settings) throws SQLException {
        boolean done = false;
        try {
            Node opened = Node.open(settings);
            node = opened;
            done = true;
            return opened;
        } finally {
            if (!done) {
                end();
            }
        }
    }

    private void end() {
        ended = true;
        onEnd.run();
    }

    synchronized void release() throws SQLException {
        leases--;
        Node running = node;
        if (leases > 0 || running == null || running.settings().keep()) {
            return;
        }
        try {
            running.close();
        } finally {
            end();
        }
    }
}
