package dev.pando.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes a file of chunks, each with its length before it and its checksum behind it. For one thread. */
final class ChunkOutput {

    private static final int BUFFER_BYTES = 256 << 10;

    private final DiskFile file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long at;

    ChunkOutput(DiskFile file) {
        this.file = file;
    }

    void chunk(byte[] payload) throws IOException {
        putInt(payload.length);
        put(payload);
        putInt(Crc.of(payload, 0, payload.length));
    }

    void putInt(int value) throws IOException {
        put(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    void put(byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length; ) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int length = Math.min(bytes.length - from, buffer.remaining());
            buffer.put(bytes, from, length);
            from += length;
        }
    }

    void flush() throws IOException {
        int length = buffer.position();
        file.write(at, buffer.flip());
        at += length;
        buffer.clear();
    }
}
