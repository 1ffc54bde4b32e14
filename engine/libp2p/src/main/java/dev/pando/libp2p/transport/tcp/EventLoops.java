package dev.pando.libp2p.transport.tcp;

import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.noise.NoiseChannel;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The threads of a host, and what belongs to each of them. Single loops and no Netty group: the termination of a group
 * is told to its listeners on Netty's global executor, a thread that would outlive the host.
 */
public final class EventLoops implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** One thread, with the buffers that its connections take turns in using. */
    static final class Loop implements Scheduler {
        final EventLoop netty;
        final byte[] plain = new byte[NoiseChannel.PLAIN_BYTES_MAX];
        final byte[] sealed = new byte[NoiseChannel.PLAIN_BYTES_MAX + NoiseChannel.FRAME_OVERHEAD];

        Loop(EventLoop netty) {
            this.netty = netty;
        }

        @Override
        public void execute(Runnable task) {
            netty.execute(task);
        }

        @Override
        public Runnable schedule(Duration delay, Runnable task) {
            var scheduled = netty.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }
    }

    private final List<Loop> loops;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final ByteBufAllocator allocator;
    private final AtomicInteger next = new AtomicInteger();

    /** @param threadPrefix the threads are called this, then {@code pando-net-} and a number */
    public EventLoops(String threadPrefix, int count) {
        /* Chunks of 1 MiB, so that a small host stays small. */
        allocator = new PooledByteBufAllocator(false, count, count, 8_192, 7);
        loops = IntStream.range(0, count)
                .mapToObj(i -> new Loop(new SingleThreadIoEventLoop(
                        null, new Threads(threadPrefix + "pando-net-" + i), NioIoHandler.newFactory())))
                .toList();
    }

    private final class Threads extends DefaultThreadFactory {
        private final String name;

        Threads(String name) {
            super(name, true);
            this.name = name;
        }

        @Override
        protected Thread newThread(Runnable task, String numberedName) {
            var thread = super.newThread(task, name);
            threads.add(thread);
            return thread;
        }
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    /** The loop that the host's own state lives on. */
    public Scheduler first() {
        return loops.get(0);
    }

    Loop next() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    List<Loop> all() {
        return loops;
    }

    /** Ends the threads, and waits for it unless called from one of them. */
    @Override
    public void close() {
        for (var loop : loops) {
            loop.netty.shutdownGracefully(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
        boolean ours = loops.stream().anyMatch(loop -> loop.netty.inEventLoop());
        for (int i = 0; i < threads.size() && !ours; i++) {
            try {
                threads.get(i).join(CLOSE_TIMEOUT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
