package dev.pando.libp2p.host;

import static dev.pando.libp2p.HostException.Kind.LIMIT;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.Scheduler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Lets a number of dials run at once; the others wait their turn. Runs on the host's scheduler. */
final class DialQueue {
    /** Further ones fail with LIMIT. */
    static final int WAITING_MAX = 1_024;

    private final int parallelMax;
    private final Scheduler scheduler;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    DialQueue(int parallelMax, Scheduler scheduler) {
        this.parallelMax = parallelMax;
        this.scheduler = scheduler;
    }

    <T> CompletableFuture<T> submit(Supplier<CompletableFuture<T>> dial) {
        var result = new CompletableFuture<T>();
        if (waiting.size() == WAITING_MAX) {
            result.completeExceptionally(new HostException(LIMIT, WAITING_MAX + " dials are waiting already"));
            return result;
        }
        waiting.add(() -> dial.get().whenComplete((connection, why) -> {
            if (why != null) {
                result.completeExceptionally(why);
            } else {
                result.complete(connection);
            }
            scheduler.execute(() -> {
                running--;
                runWaiting();
            });
        }));
        runWaiting();
        return result;
    }

    private void runWaiting() {
        while (running < parallelMax && !waiting.isEmpty()) {
            running++;
            waiting.remove().run();
        }
    }
}
