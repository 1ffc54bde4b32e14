package dev.pando.libp2p.kad;

import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerConnection;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.StreamHandler;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A host that asks the hash table where a peer is when it cannot be reached at the addresses known of it, or none is
 * known. In all else the host that it is given. The table itself must use that one: a lookup that began others would not
 * end.
 */
public final class RoutedHost implements Host {

    /** How long a peer that was looked up is not looked up again. */
    static final Duration LOOK_UP_AGAIN = Duration.ofSeconds(10);

    /** Peers whose last lookup is remembered; the oldest is forgotten, and may be looked up again sooner. */
    static final int LOOKUPS_REMEMBERED_MAX = 1_024;

    private final Host host;
    private final Kademlia table;
    private final LongSupplier clockMillis;
    private final Map<PeerId, Long> lookedUp = new LinkedHashMap<>();
    private final Map<PeerId, CompletableFuture<@Nullable Void>> lookups = new HashMap<>();

    /** @param clockMillis a clock that does not go back */
    public RoutedHost(Host host, Kademlia table, LongSupplier clockMillis) {
        this.host = host;
        this.table = table;
        this.clockMillis = clockMillis;
    }

    @Override
    public CompletableFuture<PeerId> connect(PeerId peer) {
        return reach(peer, () -> host.connect(peer));
    }

    @Override
    public CompletableFuture<Stream> newStream(PeerId peer, String... protocols) {
        return reach(peer, () -> host.newStream(peer, protocols));
    }

    private <T> CompletableFuture<T> reach(PeerId peer, Supplier<CompletableFuture<T>> attempt) {
        /* Before the attempt: other lookups bring addresses too, and what they bring after it has not been tried. */
        List<Multiaddr> tried = host.knownAddresses(peer);
        return attempt.get().exceptionallyCompose(failure -> {
            if (!isOfAddresses(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            if (host.isConnected(peer)) {
                return attempt.get(); // it reached us meanwhile
            }
            return lookUp(peer).exceptionally(unanswered -> null).thenCompose(done -> {
                boolean another = host.isConnected(peer) || !tried.containsAll(host.knownAddresses(peer));
                return another ? attempt.get() : CompletableFuture.failedFuture(failure);
            });
        });
    }

    private static boolean isOfAddresses(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof HostException why
                && switch (why.kind()) {
                    case NO_ADDRESS, REFUSED, TIMEOUT, UNREACHABLE, WRONG_IDENTITY, HANDSHAKE_FAILED -> true;
                    default -> false;
                };
    }

    /** Ends when the host has been told what the table says; those who want the same peer share one lookup. */
    private synchronized CompletableFuture<@Nullable Void> lookUp(PeerId peer) {
        CompletableFuture<@Nullable Void> underWay = lookups.get(peer);
        if (underWay != null) {
            return underWay;
        }
        var ended = new CompletableFuture<@Nullable Void>();
        lookups.put(peer, ended);
        table.tableSize()
                .thenCompose(servers -> servers > 0 && mayLookUp(peer)
                        ? table.findPeer(peer)
                        : CompletableFuture.completedFuture(Optional.<KadPeerInfo>empty()))
                .whenComplete((found, failure) -> {
                    if (found != null) {
                        found.map(KadPeerInfo::addresses)
                                .orElse(List.of())
                                .forEach(address -> host.addAddress(peer, address.withoutPeerId()));
                    }
                    forget(peer);
                    if (failure != null) {
                        ended.completeExceptionally(failure);
                    } else {
                        ended.complete(null);
                    }
                });
        return ended;
    }

    private synchronized void forget(PeerId peer) {
        lookups.remove(peer);
    }

    private synchronized boolean mayLookUp(PeerId peer) {
        long now = clockMillis.getAsLong();
        Long last = lookedUp.get(peer);
        if (last != null && now - last < LOOK_UP_AGAIN.toMillis()) {
            return false;
        }
        lookedUp.remove(peer);
        lookedUp.put(peer, now);
        if (lookedUp.size() > LOOKUPS_REMEMBERED_MAX) {
            lookedUp.remove(lookedUp.keySet().iterator().next());
        }
        return true;
    }

    /** An address that names nothing but a peer is looked up. */
    @Override
    public CompletableFuture<PeerId> connect(Multiaddr address) {
        boolean bare = address.components().size() == 1 && address.peerId().isPresent();
        return bare ? connect(address.peerId().get()) : host.connect(address);
    }

    // In all else the host itself

    @Override
    public PeerId peerId() {
        return host.peerId();
    }

    @Override
    public List<Multiaddr> addresses() {
        return host.addresses();
    }

    @Override
    public CompletableFuture<Void> disconnect(PeerId peer) {
        return host.disconnect(peer);
    }

    @Override
    public boolean isConnected(PeerId peer) {
        return host.isConnected(peer);
    }

    @Override
    public void protect(PeerId peer, String tag) {
        host.protect(peer, tag);
    }

    @Override
    public void unprotect(PeerId peer, String tag) {
        host.unprotect(peer, tag);
    }

    @Override
    public Collection<PeerConnection> connections() {
        return host.connections();
    }

    @Override
    public void handle(String protocol, StreamHandler handler) {
        host.handle(protocol, handler);
    }

    @Override
    public void unhandle(String protocol) {
        host.unhandle(protocol);
    }

    @Override
    public void addListener(HostListener listener) {
        host.addListener(listener);
    }

    @Override
    public void removeListener(HostListener listener) {
        host.removeListener(listener);
    }

    @Override
    public void addAddress(PeerId peer, Multiaddr address) {
        host.addAddress(peer, address);
    }

    @Override
    public List<Multiaddr> knownAddresses(PeerId peer) {
        return host.knownAddresses(peer);
    }

    @Override
    public List<PeerId> knownPeers() {
        return host.knownPeers();
    }

    @Override
    public Optional<byte[]> signedRecord(PeerId peer) {
        return host.signedRecord(peer);
    }

    @Override
    public void close() {
        host.close();
    }
}
