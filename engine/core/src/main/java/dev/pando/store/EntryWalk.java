package dev.pando.store;

/**
 * A walk over entries that copies as little as it can: what it shows may stand anywhere in an array, is not to be
 * changed, and is good until the next entry. For one thread.
 */
public interface EntryWalk extends AutoCloseable {

    /** Moves to the next entry; false at the end. */
    boolean next();

    /** Where the key stands, from {@link #keyFrom} on. */
    byte[] keyBytes();

    int keyFrom();

    int keyLength();

    /** Where the value stands, from {@link #valueFrom} on. */
    byte[] valueBytes();

    int valueFrom();

    int valueLength();

    @Override
    void close();
}
