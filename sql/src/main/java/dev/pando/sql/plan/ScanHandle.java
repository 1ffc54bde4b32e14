package dev.pando.sql.plan;

import dev.pando.sql.Errors;
import dev.pando.sql.run.Sizes;
import java.sql.SQLException;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.jspecify.annotations.Nullable;

/** What generated code calls to read a table; public for that reason only. */
public final class ScanHandle {
    private final RowSource source;
    private final int[] columns;
    private final Bounds bounds;

    ScanHandle(RowSource source, int[] columns, Bounds bounds) {
        this.source = source;
        this.columns = columns;
        this.bounds = bounds;
    }

    /** The rows; each enumeration reads anew. */
    public Enumerable<Object[]> rows(DataContext root) {
        QueryContext context = (QueryContext) root;
        return new AbstractEnumerable<>() {
            @Override
            public Enumerator<Object[]> enumerator() {
                return new Reading(context);
            }
        };
    }

    /** The rows of a scan of one column, without the array around the value. */
    public Enumerable<@Nullable Object> values(DataContext root) {
        QueryContext context = (QueryContext) root;
        return new AbstractEnumerable<>() {
            @Override
            public Enumerator<@Nullable Object> enumerator() {
                return Linq4j.transform(new Reading(context), row -> row[0]);
            }
        };
    }

    private final class Reading implements Enumerator<Object[]> {
        private final QueryContext context;
        private RowSource.@Nullable Rows rows;
        private @Nullable Object @Nullable [] current;
        private long taken;

        Reading(QueryContext context) {
            this.context = context;
        }

        @Override
        public Object[] current() {
            if (current == null) {
                throw new java.util.NoSuchElementException();
            }
            return current;
        }

        @Override
        public boolean moveNext() {
            try {
                context.checkRow();
                if (rows == null) {
                    rows = source.open(context, columns, bounds);
                }
                if (rows.hasNext()) {
                    current = rows.next();
                    if (context.holdsRows()) {
                        long size = Sizes.of(current);
                        taken += size;
                        context.memory().take(size);
                    }
                    return true;
                }
                return false;
            } catch (SQLException e) {
                throw new QueryFailure(Errors.of(e));
            }
        }

        @Override
        public void reset() {
            close();
            rows = null;
        }

        @Override
        public void close() {
            if (rows != null) {
                rows.close();
            }
            context.memory().release(taken);
            taken = 0;
        }
    }

    /** Carries a {@link SQLException} through generated code. */
    static final class QueryFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        QueryFailure(SQLException cause) {
            super(cause);
        }
    }
}
