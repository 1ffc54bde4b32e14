package dev.pando.libp2p.transport.tcp;

import static dev.pando.libp2p.Waiting.key;

import com.google.protobuf.ByteString;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.gossip.pb.ControlMessage;
import dev.pando.libp2p.gossip.pb.GraftMessage;
import dev.pando.libp2p.gossip.pb.IHaveMessage;
import dev.pando.libp2p.gossip.pb.IWantMessage;
import dev.pando.libp2p.gossip.pb.PruneMessage;
import dev.pando.libp2p.gossip.pb.PublishedMessage;
import dev.pando.libp2p.gossip.pb.RpcMessage;
import dev.pando.libp2p.gossip.pb.SubscriptionMessage;
import dev.pando.libp2p.kad.pb.KadMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * Attacks the host at the address given in the ways named, each at a fixed rate, until it is killed; thrown out, it comes
 * again.
 */
public final class Attacker {
    /** A turn of the attack, every 10 ms. */
    public enum Attack {
        /** A connection that makes the host do the dear half of a handshake and then says nothing. */
        HANDSHAKES {
            @Override
            void turn(Attacker attacker) throws IOException {
                attacker.silentHandshake();
            }
        },
        /** Ten streams for a protocol that nobody speaks, reset at once. */
        STREAMS {
            @Override
            void turn(Attacker attacker) throws IOException {
                RawPeer peer = attacker.inside();
                for (int i = 0; i < 10; i++) {
                    int stream = peer.open("/nobody/speaks/this");
                    peer.sendSealed(RawPeer.frame(1, 8, stream, 0));
                }
            }
        },
        /** Nine frames for a stream that is closed: just below the rate at which it would be thrown out. */
        CLOSED_STREAMS {
            @Override
            void turn(Attacker attacker) throws IOException {
                for (int i = 0; i < 9; i++) {
                    attacker.inside().sendSealed(RawPeer.data(0, 1, new byte[100]));
                }
            }
        },
        /** Nine pings, just below that rate. */
        PINGS {
            @Override
            void turn(Attacker attacker) throws IOException {
                for (int i = 0; i < 9; i++) {
                    attacker.inside().sendSealed(RawPeer.frame(2, 1, 0, i));
                }
            }
        },
        /** A malformed identify push. */
        PUSHES {
            @Override
            void turn(Attacker attacker) throws IOException {
                RawPeer peer = attacker.inside();
                int push = peer.open("/ipfs/id/push/1.0.0");
                peer.sendSealed(RawPeer.data(4, push, (byte) 3, (byte) 0x12, (byte) 0x7f, (byte) 0));
            }
        },
        /** Subscriptions to fifty topics of which nobody has heard. */
        SUBSCRIPTIONS {
            @Override
            void turn(Attacker attacker) throws IOException {
                var rpc = RpcMessage.newBuilder();
                for (int i = 0; i < 50; i++) {
                    rpc.addSubscriptions(subscription("topic number " + attacker.next++));
                }
                attacker.gossip(rpc);
            }
        },
        /** Promises of a hundred messages that it does not have. */
        PROMISES {
            @Override
            void turn(Attacker attacker) throws IOException {
                var have = IHaveMessage.newBuilder().setTopicId(TOPIC);
                for (int i = 0; i < 100; i++) {
                    have.addMessageIds(attacker.nextId());
                }
                attacker.gossip(RpcMessage.newBuilder()
                        .setControl(ControlMessage.newBuilder().addIhave(have)));
            }
        },
        /** Requests for a thousand messages that are not there. */
        WANTS {
            @Override
            void turn(Attacker attacker) throws IOException {
                var want = IWantMessage.newBuilder();
                for (int i = 0; i < 1_000; i++) {
                    want.addMessageIds(attacker.nextId());
                }
                attacker.gossip(RpcMessage.newBuilder()
                        .setControl(ControlMessage.newBuilder().addIwant(want)));
            }
        },
        /** Leaves the mesh and joins it again, ten times. */
        GRAFTS {
            @Override
            void turn(Attacker attacker) throws IOException {
                for (int i = 0; i < 10; i++) {
                    attacker.gossip(RpcMessage.newBuilder()
                            .setControl(ControlMessage.newBuilder()
                                    .addPrune(PruneMessage.newBuilder()
                                            .setTopicId(TOPIC)
                                            .setBackoff(60))
                                    .addGraft(GraftMessage.newBuilder().setTopicId(TOPIC))));
                }
            }
        },
        /** Ten messages that break the signing policy. */
        INVALID_MESSAGES {
            @Override
            void turn(Attacker attacker) throws IOException {
                var rpc = RpcMessage.newBuilder();
                for (int i = 0; i < 10; i++) {
                    rpc.addPublish(PublishedMessage.newBuilder()
                            .setTopic(TOPIC)
                            .setData(attacker.nextId())
                            .setSeqno(ByteString.copyFrom(new byte[8])));
                }
                attacker.gossip(rpc);
            }
        },
        /** Ten requests to the hash table. */
        TABLE_REQUESTS {
            @Override
            void turn(Attacker attacker) throws IOException {
                for (int i = 0; i < 10; i++) {
                    attacker.askTable();
                }
            }
        };

        abstract void turn(Attacker attacker) throws IOException;
    }

    /** What the victim is expected to have joined. */
    public static final String TOPIC = "books";

    /** The protocol of its hash table. */
    public static final String KAD = "/bench/kad/1.0.0";

    private static final String GOSSIP = "/meshsub/1.2.0";
    private static final long TURN_NANOS = 10_000_000;
    private static final int SILENT_MAX = 64;

    private final Multiaddr victim;
    private final Deque<RawPeer> silent = new ArrayDeque<>();
    private RawPeer inside;
    private int gossipStream;
    private int tableStream;
    private int next;

    private Attacker(Multiaddr victim) {
        this.victim = victim;
    }

    /** The victim's address, then the names of attacks. */
    public static void main(String[] args) {
        var attacker = new Attacker(Multiaddr.parse(args[0]));
        long next = System.nanoTime();
        while (true) {
            next += TURN_NANOS;
            LockSupport.parkNanos(next - System.nanoTime());
            for (int i = 1; i < args.length; i++) {
                try {
                    Attack.valueOf(args[i]).turn(attacker);
                } catch (IOException e) {
                    attacker.inside = null; // thrown out: comes again
                }
            }
        }
    }

    private RawPeer inside() throws IOException {
        if (inside == null) {
            inside = RawPeer.secured(victim, key(99));
            inside.serves(GOSSIP);
            gossipStream = 0;
            tableStream = 0;
        }
        return inside;
    }

    private void silentHandshake() throws IOException {
        /* From an address of its own, so that it does not take what the honest peer of the same address may have. */
        var peer = RawPeer.from("127.0.0.2", victim);
        peer.send("\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes(StandardCharsets.ISO_8859_1));
        byte[] hello = new byte[34];
        hello[1] = 32;
        hello[2] = 9;
        peer.send(hello);
        silent.add(peer);
        if (silent.size() > SILENT_MAX) {
            silent.remove().close();
        }
    }

    /* Held back, it tries again in its next turn. */
    private void gossip(RpcMessage.Builder rpc) throws IOException {
        RawPeer peer = inside();
        if (gossipStream == 0) {
            gossipStream = peer.open(GOSSIP);
            rpc.addSubscriptions(subscription(TOPIC));
        }
        peer.sendData(gossipStream, UnderAttack.lengthPrefixed(rpc.build().toByteArray()));
    }

    private void askTable() throws IOException {
        RawPeer peer = inside();
        if (tableStream == 0) {
            tableStream = peer.open(KAD);
        }
        var find = KadMessage.newBuilder()
                .setType(KadMessage.Type.FIND_NODE)
                .setKey(nextId())
                .build();
        peer.sendData(tableStream, UnderAttack.lengthPrefixed(find.toByteArray()));
    }

    private static SubscriptionMessage subscription(String topic) {
        return SubscriptionMessage.newBuilder()
                .setSubscribe(true)
                .setTopicId(topic)
                .build();
    }

    private ByteString nextId() {
        return ByteString.copyFrom(ByteBuffer.allocate(32).putInt(0, next++).array());
    }
}
