package dev.pando.replication;

import dev.pando.Environment;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Gives up a peer with which nothing goes on. Bytes count, not messages: over a slow link a large one takes longer than
 * anybody would wait for a sign of life. Used from one mailbox.
 */
final class IdleWatch {

    /** Links that are slower may be given up in the midst of a message, when the bytes of it that arrive are not seen. */
    static final int SLOWEST_BYTES_PER_SECOND = 8 << 10;

    private final Environment.Threads threads;
    private final Executor mailbox;
    private final LongSupplier progress;
    private final Runnable expired;
    private Runnable cancel = () -> {};
    private long armed;

    /**
     * @param progress grows as long as something goes on
     * @param expired run in the mailbox when it has not grown for the time given
     */
    IdleWatch(Environment.Threads threads, Executor mailbox, LongSupplier progress, Runnable expired) {
        this.threads = threads;
        this.mailbox = mailbox;
        this.progress = progress;
        this.expired = expired;
    }

    /** How long to wait for an answer to {@code bytes} that are on their way. */
    static Duration toTake(Duration idle, long bytes) {
        return idle.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
    }

    /** Begins to wait, anew. */
    void restart(Duration idle) {
        stop();
        long now = progress.getAsLong();
        long mine = armed;
        cancel = threads.schedule(idle, () -> mailbox.execute(() -> due(mine, now, idle)));
    }

    void stop() {
        armed++;
        cancel.run();
    }

    private void due(long mine, long before, Duration idle) {
        if (mine != armed) {
            return;
        }
        if (progress.getAsLong() != before) {
            restart(idle);
        } else {
            expired.run();
        }
    }
}
