package dev.pando.libp2p.interop;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ipld.Cid;
import dev.pando.ipld.Sha256;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.OneThread;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.kad.KadConfig;
import dev.pando.libp2p.kad.KadPeerInfo;
import dev.pando.libp2p.kad.Kademlia;
import dev.pando.libp2p.kad.RecordValidator;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A table of four servers, two of ours and two of js, used by them all and by a client of each kind. */
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
    void fourServersAndAClientOfOurs() throws Exception {
        var net = new Mixed();
        var client = new Node(3, false);
        await(client.host.connect(net.hub()));
        until("our client knows the hub", () -> await(client.kad.tableSize()) >= 1);
        await(client.kad.bootstrap());

        // Peers, of either kind
        for (PeerId sought : List.of(
                net.ours.get(1).host.peerId(),
                net.theirs.get(0).peerId(),
                net.theirs.get(1).peerId())) {
            assertThat(await(client.kad.findPeer(sought)))
                    .hasValueSatisfying(found -> assertThat(found.addresses()).isNotEmpty());
        }

        // Values: what one put, every other gets
        assertThat(await(client.kad.put(bytes("/test/client"), bytes("from our client"))))
                .isEqualTo(4);
        /* Again if need be: a server that is slow to answer once is left out of that time's count. */
        until(
                "three servers keep it",
                () -> await(net.ours.get(1).kad.put(bytes("/test/server"), bytes("from our server"))) >= 3);
        net.theirs.get(0).run("dhtPut", JsPeer.args().put("key", "/test/js").put("text", "from a js server"));
        for (JsPeer js : net.theirs) {
            assertThat(get(js, "/test/client")).isEqualTo("from our client");
            assertThat(get(js, "/test/server")).isEqualTo("from our server");
            assertThat(get(js, "/test/js")).isEqualTo("from a js server");
        }
        for (Node node : List.of(client, net.ours.get(0), net.ours.get(1))) {
            assertThat(get(node, "/test/client")).isEqualTo("from our client");
            assertThat(get(node, "/test/server")).isEqualTo("from our server");
            assertThat(get(node, "/test/js")).isEqualTo("from a js server");
        }

        // Providers
        for (Node provider : net.ours) {
            var cid = Cid.ofSha256(Cid.RAW, provider.host.peerId().toBytes());
            until(
                    "three servers know it",
                    () -> await(provider.kad.provide(cid.multihash().toBytes())) >= 3);
            net.theirs.forEach(
                    js -> until("js finds it", () -> providers(js, cid).contains(provider.host.peerId())));
            until("our client finds it", () -> providers(client, cid).contains(provider.host.peerId()));
        }
        for (JsPeer provider : net.theirs) {
            var cid = Cid.ofSha256(Cid.RAW, provider.peerId().toBytes());
            provider.run("dhtProvide", JsPeer.args().put("cid", cid.toString()));
            until("our client finds it", () -> providers(client, cid).contains(provider.peerId()));
            net.ours.forEach(node ->
                    until("our server finds it", () -> providers(node, cid).contains(provider.peerId())));
        }

        // The nearest: all four, in the order of their distance
        byte[] key = bytes("anything");
        assertThat(await(client.kad.closest(key)))
                .extracting(KadPeerInfo::peer)
                .containsExactlyElementsOf(net.byDistance(key));
    }

    @Test
    void fourServersAndAClientOfJs() throws Exception {
        var net = new Mixed();
        JsPeer client = js("client");
        client.run("dial", JsPeer.args().put("addr", net.hub().toString()));
        until("the js client knows the hub", () -> table(client) >= 1);

        // Peers, of either kind
        for (PeerId sought : List.of(
                net.ours.get(1).host.peerId(),
                net.theirs.get(0).peerId(),
                net.theirs.get(1).peerId())) {
            assertThat(client.run("dhtFindPeer", JsPeer.args().put("peer", sought.toString()))
                            .at("/peer/id")
                            .asText())
                    .isEqualTo(sought.toString());
        }

        // Values: what the client put, every server gets, and the other way round
        client.run("dhtPut", JsPeer.args().put("key", "/test/client").put("text", "from a js client"));
        assertThat(await(net.ours.get(1).kad.put(bytes("/test/server"), bytes("from our server"))))
                .isGreaterThanOrEqualTo(3);
        assertThat(get(client, "/test/server")).isEqualTo("from our server");
        for (Node node : net.ours) {
            assertThat(get(node, "/test/client")).isEqualTo("from a js client");
        }
        for (JsPeer js : net.theirs) {
            assertThat(get(js, "/test/client")).isEqualTo("from a js client");
        }

        // Providers
        for (Node provider : net.ours) {
            var cid = Cid.ofSha256(Cid.RAW, provider.host.peerId().toBytes());
            await(provider.kad.provide(cid.multihash().toBytes()));
            until("js finds it", () -> providers(client, cid).contains(provider.host.peerId()));
        }
        for (JsPeer provider : net.theirs) {
            var cid = Cid.ofSha256(Cid.RAW, provider.peerId().toBytes());
            provider.run("dhtProvide", JsPeer.args().put("cid", cid.toString()));
            until("js finds it", () -> providers(client, cid).contains(provider.peerId()));
        }

        // The nearest: all four
        var cid = Cid.ofSha256(Cid.RAW, bytes("anything"));
        var nearest = client.run("dhtClosest", JsPeer.args().put("cid", cid.toString()))
                .get("peers");
        for (PeerId server : net.byDistance(cid.multihash().toBytes())) {
            assertThat(nearest.toString()).contains(server.toString());
        }
    }

    /** Two servers of ours and two of js, each of which was told of the first one only; then all know all. */
    private final class Mixed {
        final List<Node> ours = List.of(new Node(1, true), new Node(2, true));
        final List<JsPeer> theirs = List.of(js("server"), js("server"));

        Mixed() throws Exception {
            await(ours.get(1).host.connect(hub()));
            for (JsPeer js : theirs) {
                js.run("dial", JsPeer.args().put("addr", hub().toString()));
            }
            until("the hub knows three servers", () -> await(ours.get(0).kad.tableSize()) == 3);
            until("js knows the hub", () -> theirs.stream().allMatch(js -> table(js) >= 1));
            await(ours.get(1).kad.bootstrap());
            until("our second knows all", () -> await(ours.get(1).kad.tableSize()) == 3);
        }

        Multiaddr hub() {
            return ours.get(0).address();
        }

        List<PeerId> byDistance(byte[] key) {
            var target = new BigInteger(1, Sha256.digest(key));
            return Stream.concat(
                            ours.stream().map(node -> node.host.peerId()),
                            theirs.stream().map(JsPeer::peerId))
                    .sorted(Comparator.comparing(peer -> new BigInteger(1, Sha256.digest(peer.toBytes())).xor(target)))
                    .toList();
        }
    }

    private static String get(JsPeer js, String key) {
        return js.run("dhtGet", JsPeer.args().put("key", key)).get("text").asText();
    }

    private static String get(Node node, String key) {
        return new String(await(node.kad.get(bytes(key))).orElseThrow(), StandardCharsets.UTF_8);
    }

    private static List<PeerId> providers(Node node, Cid cid) {
        return await(node.kad.findProviders(cid.multihash().toBytes(), 20)).stream()
                .map(KadPeerInfo::peer)
                .toList();
    }

    private static List<PeerId> providers(JsPeer js, Cid cid) {
        var found = new ArrayList<PeerId>();
        js.run("dhtFindProviders", JsPeer.args().put("cid", cid.toString()))
                .get("providers")
                .forEach(provider -> found.add(PeerId.parse(
                        provider.isTextual()
                                ? provider.asText()
                                : provider.get("id").asText())));
        return found;
    }
}
