package dev.pando.libp2p.yamux;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes received and not yet read. What it holds in memory is proportional to them, however small the pieces are that
 * they came in: small pieces are copied together, large ones are kept as parts of the array they were decrypted to.
 */
final class ReceiveBuffer {
    /** A part is kept in place when it is this long and at least a quarter of its array. */
    private static final int SHARED_BYTES_MIN = 1_024;

    private static final int SHARED_FRACTION = 4;
    private static final int CHUNK_BYTES_MIN = 256;
    private static final int CHUNK_BYTES_MAX = 4_096;

    private final Deque<ByteBuffer> chunks = new ArrayDeque<>();

    /** The last of the chunks while it has room: from its limit to its capacity. */
    private @Nullable ByteBuffer tail;

    private int bytes;

    int bytes() {
        return bytes;
    }

    /** Takes the next {@code n} bytes of {@code source}, a heap buffer that nobody will write to any more. */
    void append(ByteBuffer source, int n) {
        int free = tail == null ? 0 : tail.capacity() - tail.limit();
        if (n >= SHARED_BYTES_MIN && n >= source.capacity() / SHARED_FRACTION && n > free) {
            chunks.add(source.slice(source.position(), n));
            source.position(source.position() + n);
            tail = null;
        } else {
            copy(source, n);
        }
        bytes += n;
    }

    private void copy(ByteBuffer source, int n) {
        for (int left = n; left > 0; ) {
            ByteBuffer chunk = tail;
            if (chunk == null || chunk.limit() == chunk.capacity()) {
                int size = Math.min(Math.max(bytes, CHUNK_BYTES_MIN), CHUNK_BYTES_MAX);
                chunk = ByteBuffer.allocate(Math.max(left, size)).limit(0);
                chunks.add(chunk);
                tail = chunk;
            }
            int from = chunk.limit();
            int part = Math.min(left, chunk.capacity() - from);
            chunk.limit(from + part);
            chunk.put(from, source, source.position(), part);
            source.position(source.position() + part);
            left -= part;
        }
    }

    /** The oldest bytes, or null when there are none. */
    @Nullable
    ByteBuffer poll() {
        ByteBuffer chunk = chunks.poll();
        if (chunk == null) {
            return null;
        }
        if (chunk == tail) {
            tail = null;
        }
        bytes -= chunk.remaining();
        return chunk;
    }

    void clear() {
        chunks.clear();
        tail = null;
        bytes = 0;
    }
}
