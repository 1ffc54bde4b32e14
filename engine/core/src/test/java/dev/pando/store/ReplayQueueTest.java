package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ipld.Block;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Transactions that are read ahead at a recovery. */
class ReplayQueueTest {

    private static final LogEnd END = new LogEnd(0, 0, null);

    @Test
    void largeTransactionsAreNotReadFarAhead() throws Exception {
        int transactions = 12;
        List<Block> large = Collections.nCopies(150, Blocks.raw(new Random(1), 1 << 20));
        AtomicInteger read = new AtomicInteger();
        AtomicReference<Thread> reader = new AtomicReference<>();
        try (ReplayQueue queue = new ReplayQueue(
                () -> {
                    reader.set(Thread.currentThread());
                    return read.incrementAndGet() > transactions
                            ? null
                            : new ReplayQueue.Read(END, 0, large, Collections.nCopies(large.size(), null));
                },
                true)) {
            untilItWaits(reader, read);
            /* One waits, and one is in the reader's hands. */
            assertThat(read.get()).isLessThanOrEqualTo(2);
            int taken = 0;
            while (queue.next() != null) {
                taken++;
                assertThat(read.get()).isLessThanOrEqualTo(taken + 2);
            }
            assertThat(taken).isEqualTo(transactions);
        }
    }

    @Test
    void itEndsWhileTheReaderWaitsForRoom() throws Exception {
        List<Block> large = Collections.nCopies(150, Blocks.raw(new Random(1), 1 << 20));
        AtomicInteger read = new AtomicInteger();
        AtomicReference<Thread> reader = new AtomicReference<>();
        try (ReplayQueue queue = new ReplayQueue(
                () -> {
                    reader.set(Thread.currentThread());
                    return new ReplayQueue.Read(
                            END, read.incrementAndGet(), large, Collections.nCopies(large.size(), null));
                },
                true)) {
            assertThat(queue.next()).isNotNull();
            untilItWaits(reader, read);
        }
        assertThat(reader.get().isAlive()).as("it reads no more").isFalse();
    }

    /** Until the reader has read ahead what it may, and waits for room. */
    private static void untilItWaits(AtomicReference<Thread> reader, AtomicInteger read) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (read.get() < 2 || reader.get().getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime()).as("the reader waits").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
