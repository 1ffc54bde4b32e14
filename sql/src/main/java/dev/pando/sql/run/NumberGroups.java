package dev.pando.sql.run;

import org.jspecify.annotations.Nullable;

/** What belongs to numbers: a hash table without objects for its keys. */
final class NumberGroups<T> {
    private static final int SLOTS_MIN = 64;

    private long[] keys = new long[SLOTS_MIN];
    private @Nullable Object[] values = new Object[SLOTS_MIN];
    private int size;

    /** Bytes of a slot, of which there are at most four for each entry. */
    static final int ENTRY_BYTES = 4 * (Long.BYTES + 4);

    @SuppressWarnings("unchecked")
    @Nullable
    T get(long key) {
        return (T) values[slot(key)];
    }

    /** Sets what belongs to a number that has nothing yet. */
    void put(long key, T value) {
        if (2 * ++size > keys.length) {
            grow();
        }
        int slot = slot(key);
        keys[slot] = key;
        values[slot] = value;
    }

    /** Where the key is, or would be. */
    private int slot(long key) {
        long hash = key * 0x9e3779b97f4a7c15L;
        int slot = (int) (hash >>> 32) & (keys.length - 1);
        while (values[slot] != null && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new Object[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
