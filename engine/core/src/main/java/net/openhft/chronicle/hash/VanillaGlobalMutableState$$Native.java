package net.openhft.chronicle.hash;

import net.openhft.chronicle.bytes.Byteable;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.values.Copyable;
import org.jspecify.annotations.NullUnmarked;

/**
 * The layout of a Chronicle Map's state in memory that all of its users share. Chronicle looks for a class of this name
 * and, when there is none, generates one and compiles it while the program runs: that takes seconds, and a JDK with a
 * compiler. Being here, it is found.
 *
 * <pre>
 * bytes 0–2    extra tier bulks allocated        13–16  offset of the segment headers
 * bytes 3–7    index of the first free tier      17–24  size of the data store
 * bytes 8–12   extra tiers in use
 * </pre>
 *
 * Integers are in native byte order. Belongs to Chronicle Map 2026.1; a test compares it with what that generates.
 */
@NullUnmarked
@SuppressWarnings({"rawtypes", "unchecked"})
public class VanillaGlobalMutableState$$Native
        implements VanillaGlobalMutableState, Copyable<VanillaGlobalMutableState>, Byteable {

    private static final int BULKS = 0;
    private static final int FREE_TIER = 3;
    private static final int TIERS_USED = 8;
    private static final int HEADERS = 13;
    private static final int DATA_SIZE = 17;
    private static final int BYTES = 25;

    private static final int BULKS_MAX = (1 << 24) - 1;
    private static final long TIER_MAX = (1L << 40) - 1;
    private static final long HEADERS_MAX = (1L << 32) - 1;

    private BytesStore bytes;
    private long offset;

    @Override
    public int getAllocatedExtraTierBulks() {
        return bytes.readInt(offset + BULKS) & BULKS_MAX;
    }

    @Override
    public void setAllocatedExtraTierBulks(int value) {
        check(value, BULKS_MAX);
        bytes.writeInt(offset + BULKS, (bytes.readInt(offset + BULKS) & ~BULKS_MAX) | value);
    }

    @Override
    public long getFirstFreeTierIndex() {
        return bytes.readLong(offset + FREE_TIER) & TIER_MAX;
    }

    @Override
    public void setFirstFreeTierIndex(long value) {
        check(value, TIER_MAX);
        bytes.writeLong(offset + FREE_TIER, (bytes.readLong(offset + FREE_TIER) & ~TIER_MAX) | value);
    }

    @Override
    public long getExtraTiersInUse() {
        return bytes.readLong(offset + TIERS_USED) & TIER_MAX;
    }

    @Override
    public void setExtraTiersInUse(long value) {
        check(value, TIER_MAX);
        bytes.writeLong(offset + TIERS_USED, (bytes.readLong(offset + TIERS_USED) & ~TIER_MAX) | value);
    }

    @Override
    public long getSegmentHeadersOffset() {
        return bytes.readInt(offset + HEADERS) & HEADERS_MAX;
    }

    @Override
    public void setSegmentHeadersOffset(long value) {
        check(value, HEADERS_MAX);
        bytes.writeInt(offset + HEADERS, (int) value);
    }

    @Override
    public long getDataStoreSize() {
        return bytes.readLong(offset + DATA_SIZE);
    }

    @Override
    public void setDataStoreSize(long value) {
        check(value, Long.MAX_VALUE);
        bytes.writeLong(offset + DATA_SIZE, value);
    }

    @Override
    public long addDataStoreSize(long addition) {
        long size = getDataStoreSize() + addition;
        setDataStoreSize(size);
        return size;
    }

    @Override
    public void copyFrom(VanillaGlobalMutableState from) {
        setAllocatedExtraTierBulks(from.getAllocatedExtraTierBulks());
        setFirstFreeTierIndex(from.getFirstFreeTierIndex());
        setExtraTiersInUse(from.getExtraTiersInUse());
        setSegmentHeadersOffset(from.getSegmentHeadersOffset());
        setDataStoreSize(from.getDataStoreSize());
    }

    @Override
    public void bytesStore(BytesStore store, long at, long length) {
        if (length != BYTES || at + length > store.capacity()) {
            throw new IllegalArgumentException(length + " bytes at " + at + " of " + store.capacity());
        }
        bytes = store;
        offset = at;
    }

    @Override
    public BytesStore bytesStore() {
        return bytes;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long maxSize() {
        return BYTES;
    }

    private static void check(long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("0 to " + max + " expected, got " + value);
        }
    }
}
