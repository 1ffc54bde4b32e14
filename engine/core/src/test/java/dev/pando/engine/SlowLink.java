package dev.pando.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/**
 * A bad link between two processes on loopback: each direction is late and narrow, stands still now and then, and
 * connections are reset. What stands still or breaks is told by how many bytes went through all in all, so that a test
 * repeats.
 */
final class SlowLink implements AutoCloseable {

    /**
     * @param delay of each direction
     * @param bytesPerSecond of each direction
     * @param stall how long both directions stand still
     * @param stallAfterBytes between two stalls
     * @param resetAfterBytes between two resets
     */
    record Quality(Duration delay, int bytesPerSecond, Duration stall, long stallAfterBytes, long resetAfterBytes) {}

    /** What travels at once, as in a packet. */
    private static final int PACKET_BYTES = 1_400;

    /** Of what waits at the near end of the link; more stays with its sender. */
    private static final int BUFFERED_BYTES = 32 << 10;

    private final Quality quality;
    private final int target;
    private final ServerSocket server;
    private final List<Socket> open = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong passed = new AtomicLong();
    private final AtomicInteger stalls = new AtomicInteger();
    private final AtomicInteger resets = new AtomicInteger();
    private volatile long standsUntil;
    private volatile boolean closed;

    private record Packet(long arrivesAt, byte[] bytes) {}

    SlowLink(Quality quality, int target) throws IOException {
        this.quality = quality;
        this.target = target;
        this.server = new ServerSocket();
        server.setReceiveBufferSize(BUFFERED_BYTES);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start("accept", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    long bytesPassed() {
        return passed.get();
    }

    int stalls() {
        return stalls.get();
    }

    int resets() {
        return resets.get();
    }

    private synchronized void start(String what, Runnable body) {
        var thread = new Thread(body, "slow link " + what);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket near = server.accept();
                var far = new Socket();
                far.setSendBufferSize(BUFFERED_BYTES);
                far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                synchronized (this) {
                    open.add(near);
                    open.add(far);
                }
                carry(near, far);
                carry(far, near);
            } catch (IOException e) {
                if (!closed) {
                    continue; // whoever is to be reached is down
                }
            }
        }
    }

    private void carry(Socket from, Socket to) {
        BlockingQueue<Packet> line = new ArrayBlockingQueue<>(
                (int) (BUFFERED_BYTES + quality.bytesPerSecond * quality.delay.toMillis() / 1_000) / PACKET_BYTES + 1);
        start("in", () -> take(from, line));
        start("out", () -> deliver(line, from, to));
    }

    private void take(Socket from, BlockingQueue<Packet> line) {
        long free = System.nanoTime();
        byte[] buffer = new byte[PACKET_BYTES];
        try {
            int n;
            do {
                n = from.getInputStream().read(buffer);
                long now = System.nanoTime();
                free = Math.max(free, now) + Math.max(n, 0) * 1_000_000_000L / quality.bytesPerSecond;
                line.put(new Packet(free + quality.delay.toNanos(), Arrays.copyOf(buffer, Math.max(n, 0))));
            } while (n > 0);
        } catch (IOException e) {
            offerEnd(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void offerEnd(BlockingQueue<Packet> line) {
        try {
            line.put(new Packet(System.nanoTime(), new byte[0]));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(BlockingQueue<Packet> line, Socket from, Socket to) {
        try {
            while (true) {
                Packet packet = line.take();
                waitUntil(packet.arrivesAt());
                waitUntil(standsUntil);
                if (packet.bytes().length == 0) {
                    to.shutdownOutput();
                    return;
                }
                to.getOutputStream().write(packet.bytes());
                passed(packet.bytes().length);
            }
        } catch (IOException e) {
            reset(from);
            reset(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitUntil(long nanos) throws InterruptedException {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void passed(int bytes) {
        long before = passed.getAndAdd(bytes);
        LongPredicate reaches = every -> before / every != (before + bytes) / every;
        if (reaches.test(quality.stallAfterBytes)) {
            standsUntil = System.nanoTime() + quality.stall.toNanos();
            stalls.incrementAndGet();
        }
        if (reaches.test(quality.resetAfterBytes)) {
            resets.incrementAndGet();
            resetAll();
        }
    }

    private synchronized void resetAll() {
        open.forEach(SlowLink::reset);
        open.clear();
    }

    private static synchronized void reset(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        resetAll();
        synchronized (this) {
            threads.forEach(Thread::interrupt);
        }
    }
}
