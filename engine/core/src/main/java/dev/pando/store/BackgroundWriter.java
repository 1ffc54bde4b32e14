package dev.pando.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thread that does what the writer hands it, in order. The thread is there only while there is something to do.
 * After a failure nothing more is done, and whoever hands in or waits is told.
 */
final class BackgroundWriter {

    private final ThreadPoolExecutor thread;
    private final int weightMax;

    /** Guarded by this. */
    private int weight;

    private @Nullable Throwable failure;

    /** @param weightMax of work that waits: handing in more waits */
    BackgroundWriter(String name, int weightMax) {
        this(weightMax, work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        });
    }

    BackgroundWriter(int weightMax, ThreadFactory threads) {
        this.weightMax = weightMax;
        thread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Whether all that was handed in is done. */
    synchronized boolean isIdle() {
        rethrow();
        return weight == 0;
    }

    /** @param workWeight more than {@code weightMax} goes when nothing else waits */
    void run(int workWeight, Runnable work) {
        synchronized (this) {
            rethrow();
            awaitWeight(Math.max(0, weightMax - workWeight));
            rethrow();
            weight += workWeight;
        }
        try {
            thread.execute(() -> done(workWeight, work));
        } catch (RuntimeException | Error e) {
            ended(workWeight, e); // Nobody would ever do it: who waits for it must not.
            throw e;
        }
    }

    private void done(int workWeight, Runnable work) {
        Throwable failed = null;
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            failed = e;
        }
        ended(workWeight, failed);
    }

    private synchronized void ended(int workWeight, @Nullable Throwable failed) {
        weight -= workWeight;
        if (failure == null) {
            failure = failed;
        }
        notifyAll();
    }

    /** Returns when all that was handed in so far is done, or throws what failed; more may come meanwhile. */
    void settle() {
        var reached = new CompletableFuture<Void>();
        thread.execute(() -> reached.complete(null));
        reached.join();
        rethrow();
    }

    /** Returns when all is done, and ends the thread; false when something has failed. */
    synchronized boolean close() {
        awaitWeight(0);
        thread.shutdown();
        return failure == null;
    }

    private synchronized void awaitWeight(int most) {
        boolean interrupted = false;
        while (weight > most) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // The maps must be whole, whoever is in a hurry.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void rethrow() {
        Throwable failed = failure;
        if (failed instanceof RuntimeException e) {
            throw e;
        }
        if (failed instanceof Error e) {
            throw e;
        }
    }
}
