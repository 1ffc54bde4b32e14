package dev.pando.simulation;

import static dev.pando.libp2p.HostException.Kind.CLOSED;
import static dev.pando.libp2p.HostException.Kind.LIMIT;
import static dev.pando.libp2p.HostException.Kind.RESET;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One end of a stream. Bytes are cut into segments at random; a window holds the writer back to the pace of the reader,
 * as Yamux does.
 */
final class SimStream implements Stream {

    /** Bytes that may be under way or unread. */
    private static final int WINDOW_BYTES = 256 << 10;

    private static final int SEGMENT_BYTES_MAX = 64 << 10;
    private static final int SEND_BUFFER_MAX = HostLimits.DEFAULT.sendBufferMax();
    private static final int SEND_BUFFER_FLOOD = 32 * SEND_BUFFER_MAX;

    private final SimConnection.End end;
    private final String protocol;
    private final boolean inbound;
    private final SplittableRandom random;
    private @Nullable SimStream remote;

    private final Deque<ByteBuffer> received = new ArrayDeque<>();
    private @Nullable CompletableFuture<@Nullable ByteBuffer> reading;
    private boolean remoteClosed;
    private boolean dropping;

    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private final Deque<CompletableFuture<Void>> writers = new ArrayDeque<>();
    private final CompletableFuture<Void> writeClosed = new CompletableFuture<>();
    private long unsentBytes;
    private long window = WINDOW_BYTES;
    private boolean closing;

    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private @Nullable HostException failure;

    private SimStream(SimConnection.End end, String protocol, boolean inbound) {
        this.end = end;
        this.protocol = protocol;
        this.inbound = inbound;
        this.random = end.network().random();
    }

    /** The end at the dialled host, and with it, in {@link #remote}, the one at the host that opened it. */
    static SimStream accepted(SimConnection.End acceptor, String protocol) {
        var accepted = new SimStream(acceptor, protocol, true);
        var opened = new SimStream(acceptor.other(), protocol, false);
        accepted.remote = opened;
        opened.remote = accepted;
        acceptor.streams.add(accepted);
        return accepted;
    }

    SimStream remote() {
        if (remote == null) {
            throw new IllegalStateException("a stream has two ends");
        }
        return remote;
    }

    @Override
    public PeerId peer() {
        return end.other().host.peerId();
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public boolean inbound() {
        return inbound;
    }

    // Reading

    @Override
    public CompletableFuture<@Nullable ByteBuffer> read() {
        if (reading != null) {
            throw new IllegalStateException("a read of this stream is outstanding");
        }
        var result = new CompletableFuture<@Nullable ByteBuffer>();
        ByteBuffer next = received.poll();
        if (next != null) {
            consumed(next.remaining());
            result.complete(next);
        } else if (failure != null) {
            result.completeExceptionally(failure);
        } else if (remoteClosed || dropping) {
            result.complete(null);
        } else {
            reading = result;
        }
        return result;
    }

    private void consumed(int bytes) {
        end.send(0, () -> remote().windowGrows(bytes));
    }

    private void arrived(ByteBuffer segment) {
        end.network().delivered(segment.remaining(), segment.hashCode());
        if (failure != null) {
            return;
        }
        var waiting = reading;
        if (dropping) {
            consumed(segment.remaining());
        } else if (waiting != null) {
            reading = null;
            consumed(segment.remaining());
            waiting.complete(segment);
        } else {
            received.add(segment);
        }
    }

    private void remoteClosed() {
        remoteClosed = true;
        var waiting = reading;
        reading = null;
        if (waiting != null) {
            waiting.complete(null);
        }
        checkClosed();
    }

    // Writing

    @Override
    public CompletableFuture<Void> write(ByteBuffer data) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (closing) {
            return CompletableFuture.failedFuture(
                    new HostException(CLOSED, "the write side of " + protocol + " to " + peer() + " is closed"));
        }
        end.network().written(end, protocol, data);
        unsentBytes += data.remaining();
        unsent.add(data);
        pump();
        if (unsentBytes > SEND_BUFFER_FLOOD) {
            var flood = new HostException(LIMIT, unsentBytes + " bytes wait to be sent to " + peer());
            tellReset();
            failed(flood);
            return CompletableFuture.failedFuture(flood);
        }
        if (unsentBytes <= SEND_BUFFER_MAX) {
            return CompletableFuture.completedFuture(null);
        }
        var done = new CompletableFuture<Void>();
        writers.add(done);
        return done;
    }

    private void windowGrows(int bytes) {
        window += bytes;
        pump();
    }

    private void pump() {
        while (window > 0 && !unsent.isEmpty() && failure == null) {
            ByteBuffer head = unsent.element();
            int n = (int) Math.min(Math.min(window, SEGMENT_BYTES_MAX), head.remaining());
            if (n > 1 && random.nextInt(8) == 0) {
                n = 1 + random.nextInt(n);
            }
            byte[] segment = new byte[n];
            head.get(segment);
            if (!head.hasRemaining()) {
                unsent.remove();
            }
            window -= n;
            unsentBytes -= n;
            if (n > 0) {
                end.send(n, () -> remote().arrived(ByteBuffer.wrap(segment)));
            }
        }
        while (unsentBytes <= SEND_BUFFER_MAX && !writers.isEmpty()) {
            writers.remove().complete(null);
        }
        if (closing && unsent.isEmpty() && !writeClosed.isDone()) {
            end.send(0, () -> remote().remoteClosed());
            writeClosed.complete(null);
            checkClosed();
        }
    }

    @Override
    public CompletableFuture<Void> closeWrite() {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        closing = true;
        pump();
        return writeClosed;
    }

    // The end

    @Override
    public void close() {
        if (failure != null) {
            return;
        }
        dropping = true;
        while (!received.isEmpty()) {
            consumed(received.remove().remaining());
        }
        closing = true;
        pump();
        var waiting = reading;
        reading = null;
        if (waiting != null) {
            waiting.complete(null);
        }
        checkClosed();
    }

    private void checkClosed() {
        if (writeClosed.isDone() && (remoteClosed || dropping)) {
            end.streams.remove(this);
            closed.complete(null);
        }
    }

    @Override
    public void reset() {
        if (failure == null && !closed.isDone()) {
            tellReset();
            failed(new HostException(RESET, "stream " + protocol + " to " + peer() + " was reset here"));
        }
    }

    private void tellReset() {
        end.send(
                0,
                () -> remote().failed(
                                new HostException(RESET, "stream " + protocol + " was reset by " + end.host.peerId())));
    }

    /** Fails all that is outstanding. */
    void failed(HostException reason) {
        if (failure != null) {
            return;
        }
        failure = reason;
        end.streams.remove(this);
        received.clear();
        unsent.clear();
        var waiting = reading;
        reading = null;
        if (waiting != null) {
            waiting.completeExceptionally(reason);
        }
        while (!writers.isEmpty()) {
            writers.remove().completeExceptionally(reason);
        }
        writeClosed.completeExceptionally(reason);
        closed.completeExceptionally(reason);
    }

    @Override
    public CompletableFuture<Void> closed() {
        return closed;
    }
}
