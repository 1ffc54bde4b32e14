package dev.pando.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}, with positions in bytes. Thread-safe; an interrupted thread does not close it. */
public interface DiskFile extends AutoCloseable {

    long size() throws IOException;

    /** Reads at {@code position} until {@code target} is full or the file ends; returns the bytes read, 0 at the end. */
    int read(long position, ByteBuffer target) throws IOException;

    /** Writes all that remains in {@code source} at {@code position}. */
    void write(long position, ByteBuffer source) throws IOException;

    /** Returns when the content is durable. After a failure nothing is known of what was written since the last one. */
    void force() throws IOException;

    /** Cuts the file to {@code size}, if it is longer. */
    void truncate(long size) throws IOException;

    @Override
    void close() throws IOException;
}
