package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.RowWalk;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Walks over rows in an order: of a small table, whose rows are found sooner by their keys. */
final class OrderedWalk implements RowWalk {

    private final RowCursor cursor;
    private @Nullable Row row;

    OrderedWalk(RowCursor cursor) {
        this.cursor = cursor;
    }

    @Override
    public boolean next() {
        row = cursor.next();
        return row != null;
    }

    private Row row() {
        return Objects.requireNonNull(row, "no row");
    }

    @Override
    public DocumentId id() {
        return row().id();
    }

    @Override
    public @Nullable Object get(int ordinal) {
        return row().get(ordinal);
    }

    @Override
    public boolean isNull(int ordinal) {
        return row().isNull(ordinal);
    }

    @Override
    public long getLong(int ordinal) {
        return row().getLong(ordinal);
    }

    @Override
    public void close() {
        cursor.close();
    }
}
