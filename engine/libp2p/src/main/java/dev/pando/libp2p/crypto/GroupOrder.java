package dev.pando.libp2p.crypto;

/**
 * Numbers modulo the order of Ed25519's group, L = 2^252 + 27742317777372353535851937790883648493, in signed limbs of 21
 * bits. No branch and no place in memory depends on a value.
 */
final class GroupOrder {

    static final int BYTES = 32;

    private static final int BITS = 21;
    private static final int LIMBS = 12;
    private static final long MASK = (1L << BITS) - 1;

    /** 2^252 is minus the small part of L: these are its limbs, the least first. */
    private static final long[] OF_2_252 = {666643, 470296, 654183, -997805, 136657, -683901};

    private GroupOrder() {}

    /** A number of 64 bytes, little-endian, as one of 32 below L. */
    static byte[] reduce(byte[] wide) {
        return reduced(limbs(wide, 2 * LIMBS));
    }

    /** {@code a·b + c}. */
    static byte[] multiplyAdd(byte[] a, byte[] b, byte[] c) {
        long[] x = limbs(a, LIMBS);
        long[] y = limbs(b, LIMBS);
        long[] z = limbs(c, LIMBS);
        long[] sum = new long[2 * LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            sum[i] += z[i];
            for (int j = 0; j < LIMBS; j++) {
                sum[i + j] += x[i] * y[j];
            }
        }
        roundUp(sum, 0, 2 * LIMBS - 2);
        return reduced(sum);
    }

    private static long[] limbs(byte[] number, int count) {
        long[] limbs = new long[count];
        for (int i = 0; i < count; i++) {
            int bit = i * BITS;
            long bits = 0;
            for (int at = Math.min(number.length - 1, (bit >> 3) + 3); at >= bit >> 3; at--) {
                bits = bits << 8 | number[at] & 0xff;
            }
            limbs[i] = bits >>> (bit & 7);
        }
        for (int i = 0; i < count - 1; i++) {
            limbs[i] &= MASK;
        }
        return limbs;
    }

    private static byte[] reduced(long[] s) {
        fold(s, 23, 18);
        roundUp(s, 6, 16);
        fold(s, 17, 12);
        roundUp(s, 0, 11);
        fold(s, 12, 12);
        roundDown(s, 0, 11);
        fold(s, 12, 12);
        roundDown(s, 0, 10);
        byte[] number = new byte[BYTES];
        long pending = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < LIMBS; i++) {
            pending |= s[i] << bits;
            for (bits += BITS; bits >= 8; bits -= 8) {
                number[at++] = (byte) pending;
                pending >>>= 8;
            }
        }
        number[at] = (byte) pending; // the twelve limbs have 252 bits, and the last one a bit more
        return number;
    }

    /** Takes what limbs from {@code high} down to {@code low} hold to where it belongs modulo L. */
    private static void fold(long[] s, int high, int low) {
        for (int i = high; i >= low; i--) {
            for (int j = 0; j < OF_2_252.length; j++) {
                s[i - LIMBS + j] += s[i] * OF_2_252[j];
            }
            s[i] = 0;
        }
    }

    /** Carries, every other limb first, so that each limb is between -2^20 and 2^20. */
    private static void roundUp(long[] s, int from, int to) {
        for (int first = from; first <= from + 1; first++) {
            for (int i = first; i <= to; i += 2) {
                carry(s, i, s[i] + (1L << (BITS - 1)) >> BITS);
            }
        }
    }

    /** Carries from limb to limb, so that each is between 0 and 2^21. */
    private static void roundDown(long[] s, int from, int to) {
        for (int i = from; i <= to; i++) {
            carry(s, i, s[i] >> BITS);
        }
    }

    private static void carry(long[] s, int limb, long amount) {
        s[limb + 1] += amount;
        s[limb] -= amount << BITS;
    }
}
