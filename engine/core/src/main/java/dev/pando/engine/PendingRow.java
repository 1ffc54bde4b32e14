package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.collection.RowView;
import dev.pando.dag.Value;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction made of one document and has not committed. Immutable. As a {@link Row} it shows the values that the
 * transaction itself sees; a deleted one is never shown.
 *
 * @param base the committed version that the statement saw, live or dead; null when there was none
 * @param values by ordinal of {@code table}; null when deleted
 * @param named ordinals that an insert writes; empty for an update
 * @param documentKey what the id was made of; null but for what was inserted
 */
@SuppressWarnings("ArrayRecordComponent")
record PendingRow(
        RowKey key,
        DocumentId id,
        Table table,
        @Nullable RowView base,
        @Nullable Object @Nullable [] values,
        Kind kind,
        BitSet named,
        @Nullable SortedMap<String, Value> documentKey)
        implements Row {

    /** What commit makes of it. */
    enum Kind {
        /** Begins an incarnation. */
        INSERT,
        /** Changes the columns that differ from the base. */
        UPDATE,
        /** Was deleted and inserted again: changes every column of the base. */
        REPLACE,
        DELETE
    }

    /** Above every commit sequence: {@link Row#version()} of what is not committed. */
    static final long VERSION = Long.MAX_VALUE;

    private static final int OVERHEAD_BYTES = 200;

    boolean deleted() {
        return values == null;
    }

    @Override
    public long version() {
        return VERSION;
    }

    @Override
    public @Nullable Object get(int ordinal) {
        if (values == null) {
            throw new IllegalStateException("deleted in this transaction: " + id);
        }
        return values[ordinal];
    }

    @Override
    public boolean isNull(int ordinal) {
        return get(ordinal) == null;
    }

    @Override
    public long getLong(int ordinal) {
        if (get(ordinal) instanceof Long number) {
            return number;
        }
        throw new IllegalStateException("column " + ordinal + " holds no number");
    }

    /** What it costs to hold, about. */
    long heapBytes() {
        long bytes = OVERHEAD_BYTES + (base == null ? 0 : base.bytes().length);
        if (values != null) {
            for (Object value : values) {
                bytes += 8 + bytes(value);
            }
        }
        return bytes;
    }

    private static long bytes(@Nullable Object value) {
        if (value instanceof String text) {
            return 48 + 2L * text.length();
        }
        if (value instanceof byte[] binary) {
            return 16L + binary.length;
        }
        if (value instanceof List<?> list) {
            return 40 + list.stream().mapToLong(PendingRow::bytes).sum();
        }
        return value == null ? 0 : value instanceof BigDecimal ? 100 : 24;
    }
}
