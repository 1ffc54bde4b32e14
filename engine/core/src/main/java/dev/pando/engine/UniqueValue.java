package dev.pando.engine;

import java.util.Arrays;

/** A value of a unique index: what is locked and claimed, apart from the row that has it. */
record UniqueValue(TableIndex index, byte[] key) {

    @Override
    public boolean equals(Object other) {
        return other instanceof UniqueValue that && index == that.index && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return 31 * System.identityHashCode(index) + Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "a value of " + index;
    }
}
