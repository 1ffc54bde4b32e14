package dev.pando.sql.run;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Rows one after the other in any order, of which single fields are read where they stand, numbers without objects. */
interface Fields extends AutoCloseable {
    /** Moves to the next row; false at the end. */
    boolean next() throws SQLException;

    boolean isNull(int column);

    /** Whether {@link #number} reads the column: it holds integers, dates or times. */
    boolean isNumber(int column);

    /** What such a column holds, when it is not NULL. */
    long number(int column);

    @Nullable
    Object get(int column);

    @Override
    void close();
}
