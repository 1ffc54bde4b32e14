package dev.pando.libp2p.transport;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A stream of a connection before a protocol is agreed on: the contract of its methods is that of {@link dev.pando.libp2p.Stream}. */
public interface MuxedStream {
    CompletableFuture<@Nullable ByteBuffer> read();

    CompletableFuture<Void> write(ByteBuffer data);

    CompletableFuture<Void> closeWrite();

    void reset();

    void close();

    CompletableFuture<Void> closed();
}
