package dev.pando.engine;

import dev.pando.Environment;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One after the other, first come first served, for work that waits for the writer in between. No monitor: who has the
 * turn may wait for as long as it likes, and in a simulation others' events happen meanwhile. Not reentrant.
 */
final class Turn {

    private final Environment.Threads threads;

    /** Completes when the last one who asked is through. */
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    Turn(Environment.Threads threads) {
        this.threads = threads;
    }

    <T> T take(Supplier<T> work) {
        var mine = new CompletableFuture<Void>();
        CompletableFuture<Void> before;
        synchronized (this) {
            before = last;
            last = mine;
        }
        try {
            threads.await(before);
            return work.get();
        } finally {
            /* One who gives up waiting must not let the next one in before its time. */
            before.whenComplete((nothing, failure) -> mine.complete(null));
        }
    }

    void take(Runnable work) {
        take(() -> {
            work.run();
            return true;
        });
    }
}
