package dev.pando.sql.run;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Rows one after the other. A row given out is the receiver's, who may keep it but not change it. */
public interface Tuples extends AutoCloseable {
    /** The next row, or null at the end; not to be called again then. */
    @Nullable
    Object @Nullable [] next() throws SQLException;

    @Override
    void close();
}
