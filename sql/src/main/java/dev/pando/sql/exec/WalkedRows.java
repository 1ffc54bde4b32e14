package dev.pando.sql.exec;

import dev.pando.DocumentId;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.RowWalk;
import dev.pando.Table;
import org.jspecify.annotations.Nullable;

/** What a walk shows, as rows: all of them are one object, good until the next one is asked for. */
final class WalkedRows implements RowCursor {
    private final Table table;
    private final RowWalk walk;
    private final Row row = new Walked();

    WalkedRows(Table table, RowWalk walk) {
        this.table = table;
        this.walk = walk;
    }

    @Override
    public @Nullable Row next() {
        return walk.next() ? row : null;
    }

    @Override
    public void close() {
        walk.close();
    }

    private final class Walked implements Row {
        @Override
        public DocumentId id() {
            return walk.id();
        }

        @Override
        public Table table() {
            return table;
        }

        @Override
        public long version() {
            throw new UnsupportedOperationException("a row of a walk has no version");
        }

        @Override
        public @Nullable Object get(int ordinal) {
            return walk.get(ordinal);
        }

        @Override
        public boolean isNull(int ordinal) {
            return walk.isNull(ordinal);
        }

        @Override
        public long getLong(int ordinal) {
            return walk.getLong(ordinal);
        }
    }
}
