package dev.pando.sql.run;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What rows take on the heap, about. */
public final class Sizes {
    private static final int ARRAY = 24;
    private static final int BOXED = 24;
    private static final int TEXT = 56;

    /** An entry of a hash table. */
    static final int ENTRY = 56;

    private Sizes() {}

    /** Bytes of a row. */
    public static long of(@Nullable Object[] row) {
        long bytes = ARRAY + 4L * row.length;
        for (Object value : row) {
            bytes += of(value);
        }
        return bytes;
    }

    static long of(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            return 0;
        }
        if (value instanceof String text) {
            return TEXT + text.length();
        }
        if (value instanceof BigDecimal) {
            return 2 * TEXT;
        }
        if (value instanceof byte[] bytes) {
            return ARRAY + bytes.length;
        }
        if (value instanceof List<?> list) {
            long bytes = TEXT;
            for (Object element : list) {
                bytes += of(element);
            }
            return bytes;
        }
        return BOXED;
    }
}
