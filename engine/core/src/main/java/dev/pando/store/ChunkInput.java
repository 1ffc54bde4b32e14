package dev.pando.store;

import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads what {@link ChunkOutput} wrote. What is damaged throws {@link DecodeException}. For one thread. */
final class ChunkInput {

    /** One entry can be this long, and a chunk is ended behind the one that makes it long enough. */
    private static final long BYTES_MAX = DerivedMap.VALUE_BYTES_MAX + (1L << 20);

    private final DiskFile file;
    private final long size;
    private long at;

    ChunkInput(DiskFile file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    byte[] take(int bytes) throws IOException {
        if (bytes > size - at) {
            throw new DecodeException("it is cut off at " + size);
        }
        ByteBuffer target = ByteBuffer.allocate(bytes);
        at += file.read(at, target);
        return target.array();
    }

    /** The next chunk's payload; empty at the end. */
    byte[] chunk() throws IOException {
        long start = at;
        int length = ByteBuffer.wrap(take(Integer.BYTES)).getInt();
        if (length < 0 || length > BYTES_MAX) {
            throw new DecodeException("a chunk of " + length + " bytes at " + start);
        }
        byte[] payload = take(length);
        if (length > 0) {
            checkCrc(payload);
        }
        return payload;
    }

    void checkCrc(byte[] payload) throws IOException {
        long end = at;
        if (ByteBuffer.wrap(take(Crc.BYTES)).getInt() != Crc.of(payload, 0, payload.length)) {
            throw new DecodeException("wrong checksum at " + end);
        }
    }
}
