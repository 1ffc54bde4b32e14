package dev.pando.jdbc.connection;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.SqlType;
import dev.pando.sql.session.SqlWarningInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that the driver itself made: metadata, elements of arrays. */
final class MemoryResult implements Result {
    private final List<ColumnMeta> columns;
    private final Deque<@Nullable Object[]> rows = new ArrayDeque<>();

    MemoryResult(List<ColumnMeta> columns) {
        this.columns = columns;
    }

    /** Columns from alternating labels and types. */
    static List<ColumnMeta> columns(Object... labelsAndTypes) {
        List<ColumnMeta> columns = new ArrayList<>();
        for (int i = 0; i < labelsAndTypes.length; i += 2) {
            columns.add(ColumnMeta.of((String) labelsAndTypes[i], (SqlType) labelsAndTypes[i + 1]));
        }
        return columns;
    }

    /** Adds a row with a value for each column, in the representation of its type. */
    MemoryResult add(@Nullable Object... row) {
        if (row.length != columns.size()) {
            throw new IllegalArgumentException(row.length + " values for " + columns.size() + " columns");
        }
        rows.add(row);
        return this;
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
    public List<@Nullable Object[]> fetch(int rowsMax) {
        List<@Nullable Object[]> taken = new ArrayList<>();
        for (int i = 0; i < rowsMax; i++) {
            @Nullable Object[] row = rows.poll();
            if (row == null) {
                break;
            }
            taken.add(row);
        }
        return taken;
    }

    @Override
    public @Nullable Result generatedKeys() {
        return null;
    }

    @Override
    public List<SqlWarningInfo> warnings() {
        return List.of();
    }

    @Override
    public void close() {
        rows.clear();
    }
}
