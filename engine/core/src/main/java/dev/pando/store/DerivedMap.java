package dev.pando.store;

import org.jspecify.annotations.Nullable;

/**
 * Hash-addressed state derived from the log. Any thread reads; one thread at a time writes. It grows without being
 * asked. Arrays are copied on their way in and out.
 *
 * <p>A damaged value is never returned: reading it throws {@link dev.pando.PandoException} CORRUPT, and the maps are
 * made anew from the log when the store next opens.
 */
public interface DerivedMap {

    /** Longer keys are refused. */
    int KEY_BYTES_MAX = 1_024;

    /** Longer values are refused. */
    int VALUE_BYTES_MAX = 256 << 20;

    byte @Nullable [] get(byte[] key);

    /**
     * The values of several keys, null where there is none. Quicker than one after the other where memory is what is waited
     * for.
     */
    default byte[] @Nullable [] getAll(byte[][] keys) {
        byte[] @Nullable [] values = new byte[keys.length][];
        for (int i = 0; i < keys.length; i++) {
            values[i] = get(keys[i]);
        }
        return values;
    }

    boolean contains(byte[] key);

    void put(byte[] key, byte[] value);

    void remove(byte[] key);

    /** Entries. */
    long size();

    /**
     * A walk over all entries in no order. An entry that is there during the whole walk is shown exactly once; others
     * may be shown or not. Nothing is locked between two calls.
     */
    EntryWalk walk();

    /**
     * The same walk for one who may take long: it remembers no more than {@code changesMax} entries that were changed
     * meanwhile, and ends with SNAPSHOT_TOO_OLD when there were more that it would have to.
     */
    default EntryWalk walk(int changesMax) {
        return walk();
    }

    /** The same walk in copies, a page at a time. */
    default PageCursor pages() {
        return new PagesOfWalk(walk());
    }
}
