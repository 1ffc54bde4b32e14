package dev.pando.rar;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waiting for what happens elsewhere. */
final class Await {

    private static final long BETWEEN_NANOS = 100_000_000;

    private Await() {}

    /** Looks until {@code condition} holds; an AssertionError that tells what was seen last when it does not. */
    static <T> T until(Duration limit, String what, Callable<T> look, Predicate<? super T> condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            T seen = look.call();
            if (condition.test(seen)) {
                return seen;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit + ": " + what + "; last seen: " + seen);
            }
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }
}
