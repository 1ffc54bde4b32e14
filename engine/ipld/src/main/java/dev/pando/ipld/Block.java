package dev.pando.ipld;

import java.util.Arrays;

/** Bytes and the CID that they claim. The array is not copied: neither side may change it. */
@SuppressWarnings("ArrayRecordComponent")
public record Block(Cid cid, byte[] bytes) {

    /** Hashes {@code bytes} with sha2-256. */
    public static Block of(long codec, byte[] bytes) {
        return new Block(Cid.ofSha256(codec, bytes), bytes);
    }

    /** Whether the bytes have the claimed hash. */
    public boolean matches() {
        return cid.matches(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Block that && cid.equals(that.cid) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return cid.hashCode();
    }

    @Override
    public String toString() {
        return cid + " (" + bytes.length + " bytes)";
    }
}
