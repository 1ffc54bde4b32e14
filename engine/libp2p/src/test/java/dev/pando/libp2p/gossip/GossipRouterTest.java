package dev.pando.libp2p.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one router does with what its peers send, bounds and blame included. */
class GossipRouterTest {

    private static final String TOPIC = "books";

    private final Random random = new Random(1);
    private GossipRouter router;

    @BeforeEach
    void newRouter() {
        router = new GossipRouter(GossipConfig.DEFAULT, random::nextInt);
    }

    private static PeerId peer(int number) {
        byte[] seed = new byte[32];
        seed[0] = (byte) number;
        seed[1] = (byte) (number >> 8);
        return KeyPair.fromSeed(seed).peerId();
    }

    private PeerId join(int number) {
        PeerId id = peer(number);
        router.peerAdded(id, GossipPeer.Version.V1_2, false, "10.0.0." + number);
        RpcBuilder rpc = new RpcBuilder();
        rpc.subscriptions.add(new Rpc.Subscription(true, TOPIC));
        receive(id, rpc, 0);
        return id;
    }

    private void receive(PeerId from, RpcBuilder rpc, long now) {
        router.received(from, rpc.build(), SimulatedGossipIds::identify, now);
    }

    private List<GossipRouter.Send> sends() {
        var sends = new ArrayList<GossipRouter.Send>();
        router.drain().forEach(o -> {
            if (o instanceof GossipRouter.Send send) {
                sends.add(send);
            }
        });
        return sends;
    }

    /** Ids are the data itself. */
    private static final class SimulatedGossipIds {
        static MessageId identify(GossipMessage message) {
            return message.data().length == 0 ? null : new MessageId(message.data());
        }
    }

    private static GossipMessage message(String text) {
        return GossipMessage.unsigned(TOPIC, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void subscribingGraftsAsManyAsTheMeshWants() {
        IntStream.range(0, 20).forEach(this::join);
        router.subscribe(TOPIC, 0);

        assertThat(router.mesh(TOPIC)).hasSize(6);
        assertThat(sends().stream().filter(s -> !s.rpc().graft().isEmpty())).hasSize(6);
    }

    @Test
    void aMessageIsValidatedOnceAndForwardedToTheMeshButNotToItsSenders() {
        IntStream.range(0, 4).forEach(this::join);
        router.subscribe(TOPIC, 0);
        router.drain();
        RpcBuilder rpc = new RpcBuilder();
        rpc.messages.add(message("m"));
        receive(peer(0), rpc, 1);
        receive(peer(1), rpc, 1);

        List<GossipRouter.Output> outputs = router.drain();
        assertThat(outputs.stream().filter(o -> o instanceof GossipRouter.Validate))
                .hasSize(1);

        router.validated(new MessageId("m".getBytes(StandardCharsets.UTF_8)), GossipRouter.Verdict.ACCEPT);
        assertThat(sends().stream().map(GossipRouter.Send::peer)).containsExactlyInAnyOrder(peer(2), peer(3));

        receive(peer(2), rpc, 2);
        assertThat(router.drain()).isEmpty();
    }

    @Test
    void aPublisherTellsThoseWhoFollowJustThenWhatTheyMissed() {
        var id = new MessageId("m".getBytes(StandardCharsets.UTF_8));
        assertThat(router.publish(id, message("m"), 0)).isZero();
        PeerId follower = join(0);
        assertThat(sends().stream().flatMap(s -> s.rpc().have().stream()))
                .containsExactly(new Rpc.IHave(TOPIC, List.of(id)));
        RpcBuilder asks = new RpcBuilder();
        asks.want.add(id);
        receive(follower, asks, 1);
        assertThat(sends().stream().flatMap(s -> s.rpc().messages().stream()))
                .hasSize(1)
                .allSatisfy(m -> assertThat(m.data()).isEqualTo(id.bytes()));

        RpcBuilder again = new RpcBuilder();
        again.subscriptions.add(new Rpc.Subscription(true, TOPIC));
        receive(follower, again, 2);
        assertThat(sends()).as("it is known to follow").isEmpty();
    }

    @Test
    void whoSubscribesAgainAndAgainIsToldTenTimesAHeartbeat() {
        router.publish(new MessageId("m".getBytes(StandardCharsets.UTF_8)), message("m"), 0);
        PeerId peer = join(0);
        int told = sends().size();
        for (int i = 0; i < 50; i++) {
            for (boolean subscribe : List.of(false, true)) {
                RpcBuilder rpc = new RpcBuilder();
                rpc.subscriptions.add(new Rpc.Subscription(subscribe, TOPIC));
                receive(peer, rpc, 1);
            }
            told += sends().size();
        }
        assertThat(told).isEqualTo(GossipConfig.IHAVE_MESSAGES_MAX);
    }

    @Test
    void rejectedMessagesLowerTheScoreUntilThePeerIsIgnored() {
        PeerId bad = join(0);
        router.subscribe(TOPIC, 0);
        for (int i = 0; i < 4; i++) {
            RpcBuilder rpc = new RpcBuilder();
            rpc.messages.add(message("bad" + i));
            receive(bad, rpc, i);
            router.validated(new MessageId(("bad" + i).getBytes(StandardCharsets.UTF_8)), GossipRouter.Verdict.REJECT);
        }
        router.drain();
        assertThat(router.score(bad, 10)).isLessThan(GossipConfig.GRAYLIST_THRESHOLD);

        RpcBuilder rpc = new RpcBuilder();
        rpc.messages.add(message("good"));
        receive(bad, rpc, 11);
        assertThat(router.drain()).isEmpty();
        router.heartbeat(1_000);
        assertThat(router.mesh(TOPIC)).isEmpty();
    }

    @Test
    void ignoredMessagesCostTheSenderNothing() {
        PeerId sender = join(0);
        router.subscribe(TOPIC, 0);
        RpcBuilder rpc = new RpcBuilder();
        rpc.messages.add(message("later"));
        receive(sender, rpc, 1);
        router.validated(new MessageId("later".getBytes(StandardCharsets.UTF_8)), GossipRouter.Verdict.IGNORE);

        assertThat(router.score(sender, 2)).isGreaterThanOrEqualTo(0);
    }

    @Test
    void graftingDuringTheBackoffIsBlamedAndRefused() {
        PeerId pushy = join(0);
        router.subscribe(TOPIC, 0);
        RpcBuilder prune = new RpcBuilder();
        prune.prune.add(new Rpc.Prune(TOPIC, List.of(), 60));
        receive(pushy, prune, 0);
        router.drain();
        for (int i = 0; i < 3; i++) {
            RpcBuilder graft = new RpcBuilder();
            graft.graft.add(TOPIC);
            receive(pushy, graft, 1_000 + i);
        }

        assertThat(router.mesh(TOPIC)).isEmpty();
        assertThat(sends().get(0).rpc().prune()).isNotEmpty();
        assertThat(router.score(pushy, 2_000)).isLessThan(0);
    }

    @Test
    void anUnknownTopicIsNotAnswered() {
        PeerId stranger = join(0);
        RpcBuilder rpc = new RpcBuilder();
        IntStream.range(0, 1_000).forEach(i -> rpc.graft.add("made-up-" + i));
        rpc.have.add(new Rpc.IHave("made-up", List.of(new MessageId(new byte[] {1}))));
        receive(stranger, rpc, 1);

        assertThat(router.drain()).noneMatch(output -> output instanceof GossipRouter.Send);
    }

    @Test
    void advertisedMessagesAreAskedForWithinTheBoundsOfAHeartbeat() {
        PeerId chatty = join(0);
        router.subscribe(TOPIC, 0);
        router.drain();
        for (int i = 0; i < 20; i++) {
            RpcBuilder rpc = new RpcBuilder();
            List<MessageId> ids = new ArrayList<>();
            for (int j = 0; j < 1_000; j++) {
                ids.add(new MessageId(("id" + i + "-" + j).getBytes(StandardCharsets.UTF_8)));
            }
            rpc.have.add(new Rpc.IHave(TOPIC, ids));
            receive(chatty, rpc, 1);
        }

        long asked = sends().stream().mapToLong(s -> s.rpc().want().size()).sum();
        assertThat(asked).isEqualTo(GossipConfig.IHAVE_IDS_MAX);
    }

    @Test
    void brokenPromisesAreBlamed() {
        PeerId liar = join(0);
        router.subscribe(TOPIC, 0);
        for (int i = 0; i < 3; i++) {
            RpcBuilder rpc = new RpcBuilder();
            rpc.have.add(new Rpc.IHave(TOPIC, List.of(new MessageId(new byte[] {(byte) i}))));
            receive(liar, rpc, 1);
        }
        router.heartbeat(10_000);

        assertThat(router.score(liar, 10_000)).isLessThan(0);
    }

    @Test
    void aMessageIsSentToOnePeerThreeTimesAtMost() {
        PeerId greedy = join(0);
        router.subscribe(TOPIC, 0);
        router.publish(new MessageId(new byte[] {7}), message("m"), 1);
        router.drain();
        int sent = 0;
        for (int i = 0; i < 10; i++) {
            RpcBuilder rpc = new RpcBuilder();
            rpc.want.add(new MessageId(new byte[] {7}));
            receive(greedy, rpc, 2);
            sent += sends().stream().mapToInt(s -> s.rpc().messages().size()).sum();
        }
        assertThat(sent).isEqualTo(GossipConfig.IWANT_RETRANSMISSIONS);
    }

    @Test
    void moreSubscriptionsThanTheBoundAreIgnored() {
        PeerId flood = join(0);
        RpcBuilder rpc = new RpcBuilder();
        IntStream.range(0, 100_000).forEach(i -> rpc.subscriptions.add(new Rpc.Subscription(true, "t" + i)));
        receive(flood, rpc, 1);

        assertThat(router.subscribers("t10")).contains(flood);
        assertThat(router.subscribers("t99999")).isEmpty();
        assertThat(router.score(flood, 1)).isLessThan(GossipConfig.GRAYLIST_THRESHOLD);
    }

    @Test
    void aPeerThatDoesNotWantAMessageIsNotSentIt() {
        PeerId content = join(0);
        join(1);
        router.subscribe(TOPIC, 0);
        RpcBuilder rpc = new RpcBuilder();
        rpc.dontWant.add(new MessageId("m".getBytes(StandardCharsets.UTF_8)));
        receive(content, rpc, 1);
        router.drain();
        router.publish(new MessageId("m".getBytes(StandardCharsets.UTF_8)), message("m"), 2);

        assertThat(sends().stream().map(GossipRouter.Send::peer)).containsExactly(peer(1));
    }

    @Test
    void aMeshThatIsTooLargeIsPrunedAndNamesNoMoreThanItsBound() {
        router.subscribe(TOPIC, 0);
        IntStream.range(0, 12).forEach(i -> {
            RpcBuilder rpc = new RpcBuilder();
            rpc.graft.add(TOPIC);
            receive(join(i), rpc, 0);
        });
        assertThat(router.mesh(TOPIC)).hasSize(12);
        PeerId outbound = peer(100);
        router.peerAdded(outbound, GossipPeer.Version.V1_1, true, "10.1.0.1");
        RpcBuilder graft = new RpcBuilder();
        graft.graft.add(TOPIC);
        receive(outbound, graft, 0);
        assertThat(router.mesh(TOPIC)).hasSize(13);

        router.drain();
        router.heartbeat(1_000);

        assertThat(router.mesh(TOPIC)).hasSize(6).contains(outbound);
        sends().forEach(s -> s.rpc()
                .prune()
                .forEach(p -> assertThat(p.peers()).hasSizeLessThanOrEqualTo(GossipConfig.PRUNE_PEERS_MAX)));
    }
}
