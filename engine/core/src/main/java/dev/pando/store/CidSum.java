package dev.pando.store;

import dev.pando.ipld.Cid;
import java.util.zip.CRC32C;

/** The checksum of the CIDs of a transaction's blocks, in order. For one thread. */
final class CidSum {

    private final CRC32C crc = new CRC32C();
    private final byte[] scratch = new byte[Cid.BYTES_MAX];

    void add(Cid cid) {
        crc.update(scratch, 0, cid.write(scratch, 0));
    }

    long value() {
        return crc.getValue();
    }

    void reset() {
        crc.reset();
    }
}
