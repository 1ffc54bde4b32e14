package dev.pando.libp2p.protocol.identify;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.record.PeerRecord;

/** What a peer says of itself. */
class IdentifyFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void message(byte[] bytes) {
        var peer = KeyPair.fromSeed(new byte[32]).peerId();
        try {
            var identify = IdentifyCodec.decode(IdentifyCodec.parse(bytes), peer, PeerRecord::open);
            if (!identify.peer().equals(peer)) {
                throw new AssertionError("believed to be another");
            }
        } catch (IllegalArgumentException e) {
            return; // what a decoder may say
        }
    }
}
