package dev.pando.engine;

import dev.pando.PandoException;

/**
 * Keys that need no coordination.
 *
 * <pre>
 * | 0 | 41 bits ms since 2026-01-01 UTC | 14 bits node number | 8 bits counter |
 * </pre>
 *
 * The counter borrows the next millisecond when it is full, so keys of one node grow and never repeat while its clock
 * does not go back beyond a restart. Thread-safe.
 */
final class GeneratedKeys {

    static final int NODE_NUMBER_MAX = (1 << 14) - 1;

    private static final long EPOCH_MILLIS = 1_767_225_600_000L;
    private static final int COUNTER_BITS = 8;
    private static final int NODE_BITS = 14;
    private static final long MILLIS_MAX = (1L << 41) - 1;

    private final int nodeNumber;

    /** Milliseconds and counter of the last key, as one number. */
    private long last;

    GeneratedKeys(int nodeNumber) {
        this.nodeNumber = nodeNumber;
    }

    /** A node number from the identity: good for small fleets; two nodes in a hundred share one with odds of 1 in 4. */
    static int nodeNumber(byte[] publicKey) {
        return ((publicKey[0] & 0xff) << 8 | publicKey[1] & 0xff) & NODE_NUMBER_MAX;
    }

    synchronized long next(long nowMillis) {
        last = Math.max(last + 1, Math.max(0, nowMillis - EPOCH_MILLIS) << COUNTER_BITS);
        long millis = last >>> COUNTER_BITS;
        if (millis > MILLIS_MAX) {
            throw new PandoException(
                    PandoException.Kind.NUMERIC_OUT_OF_RANGE,
                    "the clock is beyond what generated keys can hold (year 2095): " + nowMillis);
        }
        return millis << (NODE_BITS + COUNTER_BITS)
                | (long) nodeNumber << COUNTER_BITS
                | last & ((1 << COUNTER_BITS) - 1);
    }
}
