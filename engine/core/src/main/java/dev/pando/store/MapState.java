package dev.pando.store;

import dev.pando.ipld.DecodeException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is remembered of a map at its clean close beside its two mapped files.
 *
 * <pre>
 * "PANDO MAP 1" (11) | secret of the hash (16) | entries (8)
 * | size of the file of slots (8) | end of the slots (8) | first free slot, or 0, of each of the 43 size classes (8 each)
 * | size of the file of pages (8) | pages (4) | bits of the directory (1) | page (4) for each value of these bits
 * | CRC-32C of all this (4)
 * </pre>
 *
 * Integers are little-endian.
 */
record MapState(
        byte[] secret,
        long entries,
        long heapBytes,
        long heapEnd,
        long[] free,
        long pagesBytes,
        int pages,
        HashIndex.Directory directory) {

    private static final byte[] MAGIC = "PANDO MAP 1".getBytes(StandardCharsets.US_ASCII);
    private static final int FIXED_BYTES = MAGIC.length + SipHash.SECRET_BYTES + 4 * Long.BYTES + 5 + Crc.BYTES;
    private static final int DEPTH_MAX = 28;

    byte[] encode() {
        int[] directoryPages = directory.pages();
        ByteBuffer out =
                buffer(new byte[FIXED_BYTES + Long.BYTES * SizeClasses.COUNT + Integer.BYTES * directoryPages.length]);
        out.put(MAGIC).put(secret).putLong(entries).putLong(heapBytes).putLong(heapEnd);
        for (long first : free) {
            out.putLong(first);
        }
        out.putLong(pagesBytes).putInt(pages).put((byte) directory.depth());
        for (int page : directoryPages) {
            out.putInt(page);
        }
        out.putInt(Crc.of(out.array(), 0, out.position()));
        return out.array();
    }

    static MapState decode(byte[] bytes) {
        ByteBuffer in = buffer(bytes);
        try {
            if (!Arrays.equals(take(in, MAGIC.length), MAGIC)) {
                throw malformed("its beginning");
            }
            int end = bytes.length - Crc.BYTES;
            if (in.getInt(end) != Crc.of(bytes, 0, end)) {
                throw malformed("its checksum");
            }
            byte[] secret = take(in, SipHash.SECRET_BYTES);
            long entries = in.getLong();
            long heapBytes = in.getLong();
            long heapEnd = in.getLong();
            long[] free = new long[SizeClasses.COUNT];
            for (int i = 0; i < free.length; i++) {
                free[i] = in.getLong();
            }
            long pagesBytes = in.getLong();
            int pages = in.getInt();
            HashIndex.Directory directory = directory(in, pages);
            return new MapState(secret, entries, heapBytes, heapEnd, free, pagesBytes, pages, directory);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw malformed("its end");
        }
    }

    private static HashIndex.Directory directory(ByteBuffer in, int pages) {
        int depth = in.get();
        if (depth < 0 || depth > DEPTH_MAX || in.remaining() != Crc.BYTES + ((long) Integer.BYTES << depth)) {
            throw malformed("its directory");
        }
        int[] numbers = new int[1 << depth];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.getInt();
            if (numbers[i] < 0 || numbers[i] >= pages) {
                throw malformed("a page of its directory");
            }
        }
        return new HashIndex.Directory(depth, numbers);
    }

    private static byte[] take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static DecodeException malformed(String what) {
        return new DecodeException("a map's file is not what it should be: " + what);
    }
}
