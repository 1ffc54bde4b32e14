package dev.pando.store;

/**
 * How a store works.
 *
 * @param segmentBytes a segment is closed after the transaction that passes this size
 * @param preallocateBytes by how much the file is made longer before small transactions are written to it; 0 for not at
 *     all
 * @param persistentMaps whether the derived maps are kept in files when the disk has a path. When false they
 *     are in memory and are filled from checkpoint and log at each start
 */
public record StoreOptions(long segmentBytes, int preallocateBytes, boolean persistentMaps) {

    public static final StoreOptions DEFAULT = new StoreOptions(64L << 20, 1 << 20, true);

    /** Positions within a segment have 32 bits, and a transaction never spans two segments. */
    private static final long SEGMENT_BYTES_MAX = 1L << 30;

    public StoreOptions {
        if (segmentBytes < 1 || segmentBytes > SEGMENT_BYTES_MAX || preallocateBytes < 0) {
            throw new IllegalArgumentException(
                    "segmentBytes " + segmentBytes + ", preallocateBytes " + preallocateBytes + " out of range");
        }
    }

    public StoreOptions withSegmentBytes(long value) {
        return new StoreOptions(value, preallocateBytes, persistentMaps);
    }

    public StoreOptions withPreallocateBytes(int value) {
        return new StoreOptions(segmentBytes, value, persistentMaps);
    }

    public StoreOptions withPersistentMaps(boolean value) {
        return new StoreOptions(segmentBytes, preallocateBytes, value);
    }
}
