package dev.pando.libp2p.crypto;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Verifies Ed25519 so that all nodes agree on every signature, also on those made to divide them: S below the group's
 * order, canonical A and R, no A of small order, and {@code [S]B = R + [k]A} itself, not eight times it.
 *
 * <p>BouncyCastle verifies a random multiple of that equation, which lets some signatures with a part of small order
 * pass; so it signs, but does not verify, what replicas must agree on. R is compared as bytes with the encoding of
 * {@code [S]B - [k]A}: it need not be decoded, and no second encoding of it can pass. Nothing secret is handled, so
 * nothing needs to take constant time.
 */
public final class Ed25519Strict {

    /** Authors remembered, of at most 100 KB each; the one longest unused is forgotten, and costs more at its next signature. */
    private static final int AUTHORS_MAX = 64;

    /** Of these, those with 800 KB each, of which a signature takes two thirds of the time; the one that has it longest loses it. */
    private static final int FREQUENT_AUTHORS_MAX = 4;

    /** Signatures of an author that are verified without preparation. */
    static final int SIGNATURES_BEFORE_MULTIPLES = 4;

    /** Signatures of an author before it counts as frequent: the preparation takes as long as a hundred. */
    static final int SIGNATURES_BEFORE_WIDE = 1_000;

    private static final BigInteger ORDER =
            BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private Ed25519Strict() {}

    /** Whether {@code signature} is that of {@code author}, 32 raw bytes; false too when either is malformed. */
    public static boolean verify(byte[] author, byte[] message, byte[] signature) {
        if (author.length != 32 || signature.length != 64) {
            return false;
        }
        byte[] s = Arrays.copyOfRange(signature, 32, 64);
        if (littleEndian(s).compareTo(ORDER) >= 0) {
            return false;
        }
        Author known = AUTHORS.of(author);
        if (known.minusA == null) {
            return false;
        }
        byte[] expected = known.sum(s, challenge(signature, author, message)).encode();
        return Arrays.equals(expected, 0, 32, signature, 0, 32);
    }

    /** What does not change from one signature of an author to the next. Thread-safe. */
    private static final class Author {
        private final @Nullable EdwardsPoint minusA;
        private final AtomicInteger signatures = new AtomicInteger();
        private volatile EdwardsPoint.@Nullable Multiples multiples;

        Author(byte[] encoded) {
            EdwardsPoint point = decodeNegated(encoded);
            this.minusA = point == null || point.isSmallOrder() ? null : point;
        }

        /* The multiples cost as much as a few signatures, so who signs seldom has none. */
        EdwardsPoint sum(byte[] s, byte[] k) {
            EdwardsPoint point = Objects.requireNonNull(minusA);
            EdwardsPoint.Multiples known = multiples;
            int count = signatures.incrementAndGet();
            if (count == SIGNATURES_BEFORE_WIDE) {
                known = new EdwardsPoint.Multiples(point, Byte.SIZE);
                multiples = known;
                AUTHORS.frequent(this);
            } else if (known == null) {
                if (count < SIGNATURES_BEFORE_MULTIPLES) {
                    return EdwardsPoint.sum(s, point, k);
                }
                known = new EdwardsPoint.Multiples(point, 4);
                multiples = known;
            }
            return EdwardsPoint.sum(s, known, k);
        }

        /* Other authors are frequent now. */
        void isFrequentNoLonger() {
            signatures.set(0);
            multiples = null;
        }
    }

    private static final Authors AUTHORS = new Authors();

    /** The authors who signed lately. */
    private static final class Authors {
        private final LinkedHashMap<ByteBuffer, Author> recent = new LinkedHashMap<>(16, 0.75f, true);
        private final Deque<Author> frequent = new ArrayDeque<>();

        void frequent(Author author) {
            synchronized (recent) {
                frequent.add(author);
                if (frequent.size() > FREQUENT_AUTHORS_MAX) {
                    frequent.remove().isFrequentNoLonger();
                }
            }
        }

        Author of(byte[] encoded) {
            synchronized (recent) {
                Author known = recent.get(ByteBuffer.wrap(encoded));
                if (known != null) {
                    return known;
                }
            }
            var author = new Author(encoded);
            synchronized (recent) {
                recent.put(ByteBuffer.wrap(encoded.clone()), author);
                if (recent.size() > AUTHORS_MAX) {
                    recent.remove(recent.keySet().iterator().next());
                }
            }
            return author;
        }
    }

    private static @Nullable EdwardsPoint decodeNegated(byte[] author) {
        EdwardsPoint point = EdwardsPoint.decode(author);
        return point == null ? null : point.negate();
    }

    /** SHA-512(R ‖ A ‖ message) modulo the order, little-endian. */
    private static byte[] challenge(byte[] signature, byte[] author, byte[] message) {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-512", e);
        }
        sha.update(signature, 0, 32);
        sha.update(author);
        sha.update(message);
        byte[] bigEndian = littleEndian(sha.digest()).mod(ORDER).toByteArray();
        byte[] k = new byte[32];
        for (int i = 0; i < Math.min(32, bigEndian.length); i++) {
            k[i] = bigEndian[bigEndian.length - 1 - i];
        }
        return k;
    }

    private static BigInteger littleEndian(byte[] bytes) {
        byte[] bigEndian = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            bigEndian[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, bigEndian);
    }
}
