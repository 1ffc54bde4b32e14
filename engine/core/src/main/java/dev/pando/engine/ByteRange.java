package dev.pando.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys from one (inclusive) to another (exclusive), as unsigned bytes.
 *
 * @param from null for the beginning
 * @param to null for the end
 */
@SuppressWarnings("ArrayRecordComponent")
record ByteRange(byte @Nullable [] from, byte @Nullable [] to) {

    static final ByteRange ALL = new ByteRange(null, null);

    static final ByteRange EMPTY = new ByteRange(new byte[] {1}, new byte[] {0});

    /** The range between two prefixes; an inclusive one takes in all keys that begin with it. */
    static ByteRange between(byte[] low, boolean lowInclusive, byte[] high, boolean highInclusive) {
        boolean lowOpen = low.length == 0;
        boolean highOpen = high.length == 0;
        byte[] from = lowOpen ? null : lowInclusive ? low : after(low);
        if (!lowOpen && from == null) {
            return EMPTY;
        }
        return new ByteRange(from, highOpen ? null : highInclusive ? after(high) : high);
    }

    static ByteRange prefix(byte[] prefix) {
        return new ByteRange(prefix, after(prefix));
    }

    /** The least key above all that begin with {@code prefix}; null when there is none. */
    private static byte @Nullable [] after(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xff) {
                byte[] next = Arrays.copyOf(prefix, i + 1);
                next[i]++;
                return next;
            }
        }
        return null;
    }

    boolean reachedEnd(byte[] key) {
        return to != null && Arrays.compareUnsigned(key, to) >= 0;
    }

    boolean beforeBegin(byte[] key) {
        return from != null && Arrays.compareUnsigned(key, from) < 0;
    }

    boolean contains(byte[] key) {
        return !reachedEnd(key) && !beforeBegin(key);
    }

    boolean isEmpty() {
        return from != null && to != null && Arrays.compareUnsigned(from, to) >= 0;
    }
}
