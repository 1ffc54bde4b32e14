package dev.pando.libp2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

/** The signatures are those of RFC 8032, and the arithmetic beneath them is exact at its edges. */
class SigningKeyTest {

    private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger ORDER =
            BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private static SigningKey key(byte[] seed) {
        byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed, 0, publicKey, 0);
        return new SigningKey(seed, publicKey);
    }

    /** RFC 8032, 7.1: seed, message, signature. */
    @Test
    void theVectorsOfTheRfc() {
        var vectors = List.of(
                List.of(
                        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                        "",
                        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                                + "d25bf5f0595bbe24655141438e7a100b"),
                List.of(
                        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                        "72",
                        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                                + "387b2eaeb4302aeeb00d291612bb0c00"),
                List.of(
                        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                        "af82",
                        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                                + "4a7c15e9716ed28dc027beceea1ec40a"));
        HexFormat hex = HexFormat.of();
        for (List<String> vector : vectors) {
            SigningKey key = key(hex.parseHex(vector.get(0)));
            byte[] message = hex.parseHex(vector.get(1));
            assertThat(hex.formatHex(key.signWithTable(message))).isEqualTo(vector.get(2));
            assertThat(hex.formatHex(key.sign(message))).isEqualTo(vector.get(2));
        }
    }

    @Test
    void bothWaysMakeTheSameSignature() {
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            SigningKey key = key(seed);
            for (int j = 0; j < 5; j++) {
                byte[] message = new byte[random.nextInt(300)];
                random.nextBytes(message);
                assertThat(key.signWithTable(message)).isEqualTo(key.sign(message));
            }
        }
    }

    @Test
    void aKeyThatGoesOnSigningChangesTheWayAndNotTheSignature() {
        SigningKey key = key(new byte[32]);
        byte[] first = key.sign(new byte[] {1});
        for (int i = 0; i < 100; i++) {
            assertThat(key.sign(new byte[] {1})).isEqualTo(first);
        }
    }

    @Test
    void productsOfTheFieldAreExactUpToTheGreatestLimbs() {
        Random random = new Random(2);
        long[] edges = {0, 1, 18, 19, (1L << 51) - 20, (1L << 51) - 19, (1L << 51) - 1, 1L << 51, 1L << 52, 1L << 53};
        for (int i = 0; i < 20_000; i++) {
            long[] a = limbs(random, edges);
            long[] b = limbs(random, edges);
            long[] product = Field51.element();
            Field51.mul(a, b, product);
            assertThat(Arrays.stream(product).max().orElseThrow()).isLessThan((1L << 51) + (1L << 13));
            assertThat(value(Field51.encode(product)))
                    .isEqualTo(sum(a).multiply(sum(b)).mod(P));
        }
    }

    private static long[] limbs(Random random, long[] edges) {
        long[] limbs = new long[Field51.LIMBS];
        for (int i = 0; i < limbs.length; i++) {
            limbs[i] = random.nextBoolean() ? edges[random.nextInt(edges.length)] : random.nextLong() & (1L << 53) - 1;
        }
        return limbs;
    }

    private static BigInteger sum(long[] limbs) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = limbs.length - 1; i >= 0; i--) {
            sum = sum.shiftLeft(51).add(BigInteger.valueOf(limbs[i]));
        }
        return sum;
    }

    @Test
    void elementsHaveOneEncodingAndAnInverse() {
        Random random = new Random(3);
        for (int i = -20; i < 39; i++) {
            BigInteger number = i < 0 ? new BigInteger(255, random) : P.add(BigInteger.valueOf(i - 20));
            long[] element = Field51.decode(bytes(number, 32));
            assertThat(value(Field51.encode(element))).isEqualTo(number.mod(P));
            if (number.mod(P).signum() != 0) {
                assertThat(value(Field51.encode(Field51.invert(element)))).isEqualTo(number.modInverse(P));
            }
        }
    }

    @Test
    void numbersModuloTheOrderAreExact() {
        Random random = new Random(4);
        BigInteger max = BigInteger.ONE.shiftLeft(512).subtract(BigInteger.ONE);
        List<BigInteger> edges = List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                ORDER.subtract(BigInteger.ONE),
                ORDER,
                ORDER.add(BigInteger.ONE),
                ORDER.multiply(ORDER),
                max,
                max.subtract(max.mod(ORDER)));
        for (int i = 0; i < 5_000; i++) {
            BigInteger wide = i < edges.size() ? edges.get(i) : new BigInteger(512, random);
            assertThat(value(GroupOrder.reduce(bytes(wide, 64)))).isEqualTo(wide.mod(ORDER));
            BigInteger a = new BigInteger(i % 3 == 0 ? 256 : 252, random);
            BigInteger b = i % 5 == 0 ? ORDER.subtract(BigInteger.ONE) : new BigInteger(255, random);
            BigInteger c = i % 7 == 0 ? ORDER.subtract(BigInteger.ONE) : new BigInteger(252, random);
            assertThat(value(GroupOrder.multiplyAdd(bytes(a, 32), bytes(b, 32), bytes(c, 32))))
                    .isEqualTo(a.multiply(b).add(c).mod(ORDER));
        }
    }

    private static byte[] bytes(BigInteger number, int count) {
        byte[] bigEndian = number.toByteArray();
        byte[] bytes = new byte[count];
        for (int i = 0; i < Math.min(count, bigEndian.length); i++) {
            bytes[i] = bigEndian[bigEndian.length - 1 - i];
        }
        return bytes;
    }

    private static BigInteger value(byte[] littleEndian) {
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
        }
        return new BigInteger(1, bigEndian);
    }
}
