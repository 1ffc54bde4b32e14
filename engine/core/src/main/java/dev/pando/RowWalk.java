package dev.pando;

import org.jspecify.annotations.Nullable;

/**
 * Rows one after the other in no order, each read where it stands: it makes no object for a row. Columns are those of the
 * table that was asked for. Holds no lock, and a bounded part of the table in memory. One thread at a time.
 */
public interface RowWalk extends AutoCloseable {

    /** Moves to the next row; false at the end. What follows reads that row. */
    boolean next();

    DocumentId id();

    /** As {@link Row#get}. */
    @Nullable
    Object get(int ordinal);

    /** As {@link Row#isNull}. */
    boolean isNull(int ordinal);

    /** As {@link Row#getLong}. */
    long getLong(int ordinal);

    @Override
    void close();
}
