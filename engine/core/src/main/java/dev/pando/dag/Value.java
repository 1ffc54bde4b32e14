package dev.pando.dag;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * One value in its only encoding: canonical DAG-CBOR of a type family (docs/formats/types.md). Immutable; ordered by
 * bytes, which is an order of ties, not of values.
 */
public final class Value implements Comparable<Value> {

    /** SQL's NULL. */
    public static final Value NULL = new Value(new byte[] {(byte) 0xf6});

    private final byte[] encoded;

    private Value(byte[] encoded) {
        this.encoded = encoded;
    }

    /** Takes over bytes that are known to be one canonical value; the caller must not change them afterwards. */
    public static Value ofEncoded(byte[] encoded) {
        return encoded.length == 1 && encoded[0] == NULL.encoded[0] ? NULL : new Value(encoded);
    }

    /** The encoding itself, not to be changed. */
    public byte[] encoded() {
        return encoded;
    }

    public boolean isNull() {
        return this == NULL;
    }

    @Override
    public int compareTo(Value other) {
        return Arrays.compareUnsigned(encoded, other.encoded);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Value that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(encoded, 0, Math.min(encoded.length, 32));
    }
}
