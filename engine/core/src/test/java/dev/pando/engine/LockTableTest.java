package dev.pando.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.PandoException;
import dev.pando.engine.LockTable.Owner;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LockTableTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final SystemThreads threads = new SystemThreads("locks");
    private final LockTable locks = new LockTable(threads);
    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        others.shutdownNow();
        threads.close();
    }

    @Test
    void aFreeLockIsTakenOnceAndGivenBack() {
        var a = new Owner("a");
        locks.acquire(a, "x", LONG);
        locks.acquire(a, "x", LONG);
        assertThat(a.count()).isEqualTo(1);
        locks.releaseAll(a);
        assertThat(locks.list()).isEmpty();
    }

    @Test
    void theNextInTheQueueGetsIt() throws Exception {
        var a = new Owner("a");
        var b = new Owner("b");
        locks.acquire(a, "x", LONG);
        CompletableFuture<Void> second = acquire(b, "x", LONG);
        awaitWaiting(1);
        assertThat(second).isNotDone();
        locks.releaseAll(a);
        second.get(60, TimeUnit.SECONDS);
        assertThat(locks.list())
                .singleElement()
                .satisfies(l -> assertThat(l.owner()).isEqualTo("b"));
    }

    @Test
    void aWaitEndsAtItsTimeout() {
        var a = new Owner("a");
        var b = new Owner("b");
        locks.acquire(a, "x", LONG);
        assertThatThrownBy(() -> locks.acquire(b, "x", Duration.ofMillis(20)))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.LOCK_TIMEOUT));
        locks.releaseAll(a);
        locks.acquire(b, "x", LONG);
        assertThat(b.count()).isEqualTo(1);
    }

    @Test
    void whoWouldCloseACycleGivesWay() throws Exception {
        var a = new Owner("a");
        var b = new Owner("b");
        var c = new Owner("c");
        locks.acquire(a, "x", LONG);
        locks.acquire(b, "y", LONG);
        locks.acquire(c, "z", LONG);
        CompletableFuture<Void> first = acquire(a, "y", LONG);
        awaitWaiting(1);
        CompletableFuture<Void> second = acquire(b, "z", LONG);
        awaitWaiting(2);
        assertThatThrownBy(() -> locks.acquire(c, "x", LONG))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.DEADLOCK));
        locks.releaseAll(c);
        second.get(60, TimeUnit.SECONDS);
        locks.releaseAll(b);
        first.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aCancelledWaitEnds() throws Exception {
        var a = new Owner("a");
        var b = new Owner("b");
        locks.acquire(a, "x", LONG);
        CompletableFuture<Void> second = acquire(b, "x", LONG);
        awaitWaiting(1);
        locks.cancelWait(b);
        assertThatThrownBy(() -> second.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.CANCELLED));
    }

    @Test
    void manyWritersOfFewRowsNeverHoldOneTwice() throws Exception {
        int[] counters = new int[4];
        var all = new CompletableFuture<?>[8];
        for (int t = 0; t < all.length; t++) {
            int seed = t;
            all[t] = CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 2_000; i++) {
                            var owner = new Owner("w" + seed);
                            int row = (seed + i) % counters.length;
                            locks.acquire(owner, row, LONG);
                            counters[row]++;
                            locks.releaseAll(owner);
                        }
                    },
                    others);
        }
        CompletableFuture.allOf(all).get(100, TimeUnit.SECONDS);
        assertThat(counters[0] + counters[1] + counters[2] + counters[3]).isEqualTo(16_000);
        assertThat(locks.list()).isEmpty();
    }

    private CompletableFuture<Void> acquire(Owner owner, Object key, Duration timeout) {
        return CompletableFuture.runAsync(() -> locks.acquire(owner, key, timeout), others);
    }

    private void awaitWaiting(int count) {
        while (locks.list().stream().mapToInt(LockTable.LockInfo::waiting).sum() < count) {
            Thread.onSpinWait();
        }
    }
}
