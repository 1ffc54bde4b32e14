package dev.pando.simulation;

import dev.pando.Environment;
import dev.pando.PandoException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The threads of a simulated node: none. Tasks become events; a wait runs the events of the whole simulation until its
 * future is complete.
 */
final class SimThreads implements Environment.Threads {

    /** A task of the writer takes up to this long. */
    private static final long WRITER_TASK_NANOS_MAX = 200_000;

    /** A task waits for a free worker, and runs, up to this long: tasks overtake each other. */
    private static final long WORKER_TASK_NANOS_MAX = 500_000;

    private final Simulation simulation;
    private final SimLife life;
    private final SplittableRandom random;
    private final SerialExecutor writer;
    private int workerTasks;
    private boolean closing;
    private boolean closed;

    SimThreads(Simulation simulation, SimLife life, SplittableRandom random) {
        this.simulation = simulation;
        this.life = life;
        this.random = random;
        this.writer = new SerialExecutor(simulation, life, random.split(), "writer", WRITER_TASK_NANOS_MAX);
    }

    @Override
    public Executor writer() {
        return task -> {
            if (closed) {
                throw new RejectedExecutionException("the engine is closed");
            }
            writer.execute(task);
        };
    }

    @Override
    public Executor workers() {
        return task -> {
            if (closing) {
                throw new RejectedExecutionException("the engine is closed");
            }
            workerTasks++;
            simulation.schedule(1 + random.nextLong(WORKER_TASK_NANOS_MAX), life, "worker", () -> {
                try {
                    task.run();
                } finally {
                    workerTasks--;
                }
            });
        };
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        if (closing) {
            throw new RejectedExecutionException("the engine is closed");
        }
        SimEvent event = simulation.schedule(delay.toNanos(), life, "timer", () -> {
            if (!closing) {
                workers().execute(task);
            }
        });
        return event::cancel;
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        simulation.await(life, future::isDone);
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a complete future does not wait", e);
        }
    }

    private static RuntimeException unwrapped(ExecutionException failure) {
        Throwable inner = failure;
        while ((inner instanceof ExecutionException || inner instanceof CompletionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        if (inner instanceof Error error) {
            throw error;
        }
        return inner instanceof RuntimeException known
                ? known
                : new PandoException(PandoException.Kind.INTERNAL, "unexpected failure: " + inner, inner);
    }

    /** Lets running tasks finish, as real threads do; timers do not fire any more. */
    @Override
    public void close() {
        if (!closing) {
            closing = true;
            simulation.await(life, () -> workerTasks == 0);
            closed = true;
            simulation.await(life, writer::isIdle);
        }
    }
}
