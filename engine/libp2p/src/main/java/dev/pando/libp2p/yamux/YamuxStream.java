package dev.pando.libp2p.yamux;

import static dev.pando.libp2p.HostException.Kind.CLOSED;
import static dev.pando.libp2p.HostException.Kind.LIMIT;
import static dev.pando.libp2p.HostException.Kind.RESET;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.transport.MuxedStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a {@link YamuxSession}. The methods of {@link MuxedStream} may be called from any thread and go to the
 * session's executor; the package-private ones run there already.
 */
final class YamuxStream implements MuxedStream {
    private record Waiting(long upTo, CompletableFuture<Void> done) {}

    private final YamuxSession session;
    private final int id;
    private final boolean outbound;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean reading = new AtomicBoolean();

    private final ReceiveBuffer received = new ReceiveBuffer();
    private @Nullable CompletableFuture<@Nullable ByteBuffer> pendingRead;
    private int window = YamuxLimits.WINDOW_INITIAL;
    private int mayReceive = YamuxLimits.WINDOW_INITIAL;
    private int unannounced;
    private long lastUpdateNanos;
    private boolean remoteEnded;
    private boolean discarding;
    private long discardingSinceNanos;

    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long maySend = YamuxLimits.WINDOW_INITIAL;
    private long queuedBytes;

    /** Bytes written by anybody and not yet sent; runs ahead of {@link #queuedBytes}. */
    private final AtomicLong unsentBytes = new AtomicLong();

    /** False as soon as somebody has closed or reset the stream, or it failed. */
    private volatile boolean writable = true;

    private long sentBytes;
    private @Nullable CompletableFuture<Void> ending;
    private boolean ended;

    /** SYN or ACK, until the first frame took it along. */
    private int openingFlag;

    private boolean acknowledged;
    private boolean queued;
    private @Nullable HostException failure;

    YamuxStream(YamuxSession session, int id, boolean outbound) {
        this.session = session;
        this.id = id;
        this.outbound = outbound;
        this.openingFlag = outbound ? Frame.SYN : Frame.ACK;
        this.lastUpdateNanos = session.output().nanoTime();
    }

    int id() {
        return id;
    }

    boolean isOutbound() {
        return outbound;
    }

    boolean isQueued() {
        return queued;
    }

    void queued(boolean queued) {
        this.queued = queued;
    }

    /** Whether this is the first time. */
    boolean acknowledge() {
        boolean first = !acknowledged;
        acknowledged = true;
        return first;
    }

    // ---- from any thread

    @Override
    public CompletableFuture<@Nullable ByteBuffer> read() {
        if (!reading.compareAndSet(false, true)) {
            throw new IllegalStateException("a read is outstanding already");
        }
        var result = new CompletableFuture<@Nullable ByteBuffer>();
        submit(result, () -> {
            pendingRead = result;
            deliver();
        });
        return result;
    }

    @Override
    public CompletableFuture<Void> write(ByteBuffer data) {
        var result = new CompletableFuture<Void>();
        int bytes = data.remaining();
        boolean room = unsentBytes.addAndGet(bytes) <= session.limits().sendBufferMax();
        if (room && writable && bytes >= YamuxLimits.ANSWERED_AT_ONCE_BYTES_MIN) {
            /* There is room: the writer goes on, and need not wait for the session's thread to say so. */
            submit(result, () -> enqueue(data, new CompletableFuture<>()));
            result.complete(null);
        } else {
            submit(result, () -> enqueue(data, result));
        }
        return result;
    }

    @Override
    public CompletableFuture<Void> closeWrite() {
        writable = false;
        var result = new CompletableFuture<Void>();
        submit(result, () -> endWriting(result));
        return result;
    }

    @Override
    public void reset() {
        writable = false;
        submit(new CompletableFuture<>(), () -> abort(new HostException(RESET, "the stream was reset here")));
    }

    @Override
    public void close() {
        writable = false;
        submit(new CompletableFuture<>(), () -> {
            endWriting(new CompletableFuture<>());
            if (!discarding) {
                discarding = true;
                discardingSinceNanos = session.output().nanoTime();
                received.clear();
                deliver();
            }
        });
    }

    @Override
    public CompletableFuture<Void> closed() {
        return closed;
    }

    private void submit(CompletableFuture<?> result, Runnable task) {
        try {
            session.output().execute(task);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new HostException(CLOSED, "the host is closed", e));
        }
    }

    // ---- writing

    private void enqueue(ByteBuffer data, CompletableFuture<Void> result) {
        if (failure != null || ending != null) {
            result.completeExceptionally(
                    failure != null ? failure : new HostException(CLOSED, "the stream was closed for writing"));
            return;
        }
        if (data.hasRemaining()) {
            unsent.add(data);
            queuedBytes += data.remaining();
        }
        long room = session.limits().sendBufferMax();
        /* One write may be as large as it likes, what counts is how many bytes were written without waiting. */
        if (!waiting.isEmpty() && queuedBytes > room * YamuxLimits.SEND_BUFFERS_UNAWAITED_MAX) {
            var full = new HostException(LIMIT, queuedBytes + " bytes are waiting to be sent to " + session.peer());
            result.completeExceptionally(full);
            abort(full);
            return;
        }
        if (queuedBytes <= room) {
            session.ready(this);
            result.complete(null);
        } else {
            /* Not for each frame that goes out: who waits is woken to fill most of the buffer again, and not too late. */
            waiting.add(new Waiting(sentBytes + queuedBytes - room / 4, result));
            session.ready(this);
            completeWrites();
        }
    }

    private void endWriting(CompletableFuture<Void> result) {
        if (failure != null) {
            result.completeExceptionally(failure);
        } else if (ending != null) {
            ending.whenComplete((done, why) -> {
                if (why != null) {
                    result.completeExceptionally(why);
                } else {
                    result.complete(null);
                }
            });
        } else {
            ending = result;
            session.ready(this);
        }
    }

    /** Sends at most one frame; whether there is more to send now. */
    boolean sendFrame() {
        if (failure != null || ended) {
            return false;
        }
        int n = (int) Math.min(Math.min(queuedBytes, maySend), YamuxLimits.FRAME_BYTES_MAX);
        CompletableFuture<Void> whenEnded = ending;
        /* The end has a frame of its own: js-libp2p loses the data of a frame that carries FIN as well. */
        boolean last = whenEnded != null && queuedBytes == 0;
        if (n == 0 && !last) {
            return false;
        }
        YamuxOutput output = session.output();
        output.write(Frame.header(Frame.DATA, takeOpeningFlag() | (last ? Frame.FIN : 0), id, n));
        for (int left = n; left > 0; ) {
            ByteBuffer head = unsent.element();
            int part = Math.min(left, head.remaining());
            output.write(head.slice(head.position(), part));
            head.position(head.position() + part);
            if (!head.hasRemaining()) {
                unsent.remove();
            }
            left -= part;
        }
        queuedBytes -= n;
        unsentBytes.addAndGet(-n);
        sentBytes += n;
        maySend -= n;
        completeWrites();
        if (last && whenEnded != null) {
            ended = true;
            whenEnded.complete(null);
            closeIfEnded();
        }
        return !ended && (queuedBytes > 0 || ending != null) && (maySend > 0 || queuedBytes == 0);
    }

    private int takeOpeningFlag() {
        int flag = openingFlag;
        openingFlag = 0;
        return flag;
    }

    private void completeWrites() {
        while (!waiting.isEmpty() && waiting.element().upTo() <= sentBytes) {
            waiting.remove().done().complete(null);
        }
    }

    void onWindowUpdate(int delta) throws HostException {
        maySend += Integer.toUnsignedLong(delta);
        if (maySend > 0xffff_ffffL) {
            throw session.violation("a window of more than 4 GiB");
        }
        if (queuedBytes > 0) {
            session.ready(this);
        }
    }

    // ---- reading

    /** The peer is about to send {@code length} bytes. */
    void reserve(int length) throws HostException {
        if (length < 0 || length > mayReceive) {
            throw session.violation("more data than the window of a stream allows");
        }
        if (remoteEnded && length > 0) {
            throw session.violation("data after the end of a stream");
        }
        mayReceive -= length;
    }

    void onData(ByteBuffer bytes, int n) {
        if (discarding || failure != null) {
            bytes.position(bytes.position() + n);
        } else {
            received.append(bytes, n);
            deliver();
        }
    }

    void onFin() {
        remoteEnded = true;
        deliver();
        closeIfEnded();
    }

    private void deliver() {
        CompletableFuture<@Nullable ByteBuffer> read = pendingRead;
        if (read == null) {
            return;
        }
        ByteBuffer bytes = received.poll();
        if (bytes == null && failure == null && !remoteEnded && !discarding) {
            return;
        }
        pendingRead = null;
        reading.set(false);
        if (bytes != null) {
            announce(bytes.remaining());
            read.complete(bytes);
        } else if (failure != null) {
            read.completeExceptionally(failure);
        } else {
            read.complete(null);
        }
    }

    /* Only what was read makes room. The window grows when the peer used up half of it in about a round trip: then the
    window, and not the line, is what holds it back. */
    private void announce(int read) {
        unannounced += read;
        if (unannounced < window / 2 || remoteEnded || failure != null) {
            return;
        }
        long now = session.output().nanoTime();
        int windowMax = session.limits().windowMax();
        if (window < windowMax) {
            long rtt = session.rttNanos();
            if (rtt >= 0 && now - lastUpdateNanos < 4 * rtt) {
                int grown = Math.min(window * 2, windowMax);
                unannounced += grown - window;
                window = grown;
            }
        }
        lastUpdateNanos = now;
        mayReceive += unannounced;
        session.control(Frame.WINDOW_UPDATE, takeOpeningFlag(), id, unannounced);
        session.output().flush();
        unannounced = 0;
    }

    // ---- ends

    private void abort(HostException why) {
        if (failure != null || closed.isDone()) {
            return;
        }
        if (openingFlag != Frame.SYN) {
            session.control(Frame.WINDOW_UPDATE, Frame.RST, id, 0);
            session.output().flush();
        }
        fail(why);
        session.forget(this);
    }

    void onReset() {
        fail(new HostException(RESET, session.peer() + " reset the stream"));
        session.forget(this);
    }

    /** Fails all that is outstanding and all that is still asked for. */
    void fail(HostException why) {
        if (failure != null) {
            return;
        }
        failure = why;
        writable = false;
        unsent.clear();
        queuedBytes = 0;
        received.clear();
        while (!waiting.isEmpty()) {
            waiting.remove().done().completeExceptionally(why);
        }
        if (ending != null) {
            ending.completeExceptionally(why);
        }
        deliver();
        closed.completeExceptionally(why);
    }

    private void closeIfEnded() {
        if (ended && remoteEnded && failure == null) {
            closed.complete(null);
            session.forget(this);
        }
    }

    /** A peer that does not end its side of a stream that was closed here, has it reset. */
    void tick(long nowNanos) {
        if (discarding
                && nowNanos - discardingSinceNanos
                        > session.limits().answerTimeout().toNanos()) {
            abort(new HostException(RESET, session.peer() + " did not end the stream in time"));
        }
    }
}
