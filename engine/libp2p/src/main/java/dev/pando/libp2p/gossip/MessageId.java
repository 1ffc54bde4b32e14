package dev.pando.libp2p.gossip;

import java.util.Arrays;
import java.util.HexFormat;

/** The identity of a message: bytes that all nodes compute alike. Immutable. */
public final class MessageId {

    private final byte[] bytes;
    private final int hash;

    /** Takes {@code bytes} over. */
    public MessageId(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    byte[] bytes() {
        return bytes;
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
