package dev.pando;

/**
 * BIGINT keys that no other node makes: IDENTITY and NEXT VALUE FOR. They grow and are not dense; none is ever made
 * twice here, whatever the clock does and however the process ends. Thread-safe.
 */
public interface KeyGenerator {

    /** Numbers on either side of what {@link #nextBlock} returns that belong to whom it was returned. */
    int BLOCK_REACH = 127;

    /** The greatest node number. */
    int NODE_NUMBER_MAX = (1 << 14) - 1;

    /**
     * A key that was never returned before. Now and then it waits for the disk.
     *
     * @throws PandoException {@code NUMERIC_OUT_OF_RANGE} when the clock is beyond the year 2095, {@code IO_ERROR}
     */
    long next();

    /**
     * A key with room around it: none of the {@link #BLOCK_REACH} numbers before it, and of as many after it, was or will
     * be returned by anyone. For those who ask once for many keys, and count from here upwards or downwards.
     *
     * @throws PandoException as {@link #next}
     */
    long nextBlock();

    /** What sets the keys of this node apart from those of others: by default a part of its identity's hash. */
    int nodeNumber();

    /**
     * Gives this node a number by hand, for fleets in which numbers by chance would meet. Durable, and local.
     *
     * @throws PandoException {@code INVALID_ARGUMENT} when not from 0 to {@link #NODE_NUMBER_MAX}
     */
    void setNodeNumber(int number);
}
