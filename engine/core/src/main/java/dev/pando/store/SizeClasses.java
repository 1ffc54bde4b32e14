package dev.pando.store;

/**
 * The sizes that slots of a {@link RecordHeap} have: multiples of 16 up to 128 bytes, then four to each doubling, so that
 * at most a fifth of a larger slot is empty.
 */
final class SizeClasses {

    static final int SLOT_BYTES_MAX = 64 << 10;

    private static final int UNIT_BYTES = 16;
    private static final int SMALL_BYTES_MAX = 128;
    private static final int SMALL_LOG = 7;
    private static final int SMALL = SMALL_BYTES_MAX / UNIT_BYTES - 1;
    private static final int PER_DOUBLING = 4;

    static final int COUNT = SMALL + PER_DOUBLING * 9;

    private static final int[] BYTES = new int[COUNT];

    static {
        for (int i = 0; i < SMALL; i++) {
            BYTES[i] = (i + 2) * UNIT_BYTES;
        }
        for (int i = SMALL; i < COUNT; i++) {
            int quarter = (i - SMALL) % PER_DOUBLING;
            BYTES[i] = (PER_DOUBLING + 1 + quarter) << (SMALL_LOG - 2 + (i - SMALL) / PER_DOUBLING);
        }
    }

    private SizeClasses() {}

    static int bytes(int sizeClass) {
        return BYTES[sizeClass];
    }

    /** The smallest class whose slots hold {@code bytes}, which are at most {@link #SLOT_BYTES_MAX}. */
    static int of(int bytes) {
        if (bytes <= SMALL_BYTES_MAX) {
            return Math.max(0, (bytes + UNIT_BYTES - 1) / UNIT_BYTES - 2);
        }
        int last = bytes - 1;
        int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(last);
        int quarter = (last >>> (log - 2)) & (PER_DOUBLING - 1);
        return SMALL + (log - SMALL_LOG) * PER_DOUBLING + quarter;
    }
}
