package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.PandoException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Real threads, named {@code pando-…}; none is left when {@link #close()} returns. */
final class SystemThreads implements Environment.Threads {

    /** Tasks waiting for a worker. When reached, whoever hands in another one runs it: that slows the source down. */
    static final int WORKER_QUEUE_MAX = 65_536;

    /** How long close waits for running tasks before it interrupts them. */
    private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(SystemThreads.class.getName());

    /** How often a wait looks whether the threads have ended, after which nobody is left to end it. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final ThreadPoolExecutor writer;
    private final ThreadPoolExecutor workers;
    private final ScheduledThreadPoolExecutor timer;
    private volatile boolean ended;

    SystemThreads(String name) {
        writer = pool("pando-" + name + "-writer", 1, new LinkedBlockingQueue<>());
        int workerCount = Math.max(2, Runtime.getRuntime().availableProcessors());
        workers = pool("pando-" + name + "-worker", workerCount, new LinkedBlockingQueue<>(WORKER_QUEUE_MAX));
        workers.setRejectedExecutionHandler((task, pool) -> {
            if (pool.isShutdown()) {
                throw new RejectedExecutionException("the engine is closed");
            }
            task.run();
        });
        timer = new ScheduledThreadPoolExecutor(1, factory("pando-" + name + "-timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static ThreadPoolExecutor pool(String name, int threads, LinkedBlockingQueue<Runnable> queue) {
        return new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, queue, factory(name)) {
            @Override
            protected void afterExecute(Runnable task, Throwable failure) {
                if (failure != null) {
                    LOG.log(System.Logger.Level.ERROR, "a task of " + name + " failed", failure);
                }
            }
        };
    }

    private static ThreadFactory factory(String name) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(null, task, name + "-" + count.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            /* Not that of whoever happened to come first: in a server it would pin an application. */
            thread.setContextClassLoader(SystemThreads.class.getClassLoader());
            return thread;
        };
    }

    @Override
    public Executor writer() {
        return writer;
    }

    @Override
    public Executor workers() {
        return workers;
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        Future<?> scheduled = timer.schedule(() -> workers.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /**
     * Waits whatever happens: a commit cannot be called back, and every wait here has its own limit.
     *
     * @throws PandoException of kind {@code CLOSED} when the engine's threads end before
     */
    @Override
    public <T> T await(CompletableFuture<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (ended && !future.isDone()) {
                        throw new PandoException(PandoException.Kind.CLOSED, "the engine was closed meanwhile");
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unwrapped(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException failure) {
        Throwable inner = failure;
        while ((inner instanceof ExecutionException || inner instanceof CompletionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        if (inner instanceof PandoException known) {
            /* A new one, so that the trace shows the caller; the old one shows where it came from. */
            return new PandoException(known.kind(), String.valueOf(known.getMessage()), known);
        }
        return new PandoException(PandoException.Kind.INTERNAL, "unexpected failure: " + inner, inner);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        end(workers);
        end(writer);
        end(timer);
        ended = true;
    }

    private static void end(ThreadPoolExecutor pool) {
        pool.shutdown();
        boolean interrupted = false;
        try {
            if (!pool.awaitTermination(CLOSE_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            pool.shutdownNow();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
