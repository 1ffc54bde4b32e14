package dev.pando.libp2p.gossip;

import dev.pando.ipld.Sha256;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The identity of a message: bytes that all nodes compute alike. Immutable. */
public final class MessageId {

    /** Bytes of {@link #key}. */
    static final int KEY_BYTES = Sha256.BYTES;

    private final byte[] bytes;
    private final int hash;
    private byte @Nullable [] key;

    /** Takes {@code bytes} over. */
    public MessageId(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    /** Of the same length for each id: itself when it is a digest, else its digest. Not to be changed. */
    byte[] key() {
        byte[] known = key;
        if (known == null) {
            known = bytes.length == KEY_BYTES ? bytes : Sha256.digest(bytes);
            key = known; // the same whoever makes it
        }
        return known;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MessageId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
