package dev.pando.libp2p.transport.memory;

import dev.pando.libp2p.PeerId;
import java.time.Duration;

/** What lies between the hosts of a memory network. Thread-safe. */
public interface Links {
    /** The listening transport at {@code address}; null when nobody listens there. */
    @org.jspecify.annotations.Nullable
    MemoryTransport at(String address);

    /** A free address for {@code transport}. */
    String listen(MemoryTransport transport);

    void forget(MemoryTransport transport);

    /** Whether bytes can pass between the two. */
    boolean open(PeerId one, PeerId other);

    /** How long bytes are under way. */
    Duration latency(PeerId from, PeerId to);

    long nanoTime();
}
