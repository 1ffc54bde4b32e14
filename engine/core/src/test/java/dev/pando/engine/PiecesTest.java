package dev.pando.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.PandoException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PiecesTest {

    private static final int COUNT = 10 * Pieces.HELPED_MIN + 7;

    @Test
    void eachElementIsDoneOnceWhoeverDoesIt() {
        var done = new AtomicIntegerArray(COUNT);
        try (var threads = new SystemThreads("pieces")) {
            for (int round = 0; round < 100; round++) {
                Pieces.run(threads, COUNT, (from, to) -> {
                    for (int i = from; i < to; i++) {
                        done.incrementAndGet(i);
                    }
                });
                for (int i = 0; i < COUNT; i++) {
                    assertThat(done.get(i)).isEqualTo(round + 1);
                }
            }
        }
    }

    @Test
    void aPoolWithoutAFreeThreadDelaysNothing() {
        var release = new CountDownLatch(1);
        var done = new AtomicIntegerArray(COUNT);
        try (var threads = new SystemThreads("pieces")) {
            for (int i = 0; i < 64; i++) {
                threads.workers().execute(() -> awaitQuietly(release));
            }
            Pieces.run(threads, COUNT, (from, to) -> done.incrementAndGet(from));
            release.countDown();
        }
        assertThat(done.get(0)).isEqualTo(1);
    }

    @Test
    void bothAreDoneOnceWhetherAWorkerIsFreeOrNot() {
        var release = new CountDownLatch(1);
        var done = new AtomicIntegerArray(2);
        Runnable other = () -> done.incrementAndGet(0);
        Runnable own = () -> done.incrementAndGet(1);
        try (var threads = new SystemThreads("pieces")) {
            for (int i = 0; i < 1_000; i++) {
                Pieces.both(threads, other, own);
            }
            for (int i = 0; i < 64; i++) {
                threads.workers().execute(() -> awaitQuietly(release));
            }
            Pieces.both(threads, other, own);
            release.countDown();
        }
        assertThat(done.get(0)).isEqualTo(1_001);
        assertThat(done.get(1)).isEqualTo(1_001);
    }

    @Test
    void whatTheOtherThrowsReachesTheOwner() {
        try (var threads = new SystemThreads("pieces")) {
            assertThatThrownBy(() -> Pieces.both(
                            threads,
                            () -> {
                                throw new PandoException(PandoException.Kind.IO_ERROR, "no");
                            },
                            () -> {}))
                    .isInstanceOf(PandoException.class)
                    .hasMessage("no");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatAPieceThrowsReachesTheOwner() {
        try (var threads = new SystemThreads("pieces")) {
            assertThatThrownBy(() -> Pieces.run(threads, COUNT, (from, to) -> {
                        throw new PandoException(PandoException.Kind.LIMIT_EXCEEDED, "too much");
                    }))
                    .isInstanceOf(PandoException.class)
                    .hasMessage("too much");
        }
    }
}
