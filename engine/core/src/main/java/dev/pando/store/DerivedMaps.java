package dev.pando.store;

/** What all implementations of {@link DerivedMap} have in common. */
final class DerivedMaps {

    private DerivedMaps() {}

    static void checkEntry(byte[] key, byte[] value) {
        if (key.length == 0 || key.length > DerivedMap.KEY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a key has 1 to " + DerivedMap.KEY_BYTES_MAX + " bytes, got " + key.length);
        }
        if (value.length > DerivedMap.VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a value has at most " + DerivedMap.VALUE_BYTES_MAX + " bytes, got " + value.length);
        }
    }
}
