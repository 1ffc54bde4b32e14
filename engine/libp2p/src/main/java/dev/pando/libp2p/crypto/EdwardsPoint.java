package dev.pando.libp2p.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.jspecify.annotations.Nullable;

/**
 * A point of the curve of Ed25519, {@code -x² + y² = 1 + d x² y²}, in extended coordinates (X : Y : Z : T) with x = X/Z,
 * y = Y/Z, xy = T/Z, over BouncyCastle's field. In variable time: for public values only.
 */
final class EdwardsPoint {

    private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

    private static final int[] D = constant(BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(P))
            .mod(P));

    private static final int[] TWICE_D = twice(D);

    private static final int BASE_DIGIT_MAX = 127;
    private static final int POINT_DIGIT_MAX = 15;

    private static final Addend[] BASE_MULTIPLES = oddMultiples(base(), BASE_DIGIT_MAX);

    private final int[] x;
    private final int[] y;
    private final int[] z;
    private final int[] t;

    /** Scratch of {@link #twice} and {@link #add}: a point that sums is one thread's alone. */
    private final int[] a = field();

    private final int[] b = field();
    private final int[] c = field();
    private final int[] d = field();
    private final int[] e = field();
    private final int[] h = field();

    private EdwardsPoint(int[] x, int[] y, int[] z, int[] t) {
        this.x = x;
        this.y = y;
        this.z = z;
        this.t = t;
    }

    private static EdwardsPoint neutral() {
        int[] y = field();
        int[] z = field();
        X25519Field.one(y);
        X25519Field.one(z);
        return new EdwardsPoint(field(), y, z, field());
    }

    private static EdwardsPoint base() {
        byte[] encoded = new byte[32];
        Arrays.fill(encoded, (byte) 0x66);
        encoded[0] = 0x58;
        EdwardsPoint base = decode(encoded);
        if (base == null) {
            throw new IllegalStateException("the base point is on the curve");
        }
        return base;
    }

    /** The point that RFC 8032 encodes so, or null when there is none or it has a shorter way to be written. */
    static @Nullable EdwardsPoint decode(byte[] encoded) {
        int[] y = field();
        X25519Field.decode(encoded, 0, y);
        int[] u = field();
        int[] v = field();
        X25519Field.sqr(y, u);
        X25519Field.mul(u, D, v);
        X25519Field.subOne(u);
        X25519Field.addOne(v);
        X25519Field.carry(u);
        X25519Field.carry(v);
        int[] x = field();
        if (!X25519Field.sqrtRatioVar(u, v, x)) {
            return null;
        }
        X25519Field.normalize(x);
        boolean odd = (encoded[31] & 0x80) != 0;
        if ((x[0] & 1) != (odd ? 1 : 0)) {
            X25519Field.negate(x, x);
            X25519Field.normalize(x);
        }
        int[] z = field();
        X25519Field.one(z);
        int[] t = field();
        X25519Field.mul(x, y, t);
        EdwardsPoint point = new EdwardsPoint(x, y, z, t);
        return Arrays.equals(point.encode(), encoded) ? point : null;
    }

    byte[] encode() {
        int[] inverse = field();
        X25519Field.invVar(z, inverse);
        int[] affineX = field();
        int[] affineY = field();
        X25519Field.mul(x, inverse, affineX);
        X25519Field.mul(y, inverse, affineY);
        X25519Field.normalize(affineX);
        X25519Field.normalize(affineY);
        byte[] encoded = new byte[32];
        X25519Field.encode(affineY, encoded, 0);
        encoded[31] |= (byte) ((affineX[0] & 1) << 7);
        return encoded;
    }

    EdwardsPoint negate() {
        int[] minusX = field();
        int[] minusT = field();
        X25519Field.negate(x, minusX);
        X25519Field.negate(t, minusT);
        return new EdwardsPoint(minusX, y, z, minusT);
    }

    /** Whether eight times this point is the neutral one. */
    boolean isSmallOrder() {
        EdwardsPoint eightfold = neutral();
        eightfold.add(new Addend(this), false);
        eightfold.twice();
        eightfold.twice();
        eightfold.twice();
        int[] difference = field();
        X25519Field.sub(eightfold.y, eightfold.z, difference);
        X25519Field.normalize(difference);
        X25519Field.normalize(eightfold.x);
        return X25519Field.isZeroVar(eightfold.x) && X25519Field.isZeroVar(difference);
    }

    /** {@code [s]B + [k]point} for scalars of 32 bytes, little-endian, below 2^253. */
    static EdwardsPoint sum(byte[] s, EdwardsPoint point, byte[] k) {
        Addend[] multiples = oddMultiples(point, POINT_DIGIT_MAX);
        byte[] sDigits = digits(s, BASE_DIGIT_MAX);
        byte[] kDigits = digits(k, POINT_DIGIT_MAX);
        EdwardsPoint sum = neutral();
        int highest = sDigits.length - 1;
        while (highest > 0 && sDigits[highest] == 0 && kDigits[highest] == 0) {
            highest--;
        }
        for (int i = highest; i >= 0; i--) {
            sum.twice(sDigits[i] != 0 || kDigits[i] != 0);
            sum.addDigit(BASE_MULTIPLES, sDigits[i]);
            sum.addDigit(multiples, kDigits[i]);
        }
        return sum;
    }

    /** {@code [s]B + [k]P} for scalars of 32 bytes, little-endian, below 2^253, of multiples of P known before. */
    static EdwardsPoint sum(byte[] s, Multiples point, byte[] k) {
        EdwardsPoint sum = neutral();
        BaseMultiples.WIDE.addTo(sum, s);
        point.addTo(sum, k);
        return sum;
    }

    /** Made when the first author signs twice: it takes a millisecond, and a megabyte. */
    private static final class BaseMultiples {
        static final Multiples WIDE = new Multiples(base(), Byte.SIZE);
    }

    /**
     * Multiples of one point for every digit of a scalar at every place, so that a product is a sum: about a quarter of the
     * work of {@link #sum(byte[], EdwardsPoint, byte[])}. Immutable; with digits of 4 bits 100 KB and 64 additions, with
     * digits of 8 bits 800 KB and half as many.
     */
    static final class Multiples {
        private final int width;
        private final Addend[] addends;

        /** @param width bits of a digit, 4 or 8 */
        Multiples(EdwardsPoint point, int width) {
            this.width = width;
            int half = 1 << (width - 1);
            int places = 256 / width;
            var multiples = new Projective[places * half];
            EdwardsPoint unit = neutral();
            unit.add(new Addend(point), false);
            for (int place = 0; place < places; place++) {
                Addend step = new Addend(unit);
                EdwardsPoint multiple = neutral();
                for (int i = 0; i < half; i++) {
                    multiple.add(step, false);
                    multiples[place * half + i] = new Projective(multiple);
                }
                for (int i = 0; i < width; i++) {
                    unit.twice();
                }
            }
            this.addends = affine(multiples);
        }

        /* With Z = 1 each is added by one multiplication less. One inversion is enough for all: that of their product. */
        private static Addend[] affine(Projective[] points) {
            var productsBefore = new int[points.length][];
            int[] product = field();
            X25519Field.one(product);
            for (int i = 0; i < points.length; i++) {
                productsBefore[i] = product.clone();
                X25519Field.mul(product, points[i].z, product);
            }
            int[] inverse = field();
            X25519Field.invVar(product, inverse);
            var addends = new Addend[points.length];
            for (int i = points.length - 1; i >= 0; i--) {
                int[] inverseZ = field();
                X25519Field.mul(inverse, productsBefore[i], inverseZ);
                X25519Field.mul(inverse, points[i].z, inverse);
                int[] x = field();
                int[] y = field();
                X25519Field.mul(points[i].x, inverseZ, x);
                X25519Field.mul(points[i].y, inverseZ, y);
                addends[i] = new Addend(x, y);
            }
            return addends;
        }

        private void addTo(EdwardsPoint sum, byte[] scalar) {
            int half = 1 << (width - 1);
            int carry = 0;
            for (int place = 0; place < 256 / width; place++) {
                /* From −half to half − 1; scalars are below 2^253, so that the last place carries nothing. */
                int digit = bits(scalar, place * width, width) + carry;
                carry = digit >= half ? 1 : 0;
                digit -= carry << width;
                if (digit != 0) {
                    sum.add(addends[place * half + Math.abs(digit) - 1], digit < 0);
                }
            }
        }
    }

    /** What a point was at one time. */
    private static final class Projective {
        final int[] x;
        final int[] y;
        final int[] z;

        Projective(EdwardsPoint point) {
            x = point.x.clone();
            y = point.y.clone();
            z = point.z.clone();
        }
    }

    private void addDigit(Addend[] multiples, byte digit) {
        if (digit != 0) {
            add(multiples[Math.abs(digit) >> 1], digit < 0);
        }
    }

    /** Odd multiples 1, 3, 5, … up to {@code max}. */
    private static Addend[] oddMultiples(EdwardsPoint point, int max) {
        Addend[] multiples = new Addend[(max + 1) / 2];
        multiples[0] = new Addend(point);
        EdwardsPoint twofold = neutral();
        twofold.add(multiples[0], false);
        twofold.twice();
        Addend step = new Addend(twofold);
        EdwardsPoint multiple = neutral();
        multiple.add(multiples[0], false);
        for (int i = 1; i < multiples.length; i++) {
            multiple.add(step, false);
            multiples[i] = new Addend(multiple);
        }
        return multiples;
    }

    /** Signed digits, each zero or odd and of at most {@code max} = 2^n - 1, with sum of digit·2^i = scalar. */
    private static byte[] digits(byte[] scalar, int max) {
        byte[] digits = new byte[256];
        int bit = 0;
        int carry = 0;
        int width = Integer.bitCount(max) + 1;
        while (bit < 256) {
            int low = bits(scalar, bit, 1) + carry;
            if ((low & 1) == 0) {
                carry = low >> 1;
                bit++;
                continue;
            }
            int window = bits(scalar, bit, width) + carry;
            carry = window > max ? 1 : 0;
            digits[bit] = (byte) (window - (carry << width));
            bit += width;
        }
        return digits;
    }

    private static int bits(byte[] scalar, int from, int count) {
        int value = 0;
        for (int i = 0; i < count && from + i < 256; i++) {
            value |= (scalar[(from + i) >> 3] >> ((from + i) & 7) & 1) << i;
        }
        return value;
    }

    private void twice() {
        twice(true);
    }

    /** @param withT whether T will be read: doubling again does not */
    private void twice(boolean withT) {
        X25519Field.sqr(x, a);
        X25519Field.sqr(y, b);
        X25519Field.sqr(z, c);
        X25519Field.add(c, c, c);
        X25519Field.add(x, y, e);
        X25519Field.sqr(e, e);
        X25519Field.add(a, b, h);
        X25519Field.sub(h, e, e);
        X25519Field.sub(a, b, d);
        X25519Field.add(c, d, c);
        finish(c, d, withT);
    }

    private void add(Addend other, boolean negated) {
        X25519Field.sub(y, x, a);
        X25519Field.add(y, x, b);
        X25519Field.carry(a);
        X25519Field.carry(b);
        X25519Field.mul(a, negated ? other.yPlusX : other.yMinusX, a);
        X25519Field.mul(b, negated ? other.yMinusX : other.yPlusX, b);
        X25519Field.mul(t, other.twiceDT, c);
        if (other.twiceZ == null) {
            X25519Field.add(z, z, d);
        } else {
            X25519Field.mul(z, other.twiceZ, d);
        }
        X25519Field.sub(b, a, e);
        X25519Field.add(b, a, h);
        if (negated) {
            X25519Field.negate(c, c);
        }
        X25519Field.sub(d, c, a);
        X25519Field.add(d, c, b);
        finish(a, b, true);
    }

    /** X = EF, Y = GH, Z = FG, T = EH. */
    private void finish(int[] f, int[] g, boolean withT) {
        X25519Field.carry(e);
        X25519Field.carry(f);
        X25519Field.carry(g);
        X25519Field.carry(h);
        X25519Field.mul(e, f, x);
        X25519Field.mul(g, h, y);
        X25519Field.mul(f, g, z);
        if (withT) {
            X25519Field.mul(e, h, t);
        }
    }

    private static int[] field() {
        return X25519Field.create();
    }

    private static int[] twice(int[] value) {
        int[] sum = field();
        X25519Field.add(value, value, sum);
        X25519Field.carry(sum);
        return sum;
    }

    private static int[] constant(BigInteger value) {
        byte[] bigEndian = value.toByteArray();
        byte[] encoded = new byte[32];
        for (int i = 0; i < Math.min(32, bigEndian.length); i++) {
            encoded[i] = bigEndian[bigEndian.length - 1 - i];
        }
        int[] element = field();
        X25519Field.decode(encoded, 0, element);
        return element;
    }

    /** A point in the form that is added fastest. */
    private static final class Addend {

        private final int[] yPlusX = field();
        private final int[] yMinusX = field();
        private final int[] twiceDT = field();

        /** Null where Z = 1. */
        private final int @Nullable [] twiceZ;

        Addend(EdwardsPoint point) {
            this(point.x, point.y, point.t, EdwardsPoint.twice(point.z));
        }

        /** The point with these affine coordinates. */
        Addend(int[] x, int[] y) {
            this(x, y, product(x, y), null);
        }

        private Addend(int[] x, int[] y, int[] t, int @Nullable [] twiceZ) {
            X25519Field.add(y, x, yPlusX);
            X25519Field.sub(y, x, yMinusX);
            X25519Field.carry(yPlusX);
            X25519Field.carry(yMinusX);
            this.twiceZ = twiceZ;
            X25519Field.mul(t, TWICE_D, twiceDT);
        }

        private static int[] product(int[] a, int[] b) {
            int[] product = field();
            X25519Field.mul(a, b, product);
            return product;
        }
    }
}
