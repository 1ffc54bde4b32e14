package dev.pando.sql.exec;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.SqlWarningInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kinds of results. */
public final class Results {
    /** The result of what changes no rows. */
    public static final Result NONE = count(0);

    private Results() {}

    public static Result count(long rows) {
        return new Count(rows, null);
    }

    public static Result count(long rows, @Nullable Result generatedKeys) {
        return new Count(rows, generatedKeys);
    }

    /** Rows that are at hand. */
    public static Result rows(List<ColumnMeta> columns, List<@Nullable Object[]> rows) {
        return new Fetched(columns, rows);
    }

    /** Rows that come as they are asked for. */
    public static Result streaming(List<ColumnMeta> columns, Source source) {
        return new Streaming(columns, source);
    }

    /** Whether its rows are still to be read in the transaction that it came of. */
    public static boolean stream(Result result) {
        return result instanceof Streaming;
    }

    /** Where streaming rows come from. */
    public interface Source extends AutoCloseable {
        /** The next row, or null at the end. */
        @Nullable
        Object @Nullable [] next() throws SQLException;

        @Override
        void close();
    }

    private record Count(long updateCount, @Nullable Result generatedKeys) implements Result {
        @Override
        public List<ColumnMeta> columns() {
            return List.of();
        }

        @Override
        public List<@Nullable Object[]> fetch(int rowsMax) {
            return List.of();
        }

        @Override
        public List<SqlWarningInfo> warnings() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private abstract static class Rows implements Result {
        private final List<ColumnMeta> columns;

        Rows(List<ColumnMeta> columns) {
            this.columns = columns;
        }

        @Override
        public long updateCount() {
            return -1;
        }

        @Override
        public List<ColumnMeta> columns() {
            return columns;
        }

        @Override
        public @Nullable Result generatedKeys() {
            return null;
        }

        @Override
        public List<SqlWarningInfo> warnings() {
            return List.of();
        }
    }

    private static final class Fetched extends Rows {
        private final List<@Nullable Object[]> rows;
        private int next;

        Fetched(List<ColumnMeta> columns, List<@Nullable Object[]> rows) {
            super(columns);
            this.rows = rows;
        }

        @Override
        public List<@Nullable Object[]> fetch(int rowsMax) {
            if (next == 0 && rows.size() <= rowsMax) {
                next = rows.size();
                return rows;
            }
            int end = (int) Math.min(rows.size(), (long) next + rowsMax);
            List<@Nullable Object[]> part = new ArrayList<>(rows.subList(next, end));
            next = end;
            return part;
        }

        @Override
        public void close() {
            next = rows.size();
        }
    }

    private static final class Streaming extends Rows {
        private final Source source;

        Streaming(List<ColumnMeta> columns, Source source) {
            super(columns);
            this.source = source;
        }

        @Override
        public List<@Nullable Object[]> fetch(int rowsMax) throws SQLException {
            List<@Nullable Object[]> rows = new ArrayList<>();
            while (rows.size() < rowsMax) {
                @Nullable Object[] row = source.next();
                if (row == null) {
                    break;
                }
                rows.add(row);
            }
            return rows;
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
