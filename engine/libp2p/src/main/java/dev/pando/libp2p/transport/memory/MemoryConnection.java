package dev.pando.libp2p.transport.memory;

import static dev.pando.libp2p.HostException.Kind.CLOSED;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.transport.MuxedConnection;
import dev.pando.libp2p.transport.MuxedStream;
import dev.pando.libp2p.yamux.YamuxLimits;
import dev.pando.libp2p.yamux.YamuxOutput;
import dev.pando.libp2p.yamux.YamuxSession;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One end of a connection. Its state lives on its host's scheduler; what it sends arrives on that of the other. */
final class MemoryConnection implements MuxedConnection, YamuxOutput {
    /** Bytes under way in one direction; beyond them the sender waits. */
    private static final int UNDER_WAY_MAX = 256 << 10;

    private final Scheduler scheduler;
    private final Links links;
    private final PublicKey remoteKey;
    private final Multiaddr remoteAddress;
    private final boolean inbound;
    private final Duration latency;
    private final YamuxSession session;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private final Deque<byte[]> beforeStart = new ArrayDeque<>();
    private @Nullable MemoryConnection other;
    private int underWay;
    private boolean started;
    private boolean flushScheduled;
    private volatile boolean usable = true;

    MemoryConnection(
            Scheduler scheduler,
            Links links,
            YamuxLimits limits,
            PublicKey remoteKey,
            Multiaddr remoteAddress,
            boolean inbound,
            Duration latency) {
        this.scheduler = scheduler;
        this.links = links;
        this.remoteKey = remoteKey;
        this.remoteAddress = remoteAddress;
        this.inbound = inbound;
        this.latency = latency;
        this.session = new YamuxSession(!inbound, limits, this, remoteAddress.toString());
    }

    /** To be called on both ends before either is used. */
    void join(MemoryConnection other) {
        this.other = other;
    }

    private MemoryConnection other() {
        if (other == null) {
            throw new IllegalStateException("an end on its own");
        }
        return other;
    }

    // ---- MuxedConnection

    @Override
    public PublicKey remoteKey() {
        return remoteKey;
    }

    @Override
    public Multiaddr remoteAddress() {
        return remoteAddress;
    }

    @Override
    public boolean inbound() {
        return inbound;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public void start(Consumer<MuxedStream> onStream) {
        submit(() -> {
            started = true;
            session.start(onStream);
            while (!beforeStart.isEmpty()) {
                receive(beforeStart.remove());
            }
        });
    }

    @Override
    public CompletableFuture<MuxedStream> openStream() {
        var result = new CompletableFuture<MuxedStream>();
        boolean taken = submit(() -> session.open().whenComplete((stream, why) -> {
            if (why != null) {
                result.completeExceptionally(why);
            } else {
                result.complete(stream);
            }
        }));
        if (!taken) {
            result.completeExceptionally(new HostException(CLOSED, "the host is closed"));
        }
        return result;
    }

    @Override
    public int streamCount() {
        return session.streamCount();
    }

    @Override
    public void retire() {
        usable = false;
        submit(session::retire);
    }

    @Override
    public boolean isUsable() {
        return usable;
    }

    @Override
    public void close() {
        usable = false;
        submit(session::close);
    }

    @Override
    public CompletableFuture<Void> closed() {
        return closed;
    }

    private boolean submit(Runnable task) {
        try {
            scheduler.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the host's executor is at its end, and the connection with it
        }
    }

    // ---- YamuxOutput

    @Override
    public void execute(Runnable task) {
        scheduler.execute(task);
    }

    @Override
    public void write(ByteBuffer bytes) {
        unsent.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    @Override
    public boolean isWritable() {
        return underWay + unsent.size() < UNDER_WAY_MAX;
    }

    @Override
    public void flush() {
        if (!flushScheduled) {
            flushScheduled = submit(this::flushNow);
        }
    }

    private void flushNow() {
        flushScheduled = false;
        if (unsent.size() > 0 && !closed.isDone()) {
            byte[] bytes = unsent.toByteArray();
            unsent.reset();
            underWay += bytes.length;
            later(other(), () -> other().arrive(bytes));
        }
    }

    private void later(MemoryConnection at, Runnable task) {
        try {
            if (latency.isZero()) {
                at.scheduler.execute(task);
            } else {
                at.scheduler.schedule(latency, task);
            }
        } catch (RejectedExecutionException e) {
            submit(this::lost); // the other host's executor is at its end
        }
    }

    private void arrive(byte[] bytes) {
        if (closed.isDone()) {
            return;
        }
        if (started) {
            receive(bytes);
        } else {
            beforeStart.add(bytes);
        }
    }

    private void receive(byte[] bytes) {
        session.receive(ByteBuffer.wrap(bytes));
        if (!session.isUsable()) {
            usable = false;
        }
        later(other(), () -> other().arrived(bytes.length));
    }

    private void arrived(int bytes) {
        underWay -= bytes;
        if (isWritable()) {
            session.onWritable();
        }
    }

    @Override
    public long nanoTime() {
        return links.nanoTime();
    }

    @Override
    public void end(@Nullable HostException failure) {
        flushNow();
        later(other(), () -> other().lost());
        ended();
    }

    /** The line between the two ends was cut, or the other end is closed. */
    void lost() {
        session.onClosed(new HostException(CLOSED, "the connection to " + remoteAddress + " broke"));
        ended();
    }

    private void ended() {
        usable = false;
        closed.complete(null);
    }

    /** Cuts the line: both ends learn of it at once. */
    void cut() {
        submit(this::lost);
        other().submit(other()::lost);
    }
}
