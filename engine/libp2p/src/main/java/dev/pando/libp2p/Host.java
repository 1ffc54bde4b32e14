package dev.pando.libp2p;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A node of the network: it has an identity, connections to peers, and protocols that it serves.
 *
 * <p>All methods may be called from any thread and none of them blocks but {@link #close()}. Futures complete, and
 * handlers and listeners run, on threads of the implementation: code that runs there must not block, it would stop the
 * connections that share the thread. A future that fails does so with a {@link HostException}.
 */
public interface Host extends AutoCloseable {
    /** This host's own identity. */
    PeerId peerId();

    /** The addresses that this host can be dialled at, each with its {@code /p2p/} suffix; empty when it does not listen. */
    List<Multiaddr> addresses();

    /**
     * Connects to the peer at {@code address}. Completes at once with the peer when {@code address} names one that is
     * connected already. When it names a peer and another one proves its identity there, the connection is closed and
     * the future fails with {@link HostException.Kind#WRONG_IDENTITY}.
     */
    CompletableFuture<PeerId> connect(Multiaddr address);

    /** Connects to {@code peer} at the addresses known of it; completes at once when it is connected already. */
    CompletableFuture<PeerId> connect(PeerId peer);

    /** Closes the connections to {@code peer}; a no-op when there is none. Completes when they are closed. */
    CompletableFuture<Void> disconnect(PeerId peer);

    boolean isConnected(PeerId peer);

    /**
     * Spares the connection to {@code peer} when there are too many, until each tag it was protected with is taken
     * back by {@link #unprotect}. May be called before there is a connection. A host that closes none for their number
     * does nothing.
     */
    default void protect(PeerId peer, String tag) {}

    default void unprotect(PeerId peer, String tag) {}

    /** A snapshot of the open connections; at most one for each peer. */
    Collection<PeerConnection> connections();

    /**
     * Opens a stream to {@code peer}, connecting first when there are addresses known of it, and agrees on the first of
     * {@code protocols} that the peer serves. Fails with {@link HostException.Kind#UNSUPPORTED_PROTOCOL} when it serves
     * none of them.
     */
    CompletableFuture<Stream> newStream(PeerId peer, String... protocols);

    /** Serves {@code protocol}, and lets the connected peers know. Replaces the handler that was there. */
    void handle(String protocol, StreamHandler handler);

    /** Serves {@code protocol} no longer; open streams are left alone. */
    void unhandle(String protocol);

    /** Tells {@code listener} of what comes, and of the peers that have identified themselves already. */
    void addListener(HostListener listener);

    void removeListener(HostListener listener);

    /** Remembers an address of {@code peer}, to be tried by {@link #connect(PeerId)}. */
    void addAddress(PeerId peer, Multiaddr address);

    /** The addresses known of {@code peer}, without their {@code /p2p/} suffix. */
    List<Multiaddr> knownAddresses(PeerId peer);

    /** The peers of which addresses are known: first those that signed a record, and of these the one heard of last. */
    default List<PeerId> knownPeers() {
        return List.of();
    }

    /**
     * The newest record of its addresses that {@code peer} has signed, as the envelope it came in.
     * Empty when there is none.
     */
    default Optional<byte[]> signedRecord(PeerId peer) {
        return Optional.empty();
    }

    /** Closes all connections and returns when no thread of this host is left. Idempotent. */
    @Override
    void close();
}
