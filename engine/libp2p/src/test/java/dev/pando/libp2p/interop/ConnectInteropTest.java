package dev.pando.libp2p.interop;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.failure;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections with js-libp2p: handshakes, identities, identify, ping. */
@Tag("interop")
class ConnectInteropTest {
    private static final Multiaddr ANY_PORT = Multiaddr.parse("/ip4/127.0.0.1/tcp/0");

    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (var resource : open) {
            resource.close();
        }
    }

    private Libp2pHost host(boolean earlyMuxer) throws HostException {
        return keep(Libp2pHost.builder(key(1))
                .listen(ANY_PORT)
                .agent("pando/test")
                .earlyMuxer(earlyMuxer)
                .start());
    }

    private static Multiaddr address(Libp2pHost host) {
        return host.addresses().get(0);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void connectsInBothDirections(boolean weEarly, boolean jsEarly) throws Exception {
        var host = host(weEarly);
        var js = keep(jsEarly ? JsPeer.start() : JsPeer.start("--no-early-muxer"));
        assertThat(await(host.connect(js.address()))).isEqualTo(js.peerId());
        pingsBothWays(host, js);
        await(host.disconnect(js.peerId()));
        until(
                "js knows",
                () -> js.run("connections", JsPeer.args()).get("connections").isEmpty());

        var dialled = js.run("dial", JsPeer.args().put("addr", address(host).toString()));
        assertThat(dialled.at("/connection/muxer").asText()).isEqualTo("/yamux/1.0.0");
        assertThat(dialled.at("/connection/security").asText()).isEqualTo("/noise");
        assertThat(dialled.at("/connection/peer").asText())
                .isEqualTo(host.peerId().toString());
        until("we know", () -> host.isConnected(js.peerId()));
        pingsBothWays(host, js);
    }

    private static void pingsBothWays(Libp2pHost host, JsPeer js) {
        for (int i = 0; i < 5; i++) {
            assertThat(await(host.ping(js.peerId()))).isPositive();
        }
        var peer = host.peerId().toString();
        assertThat(js.run("ping", JsPeer.args().put("peer", peer).put("n", 10))
                        .get("n")
                        .asInt())
                .isEqualTo(10);
        assertThat(js.run("pingStream", JsPeer.args().put("peer", peer).put("n", 10))
                        .get("n")
                        .asInt())
                .isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "secp256k1", "RSA"})
    void knowsEachKindOfIdentity(String type) throws Exception {
        var host = host(true);
        var js = keep(JsPeer.start("--key-type", type));
        var key = PublicKey.fromBytes(
                HexFormat.of().parseHex(js.ready().get("publicKey").asText()));
        assertThat(key.type().toString()).isEqualToIgnoringCase(type);
        assertThat(PeerId.of(key)).isEqualTo(js.peerId());
        assertThat(PeerId.parse(js.ready().get("peerIdCid").asText())).isEqualTo(js.peerId());
        await(host.connect(js.address()));
        await(host.ping(js.peerId()));
        await(host.disconnect(js.peerId()));
        until("js knows", () -> connectionsOf(js) == 0);
        js.run("dial", JsPeer.args().put("addr", address(host).toString()));
        until("we know js", () -> host.isConnected(js.peerId()));
        await(host.ping(js.peerId()));
    }

    @Test
    void refusesAWrongIdentityAndIsRefusedForOne() throws Exception {
        var host = host(true);
        var js = keep(JsPeer.start());
        var failure = failure(host.connect(js.address().withPeerId(key(9).peerId())));
        assertThat(failure.kind()).isEqualTo(HostException.Kind.WRONG_IDENTITY);
        assertThat(host.connections()).isEmpty();
        var answer = js.ask(
                "dial",
                JsPeer.args()
                        .put("addr", address(host).withPeerId(key(9).peerId()).toString()));
        assertThat(answer.get("ok").asBoolean()).isFalse();
        until("nothing is left", () -> host.connections().isEmpty());
        assertThat(js.run("connections", JsPeer.args()).get("connections")).isEmpty();
    }

    @Test
    void identifiesItselfAndHearsOfChanges() throws Exception {
        var host = host(true);
        var js = keep(JsPeer.start("--agent", "someone"));
        var heard = new CopyOnWriteArrayList<Identify>();
        host.addListener(new HostListener() {
            @Override
            public void onIdentified(PeerId peer, Identify info) {
                heard.add(info);
            }
        });
        await(host.connect(js.address()));
        until("js has identified itself", () -> !heard.isEmpty());
        var first = heard.get(0);
        assertThat(first.peer()).isEqualTo(js.peerId());
        assertThat(first.agentVersion()).contains("someone");
        assertThat(first.protocols()).contains("/ipfs/ping/1.0.0", "/js-peer/echo/1.0.0");
        assertThat(first.listenAddresses()).contains(js.address().withoutPeerId());
        assertThat(first.recordSeq()).isPresent();
        assertThat(first.observedAddress()).isPresent();

        js.run("handle", JsPeer.args().put("protocol", "/test/late/1.0.0"));
        js.run("push", JsPeer.args());
        until("the push is heard", () -> heard.get(heard.size() - 1).protocols().contains("/test/late/1.0.0"));

        var ours = js.run("identify", JsPeer.args().put("peer", host.peerId().toString()));
        assertThat(ours.get("agentVersion").asText()).isEqualTo("pando/test");
        assertThat(ours.get("listenAddrs").toString())
                .contains(address(host).withoutPeerId().toString());
        assertThat(ours.at("/signedPeerRecord/addrs").toString())
                .contains(address(host).withoutPeerId().toString());
        assertThat(ours.get("protocols").toString()).contains("/ipfs/id/push/1.0.0");

        host.handle("/test/ours/1.0.0", stream -> stream.close());
        until(
                "js hears our push",
                () -> js.run("peers", JsPeer.args()).toString().contains("/test/ours/1.0.0"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsUpWithOneConnectionWhenBothDialAtOnce(boolean weAreSmaller) throws Exception {
        var js = keep(JsPeer.start());
        int seed = 1;
        while (key(seed).peerId().compareTo(js.peerId()) < 0 != weAreSmaller) {
            seed++;
        }
        var host = keep(Libp2pHost.builder(key(seed)).listen(ANY_PORT).start());
        for (int i = 0; i < 2; i++) {
            var theirs = js.send("dial", JsPeer.args().put("addr", address(host).toString()));
            await(host.connect(js.address()));
            await(theirs);
            until("js has one", () -> connectionsOf(js) == 1 && host.isConnected(js.peerId()));
            pingsBothWays(host, js);
            await(host.disconnect(js.peerId()));
            until("both are apart", () -> connectionsOf(js) == 0 && !host.isConnected(js.peerId()));
        }
    }

    private static int connectionsOf(JsPeer js) {
        return js.run("connections", JsPeer.args()).get("connections").size();
    }

    @Test
    void givesUpOnWhoeverDoesNotShakeHands() throws Exception {
        var host = host(true);
        var js = keep(JsPeer.start());
        js.freeze();
        try {
            assertThat(failure(host.connect(js.address())).kind()).isEqualTo(HostException.Kind.TIMEOUT);
        } finally {
            js.goOn();
        }
        assertThat(await(host.connect(js.address()))).isEqualTo(js.peerId());

        try (var silent = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            var nobody = "/ip4/127.0.0.1/tcp/" + silent.getLocalPort();
            assertThat(js.ask("dial", JsPeer.args().put("addr", nobody).put("timeout", 2_000))
                            .get("ok")
                            .asBoolean())
                    .isFalse();
        }
    }

    @Test
    void hearsOfAddressesThatChange() throws Exception {
        var host = host(true);
        var js = keep(JsPeer.start());
        await(host.connect(js.address()));
        until(
                "js is known",
                () -> host.knownAddresses(js.peerId()).contains(js.address().withoutPeerId()));
        var moved = js.run("listen", JsPeer.args().put("addr", "/ip4/127.0.0.1/tcp/0"));
        var address = Multiaddr.parse(moved.get("addr").asText()).withoutPeerId();
        js.run("push", JsPeer.args());
        until("we know its new address", () -> host.knownAddresses(js.peerId()).contains(address));
        await(host.disconnect(js.peerId()));
        assertThat(await(host.connect(address))).isEqualTo(js.peerId());
    }
}
