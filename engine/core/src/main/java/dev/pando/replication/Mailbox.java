package dev.pando.replication;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs tasks one at a time, in order, on the threads of another executor. Thread-safe. */
final class Mailbox implements Executor {

    private static final System.Logger LOG = System.getLogger(Mailbox.class.getName());

    private final Executor executor;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    Mailbox(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            /* The engine is closed: what these tasks would do has no effect any more. */
            synchronized (tasks) {
                tasks.clear();
                running = false;
            }
            LOG.log(System.Logger.Level.DEBUG, "a task came after the engine was closed");
        }
    }

    /* All that waits is run in one go: the tasks are short, and there are as many as messages in a window. */
    private void run() {
        while (true) {
            Runnable task;
            synchronized (tasks) {
                task = tasks.poll();
                if (task == null) {
                    running = false;
                    return;
                }
            }
            try {
                task.run();
            } catch (RejectedExecutionException e) {
                /* It wanted a timer of an engine that was closed in this moment. */
                LOG.log(System.Logger.Level.DEBUG, "a task ran while the engine was closed", e);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "replication task failed", e);
            }
        }
    }
}
