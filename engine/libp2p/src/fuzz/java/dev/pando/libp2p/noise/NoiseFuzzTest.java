package dev.pando.libp2p.noise;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.crypto.X25519Pair;
import java.security.SecureRandom;
import java.util.List;

/** The handshake: messages that are spoiled, and well sealed ones whose payload is not what belongs there. */
class NoiseFuzzTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final NoiseIdentity US =
            NoiseIdentity.create(KeyPair.fromSeed(new byte[32]), List.of("/yamux/1.0.0"), RANDOM);

    @FuzzTest(maxDuration = "10m")
    void firstMessage(byte[] bytes) {
        try {
            new NoiseHandshake(US, false, null, RANDOM).receive(bytes);
        } catch (HostException e) {
            return; // what a handshake may say
        }
    }

    @FuzzTest(maxDuration = "10m")
    void secondMessage(byte[] bytes) {
        var dialer = new NoiseHandshake(US, true, null, RANDOM);
        try {
            dialer.next();
            dialer.receive(bytes);
        } catch (HostException e) {
            return; // what a handshake may say
        }
        throw new AssertionError("nobody can answer without the dialer's key");
    }

    @FuzzTest(maxDuration = "10m")
    void payload(byte[] bytes) {
        var liar = new NoiseIdentity(X25519Pair.generate(RANDOM), bytes, List.of());
        var dialer = new NoiseHandshake(US, true, null, RANDOM);
        var listener = new NoiseHandshake(liar, false, null, RANDOM);
        try {
            listener.receive(dialer.next().orElseThrow());
            dialer.receive(listener.next().orElseThrow());
        } catch (HostException e) {
            return; // what a handshake may say
        }
        throw new AssertionError("nobody can sign a key that was drawn just now");
    }
}
