package dev.pando.libp2p.crypto;

import org.bouncycastle.math.ec.rfc7748.X25519Field;

/**
 * The field of 2^255 - 19 in five limbs of 51 bits, with products of 64 by 64 bits: about half the work of ten limbs of 26.
 * No branch and no place in memory depends on a value, so secrets may pass through.
 *
 * <p>Products have limbs below 2^51 + 2^13; factors may have limbs up to 2^53: a sum or difference of two products, or of
 * one and twice another, may be multiplied as it is.
 */
final class Field51 {

    static final int LIMBS = 5;
    static final int BYTES = 32;

    private static final int BITS = 51;
    private static final long MASK = (1L << BITS) - 1;

    /** Twice the prime, added before subtracting so that no limb becomes negative. */
    private static final long TWICE_P_0 = 2 * (MASK - 18);

    private static final long TWICE_P = 2 * MASK;

    private Field51() {}

    static long[] element() {
        return new long[LIMBS];
    }

    static void add(long[] a, long[] b, long[] sum) {
        for (int i = 0; i < LIMBS; i++) {
            sum[i] = a[i] + b[i];
        }
    }

    static void sub(long[] a, long[] b, long[] difference) {
        difference[0] = a[0] + TWICE_P_0 - b[0];
        for (int i = 1; i < LIMBS; i++) {
            difference[i] = a[i] + TWICE_P - b[i];
        }
    }

    /** One limb of minus an element. */
    static long negated(long limb, int number) {
        return (number == 0 ? TWICE_P_0 : TWICE_P) - limb;
    }

    /**
     * The product. A product of two limbs, {@code hi·2^51 + lo}, is taken apart by shifting its factors 13 bits to the left
     * together, so that {@code hi} is what stands above 64 bits; {@code lo} is what is left of the wrapped product, and may
     * be taken off after all of a column are added, for their sum of {@code lo} is below 2^64.
     */
    static void mul(long[] a, long[] b, long[] product) {
        long a0 = a[0];
        long a1 = a[1];
        long a2 = a[2];
        long a3 = a[3];
        long a4 = a[4];
        long b0 = b[0];
        long b1 = b[1];
        long b2 = b[2];
        long b3 = b[3];
        long b4 = b[4];
        long h0 = high(a0, b0);
        long h1 = high(a0, b1) + high(a1, b0);
        long h2 = high(a0, b2) + high(a1, b1) + high(a2, b0);
        long h3 = high(a0, b3) + high(a1, b2) + high(a2, b1) + high(a3, b0);
        long h4 = high(a0, b4) + high(a1, b3) + high(a2, b2) + high(a3, b1) + high(a4, b0);
        long h5 = high(a1, b4) + high(a2, b3) + high(a3, b2) + high(a4, b1);
        long h6 = high(a2, b4) + high(a3, b3) + high(a4, b2);
        long h7 = high(a3, b4) + high(a4, b3);
        long h8 = high(a4, b4);
        long l0 = a0 * b0 - (h0 << BITS);
        long l1 = a0 * b1 + a1 * b0 - (h1 << BITS);
        long l2 = a0 * b2 + a1 * b1 + a2 * b0 - (h2 << BITS);
        long l3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - (h3 << BITS);
        long l4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - (h4 << BITS);
        long l5 = a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 - (h5 << BITS);
        long l6 = a2 * b4 + a3 * b3 + a4 * b2 - (h6 << BITS);
        long l7 = a3 * b4 + a4 * b3 - (h7 << BITS);
        long l8 = a4 * b4 - (h8 << BITS);
        carry(
                l0 + 19 * (l5 + h4),
                l1 + h0 + 19 * (l6 + h5),
                l2 + h1 + 19 * (l7 + h6),
                l3 + h2 + 19 * (l8 + h7),
                l4 + h3 + 19 * h8,
                product);
    }

    private static long high(long a, long b) {
        return Math.multiplyHigh(a << 6, b << 7);
    }

    private static void carry(long r0, long r1, long r2, long r3, long r4, long[] out) {
        long s1 = r1 + (r0 >>> BITS);
        long s2 = r2 + (s1 >>> BITS);
        long s3 = r3 + (s2 >>> BITS);
        long s4 = r4 + (s3 >>> BITS);
        long s0 = (r0 & MASK) + 19 * (s4 >>> BITS);
        out[0] = s0 & MASK;
        out[1] = (s1 & MASK) + (s0 >>> BITS);
        out[2] = s2 & MASK;
        out[3] = s3 & MASK;
        out[4] = s4 & MASK;
    }

    /** The same element with limbs as those of a product. */
    static void carry(long[] a) {
        carry(a[0], a[1], a[2], a[3], a[4], a);
    }

    /** One over {@code a}. */
    static long[] invert(long[] a) {
        int[] theirs = X25519Field.create();
        X25519Field.decode(encode(a), 0, theirs);
        X25519Field.inv(theirs, theirs);
        X25519Field.normalize(theirs);
        byte[] encoded = new byte[BYTES];
        X25519Field.encode(theirs, encoded, 0);
        return decode(encoded);
    }

    /** Little-endian; the top bit is not looked at. */
    static long[] decode(byte[] encoded) {
        long w0 = word(encoded, 0);
        long w1 = word(encoded, 1);
        long w2 = word(encoded, 2);
        long w3 = word(encoded, 3);
        return new long[] {
            w0 & MASK,
            (w0 >>> 51 | w1 << 13) & MASK,
            (w1 >>> 38 | w2 << 26) & MASK,
            (w2 >>> 25 | w3 << 39) & MASK,
            w3 >>> 12 & MASK
        };
    }

    /** The one encoding below the prime. */
    static byte[] encode(long[] a) {
        long[] r = a.clone();
        carry(r);
        carry(r);
        /* Less than twice the prime: q is one where the prime is to be taken off. */
        long q = (r[0] + 19) >>> BITS;
        for (int i = 1; i < LIMBS; i++) {
            q = (r[i] + q) >>> BITS;
        }
        r[0] += 19 * q;
        for (int i = 0; i < LIMBS - 1; i++) {
            r[i + 1] += r[i] >>> BITS;
            r[i] &= MASK;
        }
        r[4] &= MASK;
        byte[] encoded = new byte[BYTES];
        putWord(encoded, 0, r[0] | r[1] << 51);
        putWord(encoded, 1, r[1] >>> 13 | r[2] << 38);
        putWord(encoded, 2, r[2] >>> 26 | r[3] << 25);
        putWord(encoded, 3, r[3] >>> 39 | r[4] << 12);
        return encoded;
    }

    private static long word(byte[] bytes, int at) {
        long word = 0;
        for (int i = 7; i >= 0; i--) {
            word = word << 8 | bytes[8 * at + i] & 0xff;
        }
        return word;
    }

    private static void putWord(byte[] bytes, int at, long word) {
        for (int i = 0; i < 8; i++) {
            bytes[8 * at + i] = (byte) (word >>> 8 * i);
        }
    }
}
