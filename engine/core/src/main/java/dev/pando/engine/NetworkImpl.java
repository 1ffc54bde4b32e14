package dev.pando.engine;

import dev.pando.Cancellation;
import dev.pando.Environment;
import dev.pando.Network;
import dev.pando.PandoException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerConnection;
import dev.pando.libp2p.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The public face of the host; answers for a node without one too. */
final class NetworkImpl implements Network, HostListener {

    /** Peers remembered after they left; when reached, one of them is forgotten for each that comes. */
    static final int PEERS_MAX = 4_096;

    private record Known(Optional<Multiaddr> address, boolean outbound, Optional<String> agent) {}

    private final @Nullable Host host;
    private final Environment.Threads threads;
    private final ConcurrentHashMap<PeerId, Known> known = new ConcurrentHashMap<>();

    private final @Nullable PeerDiscovery discovery;

    NetworkImpl(@Nullable PeerDiscovery discovery, Environment.Threads threads) {
        this.discovery = discovery;
        this.host = discovery == null ? null : discovery.host();
        this.threads = threads;
        if (host != null) {
            host.addListener(this);
        }
    }

    @Override
    public boolean enabled() {
        return host != null;
    }

    @Override
    public List<Multiaddr> addresses() {
        return host == null ? List.of() : host.addresses();
    }

    @Override
    public PeerId connect(Multiaddr address, Cancellation cancellation) {
        Host on = on();
        if (address.peerId().filter(on.peerId()::equals).isPresent()) {
            throw new PandoException(
                    PandoException.Kind.INVALID_ARGUMENT, address + " is this node itself; expected another peer's");
        }
        return threads.await(cancellation.over(on.connect(address)
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(unreachable(address.toString(), failure)))));
    }

    @Override
    public void disconnect(PeerId peer) {
        threads.await(on().disconnect(peer)
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(unreachable(peer.toString(), failure))));
    }

    private Host on() {
        if (host == null) {
            throw new PandoException(
                    PandoException.Kind.NOT_SUPPORTED, "the network of this node is off; open it with p2p=true");
        }
        return host;
    }

    static PandoException unreachable(String whom, Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        var kind = cause instanceof HostException of && of.kind() == HostException.Kind.UNSUPPORTED_ADDRESS
                ? PandoException.Kind.INVALID_ARGUMENT
                : PandoException.Kind.UNREACHABLE;
        return new PandoException(kind, "cannot connect to " + whom + ": " + cause.getMessage(), cause);
    }

    @Override
    public Discovery discovery() {
        return discovery == null
                ? new Discovery(Discovery.Table.OFF, 0, 0, 0, 0, false, 0)
                : threads.await(discovery.look());
    }

    @Override
    public List<PeerInfo> peers() {
        var peers = new TreeMap<PeerId, PeerInfo>();
        known.forEach((peer, k) ->
                peers.put(peer, new PeerInfo(peer, false, k.address, k.outbound, k.agent, Optional.empty())));
        if (host != null) {
            for (PeerConnection c : host.connections()) {
                Known k = known.get(c.peer());
                peers.put(
                        c.peer(),
                        new PeerInfo(
                                c.peer(),
                                true,
                                Optional.of(c.remoteAddress().withPeerId(c.peer())),
                                !c.inbound(),
                                k == null ? Optional.empty() : k.agent,
                                Optional.<Instant>of(c.since())));
            }
        }
        return new ArrayList<>(peers.values());
    }

    @Override
    public void onConnected(PeerId peer) {
        remember(peer, Optional.empty());
    }

    @Override
    public void onIdentified(PeerId peer, Identify info) {
        remember(peer, Optional.of(info.agentVersion()));
    }

    private void remember(PeerId peer, Optional<String> agent) {
        if (host == null) {
            return;
        }
        Optional<PeerConnection> connection =
                host.connections().stream().filter(c -> c.peer().equals(peer)).findFirst();
        if (known.size() >= PEERS_MAX && !known.containsKey(peer)) {
            known.keySet().stream()
                    .filter(p -> !host.isConnected(p))
                    .findFirst()
                    .ifPresent(known::remove);
        }
        known.merge(
                peer,
                new Known(
                        connection.map(c -> c.remoteAddress().withPeerId(peer)),
                        connection.map(c -> !c.inbound()).orElse(false),
                        agent),
                (old, now) -> new Known(
                        now.address.or(() -> old.address),
                        connection.isPresent() ? now.outbound : old.outbound,
                        now.agent.or(() -> old.agent)));
    }
}
