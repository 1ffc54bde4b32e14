package dev.pando.store;

import dev.pando.ipld.CborReader;
import dev.pando.ipld.DecodeException;
import java.util.Arrays;
import java.util.HexFormat;

/** Names one log for ever: random, new when a log is made and when one is restored from a backup. */
@SuppressWarnings("ArrayRecordComponent")
public record LogId(byte[] bytes) {

    public static final int BYTES = 16;

    public LogId {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a log id has 16 bytes, got " + bytes.length);
        }
        bytes = bytes.clone();
    }

    /** @throws DecodeException for bytes that are none */
    static LogId read(CborReader in) {
        byte[] bytes = in.readBytes();
        if (bytes.length != BYTES) {
            throw new DecodeException("a log id of " + bytes.length + " bytes");
        }
        return new LogId(bytes);
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
