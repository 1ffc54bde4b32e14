package dev.pando.libp2p.interop;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;

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
                    ? SigningPolicy.signed(key(1), System.currentTimeMillis() * 1_000_000)
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

    @Test
    void whatWeRejectIsNotForwardedAndLowersTheScore() throws Exception {
        var node = new Node(true);
        node.subscribe(Verdict.REJECT);
        var js = js(true, "1.2");
        js.run("subscribe", JsPeer.args().put("topic", TOPIC));
        await(node.host.connect(js.address()));
        until("in the mesh", () -> inMeshOf(js, node));
        js.run("publish", JsPeer.args().put("topic", TOPIC).put("text", "bad"));

        until("js is blamed", () -> await(node.gossip.score(js.peerId())) < 0);
        until("and pruned", () -> await(node.gossip.mesh(TOPIC)).isEmpty());
    }
}
