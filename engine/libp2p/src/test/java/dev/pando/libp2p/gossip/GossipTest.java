package dev.pando.libp2p.gossip;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.OneThread;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Gossip between real hosts on loopback. */
class GossipTest {

    private static final String TOPIC = "books";

    private final List<Node> nodes = new ArrayList<>();

    private static final class Node {
        final Libp2pHost host;
        final Gossip gossip;
        final OneThread scheduler = new OneThread();
        final Queue<String> heard = new ConcurrentLinkedQueue<>();

        Node(int seed, boolean signed) throws Exception {
            this(seed, signed, host -> host);
        }

        /** @param seen what the gossip of this node takes for its host */
        Node(int seed, boolean signed, UnaryOperator<Host> seen) throws Exception {
            host = Libp2pHost.builder(key(seed))
                    .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                    .start();
            SigningPolicy policy =
                    signed ? SigningPolicy.signed(key(seed), 1, Runnable::run) : SigningPolicy.unsigned();
            Random random = new Random(seed);
            gossip = new Gossip(
                    seen.apply(host),
                    policy,
                    GossipConfig.DEFAULT,
                    scheduler,
                    random::nextInt,
                    () -> System.nanoTime() / 1_000_000);
            gossip.start();
        }

        void subscribe(GossipHandler.Verdict verdict) {
            gossip.subscribe(TOPIC, (message, from) -> {
                heard.add(new String(message.data(), StandardCharsets.UTF_8));
                return CompletableFuture.completedFuture(verdict);
            });
        }

        void connect(Node other) {
            await(host.connect(other.host.addresses().get(0)));
        }

        boolean knowsSubscribers(int count) {
            return await(gossip.subscribers(TOPIC)).size() == count;
        }
    }

    private Node node(boolean signed) throws Exception {
        Node node = new Node(nodes.size() + 1, signed);
        nodes.add(node);
        return node;
    }

    @AfterEach
    void stop() {
        for (Node node : nodes) {
            node.gossip.close();
            node.host.close();
            node.scheduler.close();
        }
    }

    private void throughAChain(boolean signed) throws Exception {
        Node a = node(signed);
        Node b = node(signed);
        Node c = node(signed);
        a.connect(b);
        c.connect(b);
        List.of(a, b, c).forEach(n -> n.subscribe(GossipHandler.Verdict.ACCEPT));
        until("b knows both", () -> b.knowsSubscribers(2));
        until("the ends know b", () -> a.knowsSubscribers(1) && c.knowsSubscribers(1));

        a.gossip.publish(TOPIC, "Hyperion".getBytes(StandardCharsets.UTF_8));

        until("c hears of it through b", () -> c.heard.contains("Hyperion"));
        assertThat(b.heard).containsExactly("Hyperion");
        assertThat(a.heard).isEmpty();
    }

    @Test
    void unsignedMessagesPassThroughAChain() throws Exception {
        throughAChain(false);
    }

    @Test
    void signedMessagesPassThroughAChain() throws Exception {
        throughAChain(true);
    }

    @Test
    void anUnsignedMessageBreaksThePolicyOfThoseWhoSign() throws Exception {
        Node signing = node(true);
        Node bare = node(false);
        bare.connect(signing);
        signing.subscribe(GossipHandler.Verdict.ACCEPT);
        bare.subscribe(GossipHandler.Verdict.ACCEPT);
        until("they know each other", () -> bare.knowsSubscribers(1) && signing.knowsSubscribers(1));

        await(bare.gossip.publish(TOPIC, "who wrote this?".getBytes(StandardCharsets.UTF_8)));

        until("it is blamed", () -> await(signing.gossip.score(bare.host.peerId())) < 0);
        assertThat(signing.heard).isEmpty();
    }

    @Test
    void whatAValidatorDoesNotAcceptGoesNoFurther() throws Exception {
        Node a = node(false);
        Node b = node(false);
        Node c = node(false);
        a.connect(b);
        c.connect(b);
        a.subscribe(GossipHandler.Verdict.ACCEPT);
        b.subscribe(GossipHandler.Verdict.REJECT);
        c.subscribe(GossipHandler.Verdict.ACCEPT);
        until("b knows both", () -> b.knowsSubscribers(2));
        until("a knows b", () -> a.knowsSubscribers(1));

        await(a.gossip.publish(TOPIC, "bad".getBytes(StandardCharsets.UTF_8)));
        until("b has judged", () -> await(b.gossip.score(a.host.peerId())) < 0);

        assertThat(c.heard).isEmpty();
    }

    @Test
    void whoLeavesATopicHearsNoMore() throws Exception {
        Node a = node(false);
        Node b = node(false);
        a.connect(b);
        a.subscribe(GossipHandler.Verdict.ACCEPT);
        b.subscribe(GossipHandler.Verdict.ACCEPT);
        until("a knows b", () -> a.knowsSubscribers(1));
        b.gossip.unsubscribe(TOPIC);
        until("a knows that b has left", () -> a.knowsSubscribers(0));

        assertThat(await(a.gossip.publish(TOPIC, "late".getBytes(StandardCharsets.UTF_8))))
                .isZero();
    }

    @Test
    void aStreamThatThePeerResetIsOpenedAgain() throws Exception {
        Node a = node(false);
        a.subscribe(GossipHandler.Verdict.ACCEPT);
        var streams = new ConcurrentLinkedQueue<MessageStream>();
        try (var other = Libp2pHost.builder(key(9)).start()) {
            other.handle("/meshsub/1.1.0", stream -> streams.add(new MessageStream(stream, Gossip.RPC_BYTES_MAX)));
            await(other.connect(a.host.addresses().get(0)));
            var telling =
                    new MessageStream(await(other.newStream(a.host.peerId(), "/meshsub/1.1.0")), Gossip.RPC_BYTES_MAX);
            telling.write(GossipCodec.encode(new Rpc(
                    List.of(new Rpc.Subscription(true, TOPIC)),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of())));
            until("a knows the subscriber", () -> a.knowsSubscribers(1));
            for (int i = 1; i <= 3; i++) {
                int count = i;
                until("a has opened a stream", () -> streams.size() == count);
                MessageStream last = List.copyOf(streams).get(i - 1);
                Rpc greeting = decoded(await(last.read()));
                assertThat(greeting.subscriptions()).containsExactly(new Rpc.Subscription(true, TOPIC));
                if (i < 3) {
                    last.reset();
                }
            }
            assertThat(a.knowsSubscribers(1)).as("it said so once").isTrue();
            assertThat(await(a.gossip.publish(TOPIC, new byte[] {1}))).isEqualTo(1);
            MessageStream last = List.copyOf(streams).get(2);
            until(
                    "the message comes",
                    () -> !decoded(await(last.read())).messages().isEmpty());
        }
    }

    /** As {@code host}, but the first stream that is asked for is {@code first}. */
    private static Host withFirstStream(Host host, CompletableFuture<Stream> first, AtomicBoolean asked) {
        return (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(),
                new Class<?>[] {Host.class},
                (proxy, method, arguments) -> method.getName().equals("newStream") && !asked.getAndSet(true)
                        ? first
                        : method.invoke(host, arguments));
    }

    private Node node(CompletableFuture<Stream> firstStream, AtomicBoolean asked) throws Exception {
        Node node = new Node(nodes.size() + 1, false, host -> withFirstStream(host, firstStream, asked));
        nodes.add(node);
        node.subscribe(GossipHandler.Verdict.ACCEPT);
        return node;
    }

    private static void hearsThatItFollows(Queue<MessageStream> streams) {
        until("a stream is opened", () -> !streams.isEmpty());
        assertThat(decoded(await(streams.remove().read())).subscriptions())
                .containsExactly(new Rpc.Subscription(true, TOPIC));
    }

    /* As when two hosts dialled each other at once, and the connection that one of them chose is closed. */
    @Test
    void aStreamThatCouldNotBeOpenedToAConnectedPeerIsTriedAgain() throws Exception {
        Node a = node(
                CompletableFuture.failedFuture(
                        new HostException(HostException.Kind.CLOSED, "the connection that was chosen is closed")),
                new AtomicBoolean());
        var streams = new ConcurrentLinkedQueue<MessageStream>();
        try (var other = Libp2pHost.builder(key(9)).start()) {
            other.handle("/meshsub/1.1.0", stream -> streams.add(new MessageStream(stream, Gossip.RPC_BYTES_MAX)));
            await(other.connect(a.host.addresses().get(0)));
            hearsThatItFollows(streams);
        }
    }

    @Test
    void whoServesGossipOnlyNowIsNotTakenForOneThatDoesNot() throws Exception {
        var first = new CompletableFuture<Stream>();
        var asked = new AtomicBoolean();
        Node a = node(first, asked);
        var streams = new ConcurrentLinkedQueue<MessageStream>();
        try (var other = Libp2pHost.builder(key(9)).start()) {
            other.handle("/meshsub/1.0.0", stream -> streams.add(new MessageStream(stream, Gossip.RPC_BYTES_MAX)));
            await(other.connect(a.host.addresses().get(0)));
            var identified = new AtomicBoolean();
            a.host.addListener(new HostListener() {
                @Override
                public void onIdentified(PeerId peer, Identify info) {
                    if (info.protocols().contains("/meshsub/1.1.0")) {
                        identified.set(true);
                    }
                }
            });
            until("a has asked for a stream", asked::get);
            other.handle("/meshsub/1.1.0", stream -> streams.add(new MessageStream(stream, Gossip.RPC_BYTES_MAX)));
            until("a knows the other protocol", identified::get);
            first.completeExceptionally(
                    new HostException(HostException.Kind.UNSUPPORTED_PROTOCOL, "none of these is served"));
            hearsThatItFollows(streams);
        }
    }

    private static Rpc decoded(byte[] bytes) {
        try {
            return GossipCodec.decode(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void messagesWhoseHandlerThrowsDoNotUseUpTheValidations() throws Exception {
        Node a = node(false);
        Node b = node(false);
        a.connect(b);
        a.subscribe(GossipHandler.Verdict.ACCEPT);
        b.gossip.subscribe(TOPIC, (message, from) -> {
            String text = new String(message.data(), StandardCharsets.UTF_8);
            if (text.startsWith("bad")) {
                throw new IllegalStateException("a handler that fails");
            }
            b.heard.add(text);
            return CompletableFuture.completedFuture(GossipHandler.Verdict.ACCEPT);
        });
        until("both know each other", () -> a.knowsSubscribers(1) && b.knowsSubscribers(1));

        for (int i = 0; i < GossipConfig.VALIDATIONS_MAX; i++) {
            await(a.gossip.publish(TOPIC, ("bad" + i).getBytes(StandardCharsets.UTF_8)));
        }
        a.gossip.publish(TOPIC, "Hyperion".getBytes(StandardCharsets.UTF_8));

        until("b goes on", () -> b.heard.contains("Hyperion"));
    }
}
