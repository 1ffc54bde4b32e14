package dev.pando.store;

import dev.pando.ipld.Block;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks a log on another thread, some transactions ahead of who replays them: hashing keeps one processor
 * busy, merging another. On a disk in memory it reads where it is asked.
 */
final class ReplayQueue implements AutoCloseable {

    /** What was read and checked, and what was prepared of each block. */
    record Read(LogEnd end, long durable, List<Block> blocks, List<@Nullable Object> prepared) {}

    /** Reads a transaction, and indexes its blocks. Null at the end, or at damage. */
    interface Source {
        @Nullable
        Read next() throws IOException;
    }

    /** Transactions read ahead; the reader waits when there are so many. */
    private static final int AHEAD_MAX = 32;

    /** Of blocks read ahead, in KiB; a larger transaction is read ahead alone. */
    private static final int AHEAD_KIB_MAX = 32 << 10;

    private static final long POLL_MILLIS = 200;

    private record Item(@Nullable Read read, @Nullable Throwable failure) {
        int kib() {
            if (read == null) {
                return 0;
            }
            long bytes = read.blocks.stream()
                    .mapToLong(block -> block.bytes().length)
                    .sum();
            return (int) Math.min(AHEAD_KIB_MAX, bytes >> 10);
        }
    }

    private final Source source;
    private final ArrayBlockingQueue<Item> queue = new ArrayBlockingQueue<>(AHEAD_MAX);
    private final Semaphore room = new Semaphore(AHEAD_KIB_MAX);
    private final @Nullable Thread thread;
    private volatile boolean closed;

    ReplayQueue(Source source, boolean ahead) {
        this.source = source;
        this.thread = ahead ? new Thread(this::readAll, "pando-recovery-reader") : null;
        Thread reader = thread;
        if (reader != null) {
            reader.setDaemon(true);
            reader.start();
        }
    }

    private void readAll() {
        Item item;
        do {
            try {
                item = new Item(source.next(), null);
            } catch (IOException | RuntimeException | Error e) {
                item = new Item(null, e);
            }
        } while (hand(item) && item.read != null);
    }

    private boolean hand(Item item) {
        try {
            while (!closed && !room.tryAcquire(item.kib(), POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                continue;
            }
            while (!closed) {
                if (queue.offer(item, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** The next transaction; null at the end, or at damage. */
    @Nullable
    Read next() throws IOException {
        if (thread == null) {
            return source.next();
        }
        Item item = take();
        if (item.failure instanceof IOException e) {
            throw e;
        }
        if (item.failure instanceof RuntimeException e) {
            throw e;
        }
        if (item.failure instanceof Error e) {
            throw e;
        }
        return item.read;
    }

    private Item take() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Item item = queue.take();
                    room.release(item.kib());
                    return item;
                } catch (InterruptedException e) {
                    interrupted = true; // An interrupt does not end a recovery half-way.
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the reading: the files may be closed when this returns. */
    @Override
    public void close() {
        closed = true;
        Thread reader = thread;
        boolean interrupted = false;
        while (reader != null && reader.isAlive()) {
            queue.clear();
            try {
                reader.join(POLL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
