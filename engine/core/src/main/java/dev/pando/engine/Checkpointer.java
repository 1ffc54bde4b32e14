package dev.pando.engine;

import dev.pando.PandoException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Makes checkpoints, so that opening after a crash replays little: when much was logged since the last one, and when the
 * engine has been idle for a while.
 */
final class Checkpointer {

    /** Bytes of log after which a checkpoint is made, whatever is going on. */
    static final long LOG_BYTES = 256L << 20;

    /** Bytes of log that are worth a checkpoint when nothing is going on. */
    static final long IDLE_LOG_BYTES = 4L << 20;

    /** How often it is looked at. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(Checkpointer.class.getName());

    private final EngineParts parts;
    private final Turn running;
    private Runnable cancel = () -> {};
    private long lastSequence;
    private boolean closed;

    Checkpointer(EngineParts parts) {
        this.parts = parts;
        this.running = new Turn(parts.threads);
    }

    synchronized void start() {
        if (!closed && parts.options.rootDirectory().isPresent()) {
            cancel = parts.threads.schedule(INTERVAL, this::look);
        }
    }

    private void look() {
        try {
            makeOneIfItPays();
        } catch (PandoException e) {
            LOG.log(System.Logger.Level.WARNING, "no checkpoint could be made; recovery will take longer", e);
        } finally {
            start();
        }
    }

    private void makeOneIfItPays() {
        long sequence = parts.store.lastSequence();
        long bytes = parts.store.info().bytesSinceCheckpoint();
        boolean idle = sequence == lastSequence;
        lastSequence = sequence;
        if (bytes >= LOG_BYTES || idle && bytes >= IDLE_LOG_BYTES) {
            checkpoint();
        }
    }

    /** Makes a checkpoint now. Not on the writer. */
    void checkpoint() {
        running.take(this::makeCheckpoint);
    }

    private void makeCheckpoint() {
        var begun = new CompletableFuture<Runnable>();
        parts.committer
                .between(() -> {
                    Recovery.saveClock(parts.meta, parts.clock);
                    begun.complete(parts.store.beginCheckpoint());
                })
                .exceptionally(failure -> {
                    begun.completeExceptionally(failure);
                    return null;
                });
        parts.threads.await(begun).run();
    }

    /** Ends the looking, and waits for a checkpoint that is under way. */
    void close() {
        synchronized (this) {
            closed = true;
            cancel.run();
        }
        running.take(() -> LOG.log(System.Logger.Level.TRACE, "no checkpoint is under way any more"));
    }
}
