package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ipld.Block;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Transactions that are read ahead at a recovery. */
class ReplayQueueTest {

    private static final LogEnd END = new LogEnd(0, 0, null);

    @Test
    void largeTransactionsAreNotReadFarAhead() throws Exception {
        int transactions = 12;
        List<Block> large = Collections.nCopies(150, Blocks.raw(new Random(1), 1 << 20));
        AtomicInteger read = new AtomicInteger();
        try (ReplayQueue queue = new ReplayQueue(
                () -> read.incrementAndGet() > transactions
                        ? null
                        : new ReplayQueue.Read(END, 0, large, Collections.nCopies(large.size(), null)),
                true)) {
            Thread.sleep(300);
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
        try (ReplayQueue queue = new ReplayQueue(
                () -> new ReplayQueue.Read(END, read.incrementAndGet(), large, Collections.nCopies(large.size(), null)),
                true)) {
            assertThat(queue.next()).isNotNull();
        }
        int now = read.get();
        Thread.sleep(300);
        assertThat(read.get()).isEqualTo(now);
    }
}
