package dev.pando.engine;

import dev.pando.Environment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work on the elements of a list that any thread may do, in any order: its owner does it, and a worker helps when one is
 * free. The owner never waits for a worker that has not begun, so a full pool, or a simulation's only thread, delays
 * nothing.
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

    private final int count;
    private final Work work;
    private final AtomicInteger next = new AtomicInteger();

    /** Set by the helper when it begins, or by the owner when nothing is left to help with. */
    private final AtomicBoolean decided = new AtomicBoolean();

    private final CompletableFuture<Void> helped = new CompletableFuture<>();

    private Pieces(int count, Work work) {
        this.count = count;
        this.work = work;
    }

    /** Returns when all is done; throws what a piece threw. */
    static void run(Environment.Threads threads, int count, Work work) {
        if (count < HELPED_MIN) {
            work.run(0, count);
            return;
        }
        new Pieces(count, work).run(threads);
    }

    private void run(Environment.Threads threads) {
        boolean alone = false;
        try {
            threads.workers().execute(this::help);
        } catch (RejectedExecutionException e) {
            alone = true; // The engine is being closed: what is under way goes on.
        }
        try {
            take();
        } finally {
            if (!alone && !decided.compareAndSet(false, true)) {
                threads.await(helped);
            }
        }
    }

    private void help() {
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        try {
            take();
            helped.complete(null);
        } catch (RuntimeException | Error e) {
            helped.completeExceptionally(e);
        }
    }

    private void take() {
        for (int from = next.getAndAdd(PIECE); from < count; from = next.getAndAdd(PIECE)) {
            work.run(from, Math.min(count, from + PIECE));
        }
    }
}
