package dev.pando.libp2p.crypto;

import java.math.BigInteger;

/**
 * Multiples of the base point of Ed25519: one of eight for each of the 64 digits of a scalar is added up. All eight are
 * looked at each time, and no branch depends on a digit, so that neither time nor cache tells the scalar.
 *
 * <p>Points are summed in extended coordinates (X : Y : Z : T) with x = X/Z, y = Y/Z, xy = T/Z; the multiples are kept as
 * (y + x, y - x, 2dxy).
 */
final class BasePoint {

    private static final int DIGITS = 64;
    private static final int MULTIPLES = 8;
    private static final int COORDINATES = 3;
    private static final int ENTRY = COORDINATES * Field51.LIMBS;

    private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

    private static final BigInteger BASE_X =
            new BigInteger("15112221349535400772501151409588531511454012693041857206046113283949847762202");

    private static final BigInteger BASE_Y =
            BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P);

    private static final long[] TWICE_D = element(BigInteger.valueOf(-2 * 121665)
            .multiply(BigInteger.valueOf(121666).modInverse(P))
            .mod(P));

    /** 60 KB, made in some milliseconds when this class is first used. */
    private static final long[] TABLE = table();

    private BasePoint() {}

    /**
     * The encoding of {@code scalar} times the base point.
     *
     * @param scalar 32 bytes, little-endian, below 2^253
     */
    static byte[] multiply(byte[] scalar) {
        byte[] digits = digits(scalar);
        var sum = new Sum();
        long[] entry = new long[ENTRY];
        for (int i = 0; i < DIGITS; i++) {
            select(i, digits[i], entry);
            sum.add(entry);
        }
        return sum.encode();
    }

    /** Signed digits from -8 to 8 of base 16, the least first. */
    private static byte[] digits(byte[] scalar) {
        byte[] digits = new byte[DIGITS];
        for (int i = 0; i < scalar.length; i++) {
            digits[2 * i] = (byte) (scalar[i] & 15);
            digits[2 * i + 1] = (byte) (scalar[i] >> 4 & 15);
        }
        int carry = 0;
        for (int i = 0; i < DIGITS - 1; i++) {
            int digit = digits[i] + carry;
            carry = digit + 8 >> 4;
            digits[i] = (byte) (digit - (carry << 4));
        }
        digits[DIGITS - 1] += (byte) carry;
        return digits;
    }

    /** Puts the multiple for {@code digit} at its place into {@code entry}. */
    private static void select(int place, int digit, long[] entry) {
        int sign = digit >> 31;
        int amount = (digit ^ sign) - sign;
        long m1 = mask(amount, 1);
        long m2 = mask(amount, 2);
        long m3 = mask(amount, 3);
        long m4 = mask(amount, 4);
        long m5 = mask(amount, 5);
        long m6 = mask(amount, 6);
        long m7 = mask(amount, 7);
        long m8 = mask(amount, 8);
        long[] table = TABLE;
        int from = place * MULTIPLES * ENTRY;
        for (int k = 0; k < ENTRY; k++) {
            int at = from + k;
            entry[k] = table[at] & m1
                    | table[at + ENTRY] & m2
                    | table[at + 2 * ENTRY] & m3
                    | table[at + 3 * ENTRY] & m4
                    | table[at + 4 * ENTRY] & m5
                    | table[at + 5 * ENTRY] & m6
                    | table[at + 6 * ENTRY] & m7
                    | table[at + 7 * ENTRY] & m8;
        }
        /* Of the neutral point y + x and y - x are 1. */
        long none = mask(amount, 0) & 1;
        entry[0] |= none;
        entry[Field51.LIMBS] |= none;
        negate(entry, sign);
    }

    /** All ones when the two are equal, else zero. */
    private static long mask(int a, int b) {
        return (long) ((a ^ b) - 1) >> 63;
    }

    /** Minus the point where {@code sign} is -1, itself where it is 0: y + x and y - x change places, 2dxy its sign. */
    private static void negate(long[] entry, long sign) {
        for (int k = 0; k < Field51.LIMBS; k++) {
            long swapped = (entry[k] ^ entry[Field51.LIMBS + k]) & sign;
            entry[k] ^= swapped;
            entry[Field51.LIMBS + k] ^= swapped;
        }
        for (int k = 0; k < Field51.LIMBS; k++) {
            int at = 2 * Field51.LIMBS + k;
            entry[at] ^= (entry[at] ^ Field51.negated(entry[at], k)) & sign;
        }
    }

    // ---- sums

    /** A point to which others are added. One thread's. */
    private static final class Sum {

        private final long[] x = Field51.element();
        private final long[] y = Field51.element();
        private final long[] z = Field51.element();
        private final long[] t = Field51.element();

        private final long[] a = Field51.element();
        private final long[] b = Field51.element();
        private final long[] c = Field51.element();
        private final long[] d = Field51.element();
        private final long[] e = Field51.element();
        private final long[] h = Field51.element();

        /** The neutral point. */
        Sum() {
            y[0] = 1;
            z[0] = 1;
        }

        Sum(Sum other) {
            set(x, other.x);
            set(y, other.y);
            set(z, other.z);
            set(t, other.t);
        }

        private static void set(long[] to, long[] from) {
            System.arraycopy(from, 0, to, 0, Field51.LIMBS);
        }

        /** Adds a point kept as (y + x, y - x, 2dxy). */
        void add(long[] entry) {
            Field51.sub(y, x, a);
            Field51.add(y, x, b);
            part(entry, 1, c);
            Field51.mul(a, c, a);
            part(entry, 0, c);
            Field51.mul(b, c, b);
            part(entry, 2, c);
            Field51.mul(t, c, c);
            Field51.add(z, z, d);
            finish();
        }

        private static void part(long[] entry, int number, long[] to) {
            System.arraycopy(entry, number * Field51.LIMBS, to, 0, Field51.LIMBS);
        }

        void add(Sum other) {
            Field51.sub(y, x, a);
            Field51.sub(other.y, other.x, b);
            Field51.mul(a, b, a);
            Field51.add(y, x, b);
            Field51.add(other.y, other.x, c);
            Field51.mul(b, c, b);
            Field51.mul(t, other.t, c);
            Field51.mul(c, TWICE_D, c);
            Field51.mul(z, other.z, d);
            Field51.add(d, d, d);
            finish();
        }

        /** With E = B - A, F = D - C, G = D + C, H = B + A: X = EF, Y = GH, Z = FG, T = EH. */
        private void finish() {
            Field51.sub(b, a, e);
            Field51.add(b, a, h);
            Field51.sub(d, c, a);
            Field51.add(d, c, b);
            Field51.mul(e, a, x);
            Field51.mul(b, h, y);
            Field51.mul(a, b, z);
            Field51.mul(e, h, t);
        }

        byte[] encode() {
            long[] inverse = Field51.invert(z);
            Field51.mul(x, inverse, a);
            Field51.mul(y, inverse, b);
            byte[] encoded = Field51.encode(b);
            encoded[Field51.BYTES - 1] |= (byte) ((Field51.encode(a)[0] & 1) << 7);
            return encoded;
        }
    }

    // ---- the table

    private static long[] table() {
        var points = new Sum[DIGITS * MULTIPLES];
        Sum unit = base();
        for (int place = 0; place < DIGITS; place++) {
            var multiple = new Sum();
            for (int i = 0; i < MULTIPLES; i++) {
                multiple.add(unit);
                points[place * MULTIPLES + i] = new Sum(multiple);
            }
            multiple.add(points[place * MULTIPLES + MULTIPLES - 1]);
            unit = multiple;
        }
        long[] table = new long[points.length * ENTRY];
        long[][] inverses = inverses(points);
        for (int i = 0; i < points.length; i++) {
            put(points[i], inverses[i], table, i * ENTRY);
        }
        return table;
    }

    private static Sum base() {
        var base = new Sum();
        Sum.set(base.x, element(BASE_X));
        Sum.set(base.y, element(BASE_Y));
        Field51.mul(base.x, base.y, base.t);
        return base;
    }

    /** One over each Z, with one inversion: each is the inverse of a product times what else is in it. */
    private static long[][] inverses(Sum[] points) {
        long[][] products = new long[points.length][];
        long[] product = Field51.element();
        product[0] = 1;
        for (int i = 0; i < points.length; i++) {
            products[i] = product.clone();
            Field51.mul(product, points[i].z, product);
        }
        long[] inverse = Field51.invert(product);
        for (int i = points.length - 1; i >= 0; i--) {
            Field51.mul(products[i], inverse, products[i]);
            Field51.mul(inverse, points[i].z, inverse);
        }
        return products;
    }

    private static void put(Sum point, long[] inverse, long[] table, int at) {
        long[] x = Field51.element();
        long[] y = Field51.element();
        long[] value = Field51.element();
        Field51.mul(point.x, inverse, x);
        Field51.mul(point.y, inverse, y);
        Field51.add(y, x, value);
        put(value, table, at);
        Field51.sub(y, x, value);
        put(value, table, at + Field51.LIMBS);
        Field51.mul(x, y, value);
        Field51.mul(value, TWICE_D, value);
        put(value, table, at + 2 * Field51.LIMBS);
    }

    private static void put(long[] value, long[] table, int at) {
        Field51.carry(value);
        System.arraycopy(value, 0, table, at, Field51.LIMBS);
    }

    private static long[] element(BigInteger value) {
        byte[] bigEndian = value.toByteArray();
        byte[] encoded = new byte[Field51.BYTES];
        for (int i = 0; i < Math.min(encoded.length, bigEndian.length); i++) {
            encoded[i] = bigEndian[bigEndian.length - 1 - i];
        }
        return Field51.decode(encoded);
    }
}
