package dev.pando.libp2p;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An ordered, reliable sequence of bytes in each direction between this host and a peer. May be used from any thread.
 * A stream that fails, fails all that is outstanding with a {@link HostException}.
 */
public interface Stream {
    PeerId peer();

    /** The protocol that both sides agreed on. */
    String protocol();

    /** Whether the peer opened it. */
    boolean inbound();

    /**
     * The next bytes, in a heap buffer that belongs to the caller and is never empty, or null when the peer has closed
     * its side. Not reading is what slows the peer down: the window opens only as bytes are read. At most one read may
     * be outstanding; a second one throws {@link IllegalStateException}.
     */
    CompletableFuture<@Nullable ByteBuffer> read();

    /**
     * Sends the remaining bytes of {@code data} after all that was written before. The buffer belongs to the stream
     * from here on: the caller must not touch its bytes again. The future completes when there is room for more, which
     * is at once while little is waiting to be sent: whoever waits for it is held back to the speed of the peer.
     * Whoever does not, finds the stream reset with {@link HostException.Kind#LIMIT} when too much is waiting.
     */
    CompletableFuture<Void> write(ByteBuffer data);

    /** Tells the peer that nothing more will be written; reading goes on. Completes when all was handed on. */
    CompletableFuture<Void> closeWrite();

    /** Ends both directions at once; bytes under way may be lost. Idempotent. */
    void reset();

    /** Closes the write side when all was sent, and drops what still comes in. Idempotent. */
    void close();

    /** Completes when both directions are at an end: normally, or exceptionally when the stream was reset. */
    CompletableFuture<Void> closed();
}
