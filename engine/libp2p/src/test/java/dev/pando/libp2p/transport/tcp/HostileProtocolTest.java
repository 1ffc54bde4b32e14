package dev.pando.libp2p.transport.tcp;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.OneThread;
import dev.pando.libp2p.gossip.Gossip;
import dev.pando.libp2p.gossip.GossipConfig;
import dev.pando.libp2p.gossip.GossipHandler.Verdict;
import dev.pando.libp2p.gossip.SigningPolicy;
import dev.pando.libp2p.gossip.pb.ControlMessage;
import dev.pando.libp2p.gossip.pb.GraftMessage;
import dev.pando.libp2p.gossip.pb.IHaveMessage;
import dev.pando.libp2p.gossip.pb.IWantMessage;
import dev.pando.libp2p.gossip.pb.PeerInfoMessage;
import dev.pando.libp2p.gossip.pb.PruneMessage;
import dev.pando.libp2p.gossip.pb.PublishedMessage;
import dev.pando.libp2p.gossip.pb.RpcMessage;
import dev.pando.libp2p.gossip.pb.SubscriptionMessage;
import dev.pando.libp2p.kad.KadConfig;
import dev.pando.libp2p.kad.Kademlia;
import dev.pando.libp2p.kad.pb.KadMessage;
import dev.pando.libp2p.kad.pb.KadPeer;
import dev.pando.libp2p.record.PeerRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strangers may try on gossip and on the hash table; see {@link UnderAttack} for what is asserted of each. */
class HostileProtocolTest extends UnderAttack {
    private static final String TOPIC = "books";
    private static final String GOSSIP = "/meshsub/1.2.0";
    private static final String KAD = "/test/kad/1.0.0";

    /** A graylisted peer: everything it says is ignored, and read no faster than once a heartbeat. */
    private static final double GRAYLISTED = -80;

    /** What such a peer says of messages that it has is ignored, and 50 RPCs a second are read of it. */
    private static final double NO_GOSSIP = -10;

    private final AtomicInteger delivered = new AtomicInteger();
    private Gossip gossip;
    private Kademlia kad;
    private RawPeer peer;

    @BeforeEach
    void serve() throws Exception {
        var scheduler = keep(new OneThread("victim-protocols"));
        gossip = keep(new Gossip(
                victim,
                SigningPolicy.unsigned(),
                GossipConfig.DEFAULT,
                scheduler,
                new Random(1)::nextInt,
                () -> System.nanoTime() / 1_000_000));
        gossip.start();
        gossip.subscribe(TOPIC, (message, from) -> {
            delivered.incrementAndGet();
            return CompletableFuture.completedFuture(message.data()[0] == 'x' ? Verdict.REJECT : Verdict.ACCEPT);
        });
        kad = keep(new Kademlia(
                victim, new KadConfig(KAD, true, Map.of()), scheduler, () -> System.nanoTime() / 1_000_000));
        kad.start();
        peer = secured();
        peer.serves(GOSSIP);
    }

    private int openGossip() throws IOException {
        int stream = peer.open(GOSSIP);
        rpc(stream, RpcMessage.newBuilder().addSubscriptions(subscription(TOPIC)));
        until("we are known", () -> await(gossip.subscribers(TOPIC)).contains(ATTACKER));
        return stream;
    }

    private static SubscriptionMessage subscription(String topic) {
        return SubscriptionMessage.newBuilder()
                .setSubscribe(true)
                .setTopicId(topic)
                .build();
    }

    /** Whether it could still be sent. */
    private boolean rpc(int stream, RpcMessage.Builder rpc) throws IOException {
        return peer.sendData(stream, lengthPrefixed(rpc.build().toByteArray()));
    }

    private boolean control(int stream, ControlMessage.Builder control) throws IOException {
        return rpc(stream, RpcMessage.newBuilder().setControl(control));
    }

    private void untilGraylisted() {
        until("it is ignored", () -> await(gossip.score(ATTACKER)) < GRAYLISTED);
    }

    private static ByteString id(int number) {
        return ByteString.copyFrom(ByteBuffer.allocate(32).putInt(0, number).array());
    }

    @Test
    void keepsFewOfAHundredThousandSubscriptions() throws Exception {
        int stream = openGossip();
        boolean sent = true;
        for (int i = 0; i < 100_000 && sent; ) {
            var rpc = RpcMessage.newBuilder();
            for (int end = i + 5_000; i < end; i++) {
                rpc.addSubscriptions(subscription("topic number " + i));
            }
            sent = rpc(stream, rpc);
        }
        assertThat(sent).as("it is held back").isFalse();
        untilGraylisted();
        assertThat(await(gossip.subscribers("topic number 1"))).hasSize(1);
        assertThat(await(gossip.subscribers("topic number 5000"))).isEmpty();
    }

    @Test
    void ignoresWhoPromisesMessagesThatItDoesNotHave() throws Exception {
        int stream = openGossip();
        until("it is ignored", () -> {
            try {
                for (int i = 0; i < 3; i++) {
                    var have = IHaveMessage.newBuilder().setTopicId(TOPIC);
                    for (int j = 0; j < 2_000; j++) {
                        have.addMessageIds(id((int) System.nanoTime() * 31 + j));
                    }
                    control(stream, ControlMessage.newBuilder().addIhave(have));
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return await(gossip.score(ATTACKER)) < NO_GOSSIP;
        });
        assertThat(delivered).hasValue(0);
    }

    @Test
    void sendsOneMessageNoMoreThanThreeTimes() throws Exception {
        int stream = openGossip();
        byte[] data = new byte[10_000];
        assertThat(await(gossip.publish(TOPIC, data))).isEqualTo(1);
        byte[] topic = TOPIC.getBytes(StandardCharsets.UTF_8);
        var whole = ByteBuffer.allocate(topic.length + data.length).put(topic).put(data);
        var wanted = IWantMessage.newBuilder()
                .addMessageIds(ByteString.copyFrom(dev.pando.ipld.Sha256.digest(whole.array())));
        long before = peer.received();
        for (int i = 0; i < 20_000; i++) {
            control(stream, ControlMessage.newBuilder().addIwant(wanted));
        }
        /* What comes after is answered after: then all has been looked at. */
        rpc(stream, RpcMessage.newBuilder().addSubscriptions(subscription("the end")));
        until("all is read", () -> await(gossip.subscribers("the end")).contains(ATTACKER));
        honestWorks();
        assertThat(peer.received() - before).isLessThan(6L * data.length);
    }

    @Test
    void ignoresWhoGraftsAgainAndAgain() throws Exception {
        int stream = openGossip();
        var graft = ControlMessage.newBuilder()
                .addPrune(PruneMessage.newBuilder().setTopicId(TOPIC).setBackoff(60))
                .addGraft(GraftMessage.newBuilder().setTopicId(TOPIC));
        for (int i = 0; i < 5_000; i++) {
            if (!control(stream, graft)) {
                break; // held back
            }
        }
        untilGraylisted();
        assertThat(await(gossip.mesh(TOPIC))).doesNotContain(ATTACKER);
    }

    @Test
    void ignoresWhoSendsInvalidMessages() throws Exception {
        int stream = openGossip();
        for (int i = 0; i < 5_000; i++) {
            var message = PublishedMessage.newBuilder().setTopic(TOPIC).setData(ByteString.copyFromUtf8("x" + i));
            if (i % 2 == 0) {
                message.setSeqno(ByteString.copyFrom(new byte[8])); // breaks the signing policy
            }
            if (!rpc(stream, RpcMessage.newBuilder().addPublish(message))) {
                break; // held back
            }
        }
        untilGraylisted();
        assertThat(delivered.get()).as("judged before it was ignored").isLessThan(10);
    }

    @Test
    void dialsNobodyForForgedRecords() throws Exception {
        int stream = openGossip();
        var somewhere = List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1"));
        var prune = PruneMessage.newBuilder().setTopicId(TOPIC).setBackoff(1);
        for (int i = 0; i < 16; i++) {
            byte[] forged = new PeerRecord(key(100 + i).peerId(), 1, somewhere).seal(key(8));
            prune.addPeers(PeerInfoMessage.newBuilder()
                    .setPeerId(ByteString.copyFrom(key(100 + i).peerId().toBytes()))
                    .setSignedPeerRecord(ByteString.copyFrom(forged)));
        }
        for (int i = 0; i < 100; i++) {
            control(stream, ControlMessage.newBuilder().addPrune(prune));
        }
        rpc(stream, RpcMessage.newBuilder().addSubscriptions(subscription("the end")));
        until("all is read", () -> await(gossip.subscribers("the end")).contains(ATTACKER));
        for (int i = 0; i < 16; i++) {
            assertThat(victim.knownAddresses(key(100 + i).peerId())).isEmpty();
        }
    }

    @Test
    void holdsBackWhoAsksTheTableWithoutEnd() throws Exception {
        int requests = 20_000;
        int stream = peer.open(KAD);
        var find = KadMessage.newBuilder()
                .setType(KadMessage.Type.FIND_NODE)
                .setKey(ByteString.copyFrom(new byte[32]))
                .build();
        byte[] message = lengthPrefixed(find.toByteArray());
        long before = peer.received();
        int sent = 0;
        while (sent < requests && peer.sendData(stream, message)) {
            sent++;
        }
        honestWorks();
        assertThat(sent).as("it is held back").isLessThan(requests);
        /* The table knows nobody: an answer has no more than 40 bytes. */
        assertThat(peer.received() - before).isLessThan(requests * 4L);
    }

    @Test
    void keepsFewKeysOfOneProvider() throws Exception {
        var self = KadPeer.newBuilder().setId(ByteString.copyFrom(ATTACKER.toBytes()));
        for (int i = 0; i < 64; i++) {
            self.addAddrs(ByteString.copyFrom(
                    Multiaddr.parse("/dns/" + "x".repeat(200) + i + "/tcp/1").toBytes()));
        }
        var other =
                KadPeer.newBuilder().setId(ByteString.copyFrom(key(7).peerId().toBytes()));
        int stream = peer.open(KAD);
        for (int i = 0; i < 200; i++) {
            var add = KadMessage.newBuilder()
                    .setType(KadMessage.Type.ADD_PROVIDER)
                    .setKey(id(i))
                    .addProviderPeers(self)
                    .addProviderPeers(other)
                    .build();
            byte[] message = lengthPrefixed(add.toByteArray());
            peer.sendData(stream, message);
        }
        until(
                "the last is kept",
                () -> await(kad.findProviders(id(10).toByteArray(), 1)).size() == 1);
        assertThat(await(kad.findProviders(id(10).toByteArray(), 1))).allSatisfy(info -> {
            assertThat(info.peer()).isEqualTo(ATTACKER);
            assertThat(info.addresses()).hasSizeLessThanOrEqualTo(8);
        });
    }
}
