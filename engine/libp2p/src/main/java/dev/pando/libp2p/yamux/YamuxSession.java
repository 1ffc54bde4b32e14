package dev.pando.libp2p.yamux;

import static dev.pando.libp2p.HostException.Kind.CLOSED;
import static dev.pando.libp2p.HostException.Kind.LIMIT;
import static dev.pando.libp2p.HostException.Kind.PROTOCOL_VIOLATION;
import static dev.pando.libp2p.HostException.Kind.TIMEOUT;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.transport.MuxedStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Yamux connection, without I/O: it is given the bytes that came in, the time, and what the streams' users ask for,
 * and writes frames to a {@link YamuxOutput}.
 *
 * <p>All methods run one at a time, on the output's executor. The streams it hands out may be used from any thread:
 * they come back to that executor, so a callback that uses a stream never finds the session half changed.
 *
 * <p>What a peer can make it hold is bounded: by the window of each stream, the number of streams, and the answers that
 * wait to be sent. What is for sending waits in the streams until the output is writable; the streams take turns, a
 * frame each.
 */
public final class YamuxSession {
    /** What multistream-select calls it. */
    public static final String PROTOCOL = "/yamux/1.0.0";

    /** A retired session waits this long for streams that the peer opened before it knew. */
    private static final Duration RETIREMENT = Duration.ofSeconds(1);

    private final boolean dialer;
    private final YamuxLimits limits;
    private final YamuxOutput output;
    private final String peer;
    private final Map<Integer, YamuxStream> streams = new HashMap<>();
    private final Deque<YamuxStream> ready = new ArrayDeque<>();
    private final Deque<CompletableFuture<MuxedStream>> waitingOpens = new ArrayDeque<>();
    private final IdleFrames idleFrames;
    private @Nullable Consumer<MuxedStream> onStream;

    private volatile int streamCount;
    private int nextId;
    private int lastRemoteId;
    private int inbound;
    private int outbound;
    private int unacknowledged;
    private int answersWaiting;
    private boolean goAwaySent;
    private long goAwayNanos;
    private boolean goAwayReceived;
    private boolean ended;

    /* The frame that is being received. */
    private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
    private int payloadLeft;
    private int payloadFlags;
    private @Nullable YamuxStream payloadStream;

    private long lastReceivedNanos;
    private long pingSentNanos;
    private boolean pingUnanswered;
    private int pingId;
    private long rttNanos = -1;

    /** @param peer for messages */
    public YamuxSession(boolean dialer, YamuxLimits limits, YamuxOutput output, String peer) {
        this.dialer = dialer;
        this.limits = limits;
        this.output = output;
        this.peer = peer;
        this.nextId = dialer ? 1 : 2;
        this.lastReceivedNanos = output.nanoTime();
        this.idleFrames = new IdleFrames(lastReceivedNanos);
    }

    /** Call before the first {@link #receive}. */
    public void start(Consumer<MuxedStream> onStream) {
        this.onStream = onStream;
    }

    YamuxLimits limits() {
        return limits;
    }

    YamuxOutput output() {
        return output;
    }

    String peer() {
        return peer;
    }

    /** Whether streams may be opened. */
    public boolean isUsable() {
        return !ended && !goAwaySent && !goAwayReceived;
    }

    /** Streams that are open. May be called from any thread: it is then a moment old. */
    public int streamCount() {
        return streamCount;
    }

    /** Opens a stream; it waits its turn while the peer has many that it has not acknowledged. */
    public CompletableFuture<MuxedStream> open() {
        var opened = new CompletableFuture<MuxedStream>();
        if (!isUsable()) {
            opened.completeExceptionally(new HostException(CLOSED, "the connection to " + peer + " is closing"));
        } else if (outbound + waitingOpens.size() >= limits.outboundStreamsMax()) {
            opened.completeExceptionally(
                    new HostException(LIMIT, outbound + " streams to " + peer + " are open already"));
        } else {
            waitingOpens.add(opened);
            openWaiting();
        }
        return opened;
    }

    private void openWaiting() {
        while (unacknowledged < YamuxLimits.ACK_BACKLOG_MAX && !waitingOpens.isEmpty()) {
            var stream = new YamuxStream(this, nextId, true);
            nextId += 2;
            streams.put(stream.id(), stream);
            streamCount = streams.size();
            outbound++;
            unacknowledged++;
            waitingOpens.remove().complete(stream);
        }
    }

    /** Tells the peer that there will be no new streams, and ends the session when the last one is closed. */
    public void retire() {
        if (!goAwaySent && !ended) {
            goAwaySent = true;
            goAwayNanos = output.nanoTime();
            control(Frame.GO_AWAY, 0, 0, Frame.GO_AWAY_NORMAL);
            output.flush();
        }
    }

    /** Ends the session and all its streams; the peer is told when that is possible. */
    public void close() {
        end(null);
    }

    /** The connection is gone: all streams fail. */
    public void onClosed(HostException why) {
        if (!ended) {
            ended = true;
            failAll(why);
        }
    }

    private void end(@Nullable HostException failure) {
        if (ended) {
            return;
        }
        boolean violation = failure != null && failure.kind() == PROTOCOL_VIOLATION;
        output.write(
                Frame.header(Frame.GO_AWAY, 0, 0, violation ? Frame.GO_AWAY_PROTOCOL_ERROR : Frame.GO_AWAY_NORMAL));
        ended = true;
        failAll(failure != null ? failure : new HostException(CLOSED, "the connection to " + peer + " is closed"));
        output.end(failure);
    }

    private void failAll(HostException why) {
        ready.clear();
        var all = new ArrayList<>(streams.values());
        streams.clear();
        streamCount = 0;
        all.forEach(stream -> stream.fail(why));
        while (!waitingOpens.isEmpty()) {
            waitingOpens.remove().completeExceptionally(why);
        }
    }

    /** To be called about every second: sends keepalives, notices that the peer is gone, ends what lingers. */
    public void tick() {
        if (ended) {
            return;
        }
        long now = output.nanoTime();
        new ArrayList<>(streams.values()).forEach(stream -> stream.tick(now));
        if (goAwaySent && streams.isEmpty() && now - goAwayNanos > RETIREMENT.toNanos()) {
            end(null);
        } else if (pingUnanswered
                && now - pingSentNanos > limits.answerTimeout().toNanos()) {
            end(new HostException(TIMEOUT, peer + " does not answer"));
        } else if (!pingUnanswered
                && now - lastReceivedNanos > limits.keepaliveInterval().toNanos()) {
            ping(now);
        }
    }

    private void ping(long now) {
        pingUnanswered = true;
        pingSentNanos = now;
        control(Frame.PING, Frame.SYN, 0, ++pingId);
        output.flush();
    }

    /** The round trip time, or -1 when it was not measured yet; measures it for the next time. */
    long rttNanos() {
        if (rttNanos < 0 && !pingUnanswered) {
            ping(output.nanoTime());
        }
        return rttNanos;
    }

    /** The output can take more. */
    public void onWritable() {
        answersWaiting = 0;
        pump();
        output.flush();
    }

    /** {@code stream} has something to send. */
    void ready(YamuxStream stream) {
        if (!stream.isQueued()) {
            stream.queued(true);
            ready.add(stream);
        }
        pump();
        output.flush();
    }

    private void pump() {
        while (output.isWritable()) {
            YamuxStream stream = ready.poll();
            if (stream == null) {
                return;
            }
            stream.queued(false);
            if (stream.sendFrame() && !stream.isQueued()) {
                stream.queued(true);
                ready.add(stream);
            }
        }
    }

    /**
     * Takes what the peer sent. The session keeps parts of {@code bytes}, which must be a heap buffer that nobody will
     * write to any more.
     */
    public void receive(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining() && !ended) {
                if (payloadLeft > 0) {
                    int n = Math.min(payloadLeft, bytes.remaining());
                    payloadLeft -= n;
                    if (payloadStream != null) {
                        payloadStream.onData(bytes, n);
                    } else {
                        bytes.position(bytes.position() + n);
                    }
                    endPayload();
                } else {
                    int n = Math.min(header.remaining(), bytes.remaining());
                    header.put(bytes.slice(bytes.position(), n));
                    bytes.position(bytes.position() + n);
                    if (!header.hasRemaining()) {
                        header.flip();
                        onHeader();
                        header.clear();
                    }
                }
            }
        } catch (HostException e) {
            end(e);
        }
        lastReceivedNanos = output.nanoTime();
    }

    private void endPayload() {
        if (payloadLeft == 0 && payloadStream != null) {
            YamuxStream stream = payloadStream;
            payloadStream = null;
            if ((payloadFlags & Frame.FIN) != 0) {
                stream.onFin();
            }
        }
    }

    private void onHeader() throws HostException {
        if (header.get() != Frame.VERSION) {
            throw violation("a frame of another version");
        }
        byte type = header.get();
        int flags = header.getShort();
        int id = header.getInt();
        int length = header.getInt();
        switch (type) {
            case Frame.DATA, Frame.WINDOW_UPDATE -> onStreamFrame(type, flags, id, length);
            case Frame.PING -> onPing(flags, length);
            case Frame.GO_AWAY -> onGoAway(length);
            default -> throw violation("a frame of unknown type " + type);
        }
    }

    private void onStreamFrame(byte type, int flags, int id, int length) throws HostException {
        YamuxStream stream = (flags & Frame.SYN) != 0 ? accept(id) : streams.get(id);
        if (stream == null) {
            idleFrame();
            skip(type, length);
            return;
        }
        if ((flags & Frame.ACK) != 0) {
            onAck(stream);
        }
        if ((flags & Frame.RST) != 0) {
            if (!stream.isOutbound()) {
                idleFrame();
            }
            skip(type, length);
            stream.onReset();
        } else if (type == Frame.WINDOW_UPDATE) {
            stream.onWindowUpdate(length);
            if ((flags & Frame.FIN) != 0) {
                stream.onFin();
            }
        } else {
            if (length == 0 && flags == 0) {
                idleFrame();
            }
            stream.reserve(length);
            payloadStream = stream;
            payloadFlags = flags;
            payloadLeft = length;
            endPayload();
        }
    }

    /* Data for a stream that is closed here: its sender could not know yet. */
    private void skip(byte type, int length) throws HostException {
        if (type == Frame.DATA) {
            if (length < 0 || length > limits.windowMax()) {
                throw violation("a frame of " + Integer.toUnsignedString(length) + " bytes, which no window allows");
            }
            payloadStream = null;
            payloadLeft = length;
        }
    }

    private @Nullable YamuxStream accept(int id) throws HostException {
        boolean theirs = id != 0 && (id & 1) == (dialer ? 0 : 1);
        if (!theirs || Integer.compareUnsigned(id, lastRemoteId) <= 0) {
            throw violation("a new stream with the number " + Integer.toUnsignedString(id));
        }
        lastRemoteId = id;
        if (inbound >= limits.inboundStreamsMax() || onStream == null) {
            control(Frame.WINDOW_UPDATE, Frame.RST, id, 0);
            return null;
        }
        var stream = new YamuxStream(this, id, false);
        streams.put(id, stream);
        streamCount = streams.size();
        inbound++;
        onStream.accept(stream);
        return stream;
    }

    private void onAck(YamuxStream stream) {
        if (stream.isOutbound() && stream.acknowledge()) {
            unacknowledged--;
            openWaiting();
        }
    }

    private void onPing(int flags, int value) throws HostException {
        if ((flags & Frame.ACK) != 0) {
            if (pingUnanswered && value == pingId) {
                pingUnanswered = false;
                rttNanos = output.nanoTime() - pingSentNanos;
            }
        } else {
            idleFrame();
            control(Frame.PING, Frame.ACK, 0, value);
        }
    }

    private void onGoAway(int code) {
        goAwayReceived = true;
        if (code != Frame.GO_AWAY_NORMAL || streams.isEmpty()) {
            end(null);
        }
    }

    private void idleFrame() throws HostException {
        if (!idleFrames.take(output.nanoTime())) {
            throw new HostException(LIMIT, peer + " sends frames that bring nothing, too fast");
        }
    }

    HostException violation(String what) {
        return new HostException(PROTOCOL_VIOLATION, what + " from " + peer);
    }

    /** Writes a frame without payload. These do not wait for the output to be writable, but are counted when it is not. */
    void control(byte type, int flags, int id, int value) {
        if (ended) {
            return;
        }
        if (output.isWritable()) {
            answersWaiting = 0;
        } else if (++answersWaiting > YamuxLimits.ANSWERS_WAITING_MAX) {
            end(new HostException(LIMIT, peer + " asks for answers and does not read them"));
            return;
        }
        output.write(Frame.header(type, flags, id, value));
    }

    /** {@code stream} is at an end in both directions. */
    void forget(YamuxStream stream) {
        if (streams.remove(stream.id()) == null) {
            return;
        }
        streamCount = streams.size();
        if (stream.isOutbound()) {
            outbound--;
            onAck(stream);
            openWaiting();
        } else {
            inbound--;
        }
        if (streams.isEmpty() && goAwayReceived) {
            end(null);
        }
    }
}
