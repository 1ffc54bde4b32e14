package dev.pando.libp2p;

import static dev.pando.libp2p.HostException.Kind.PROTOCOL_VIOLATION;
import static dev.pando.libp2p.HostException.Kind.RESET;
import static dev.pando.libp2p.HostException.Kind.TOO_LARGE;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Messages over a {@link Stream}: each is an unsigned varint with its length, then its bytes. May be used from any
 * thread; at most one read may be outstanding. Memory for a message is taken as its bytes arrive, never for what its
 * length only claims.
 */
public final class MessageStream {
    /** First step of the buffer a message is gathered in; it doubles from there. */
    private static final int GATHER_BYTES_MIN = 4 << 10;

    private final Stream stream;
    private final int messageBytesMax;

    /* All of these are touched only by the one outstanding read, which passes them on through the stream's future. */
    private @Nullable ByteBuffer pending;
    private final byte[] prefix = new byte[5];
    private int prefixBytes;
    private int expected = -1;
    private byte[] gathered = new byte[0];
    private int gatheredBytes;
    private volatile long bytesRead;

    /** Messages longer than {@code messageBytesMax} fail the read and reset the stream. */
    public MessageStream(Stream stream, int messageBytesMax) {
        this.stream = stream;
        this.messageBytesMax = messageBytesMax;
    }

    public Stream stream() {
        return stream;
    }

    /** Bytes taken from the stream so far, also of a message that is not whole yet. */
    public long bytesRead() {
        return bytesRead;
    }

    public PeerId peer() {
        return stream.peer();
    }

    /**
     * The next message, or null when the peer closed its side between two messages. Fails with {@code TOO_LARGE},
     * {@code PROTOCOL_VIOLATION} (a bad varint) or {@code RESET} (the end came within a message).
     */
    public CompletableFuture<byte @Nullable []> read() {
        var result = new CompletableFuture<byte @Nullable []>();
        advance(result);
        return result;
    }

    /* A loop while futures are complete already: recursion would grow the stack with the length of the message. */
    private void advance(CompletableFuture<byte @Nullable []> result) {
        try {
            while (true) {
                ByteBuffer bytes = pending;
                pending = null;
                if (bytes == null) {
                    CompletableFuture<@Nullable ByteBuffer> next = stream.read();
                    if (!next.isDone()) {
                        next.whenComplete((got, failure) -> {
                            if (failure != null) {
                                result.completeExceptionally(failure);
                            } else if (got == null) {
                                end(result);
                            } else {
                                pending = got;
                                advance(result);
                            }
                        });
                        return;
                    }
                    bytes = next.join();
                    if (bytes == null) {
                        end(result);
                        return;
                    }
                }
                int before = bytes.remaining();
                byte[] message = take(bytes);
                count(before - bytes.remaining());
                if (bytes.hasRemaining()) {
                    pending = bytes;
                }
                if (message != null) {
                    result.complete(message);
                    return;
                }
            }
        } catch (HostException e) {
            stream.reset();
            result.completeExceptionally(e);
        } catch (java.util.concurrent.CompletionException e) {
            result.completeExceptionally(e.getCause() == null ? e : e.getCause());
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by the one outstanding read alone
    private void count(int bytes) {
        bytesRead += bytes;
    }

    private void end(CompletableFuture<byte @Nullable []> result) {
        if (prefixBytes == 0 && expected < 0) {
            result.complete(null);
        } else {
            result.completeExceptionally(
                    new HostException(RESET, peer() + " ended " + stream.protocol() + " within a message"));
        }
    }

    /** Consumes from {@code bytes}; the message when it is whole, null when {@code bytes} is used up before. */
    private byte @Nullable [] take(ByteBuffer bytes) throws HostException {
        while (expected < 0) {
            if (!bytes.hasRemaining()) {
                return null;
            }
            takePrefix(bytes.get());
        }
        int n = Math.min(bytes.remaining(), expected - gatheredBytes);
        if (gathered.length < gatheredBytes + n) {
            int room = Math.max(Math.max(gathered.length * 2, GATHER_BYTES_MIN), gatheredBytes + n);
            gathered = java.util.Arrays.copyOf(gathered, Math.min(expected, room));
        }
        bytes.get(gathered, gatheredBytes, n);
        gatheredBytes += n;
        if (gatheredBytes < expected) {
            return null;
        }
        byte[] message = gathered;
        gathered = new byte[0];
        gatheredBytes = 0;
        expected = -1;
        return message;
    }

    private void takePrefix(byte b) throws HostException {
        if (prefixBytes == prefix.length) {
            throw new HostException(
                    TOO_LARGE, "length of more than 5 bytes from " + peer() + " on " + stream.protocol());
        }
        prefix[prefixBytes++] = b;
        if (b < 0) {
            return;
        }
        if (b == 0 && prefixBytes > 1) {
            throw new HostException(PROTOCOL_VIOLATION, "length not in its shortest form from " + peer());
        }
        long length = 0;
        for (int i = 0; i < prefixBytes; i++) {
            length |= (long) (prefix[i] & 0x7f) << (7 * i);
        }
        if (length > messageBytesMax) {
            throw new HostException(
                    TOO_LARGE,
                    "message of " + length + " bytes from " + peer() + " on " + stream.protocol() + "; at most "
                            + messageBytesMax + " are taken");
        }
        prefixBytes = 0;
        expected = (int) length;
    }

    /** Sends {@code message}, which must not be changed any more; completes as {@link Stream#write}. */
    public CompletableFuture<Void> write(byte[] message) {
        if (message.length > messageBytesMax) {
            return CompletableFuture.failedFuture(new HostException(
                    TOO_LARGE, "message of " + message.length + " bytes; at most " + messageBytesMax + " may be sent"));
        }
        var framed = ByteBuffer.allocate(5 + message.length);
        int rest = message.length;
        while (rest > 0x7f) {
            framed.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        framed.put((byte) rest).put(message).flip();
        return stream.write(framed);
    }

    public CompletableFuture<Void> closeWrite() {
        return stream.closeWrite();
    }

    public void reset() {
        stream.reset();
    }

    public void close() {
        stream.close();
    }

    public CompletableFuture<Void> closed() {
        return stream.closed();
    }
}
