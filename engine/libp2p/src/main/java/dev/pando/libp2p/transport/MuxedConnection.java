package dev.pando.libp2p.transport;

import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.Scheduler;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A connection whose other side has proven who it is, carrying many streams. May be used from any thread. */
public interface MuxedConnection {
    PublicKey remoteKey();

    /** Without {@code /p2p/}. */
    Multiaddr remoteAddress();

    boolean inbound();

    /** What this connection's callbacks run on. */
    Scheduler scheduler();

    /** Begins to take streams that the peer opens; nothing is read from the connection before. Call once. */
    void start(Consumer<MuxedStream> onStream);

    CompletableFuture<MuxedStream> openStream();

    /** No new streams, in either direction; the connection ends with its last stream. */
    void retire();

    /** Whether streams may be opened: false after {@link #retire} by either side, and when closed. */
    boolean isUsable();

    /** Streams that are open, of either side; a moment old. */
    int streamCount();

    void close();

    /** Completes, normally, when the connection is gone. */
    CompletableFuture<Void> closed();
}
