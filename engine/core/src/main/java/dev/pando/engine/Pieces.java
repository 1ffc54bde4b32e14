package dev.pando.engine;

import dev.pando.Environment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work of which any thread may do a part, in any order: its owner does it, and a worker helps when one is free. The owner
 * never waits for a worker that has not begun, so a full pool, or a simulation's only thread, delays nothing.
 */
final class Pieces {

    /** With fewer elements waking a worker costs more than it saves. */
    static final int HELPED_MIN = 256;

    private static final int PIECE = 64;

    /** Does what is to be done with the elements from {@code from} to {@code to}, exclusive. */
    @FunctionalInterface
    interface Work {
        void run(int from, int to);
    }

    /** What the helper does, if it begins in time. */
    private final Runnable help;

    /** Set by the helper when it begins, or by the owner when nothing is left to help with. */
    private final AtomicBoolean decided = new AtomicBoolean();

    private final CompletableFuture<Void> helped = new CompletableFuture<>();

    private Pieces(Runnable help) {
        this.help = help;
    }

    /** Returns when all is done; throws what a piece threw. */
    static void run(Environment.Threads threads, int count, Work work) {
        if (count < HELPED_MIN) {
            work.run(0, count);
            return;
        }
        var next = new AtomicInteger();
        Runnable take = () -> {
            for (int from = next.getAndAdd(PIECE); from < count; from = next.getAndAdd(PIECE)) {
                work.run(from, Math.min(count, from + PIECE));
            }
        };
        new Pieces(take).run(threads, take);
    }

    /** Does both, {@code other} beside {@code own} or after it; throws what one of them threw. */
    static void both(Environment.Threads threads, Runnable other, Runnable own) {
        var pieces = new Pieces(other);
        if (!pieces.run(threads, own)) {
            other.run();
        }
    }

    /** Returns when {@code own} is done, and what the helper began; whether it began. */
    private boolean run(Environment.Threads threads, Runnable own) {
        boolean alone = false;
        try {
            threads.workers().execute(this::help);
        } catch (RejectedExecutionException e) {
            alone = true; // The engine is being closed: what is under way goes on.
        }
        boolean begun;
        try {
            own.run();
        } finally {
            begun = !alone && !decided.compareAndSet(false, true);
            if (begun) {
                threads.await(helped);
            }
        }
        return begun;
    }

    private void help() {
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        try {
            help.run();
            helped.complete(null);
        } catch (RuntimeException | Error e) {
            helped.completeExceptionally(e);
        }
    }
}
