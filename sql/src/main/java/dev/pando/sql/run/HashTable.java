package dev.pando.sql.run;

import dev.pando.sql.expr.Expression;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of one side of a join by their keys. */
final class HashTable implements AutoCloseable {
    /** A row, whether it found a partner, and the next of its key. */
    static final class Entry {
        final @Nullable Object[] row;
        boolean matched;

        @Nullable
        Entry next;

        Entry(@Nullable Object[] row) {
            this.row = row;
        }
    }

    /** The values of a key, and how those of the two sides meet. */
    record Key(List<Expression> expressions, HashKeys.Meeting[] meetings) {
        /** The key of a row; null when a value is NULL, which equals nothing. */
        @Nullable
        Object of(RunState state, @Nullable Object[] row) throws SQLException {
            state.over(row);
            if (meetings.length == 1) {
                return HashKeys.key(expressions.get(0).evaluate(state), meetings[0]);
            }
            @Nullable Object[] values = new Object[meetings.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = HashKeys.key(expressions.get(i).evaluate(state), meetings[i]);
                if (values[i] == null) {
                    return null;
                }
            }
            return HashKeys.Several.of(values);
        }
    }

    private final RunState state;
    private final Map<Object, Entry> entries = new HashMap<>();
    private @Nullable Entry withoutKey;
    private long bytes;

    HashTable(RunState state) {
        this.state = state;
    }

    /** @param keepAll whether rows whose key is NULL are wanted too */
    void fill(Operator input, Key key, boolean keepAll) throws SQLException {
        try (Tuples rows = input.openBriefly(state)) {
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                Object value = key.of(state, row);
                if (value == null && !keepAll) {
                    continue;
                }
                long size = Sizes.of(row) + Sizes.ENTRY + Sizes.ENTRY;
                bytes += size;
                state.context().memory().take(size);
                Entry entry = new Entry(row.clone());
                if (value == null) {
                    entry.next = withoutKey;
                    withoutKey = entry;
                } else {
                    entry.next = entries.put(value, entry);
                }
            }
        }
    }

    @Nullable
    Entry first(@Nullable Object key) {
        return key == null ? null : entries.get(key);
    }

    /** Every chain of entries. */
    Iterable<Entry> chains() {
        if (withoutKey != null) {
            entries.put(this, withoutKey);
        }
        return entries.values();
    }

    @Override
    public void close() {
        state.context().memory().release(bytes);
        bytes = 0;
        entries.clear();
        withoutKey = null;
    }
}
