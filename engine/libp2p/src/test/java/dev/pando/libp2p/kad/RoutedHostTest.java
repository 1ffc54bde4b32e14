package dev.pando.libp2p.kad;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.Host;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.OneThread;
import dev.pando.libp2p.PeerId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host that looks peers up, beside others who learn of the same peer at the same time. */
class RoutedHostTest {

    private final OneThread scheduler = new OneThread();
    private final AtomicReference<Runnable> afterFailure = new AtomicReference<>();
    private Libp2pHost host;
    private Libp2pHost target;
    private Kademlia table;
    private RoutedHost routed;

    @BeforeEach
    void start() throws Exception {
        host = listening(1);
        target = listening(2);
        table = new Kademlia(
                host, new KadConfig("/test/kad/1.0.0", true, Map.of()), scheduler, () -> System.nanoTime() / 1_000_000);
        table.start();
        routed = new RoutedHost(meanwhile(host), table, () -> System.nanoTime() / 1_000_000);
    }

    @AfterEach
    void stop() {
        table.close();
        host.close();
        target.close();
        scheduler.close();
    }

    private static Libp2pHost listening(int seed) throws Exception {
        return Libp2pHost.builder(key(seed))
                .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                .start();
    }

    /** The host, for which {@link #afterFailure} runs between a dial that failed and the news of it. */
    private Host meanwhile(Host host) {
        return (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(), new Class<?>[] {Host.class}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(host, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    boolean dial = method.getName().equals("connect") && arguments[0] instanceof PeerId;
                    return dial ? told((CompletableFuture<?>) result) : result;
                });
    }

    private CompletableFuture<?> told(CompletableFuture<?> dial) {
        /* Not on the thread that failed: the host's own goes on meanwhile. */
        return dial.whenCompleteAsync((peer, failure) -> {
            Runnable event = afterFailure.getAndSet(null);
            if (failure != null && event != null) {
                event.run();
            }
        });
    }

    @Test
    void aPeerOfWhichNothingIsKnownIsNotReached() {
        assertThatThrownBy(() -> await(routed.connect(target.peerId()))).hasMessageContaining("no address");
    }

    @Test
    void anAddressThatCameFromElsewhereMeanwhileIsTried() throws Exception {
        afterFailure.set(
                () -> host.addAddress(target.peerId(), target.addresses().get(0).withoutPeerId()));

        assertThat(await(routed.connect(target.peerId()))).isEqualTo(target.peerId());
    }

    @Test
    void aPeerThatConnectedMeanwhileIsReached() throws Exception {
        afterFailure.set(() -> {
            try {
                await(target.connect(host.addresses().get(0)));
                until("the host knows it", () -> host.isConnected(target.peerId()));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });

        assertThat(await(routed.connect(target.peerId()))).isEqualTo(target.peerId());
    }
}
