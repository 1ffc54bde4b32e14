package dev.pando.ipld;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Unsigned varints of the multiformats: seven bits a byte, the least significant group first, at most nine bytes and
 * never longer than needed. So the values are 0 to 2^63 - 1, every {@code long} that is not negative.
 */
public final class Varint {

    /** Longer encodings are refused: nine bytes carry 63 bits. */
    public static final int BYTES_MAX = 9;

    private Varint() {}

    /** The bytes that {@code value} takes, 1 to 9. */
    public static int size(long value) {
        requireUnsigned(value);
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    /** Writes {@code value} at {@code offset} and returns the offset behind it. */
    public static int write(byte[] out, int offset, long value) {
        requireUnsigned(value);
        int at = offset;
        long rest = value;
        while (rest >= 0x80) {
            out[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[at++] = (byte) rest;
        return at;
    }

    public static void write(ByteBuffer out, long value) {
        requireUnsigned(value);
        long rest = value;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    public static void write(OutputStream out, long value) throws IOException {
        requireUnsigned(value);
        long rest = value;
        while (rest >= 0x80) {
            out.write((int) (rest | 0x80) & 0xff);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /**
     * Reads one varint and moves {@code in} behind it.
     *
     * @throws DecodeException when it is cut off, not minimal or longer than nine bytes
     */
    public static long read(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 7 * BYTES_MAX; shift += 7) {
            if (!in.hasRemaining()) {
                throw new DecodeException("varint cut off at offset " + in.position());
            }
            int b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return checkMinimal(value, b, shift);
            }
        }
        throw tooLong();
    }

    /**
     * Reads one varint, or returns -1 when the stream ends before its first byte.
     *
     * @throws EOFException when the stream ends within it
     * @throws DecodeException when it is not minimal or longer than nine bytes
     */
    public static long read(InputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 7 * BYTES_MAX; shift += 7) {
            int b = in.read();
            if (b < 0) {
                if (shift == 0) {
                    return -1;
                }
                throw new EOFException("the stream ends within a varint");
            }
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return checkMinimal(value, b, shift);
            }
        }
        throw tooLong();
    }

    private static long checkMinimal(long value, int lastByte, int shift) {
        if (lastByte == 0 && shift > 0) {
            throw new DecodeException(
                    "varint is not minimal: " + value + " takes " + size(value) + " bytes, found " + (shift / 7 + 1));
        }
        return value;
    }

    private static DecodeException tooLong() {
        return new DecodeException("varint longer than " + BYTES_MAX + " bytes");
    }

    private static void requireUnsigned(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a varint is unsigned, got " + value);
        }
    }
}
