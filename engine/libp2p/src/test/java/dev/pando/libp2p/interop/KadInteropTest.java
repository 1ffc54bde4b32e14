package dev.pando.libp2p.interop;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ipld.Cid;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.OneThread;
import dev.pando.libp2p.kad.KadConfig;
import dev.pando.libp2p.kad.Kademlia;
import dev.pando.libp2p.kad.RecordValidator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A table of two servers of ours and two of js, with a client of each kind. */
@Tag("interop")
class KadInteropTest {
    private static final String PROTOCOL = KadConfig.PANDO_PROTOCOL;
    private static final RecordValidator ANY = new RecordValidator() {
        @Override
        public boolean valid(byte[] key, byte[] value) {
            return value.length > 0;
        }

        @Override
        public boolean better(byte[] key, byte[] other, byte[] present) {
            return Arrays.compareUnsigned(other, present) > 0;
        }
    };

    private final List<AutoCloseable> open = new ArrayList<>();

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(0, resource);
        return resource;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (var resource : open) {
            resource.close();
        }
    }

    private final class Node {
        final Libp2pHost host;
        final Kademlia kad;

        Node(int seed, boolean server) throws Exception {
            var scheduler = keep(new OneThread());
            host = keep(Libp2pHost.builder(key(seed))
                    .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                    .start());
            kad = keep(new Kademlia(
                    host,
                    new KadConfig(PROTOCOL, server, Map.of("test", ANY)),
                    scheduler,
                    () -> System.nanoTime() / 1_000_000));
            kad.start();
        }

        Multiaddr address() {
            return host.addresses().get(0);
        }
    }

    private JsPeer js(String mode) {
        return keep(JsPeer.start("--dht", mode, "--dht-protocol", PROTOCOL));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int table(JsPeer js) {
        return js.run("dhtMode", JsPeer.args()).get("table").asInt();
    }

    @Test
    void findsAcrossBothKinds() throws Exception {
        var ours = List.of(new Node(1, true), new Node(2, true));
        var theirs = List.of(js("server"), js("server"));
        var client = new Node(3, false);
        var jsClient = js("client");
        Multiaddr hub = ours.get(0).address();
        await(ours.get(1).host.connect(hub));
        await(client.host.connect(hub));
        for (JsPeer js : List.of(theirs.get(0), theirs.get(1), jsClient)) {
            js.run("dial", JsPeer.args().put("addr", hub.toString()));
        }
        until("the hub knows three servers", () -> await(ours.get(0).kad.tableSize()) == 3);
        until("js knows the hub", () -> theirs.stream().allMatch(js -> table(js) >= 1) && table(jsClient) >= 1);
        until("our client knows it", () -> await(client.kad.tableSize()) >= 1);
        await(ours.get(1).kad.bootstrap());
        await(client.kad.bootstrap());

        // Peers
        assertThat(await(client.kad.findPeer(theirs.get(1).peerId()))).isPresent();
        assertThat(jsClient.run(
                                "dhtFindPeer",
                                JsPeer.args()
                                        .put("peer", ours.get(1).host.peerId().toString()))
                        .at("/peer/id")
                        .asText())
                .isEqualTo(ours.get(1).host.peerId().toString());

        // Values
        assertThat(await(client.kad.put(bytes("/test/ours"), bytes("from us")))).isGreaterThanOrEqualTo(2);
        assertThat(jsClient.run("dhtGet", JsPeer.args().put("key", "/test/ours"))
                        .get("text")
                        .asText())
                .isEqualTo("from us");
        jsClient.run("dhtPut", JsPeer.args().put("key", "/test/js").put("text", "from js"));
        assertThat(await(client.kad.get(bytes("/test/js"))))
                .hasValueSatisfying(v -> assertThat(v).isEqualTo(bytes("from js")));

        // Providers
        var cid = Cid.ofSha256(Cid.RAW, bytes("a book"));
        theirs.get(0).run("dhtProvide", JsPeer.args().put("cid", cid.toString()));
        until(
                "we find the provider of js",
                () -> await(client.kad.findProviders(cid.multihash().toBytes(), 1)).stream()
                        .anyMatch(p -> p.peer().equals(theirs.get(0).peerId())));
        var other = Cid.ofSha256(Cid.RAW, bytes("another book"));
        assertThat(await(ours.get(1).kad.provide(other.multihash().toBytes()))).isPositive();
        until(
                "js finds ours",
                () -> jsClient.run("dhtFindProviders", JsPeer.args().put("cid", other.toString()))
                        .get("providers")
                        .toString()
                        .contains(ours.get(1).host.peerId().toString()));

        // The nearest
        assertThat(await(client.kad.closest(bytes("anything")))).hasSize(4);
        assertThat(jsClient.run("dhtClosest", JsPeer.args().put("cid", cid.toString()))
                        .get("peers"))
                .hasSizeGreaterThanOrEqualTo(3);
    }
}
