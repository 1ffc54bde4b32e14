package dev.pando.store;

import org.jspecify.annotations.Nullable;

/**
 * Keys in order of their unsigned bytes, with values, in memory. Any thread reads; one thread at a time writes. Arrays
 * are kept, not copied: nobody may change one that was handed over or handed out.
 */
public interface OrderedIndex {

    /** Sets the value of a key, and returns the one before. */
    byte @Nullable [] put(byte[] key, byte[] value);

    /** Removes a key, and returns the value that it had. */
    byte @Nullable [] remove(byte[] key);

    byte @Nullable [] get(byte[] key);

    long size();

    /** Fills this index in order, beside what is put meanwhile. */
    Filler filler();

    /**
     * Takes many entries in ascending order of their keys, much faster than they are put one by one. They are part of the
     * index only after {@link #finish}. For one thread.
     */
    interface Filler {

        /** @throws IllegalArgumentException when the key is not greater than the one before */
        void add(byte[] key, byte[] value);

        /** Brings the entries into the index; those that were put there before stay. For the index's writer. */
        void finish();
    }

    /**
     * A walk from a key to the end, or down to the beginning. An entry that is there during the whole walk is shown
     * exactly once and in order; others may be shown or not. Nothing is locked between two calls.
     *
     * @param start where to begin; null for the first entry, or the last when {@code descending}
     * @param inclusive whether {@code start} itself is shown
     */
    Cursor from(byte @Nullable [] start, boolean inclusive, boolean descending);

    /** A position in the index, before the first entry to begin with. For one thread. */
    interface Cursor {

        /** Moves to the next entry; false at the end. */
        boolean next();

        byte[] key();

        byte[] value();
    }
}
