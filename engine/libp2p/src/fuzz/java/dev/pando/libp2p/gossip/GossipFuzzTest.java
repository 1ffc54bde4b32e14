package dev.pando.libp2p.gossip;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pando.libp2p.KeyPair;
import java.util.Arrays;
import java.util.Random;

/** RPCs: read, written and read again they are the same; a router that is given them goes on. */
class GossipFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void rpc(byte[] bytes) throws InvalidProtocolBufferException {
        Rpc rpc;
        try {
            rpc = GossipCodec.decode(bytes);
        } catch (InvalidProtocolBufferException e) {
            return; // what a decoder may say
        }
        byte[] once = GossipCodec.encode(rpc);
        if (!Arrays.equals(once, GossipCodec.encode(GossipCodec.decode(once)))) {
            throw new AssertionError("read, but written otherwise");
        }
        var router = new GossipRouter(GossipConfig.DEFAULT, new Random(1)::nextInt);
        var peer = KeyPair.fromSeed(new byte[32]).peerId();
        router.subscribe("t", 0);
        router.peerAdded(peer, GossipPeer.Version.V1_2, false, "192.0.2.1");
        for (var policy : new SigningPolicy[] {
            SigningPolicy.unsigned(), SigningPolicy.signed(KeyPair.fromSeed(new byte[32]), 1, Runnable::run)
        }) {
            router.received(peer, rpc, policy, 1);
            router.drain().forEach(output -> {
                if (output instanceof GossipRouter.Validate validate) {
                    router.validated(validate.id(), GossipRouter.Verdict.ACCEPT);
                }
            });
        }
        router.heartbeat(2);
        router.drain();
    }
}
