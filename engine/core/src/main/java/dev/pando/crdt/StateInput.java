package dev.pando.crdt;

import dev.pando.ipld.DecodeException;
import java.util.Arrays;

/** Reads what {@link StateOutput} wrote. Every length is checked before anything is made of it. */
final class StateInput {

    private final byte[] bytes;
    private final int limit;
    private int at;

    StateInput(byte[] bytes, int offset, int length) {
        if (offset < 0 || length < 0 || length > bytes.length - offset) {
            throw new IndexOutOfBoundsException(offset + " + " + length + " of " + bytes.length);
        }
        this.bytes = bytes;
        this.at = offset;
        this.limit = offset + length;
    }

    int getByte() {
        need(1);
        return bytes[at++] & 0xff;
    }

    long getLong() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | bytes[at++] & 0xff;
        }
        return value;
    }

    int getVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = getByte();
            value |= (next & 0x7f) << shift;
            if (next < 0x80) {
                return check(value);
            }
        }
        throw new DecodeException("a varint of more than 5 bytes");
    }

    private static int check(int value) {
        if (value < 0) {
            throw new DecodeException("a negative length");
        }
        return value;
    }

    /** A count of items of which each takes at least {@code bytesEach}. */
    int getCount(int bytesEach) {
        int count = getVarint();
        if (count > (limit - at) / bytesEach) {
            throw new DecodeException("cut off: " + count + " items in " + (limit - at) + " bytes");
        }
        return count;
    }

    byte[] getBytes(int length) {
        need(length);
        byte[] copy = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return copy;
    }

    void end() {
        if (at != limit) {
            throw new DecodeException((limit - at) + " bytes left over");
        }
    }

    private void need(int count) {
        if (count > limit - at) {
            throw new DecodeException("cut off: " + count + " bytes expected, " + (limit - at) + " there");
        }
    }
}
