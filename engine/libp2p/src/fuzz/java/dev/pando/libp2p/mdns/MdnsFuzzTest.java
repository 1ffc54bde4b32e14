package dev.pando.libp2p.mdns;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Multiaddr;
import java.security.SecureRandom;
import java.util.List;

/** Packets from the local network. */
class MdnsFuzzTest {
    private static final MdnsProtocol PROTOCOL =
            new MdnsProtocol(KeyPair.fromSeed(new byte[32]).peerId(), new SecureRandom());

    @FuzzTest(maxDuration = "10m")
    void packet(byte[] bytes) {
        MdnsPacket packet;
        try {
            packet = MdnsPacket.decode(bytes);
        } catch (IllegalArgumentException e) {
            return; // what a decoder may say
        }
        PROTOCOL.found(packet);
        PROTOCOL.answer(packet, List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1")));
    }
}
