package dev.pando.sql.plan;

import java.sql.SQLException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Where a scan gets its rows from. */
public interface RowSource {
    /**
     * Rows with the columns of these positions, as the runtime has them.
     *
     * @param bounds which rows; a source that cannot seek is only ever given {@link Bounds#ALL}
     */
    Rows open(QueryContext context, int[] columns, Bounds bounds) throws SQLException;

    /** Rows one after the other; closing ends the reading. */
    interface Rows extends Iterator<@Nullable Object[]>, AutoCloseable {
        @Override
        void close();

        /** Rows that are at hand. */
        static Rows of(Iterator<@Nullable Object[]> rows) {
            return new Rows() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public @Nullable Object[] next() {
                    return rows.next();
                }

                @Override
                public void close() {}
            };
        }
    }
}
