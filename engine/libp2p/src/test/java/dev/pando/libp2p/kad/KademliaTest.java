package dev.pando.libp2p.kad;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.OneThread;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Four servers and a client on loopback. */
class KademliaTest {

    private static final RecordValidator GREATEST = new RecordValidator() {
        @Override
        public boolean valid(byte[] key, byte[] value) {
            return value.length > 0;
        }

        @Override
        public boolean better(byte[] key, byte[] other, byte[] present) {
            return Arrays.compareUnsigned(other, present) > 0;
        }
    };

    private final List<Node> nodes = new ArrayList<>();

    private static final class Node {
        final OneThread scheduler = new OneThread();
        final Libp2pHost host;
        final Kademlia kad;

        Node(int seed, boolean server) throws Exception {
            host = Libp2pHost.builder(key(seed))
                    .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                    .start();
            var config = new KadConfig("/test/kad/1.0.0", server, Map.of("test", GREATEST));
            kad = new Kademlia(host, config, scheduler, () -> System.nanoTime() / 1_000_000);
            kad.start();
        }
    }

    /** Servers 0 to 3, of which each knows server 0 only, and a client. */
    private void startNetwork() throws Exception {
        for (int i = 0; i < 5; i++) {
            nodes.add(new Node(i + 1, i < 4));
        }
        for (Node node : nodes.subList(1, 5)) {
            await(node.host.connect(nodes.get(0).host.addresses().get(0)));
            until("it knows the first", () -> await(node.kad.tableSize()) >= 1);
        }
        until("the first knows all servers", () -> await(nodes.get(0).kad.tableSize()) == 3);
        for (Node node : nodes) {
            await(node.kad.bootstrap());
        }
    }

    @AfterEach
    void stop() {
        for (Node node : nodes) {
            node.kad.close();
            node.host.close();
            node.scheduler.close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void findsPeersProvidersAndValues() throws Exception {
        startNetwork();
        Node client = nodes.get(4);

        assertThat(await(client.kad.findPeer(nodes.get(2).host.peerId())))
                .hasValueSatisfying(found -> assertThat(found.addresses())
                        .contains(nodes.get(2).host.addresses().get(0).withoutPeerId()));

        assertThat(await(nodes.get(1).kad.provide(bytes("books")))).isGreaterThanOrEqualTo(1);
        until(
                "the client finds the provider",
                () -> await(client.kad.findProviders(bytes("books"), 1)).stream()
                        .anyMatch(p -> p.peer().equals(nodes.get(1).host.peerId())));

        assertThat(await(client.kad.put(bytes("/test/k"), bytes("a")))).isEqualTo(4);
        assertThat(await(nodes.get(3).kad.get(bytes("/test/k"))))
                .hasValueSatisfying(v -> assertThat(v).isEqualTo(bytes("a")));
        await(nodes.get(2).kad.put(bytes("/test/k"), bytes("b")));
        assertThat(await(client.kad.get(bytes("/test/k"))))
                .hasValueSatisfying(v -> assertThat(v).isEqualTo(bytes("b")));

        assertThat(await(client.kad.closest(bytes("books")))).hasSize(4);
        assertThat(await(nodes.get(0).kad.tableSize()))
                .as("a client is not in the table")
                .isEqualTo(3);
    }

    @Test
    void aValueThatNoValidatorAcceptsIsRefusedAtOnce() throws Exception {
        startNetwork();
        assertThatThrownBy(() -> await(nodes.get(4).kad.put(bytes("/other/k"), bytes("a"))))
                .hasMessageContaining("validator");
        assertThat(await(nodes.get(4).kad.get(bytes("/test/nothing")))).isEmpty();
    }

    @Test
    void aPeerThatIsGoneDoesNotEndALookup() throws Exception {
        startNetwork();
        await(nodes.get(1).kad.provide(bytes("books")));
        nodes.get(2).host.close();

        assertThat(await(nodes.get(4).kad.findProviders(bytes("books"), 1))).hasSize(1);
    }
}
