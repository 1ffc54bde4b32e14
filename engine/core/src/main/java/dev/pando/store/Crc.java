package dev.pando.store;

import java.util.zip.CRC32C;

/** CRC-32C, as an int. */
final class Crc {

    static final int BYTES = 4;

    private Crc() {}

    static int of(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Of two pieces, one after the other. */
    static int of(byte[] first, byte[] second, int secondLength) {
        CRC32C crc = new CRC32C();
        crc.update(first, 0, first.length);
        crc.update(second, 0, secondLength);
        return (int) crc.getValue();
    }
}
