package dev.pando.libp2p.host;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.transport.MuxedConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to reach a peer at one of several addresses: the next one is tried when the one before has failed, or has
 * not succeeded within a moment. The first success wins. Runs on the host's scheduler.
 */
final class Dial {
    /** What an address is given before the next one is tried beside it. */
    private static final Duration HEAD_START = Duration.ofMillis(250);

    private final Scheduler scheduler;
    private final Deque<Multiaddr> addresses;
    private final Function<Multiaddr, CompletableFuture<MuxedConnection>> dialer;
    private final CompletableFuture<MuxedConnection> result = new CompletableFuture<>();
    private int underWay;
    private @Nullable HostException last;
    private Runnable cancelNext = () -> {};

    private Dial(
            Scheduler scheduler,
            List<Multiaddr> addresses,
            Function<Multiaddr, CompletableFuture<MuxedConnection>> dialer) {
        this.scheduler = scheduler;
        this.addresses = new ArrayDeque<>(addresses);
        this.dialer = dialer;
    }

    /** @param addresses at least one, the best first */
    static CompletableFuture<MuxedConnection> run(
            Scheduler scheduler,
            List<Multiaddr> addresses,
            Function<Multiaddr, CompletableFuture<MuxedConnection>> dialer) {
        var dial = new Dial(scheduler, addresses, dialer);
        dial.next();
        return dial.result;
    }

    private void next() {
        cancelNext.run();
        Multiaddr address = addresses.poll();
        if (address == null || result.isDone()) {
            return;
        }
        underWay++;
        dialer.apply(address).whenComplete((connection, why) -> scheduler.execute(() -> onEnd(connection, why)));
        if (!addresses.isEmpty()) {
            cancelNext = scheduler.schedule(HEAD_START, this::next);
        }
    }

    private void onEnd(@Nullable MuxedConnection connection, @Nullable Throwable why) {
        underWay--;
        if (connection != null) {
            cancelNext.run();
            if (!result.complete(connection)) {
                connection.close();
            }
        } else {
            last = Failures.of(why);
            next();
            if (underWay == 0 && addresses.isEmpty()) {
                result.completeExceptionally(last);
            }
        }
    }
}
