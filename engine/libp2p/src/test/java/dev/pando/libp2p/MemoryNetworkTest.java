package dev.pando.libp2p;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.failure;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryNetworkTest extends HostContract {
    private final MemoryNetwork network = new MemoryNetwork();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @Override
    Host newHost(KeyPair identity, HostLimits limits) {
        return network.newHost(identity, executor, limits);
    }

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void partsAndHeals() {
        var a = newHost(key(3), HostLimits.DEFAULT);
        var b = newHost(key(4), HostLimits.DEFAULT);
        await(a.connect(b.addresses().get(0)));
        network.block(a.peerId(), b.peerId());
        until("they are apart", () -> !a.isConnected(b.peerId()) && !b.isConnected(a.peerId()));
        assertThat(failure(b.connect(a.addresses().get(0))).kind()).isEqualTo(HostException.Kind.UNREACHABLE);
        network.unblock(a.peerId(), b.peerId());
        assertThat(await(b.connect(a.addresses().get(0)))).isEqualTo(a.peerId());
    }
}
