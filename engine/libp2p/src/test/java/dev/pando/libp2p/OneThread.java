package dev.pando.libp2p;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A scheduler with a thread of its own. */
public final class OneThread implements Scheduler, AutoCloseable {

    private final ScheduledExecutorService executor;

    public OneThread() {
        this("one-thread");
    }

    public OneThread(String name) {
        executor = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, name));
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            if (!executor.isShutdown()) {
                throw e;
            }
        }
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        var future = executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
