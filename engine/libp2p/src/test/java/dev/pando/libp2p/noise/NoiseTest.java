package dev.pando.libp2p.noise;

import static dev.pando.libp2p.Waiting.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.crypto.X25519Pair;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;

class NoiseTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final SecureRandom RANDOM = new SecureRandom();

    private static X25519Pair pair(String hex) {
        return X25519Pair.of(HEX.parseHex(hex));
    }

    /** The vector of the cacophony project for Noise_XX_25519_ChaChaPoly_SHA256. */
    @Test
    void speaksAsThePublishedVector() throws Exception {
        byte[] prologue = "John Galt".getBytes(StandardCharsets.US_ASCII);
        var initiator = new XxHandshake(
                true,
                prologue,
                pair("e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1"),
                pair("893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a"));
        var responder = new XxHandshake(
                false,
                prologue,
                pair("4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893"),
                pair("bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b"));
        says(
                initiator,
                responder,
                "Ludwig von Mises",
                "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c79444c756477696720766f6e204d69736573");
        says(
                responder,
                initiator,
                "Murray Rothbard",
                "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f14480884381cbad1f276e038c48378ffce2b65285"
                        + "e08d6b68aaa3629a5a8639392490e5b9bd5269c2f1e4f488ed8831161f19b7815528f8982ffe09be9b5c412f8a0d"
                        + "b50f8814c7194e83f23dbd8d162c9326ad");
        says(
                initiator,
                responder,
                "F. A. Hayek",
                "c7195ffacac1307ff99046f219750fc47693e23c3cb08b89c2af808b444850a80ae475b9df0f169ae80a89be0865b57f"
                        + "58c9fea0d4ec82a286427402f113e4b6ae769a1d95941d49b25030");
        var hash = "c8e5f64e846193be2a834104c2a009868d6c9f3bd3c186299888b488b2f1f58e";
        assertThat(HEX.formatHex(initiator.hash())).isEqualTo(hash);
        assertThat(HEX.formatHex(responder.hash())).isEqualTo(hash);
        var i = initiator.split();
        var r = responder.split();
        sends(r[0], i[1], "Carl Menger", "96763ed773f8e47bb3712f0e29b3060ffc956ffc146cee53d5e1df");
        sends(i[0], r[1], "Jean-Baptiste Say", "3e40f15f6f3a46ae446b253bf8b1d9ffb6ed9b174d272328ff91a7e2e5c79c07f5");
        sends(
                r[0],
                i[1],
                "Eugen B\u00f6hm von Bawerk",
                "eb3f3515110702e047a6c9da4478b6ead94873c11c0f2d710ddb3f09fce024b3a58502ae3f");
    }

    private static void says(XxHandshake from, XxHandshake to, String payload, String expected) throws Exception {
        byte[] message = from.write(payload.getBytes(StandardCharsets.UTF_8));
        assertThat(HEX.formatHex(message)).isEqualTo(expected);
        assertThat(new String(to.read(message), StandardCharsets.UTF_8)).isEqualTo(payload);
    }

    private static void sends(CipherState from, CipherState to, String payload, String expected) throws Exception {
        byte[] plain = payload.getBytes(StandardCharsets.ISO_8859_1);
        byte[] sealed = new byte[plain.length + CipherState.TAG_BYTES];
        from.seal(null, plain, 0, plain.length, sealed, 0);
        assertThat(HEX.formatHex(sealed)).isEqualTo(expected);
        byte[] opened = new byte[plain.length];
        to.open(null, sealed, 0, sealed.length, opened, 0);
        assertThat(opened).isEqualTo(plain);
    }

    private static NoiseIdentity identity(int seed, String... muxers) {
        return NoiseIdentity.create(key(seed), List.of(muxers), RANDOM);
    }

    private static void shake(NoiseHandshake a, NoiseHandshake b) throws HostException {
        b.receive(a.next().orElseThrow());
        a.receive(b.next().orElseThrow());
        b.receive(a.next().orElseThrow());
        assertThat(a.next()).isEmpty();
        assertThat(b.next()).isEmpty();
    }

    @Test
    void provesWhoIsThereAndAgreesOnTheMuxer() throws Exception {
        var a = new NoiseHandshake(identity(1, "/x", "/y"), true, key(2).peerId(), RANDOM);
        var b = new NoiseHandshake(identity(2, "/y", "/x"), false, null, RANDOM);
        shake(a, b);
        assertThat(PeerId.of(a.remoteKey())).isEqualTo(key(2).peerId());
        assertThat(PeerId.of(b.remoteKey())).isEqualTo(key(1).peerId());
        assertThat(a.muxer()).contains("/x");
        assertThat(b.muxer()).contains("/x");
        var from = a.channel();
        var to = b.channel();
        byte[] plain = "hello".getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[plain.length + NoiseChannel.FRAME_OVERHEAD];
        from.seal(plain, plain.length, frame);
        assertThat(frame[0]).isZero();
        assertThat(frame[1]).isEqualTo((byte) 21);
        assertThat(to.open(frame, 2, 21)).isEqualTo(plain);
        assertThatThrownBy(() -> to.open(frame, 2, 21)).isInstanceOf(HostException.class);
    }

    @Test
    void leavesTheMuxerOpenWhenNoneIsInCommon() throws Exception {
        var a = new NoiseHandshake(identity(1, "/x"), true, null, RANDOM);
        var b = new NoiseHandshake(identity(2), false, null, RANDOM);
        shake(a, b);
        assertThat(a.muxer()).isEmpty();
        assertThat(b.muxer()).isEmpty();
    }

    @Test
    void refusesAnotherThanTheExpected() throws Exception {
        var a = new NoiseHandshake(identity(1), true, key(3).peerId(), RANDOM);
        var b = new NoiseHandshake(identity(2), false, null, RANDOM);
        b.receive(a.next().orElseThrow());
        byte[] answer = b.next().orElseThrow();
        assertThatThrownBy(() -> a.receive(answer))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.kind()).isEqualTo(HostException.Kind.WRONG_IDENTITY));
    }

    @Test
    void refusesAnIdentityThatDidNotSignTheNoiseKey() throws Exception {
        var stolen = new NoiseIdentity(X25519Pair.generate(RANDOM), identity(2).payload(), List.of());
        var a = new NoiseHandshake(identity(1), true, null, RANDOM);
        var b = new NoiseHandshake(stolen, false, null, RANDOM);
        b.receive(a.next().orElseThrow());
        byte[] answer = b.next().orElseThrow();
        assertThatThrownBy(() -> a.receive(answer))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.kind()).isEqualTo(HostException.Kind.WRONG_IDENTITY));
    }

    @Test
    void noticesEachSpoiledByte() throws Exception {
        var a = new XxHandshake(true, new byte[0], X25519Pair.generate(RANDOM), X25519Pair.generate(RANDOM));
        var b = new XxHandshake(false, new byte[0], X25519Pair.generate(RANDOM), X25519Pair.generate(RANDOM));
        b.read(a.write(new byte[0]));
        byte[] answer = b.write("proof".getBytes());
        for (int i = 0; i < answer.length; i++) {
            byte[] spoiled = answer.clone();
            spoiled[i] ^= 0x40;
            var again = new XxHandshake(true, new byte[0], X25519Pair.generate(RANDOM), X25519Pair.generate(RANDOM));
            again.write(new byte[0]);
            assertThatThrownBy(() -> again.read(spoiled)).isInstanceOf(AEADBadTagException.class);
        }
        for (int length = 0; length < answer.length; length++) {
            byte[] cut = Arrays.copyOf(answer, length);
            var again = new XxHandshake(true, new byte[0], X25519Pair.generate(RANDOM), X25519Pair.generate(RANDOM));
            again.write(new byte[0]);
            assertThatThrownBy(() -> again.read(cut)).isInstanceOf(AEADBadTagException.class);
        }
    }

    @Test
    void refusesKeysOfSmallOrder() {
        var b = new XxHandshake(false, new byte[0], X25519Pair.generate(RANDOM), X25519Pair.generate(RANDOM));
        assertThatThrownBy(() -> {
                    b.read(new byte[32]);
                    b.write(new byte[0]);
                })
                .isInstanceOf(AEADBadTagException.class)
                .hasMessageContaining("small order");
    }
}
