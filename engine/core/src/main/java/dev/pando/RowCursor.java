package dev.pando;

import org.jspecify.annotations.Nullable;

/**
 * Rows one after the other, copied page by page: it holds no lock and no iterator of a map between calls. One thread at
 * a time.
 */
public interface RowCursor extends AutoCloseable {

    /** The next row, or null at the end. */
    @Nullable
    Row next();

    @Override
    void close();
}
