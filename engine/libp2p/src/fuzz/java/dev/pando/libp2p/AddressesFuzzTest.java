package dev.pando.libp2p;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/** Addresses, identities and keys: refused in their one way, or read and then written again as they were. */
class AddressesFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void multiaddr(byte[] bytes) {
        again(bytes, input -> Multiaddr.fromBytes(input).toBytes(), false);
    }

    @FuzzTest(maxDuration = "10m")
    void multiaddrText(byte[] bytes) {
        again(
                bytes,
                input -> Multiaddr.parse(new String(input, StandardCharsets.UTF_8))
                        .toString()
                        .getBytes(StandardCharsets.UTF_8),
                false);
    }

    @FuzzTest(maxDuration = "10m")
    void peerId(byte[] bytes) {
        again(bytes, input -> PeerId.fromBytes(input).toBytes(), true);
    }

    @FuzzTest(maxDuration = "10m")
    void peerIdText(byte[] bytes) {
        again(
                bytes,
                input -> PeerId.parse(new String(input, StandardCharsets.UTF_8))
                        .toString()
                        .getBytes(StandardCharsets.UTF_8),
                false);
    }

    @FuzzTest(maxDuration = "10m")
    void publicKey(byte[] bytes) {
        again(bytes, input -> PublicKey.fromBytes(input).toBytes(), true);
    }

    @FuzzTest(maxDuration = "10m")
    void privateKey(byte[] bytes) {
        again(bytes, input -> KeyPair.fromBytes(input).toBytes(), false);
    }

    /* What was read and written is the same when read and written once more; in a form that allows one spelling only,
    it is what came in. */
    private static void again(byte[] bytes, Function<byte[], byte[]> readAndWrite, boolean oneSpelling) {
        byte[] once;
        try {
            once = readAndWrite.apply(bytes);
        } catch (IllegalArgumentException e) {
            return; // what a decoder may say
        }
        if (!Arrays.equals(once, readAndWrite.apply(once)) || oneSpelling && !Arrays.equals(bytes, once)) {
            throw new AssertionError("read, but written otherwise");
        }
    }
}
