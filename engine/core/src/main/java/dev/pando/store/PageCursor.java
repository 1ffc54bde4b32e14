package dev.pando.store;

import java.util.List;

/** Hands out copies of entries, a page at a time. For one thread. */
public interface PageCursor extends AutoCloseable {

    /** The next entries, never many more than 16,384; empty at the end. */
    List<Entry> next();

    @Override
    void close();

    /** A key and its value; both are the receiver's own. */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(byte[] key, byte[] value) {}
}
