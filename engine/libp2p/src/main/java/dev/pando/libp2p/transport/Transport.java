package dev.pando.libp2p.transport;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes connections. May be used from any thread. */
public interface Transport extends AutoCloseable {
    boolean canDial(Multiaddr address);

    /**
     * Connects to {@code address}, which has no {@code /p2p/}. Fails with a {@link HostException}: it takes no longer
     * than the limits of the host allow.
     *
     * @param expected who must answer; null when anybody may
     */
    CompletableFuture<MuxedConnection> dial(Multiaddr address, @Nullable PeerId expected);

    /**
     * Listens, and gives {@code onConnection} each connection that a proven peer made.
     *
     * @return the addresses this makes, without {@code /p2p/}: the real port in place of 0
     */
    List<Multiaddr> listen(Multiaddr address, Consumer<MuxedConnection> onConnection) throws HostException;

    /** All addresses that peers can reach this at now, without {@code /p2p/}: those of interfaces come and go. */
    List<Multiaddr> addresses();

    /** Ends all connections. */
    @Override
    void close();
}
