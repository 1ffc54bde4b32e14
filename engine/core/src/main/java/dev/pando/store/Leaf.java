package dev.pando.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A page of an ordered index: entries packed into one array, and their places in the order of their keys. It is for the
 * keys from {@link #low} up to {@link #high}. Guarded by its own lock.
 *
 * <pre>
 * entry    key length (varint) | value length (varint) | key | value
 * </pre>
 */
final class Leaf {

    /** A leaf with more bytes than this splits, once it has two entries. */
    private static final int BYTES_MAX = 4_096;

    private static final int BYTES_MIN = 256;
    private static final int ENTRIES_MIN = 8;

    private final byte[] low;
    private byte @Nullable [] high;
    private boolean ended;
    private final Page page = new Page();
    /** Bytes of removed entries, in {@link Page#data} still. */
    private int garbage;

    /** Set by {@link #put} when it put the key behind all others: a split then leaves this leaf full. */
    private boolean grewAtEnd;

    Leaf(byte[] low, byte @Nullable [] high) {
        this.low = low;
        this.high = high;
    }

    byte[] low() {
        return low;
    }

    byte @Nullable [] high() {
        return high;
    }

    void setHigh(byte @Nullable [] bound) {
        this.high = bound;
    }

    /** No longer part of the index. */
    void end() {
        ended = true;
    }

    int count() {
        return page.count;
    }

    boolean isFor(byte[] key) {
        return !ended && PagedIndex.compare(low, key) <= 0 && (high == null || PagedIndex.compare(key, high) < 0);
    }

    /** Whether the greatest key below {@code bound} would be here, if this leaf has any below it. */
    boolean isJustBelow(byte[] bound) {
        return !ended && PagedIndex.compare(low, bound) < 0 && (high == null || PagedIndex.compare(bound, high) <= 0);
    }

    boolean isLast() {
        return !ended && high == null;
    }

    byte @Nullable [] get(byte[] key) {
        int at = page.lowerBound(key);
        return at < page.count && page.compare(at, key) == 0 ? page.value(at) : null;
    }

    byte @Nullable [] put(byte[] key, byte[] value) {
        int at = page.lowerBound(key);
        byte[] before = null;
        if (at < page.count && page.compare(at, key) == 0) {
            before = page.value(at);
            garbage += page.entryBytes(at);
            page.removeOffset(at);
        }
        grewAtEnd = at == page.count;
        int needed = Page.entryBytes(key.length, value.length);
        if (page.used + needed > page.data.length) {
            makeRoom(needed);
        }
        page.insert(at, key, value);
        return before;
    }

    byte @Nullable [] remove(byte[] key) {
        int at = page.lowerBound(key);
        if (at == page.count || page.compare(at, key) != 0) {
            return null;
        }
        byte[] before = page.value(at);
        garbage += page.entryBytes(at);
        page.removeOffset(at);
        return before;
    }

    private void makeRoom(int needed) {
        int live = page.used - garbage;
        int capacity = Math.max(BYTES_MIN, page.data.length);
        while (capacity < live + needed) {
            capacity *= 2;
        }
        if (garbage == 0) {
            page.data = Arrays.copyOf(page.data, capacity);
        } else {
            Page packed = new Page();
            packed.data = new byte[capacity];
            packed.addAll(page, 0, page.count);
            page.take(packed);
            garbage = 0;
        }
    }

    boolean isTooLarge() {
        return page.used - garbage > BYTES_MAX && page.count > 1;
    }

    /** Moves the upper entries to a new leaf. */
    Leaf split() {
        int from = grewAtEnd ? page.count - 1 : middle();
        Leaf upper = new Leaf(page.key(from), high);
        upper.page.data = new byte[BYTES_MAX];
        upper.page.addAll(page, from, page.count);
        Page lower = new Page();
        lower.data = new byte[BYTES_MAX];
        lower.addAll(page, 0, from);
        page.take(lower);
        garbage = 0;
        high = upper.low;
        return upper;
    }

    /** The entry at which about half of the bytes are before. */
    private int middle() {
        int half = (page.used - garbage) / 2;
        int bytes = 0;
        for (int i = 0; i < page.count - 1; i++) {
            bytes += page.entryBytes(i);
            if (bytes >= half) {
                return i + 1;
            }
        }
        return page.count - 1;
    }

    void copyTo(Page target) {
        target.data = Arrays.copyOf(page.data, page.used);
        target.offsets = Arrays.copyOf(page.offsets, page.count);
        target.count = page.count;
        target.used = page.used;
    }

    /** The entries of a leaf, or a copy of them. */
    static final class Page {

        private byte[] data = {};
        private int[] offsets = {};
        private int count;
        private int used;

        int count() {
            return count;
        }

        /** The first entry whose key is not less than {@code key}, or {@link #count}. */
        int lowerBound(byte[] key) {
            int from = 0;
            int to = count;
            while (from < to) {
                int middle = (from + to) >>> 1;
                if (compare(middle, key) < 0) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }

        /** How the key of an entry compares with {@code key}. */
        int compare(int entry, byte[] key) {
            int at = offsets[entry];
            int keyBytes = readInt(at);
            int start = at + intBytes(keyBytes);
            start += intBytes(readInt(start));
            return Arrays.compareUnsigned(data, start, start + keyBytes, key, 0, key.length);
        }

        byte[] key(int entry) {
            int at = offsets[entry];
            int keyBytes = readInt(at);
            int start = at + intBytes(keyBytes);
            start += intBytes(readInt(start));
            return Arrays.copyOfRange(data, start, start + keyBytes);
        }

        byte[] value(int entry) {
            int at = offsets[entry];
            int keyBytes = readInt(at);
            int start = at + intBytes(keyBytes);
            int valueBytes = readInt(start);
            start += intBytes(valueBytes) + keyBytes;
            return Arrays.copyOfRange(data, start, start + valueBytes);
        }

        private int entryBytes(int entry) {
            int at = offsets[entry];
            int keyBytes = readInt(at);
            return entryBytes(keyBytes, readInt(at + intBytes(keyBytes)));
        }

        private static int entryBytes(int keyBytes, int valueBytes) {
            return intBytes(keyBytes) + intBytes(valueBytes) + keyBytes + valueBytes;
        }

        private void insert(int at, byte[] key, byte[] value) {
            insertOffset(at, used);
            used = writeInt(used, key.length);
            used = writeInt(used, value.length);
            System.arraycopy(key, 0, data, used, key.length);
            used += key.length;
            System.arraycopy(value, 0, data, used, value.length);
            used += value.length;
        }

        private void insertOffset(int at, int offset) {
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, Math.max(ENTRIES_MIN, count + count / 2));
            }
            System.arraycopy(offsets, at, offsets, at + 1, count - at);
            offsets[at] = offset;
            count++;
        }

        private void removeOffset(int at) {
            count--;
            System.arraycopy(offsets, at + 1, offsets, at, count - at);
        }

        /** Appends entries of another page, which come behind all that are here. */
        private void addAll(Page other, int from, int to) {
            offsets = Arrays.copyOf(offsets, Math.max(offsets.length, count + to - from));
            int bytes = 0;
            for (int i = from; i < to; i++) {
                bytes += other.entryBytes(i);
            }
            if (used + bytes > data.length) {
                data = Arrays.copyOf(data, used + bytes);
            }
            for (int i = from; i < to; i++) {
                int length = other.entryBytes(i);
                System.arraycopy(other.data, other.offsets[i], data, used, length);
                offsets[count++] = used;
                used += length;
            }
        }

        private void take(Page other) {
            data = other.data;
            offsets = other.offsets;
            count = other.count;
            used = other.used;
        }

        private static int intBytes(int value) {
            return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
        }

        private int readInt(int at) {
            int value = data[at];
            if (value >= 0) {
                return value;
            }
            value &= 0x7f;
            for (int shift = 7; ; shift += 7) {
                at++;
                value |= (data[at] & 0x7f) << shift;
                if (data[at] >= 0) {
                    return value;
                }
            }
        }

        private int writeInt(int at, int value) {
            int rest = value;
            int to = at;
            while (rest >= 0x80) {
                data[to++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            data[to++] = (byte) rest;
            return to;
        }
    }
}
