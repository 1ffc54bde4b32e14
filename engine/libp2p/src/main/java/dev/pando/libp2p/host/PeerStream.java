package dev.pando.libp2p.host;

import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.transport.MuxedStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A stream that a protocol was agreed on for. */
final class PeerStream implements Stream {
    private final MuxedStream stream;
    private final PeerId peer;
    private final String protocol;
    private final boolean inbound;

    /** What came in together with the end of the negotiation: the first thing to be read. */
    private final AtomicReference<@Nullable ByteBuffer> early;

    PeerStream(MuxedStream stream, PeerId peer, Negotiator.Agreed agreed, boolean inbound) {
        this.stream = stream;
        this.peer = peer;
        this.protocol = agreed.protocol();
        this.inbound = inbound;
        this.early = new AtomicReference<>(agreed.early().hasRemaining() ? agreed.early() : null);
    }

    @Override
    public PeerId peer() {
        return peer;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public boolean inbound() {
        return inbound;
    }

    @Override
    public CompletableFuture<@Nullable ByteBuffer> read() {
        ByteBuffer first = early.getAndSet(null);
        return first != null ? CompletableFuture.completedFuture(first) : stream.read();
    }

    @Override
    public CompletableFuture<Void> write(ByteBuffer data) {
        return stream.write(data);
    }

    @Override
    public CompletableFuture<Void> closeWrite() {
        return stream.closeWrite();
    }

    @Override
    public void reset() {
        stream.reset();
    }

    @Override
    public void close() {
        early.set(null);
        stream.close();
    }

    @Override
    public CompletableFuture<Void> closed() {
        return stream.closed();
    }

    @Override
    public String toString() {
        return protocol + (inbound ? " from " : " to ") + peer;
    }
}
