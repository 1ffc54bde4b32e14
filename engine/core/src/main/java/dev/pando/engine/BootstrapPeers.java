package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the node connected to the peers it was started with: dials again, ever more slowly, until they answer. */
final class BootstrapPeers implements HostListener {

    static final Duration RETRY_MIN = Duration.ofSeconds(1);
    static final Duration RETRY_MAX = Duration.ofSeconds(60);

    private static final System.Logger LOG = System.getLogger(BootstrapPeers.class.getName());

    private final Host host;
    private final Environment.Threads threads;
    private final List<Multiaddr> addresses;
    private final ConcurrentHashMap<Multiaddr, Runnable> retries = new ConcurrentHashMap<>();
    private volatile boolean closed;

    BootstrapPeers(Host host, Environment.Threads threads, List<Multiaddr> addresses) {
        this.host = host;
        this.threads = threads;
        this.addresses = List.copyOf(addresses);
    }

    void start() {
        host.addListener(this);
        addresses.forEach(address -> dial(address, RETRY_MIN));
    }

    private void dial(Multiaddr address, Duration nextDelay) {
        if (closed) {
            return;
        }
        host.connect(address).whenComplete((peer, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.DEBUG, () -> "no connection to " + address + ": " + failure.getMessage());
                retry(address, nextDelay);
            }
        });
    }

    private void retry(Multiaddr address, Duration delay) {
        if (!closed) {
            Duration next = delay.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? delay.multipliedBy(2) : RETRY_MAX;
            retries.put(address, threads.schedule(delay, () -> dial(address, next)));
        }
    }

    @Override
    public void onDisconnected(PeerId peer) {
        for (Multiaddr address : addresses) {
            if (address.peerId().filter(peer::equals).isPresent()) {
                retry(address, RETRY_MIN);
            }
        }
    }

    void close() {
        closed = true;
        host.removeListener(this);
        retries.values().forEach(Runnable::run);
    }
}
