package dev.pando.store;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Other processors for the time of a recovery: pieces of work that may run in any order and at once. The first failure
 * is kept and thrown to the owner. Without threads, for disks in memory, everything runs at once where it is handed in,
 * so a simulation stays on its one thread.
 */
final class Lanes implements AutoCloseable {

    /** More threads than these wait for memory, not for processors. */
    private static final int THREADS_MAX = 3;

    /** Pieces that wait; when there are so many, the owner does the next one itself. */
    private static final int WAITING_MAX = 8;

    private final @Nullable ThreadPoolExecutor threads;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Lanes(@Nullable ThreadPoolExecutor threads) {
        this.threads = threads;
    }

    static Lanes here() {
        return new Lanes(null);
    }

    /** One thread less than there are processors, but at least one: the owner works too. */
    static Lanes threads() {
        int count = Math.max(1, Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors() - 1));
        return new Lanes(new ThreadPoolExecutor(
                count,
                count,
                1,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                work -> {
                    Thread thread = new Thread(work, "pando-recovery");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy()));
    }

    boolean isHere() {
        return threads == null;
    }

    /** Runs {@code work} some time before {@link #finish} returns. */
    void run(Runnable work) {
        rethrow();
        ExecutorService pool = threads;
        if (pool == null) {
            work.run();
        } else {
            pool.execute(() -> guarded(work));
        }
    }

    private void guarded(Runnable work) {
        try {
            if (failure.get() == null) {
                work.run();
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void rethrow() {
        Throwable first = failure.get();
        if (first instanceof RuntimeException e) {
            throw e;
        }
        if (first instanceof Error e) {
            throw e;
        }
    }

    /** Waits until all is done, and throws the first failure. Nothing can be handed in any more. */
    void finish() {
        close();
        rethrow();
    }

    /** Waits until all is done. */
    @Override
    public void close() {
        ThreadPoolExecutor pool = threads;
        if (pool == null) {
            return;
        }
        pool.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (pool.awaitTermination(1, TimeUnit.HOURS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true; // The maps must not be written to when this returns.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
