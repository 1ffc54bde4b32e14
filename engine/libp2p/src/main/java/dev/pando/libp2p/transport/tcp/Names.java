package dev.pando.libp2p.transport.tcp;

import static dev.pando.libp2p.HostException.Kind.LIMIT;
import static dev.pando.libp2p.HostException.Kind.UNREACHABLE;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.multiaddr.Protocol;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** IP addresses from the parts of multiaddresses. Names are looked up on a thread that exists only while there are any. */
final class Names implements AutoCloseable {
    /** Lookups that wait; further ones fail. */
    private static final int WAITING_MAX = 64;

    private static final long CLOSE_MILLIS = 1_000;

    private final ThreadPoolExecutor resolver;

    /** There is one at most, and none while there is nothing to look up. */
    private volatile @Nullable Thread latest;

    Names(String threadName) {
        resolver = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), task -> {
            var thread = new Thread(task, threadName);
            thread.setDaemon(true);
            latest = thread;
            return thread;
        });
        resolver.allowCoreThreadTimeOut(true);
    }

    static boolean isHost(Protocol protocol) {
        return switch (protocol) {
            case IP4, IP6, DNS, DNS4, DNS6 -> true;
            default -> false;
        };
    }

    static InetAddress literal(Multiaddr.Component host) {
        try {
            return InetAddress.getByAddress(host.protocol().encodeValue(host.value()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    CompletableFuture<InetAddress> resolve(Multiaddr.Component host) {
        if (host.protocol() == Protocol.IP4 || host.protocol() == Protocol.IP6) {
            return CompletableFuture.completedFuture(literal(host));
        }
        var result = new CompletableFuture<InetAddress>();
        try {
            resolver.execute(() -> lookUp(host, result));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new HostException(LIMIT, "too many names to look up: " + host.value(), e));
        }
        return result;
    }

    private static void lookUp(Multiaddr.Component host, CompletableFuture<InetAddress> result) {
        try {
            var wanted = switch (host.protocol()) {
                case DNS4 -> Inet4Address.class;
                case DNS6 -> Inet6Address.class;
                default -> InetAddress.class;
            };
            var found = Arrays.stream(InetAddress.getAllByName(host.value()))
                    .filter(wanted::isInstance)
                    .findFirst();
            if (found.isPresent()) {
                result.complete(found.get());
            } else {
                result.completeExceptionally(new HostException(UNREACHABLE, host.value() + " has no such address"));
            }
        } catch (UnknownHostException e) {
            result.completeExceptionally(new HostException(UNREACHABLE, "no host is called " + host.value(), e));
        }
    }

    /** The addresses that a socket bound to {@code bound} can be reached at: for a wildcard, those of all interfaces. */
    static List<Multiaddr> reachable(InetSocketAddress bound) {
        if (!bound.getAddress().isAnyLocalAddress()) {
            return List.of(Multiaddr.tcp(bound));
        }
        boolean ip4Only = bound.getAddress() instanceof Inet4Address;
        var addresses = new ArrayList<Multiaddr>();
        try {
            for (var network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (var ip : Collections.list(network.getInetAddresses())) {
                    if (network.isUp() && !ip.isLinkLocalAddress() && (!ip4Only || ip instanceof Inet4Address)) {
                        addresses.add(Multiaddr.tcp(new InetSocketAddress(ip, bound.getPort())));
                    }
                }
            }
        } catch (SocketException e) {
            System.getLogger(Names.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot list the network interfaces", e);
        }
        return addresses;
    }

    @Override
    public void close() {
        resolver.shutdownNow();
        try {
            /* A lookup cannot be interrupted; its thread is a daemon and ends with it. */
            Thread running = latest;
            if (running != null) {
                running.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
