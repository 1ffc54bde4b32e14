package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The real world, in which an engine reaches others at one address only: peers tell each other where they listen, and
 * would go past a {@link SlowLink} at once.
 */
final class OnlyOver {

    private final Optional<Multiaddr> way;

    private OnlyOver(Optional<Multiaddr> way) {
        this.way = way;
    }

    /** An engine that dials {@code way} and nothing else; with none it does not dial at all. */
    static Environment environment(Optional<Multiaddr> way) {
        Environment real = Environment.system();
        var only = new OnlyOver(way);
        return instance(Environment.class, real, (method, arguments) -> {
            Object result = method.invoke(real, arguments);
            return method.getName().equals("newHost") ? only.host((Host) result) : result;
        });
    }

    private Host host(Host real) {
        return instance(Host.class, real, (method, arguments) -> switch (method.getName()) {
            case "connect" ->
                arguments[0] instanceof PeerId peer ? connected(real, peer) : dial(real, (Multiaddr) arguments[0]);
            case "newStream" ->
                connected(real, (PeerId) arguments[0])
                        .thenCompose(peer -> real.newStream(peer, (String[]) arguments[1]));
            default -> method.invoke(real, arguments);
        });
    }

    private CompletableFuture<PeerId> connected(Host real, PeerId peer) {
        if (real.isConnected(peer)) {
            return CompletableFuture.completedFuture(peer);
        }
        return way.map(address -> real.connect(address.withoutPeerId().withPeerId(peer)))
                .orElseGet(() -> noWay("peer " + peer));
    }

    private CompletableFuture<PeerId> dial(Host real, Multiaddr address) {
        boolean known = way.filter(w -> w.withoutPeerId().equals(address.withoutPeerId()))
                .isPresent();
        return known ? real.connect(address) : noWay(address.toString());
    }

    private static CompletableFuture<PeerId> noWay(String to) {
        return CompletableFuture.failedFuture(
                new HostException(HostException.Kind.NO_ADDRESS, "there is no way to " + to));
    }

    private interface Call {
        Object of(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T instance(Class<T> type, T real, Call call) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            try {
                return call.of(method, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
