package dev.pando.libp2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Waiting;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Signatures that providers disagree about, made with a slow curve of the test's own. */
class Ed25519StrictTest {

    private static final String ORDER_8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
    private static final String[] SMALL = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        ORDER_8,
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    };

    @Test
    void acceptsTheVectorsOfRfc8032() {
        assertThat(verify(
                        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                        "",
                        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                                + "d25bf5f0595bbe24655141438e7a100b"))
                .isTrue();
        assertThat(verify(
                        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                        "72",
                        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                                + "387b2eaeb4302aeeb00d291612bb0c00"))
                .isTrue();
        assertThat(verify(
                        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                        "af82",
                        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                                + "4a7c15e9716ed28dc027beceea1ec40a"))
                .isTrue();
    }

    @Test
    void acceptsWhatOurKeysSignAndNothingChanged() {
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            KeyPair key = KeyPair.fromSeed(seed);
            byte[] message = new byte[i];
            random.nextBytes(message);
            byte[] signature = key.sign(message);
            assertThat(Ed25519Strict.verify(key.publicKey().raw(), message, signature))
                    .isTrue();
            signature[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertThat(Ed25519Strict.verify(key.publicKey().raw(), message, signature))
                    .isFalse();
        }
    }

    /** From some signature on the author's multiples are known: nothing may be decided otherwise then. */
    @Test
    void decidesTheHundredthSignatureOfAnAuthorLikeTheFirst() {
        Random random = new Random(2);
        KeyPair key = Waiting.key(9);
        for (int i = 0; i < 300; i++) {
            byte[] message = new byte[i];
            random.nextBytes(message);
            byte[] signature = key.sign(message);
            assertThat(Ed25519Strict.verify(key.publicKey().raw(), message, signature))
                    .isTrue();
            signature[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertThat(Ed25519Strict.verify(key.publicKey().raw(), message, signature))
                    .isFalse();
        }
    }

    @Test
    void refusesAnSThatIsNotBelowTheOrder() {
        KeyPair key = Waiting.key(3);
        byte[] signature = key.sign(new byte[1]);
        BigInteger s = SlowCurve.littleEndian(java.util.Arrays.copyOfRange(signature, 32, 64))
                .add(SlowCurve.ORDER);
        System.arraycopy(SlowCurve.bytes(s), 0, signature, 32, 32);
        assertThat(Ed25519Strict.verify(key.publicKey().raw(), new byte[1], signature))
                .isFalse();
    }

    @Test
    void refusesAuthorsOfSmallOrder() {
        for (String author : SMALL) {
            byte[] a = HexFormat.of().parseHex(author);
            // S = 0, R = -[k]A: holds for every A of small order, whatever the message, when R is tried out.
            for (String r : SMALL) {
                byte[] signature = new byte[64];
                System.arraycopy(HexFormat.of().parseHex(r), 0, signature, 0, 32);
                assertThat(Ed25519Strict.verify(a, new byte[] {5}, signature)).isFalse();
            }
        }
    }

    @Test
    void refusesAuthorsNotWrittenInTheirShortestWay() {
        // y = p + 1 stands for 1, y = p for 0; x = 0 with the sign bit set.
        for (String author : new String[] {
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        }) {
            assertThat(EdwardsPoint.decode(HexFormat.of().parseHex(author))).isNull();
        }
    }

    @Test
    void refusesAnRNotWrittenInItsShortestWay() {
        // R is the neutral element, so S = k·a; its encoding is 01 00…, and ee ff…7f (p + 1) must not pass for it.
        BigInteger a = BigInteger.valueOf(123456789);
        byte[] author = SlowCurve.BASE.times(a).encode();
        byte[] shortest = SlowCurve.signed(new byte[] {1}, author, a, BigInteger.ZERO, SlowCurve.NEUTRAL.encode());
        assertThat(Ed25519Strict.verify(author, new byte[] {1}, shortest)).isTrue();
        byte[] longer = SlowCurve.signed(
                new byte[] {1},
                author,
                a,
                BigInteger.ZERO,
                HexFormat.of().parseHex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"));
        assertThat(Ed25519Strict.verify(author, new byte[] {1}, longer)).isFalse();
    }

    @Test
    void takesTheEquationItselfWithMixedOrders() {
        SlowCurve torsion = SlowCurve.decode(HexFormat.of().parseHex(ORDER_8));
        BigInteger a = new BigInteger("987654321987654321987654321");
        BigInteger r = new BigInteger("123123123123123123123");
        byte[] mixedAuthor = SlowCurve.BASE.times(a).plus(torsion).encode();
        byte[] plainAuthor = SlowCurve.BASE.times(a).encode();
        byte[] plainR = SlowCurve.BASE.times(r).encode();
        byte[] mixedR = SlowCurve.BASE.times(r).plus(torsion).encode();
        int accepted = 0;
        for (int i = 0; i < 48; i++) {
            byte[] message = {(byte) i};
            byte[] ofMixedAuthor = SlowCurve.signed(message, mixedAuthor, a, r, plainR);
            boolean holds = SlowCurve.challenge(plainR, mixedAuthor, message).testBit(0) == false
                    && SlowCurve.challenge(plainR, mixedAuthor, message)
                                    .mod(BigInteger.valueOf(8))
                                    .signum()
                            == 0;
            assertThat(Ed25519Strict.verify(mixedAuthor, message, ofMixedAuthor))
                    .isEqualTo(holds);
            accepted += holds ? 1 : 0;
            byte[] withMixedR = SlowCurve.signed(message, plainAuthor, a, r, mixedR);
            assertThat(Ed25519Strict.verify(plainAuthor, message, withMixedR)).isFalse();
        }
        assertThat(accepted).isBetween(1, 20);
    }

    /** Each way of computing the sum: without preparation, with narrow and with wide multiples, and after falling back. */
    @Test
    void judgesTheSameOfAFrequentAuthor() {
        BigInteger a = new BigInteger("123456789");
        BigInteger r = new BigInteger("987654321");
        byte[] message = {1};
        SlowCurve ofSmallOrder = SlowCurve.decode(HexFormat.of().parseHex(ORDER_8));
        byte[] author = SlowCurve.BASE.times(a).encode();
        byte[] plainR = SlowCurve.BASE.times(r).encode();
        byte[] mixedR = SlowCurve.BASE.times(r).plus(ofSmallOrder).encode();
        byte[] valid = SlowCurve.signed(message, author, a, r, plainR);
        byte[] mixed = SlowCurve.signed(message, author, a, r, mixedR);
        for (int i = 0; i < Ed25519Strict.SIGNATURES_BEFORE_WIDE; i++) {
            assertThat(Ed25519Strict.verify(author, message, valid)).isTrue();
            assertThat(Ed25519Strict.verify(author, message, mixed)).isFalse();
        }
        Random random = new Random(3);
        for (int i = 0; i < 6; i++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            KeyPair other = KeyPair.fromSeed(seed);
            for (int j = 0; j < Ed25519Strict.SIGNATURES_BEFORE_WIDE + 20; j++) {
                byte[] signature = other.sign(new byte[] {(byte) j});
                assertThat(Ed25519Strict.verify(other.publicKey().raw(), new byte[] {(byte) j}, signature))
                        .isTrue();
                signature[j % 64] ^= 2;
                assertThat(Ed25519Strict.verify(other.publicKey().raw(), new byte[] {(byte) j}, signature))
                        .isFalse();
            }
        }
        assertThat(Ed25519Strict.verify(author, message, valid)).isTrue();
        assertThat(Ed25519Strict.verify(author, message, mixed)).isFalse();
    }

    private static boolean verify(String author, String message, String signature) {
        HexFormat hex = HexFormat.of();
        return Ed25519Strict.verify(hex.parseHex(author), hex.parseHex(message), hex.parseHex(signature));
    }

    /** The curve in affine coordinates over BigInteger. */
    private record SlowCurve(BigInteger x, BigInteger y) {

        static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
        static final BigInteger ORDER =
                BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
        static final BigInteger D = BigInteger.valueOf(-121665)
                .multiply(BigInteger.valueOf(121666).modInverse(P))
                .mod(P);
        static final SlowCurve NEUTRAL = new SlowCurve(BigInteger.ZERO, BigInteger.ONE);
        static final SlowCurve BASE = decode(bytes(BigInteger.valueOf(4)
                .multiply(BigInteger.valueOf(5).modInverse(P))
                .mod(P)));

        SlowCurve plus(SlowCurve o) {
            BigInteger dxy =
                    D.multiply(x).multiply(o.x).multiply(y).multiply(o.y).mod(P);
            BigInteger sumX = x.multiply(o.y)
                    .add(y.multiply(o.x))
                    .multiply(BigInteger.ONE.add(dxy).modInverse(P));
            BigInteger sumY = y.multiply(o.y)
                    .add(x.multiply(o.x))
                    .multiply(BigInteger.ONE.subtract(dxy).modInverse(P));
            return new SlowCurve(sumX.mod(P), sumY.mod(P));
        }

        SlowCurve times(BigInteger scalar) {
            SlowCurve sum = NEUTRAL;
            for (int i = scalar.bitLength() - 1; i >= 0; i--) {
                sum = sum.plus(sum);
                sum = scalar.testBit(i) ? sum.plus(this) : sum;
            }
            return sum;
        }

        byte[] encode() {
            byte[] bytes = bytes(y);
            bytes[31] |= (byte) (x.testBit(0) ? 0x80 : 0);
            return bytes;
        }

        static SlowCurve decode(byte[] bytes) {
            BigInteger y = littleEndian(bytes).clearBit(255);
            BigInteger yy = y.multiply(y);
            BigInteger xx = yy.subtract(BigInteger.ONE)
                    .multiply(D.multiply(yy).add(BigInteger.ONE).modInverse(P))
                    .mod(P);
            BigInteger x = xx.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
            if (!x.multiply(x).subtract(xx).mod(P).equals(BigInteger.ZERO)) {
                x = x.multiply(BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P))
                        .mod(P);
            }
            boolean odd = (bytes[31] & 0x80) != 0;
            return new SlowCurve(x.testBit(0) == odd ? x : P.subtract(x), y);
        }

        static byte[] signed(byte[] message, byte[] author, BigInteger a, BigInteger r, byte[] encodedR) {
            BigInteger s =
                    r.add(challenge(encodedR, author, message).multiply(a)).mod(ORDER);
            byte[] signature = new byte[64];
            System.arraycopy(encodedR, 0, signature, 0, 32);
            System.arraycopy(bytes(s), 0, signature, 32, 32);
            return signature;
        }

        static BigInteger challenge(byte[] r, byte[] author, byte[] message) {
            try {
                MessageDigest sha = MessageDigest.getInstance("SHA-512");
                sha.update(r);
                sha.update(author);
                sha.update(message);
                return littleEndian(sha.digest()).mod(ORDER);
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }

        static BigInteger littleEndian(byte[] bytes) {
            byte[] reversed = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                reversed[i] = bytes[bytes.length - 1 - i];
            }
            return new BigInteger(1, reversed);
        }

        static byte[] bytes(BigInteger value) {
            byte[] bytes = new byte[32];
            byte[] bigEndian = value.toByteArray();
            for (int i = 0; i < Math.min(32, bigEndian.length); i++) {
                bytes[i] = bigEndian[bigEndian.length - 1 - i];
            }
            return bytes;
        }
    }

    @Test
    void theSlowCurveIsTheCurve() {
        assertThat(new String(
                        HexFormat.of().formatHex(SlowCurve.BASE.encode()).getBytes(StandardCharsets.US_ASCII),
                        StandardCharsets.US_ASCII))
                .isEqualTo("5866666666666666666666666666666666666666666666666666666666666666");
        assertThat(SlowCurve.BASE.times(SlowCurve.ORDER)).isEqualTo(SlowCurve.NEUTRAL);
    }
}
