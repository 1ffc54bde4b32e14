package dev.pando.libp2p.interop;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.OneThread;
import dev.pando.libp2p.gossip.Gossip;
import dev.pando.libp2p.gossip.GossipConfig;
import dev.pando.libp2p.gossip.GossipHandler.Verdict;
import dev.pando.libp2p.gossip.SigningPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publish and subscribe with js-libp2p, in both signing policies and all versions. */
@Tag("interop")
class GossipInteropTest {
    private static final String TOPIC = "books";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

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
        final Gossip gossip;

        Node(boolean signed) throws Exception {
            var scheduler = keep(new OneThread());
            host = keep(Libp2pHost.builder(key(1))
                    .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                    .start());
            var policy = signed
                    ? SigningPolicy.signed(key(1), System.currentTimeMillis() * 1_000_000, Runnable::run)
                    : SigningPolicy.unsigned();
            gossip = keep(new Gossip(
                    host,
                    policy,
                    GossipConfig.DEFAULT,
                    scheduler,
                    new Random(1)::nextInt,
                    () -> System.nanoTime() / 1_000_000));
            gossip.start();
        }

        void subscribe(Verdict verdict) {
            gossip.subscribe(TOPIC, (message, from) -> {
                heard.add(new String(message.data(), StandardCharsets.UTF_8));
                return CompletableFuture.completedFuture(verdict);
            });
        }

        void publish(String text) {
            gossip.publish(TOPIC, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private JsPeer js(boolean signed, String version) {
        return keep(JsPeer.start("--gossip", "--sign", signed ? "strict" : "none", "--gossip-version", version));
    }

    private static boolean inMeshOf(JsPeer js, Node node) {
        return js.run("subscribers", JsPeer.args().put("topic", TOPIC))
                .get("mesh")
                .toString()
                .contains(node.host.peerId().toString());
    }

    private static void awaitMessage(JsPeer js, String text) {
        js.event(e -> "message".equals(e.path("event").asText())
                && text.equals(
                        new String(Base64.getDecoder().decode(e.path("data64").asText()), StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "true, 1.2, true",
        "false, 1.2, false",
        "true, 1.1, false",
        "false, 1.1, true",
        "true, 1.0, true",
        "false, 1.0, false"
    })
    void publishesBothWays(boolean signed, String version, boolean weDial) throws Exception {
        var node = new Node(signed);
        var js = js(signed, version);
        node.subscribe(Verdict.ACCEPT);
        js.run("subscribe", JsPeer.args().put("topic", TOPIC));
        if (weDial) {
            await(node.host.connect(js.address()));
        } else {
            js.run(
                    "dial",
                    JsPeer.args().put("addr", node.host.addresses().get(0).toString()));
        }
        until("js has us in its mesh", () -> inMeshOf(js, node));
        until("we have js in ours", () -> await(node.gossip.mesh(TOPIC)).contains(js.peerId()));

        js.run("publish", JsPeer.args().put("topic", TOPIC).put("text", "from js"));
        until("we hear js", () -> heard.contains("from js"));
        node.publish("from us");
        awaitMessage(js, "from us");

        js.run("unsubscribe", JsPeer.args().put("topic", TOPIC));
        until("js has left our mesh", () -> await(node.gossip.mesh(TOPIC)).isEmpty());
        until("and the topic", () -> await(node.gossip.subscribers(TOPIC)).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void forwardsBetweenTwoJsPeers(boolean signed) throws Exception {
        var node = new Node(signed);
        node.subscribe(Verdict.ACCEPT);
        var one = js(signed, "1.2");
        var other = js(signed, "1.1");
        for (JsPeer js : List.of(one, other)) {
            js.run("subscribe", JsPeer.args().put("topic", TOPIC));
            await(node.host.connect(js.address()));
            until("in the mesh", () -> inMeshOf(js, node));
        }
        until("both in ours", () -> await(node.gossip.mesh(TOPIC)).size() == 2);

        one.run("publish", JsPeer.args().put("topic", TOPIC).put("text", "pass it on"));

        awaitMessage(other, "pass it on");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whatWeRejectIsNotForwardedAndLowersTheScore(boolean signed) throws Exception {
        var node = new Node(signed);
        node.subscribe(Verdict.REJECT);
        var js = js(signed, "1.2");
        var other = js(signed, "1.2");
        for (JsPeer each : List.of(js, other)) {
            each.run("subscribe", JsPeer.args().put("topic", TOPIC));
            await(node.host.connect(each.address()));
            until("in the mesh", () -> inMeshOf(each, node));
        }
        js.run("publish", JsPeer.args().put("topic", TOPIC).put("text", "bad"));

        until("js is blamed", () -> await(node.gossip.score(js.peerId())) < 0);
        until("and pruned", () -> !await(node.gossip.mesh(TOPIC)).contains(js.peerId()));
        assertThat(other.run("seen", JsPeer.args()).get("count").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whatJsRejectsGoesNoFurther(boolean signed) throws Exception {
        var node = new Node(signed);
        node.subscribe(Verdict.ACCEPT);
        var js = js(signed, "1.2");
        var other = js(signed, "1.2");
        other.run("dial", JsPeer.args().put("addr", js.address().toString()));
        for (JsPeer each : List.of(js, other)) {
            each.run("subscribe", JsPeer.args().put("topic", TOPIC));
        }
        js.run("subscribe", JsPeer.args().put("topic", "afterwards"));
        js.run("validator", JsPeer.args().put("topic", TOPIC).put("result", "reject"));
        await(node.host.connect(js.address()));
        until("in the mesh", () -> inMeshOf(js, node));
        until("js has all", () -> await(node.gossip.subscribers("afterwards")).contains(js.peerId()));
        node.publish("bad");
        /* What comes later on the same stream is judged later. */
        node.gossip.publish("afterwards", "good".getBytes(StandardCharsets.UTF_8));
        awaitMessage(js, "good");
        assertThat(js.run("seen", JsPeer.args()).get("count").asInt()).isEqualTo(1);
        assertThat(other.run("seen", JsPeer.args()).get("count").asInt()).isZero();
    }

    @Test
    void tellsThoseItPrunesWhereTheOthersAre() throws Exception {
        var node = new Node(false);
        node.subscribe(Verdict.ACCEPT);
        var one = keep(JsPeer.start("--gossip", "--sign", "none", "--gossip-px"));
        var other = keep(JsPeer.start("--gossip", "--sign", "none", "--gossip-px"));
        for (JsPeer js : List.of(one, other)) {
            js.run("subscribe", JsPeer.args().put("topic", TOPIC));
            await(node.host.connect(js.address()));
            until("in the mesh", () -> inMeshOf(js, node));
            until(
                    "its record is known",
                    () -> node.host.signedRecord(js.peerId()).isPresent());
        }
        until("both in ours", () -> await(node.gossip.mesh(TOPIC)).size() == 2);
        node.gossip.unsubscribe(TOPIC);
        until(
                "they have found each other",
                () -> one.run("connections", JsPeer.args())
                        .toString()
                        .contains(other.peerId().toString()));
    }

    @Test
    void findsThoseThatJsTellsOf() throws Exception {
        var hub = keep(JsPeer.start("--gossip", "--sign", "none", "--gossip-px"));
        var other = keep(JsPeer.start("--gossip", "--sign", "none"));
        var node = new Node(false);
        node.subscribe(Verdict.ACCEPT);
        other.run("subscribe", JsPeer.args().put("topic", TOPIC));
        hub.run("subscribe", JsPeer.args().put("topic", TOPIC));
        other.run("dial", JsPeer.args().put("addr", hub.address().toString()));
        await(node.host.connect(hub.address()));
        until("we are in the mesh", () -> inMeshOf(hub, node));
        until(
                "all are known",
                () -> hub.run("subscribers", JsPeer.args().put("topic", TOPIC))
                                .get("mesh")
                                .size()
                        == 2);
        hub.run("unsubscribe", JsPeer.args().put("topic", TOPIC));
        until("we have found the other", () -> node.host.isConnected(other.peerId()));
    }
}
