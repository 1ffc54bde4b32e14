package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values as keys of hash tables: those that SQL holds equal are equal. */
final class HashKeys {
    /** How values of two types meet. */
    enum Meeting {
        AS_THEY_ARE,
        EXACT,
        APPROXIMATE
    }

    /** Several values as one key. */
    record Several(@Nullable Object[] values, int hash) {
        static Several of(@Nullable Object[] values) {
            return new Several(values, Arrays.hashCode(values));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Several s && hash == s.hash && Arrays.equals(values, s.values);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private HashKeys() {}

    static Meeting meeting(ColumnType left, ColumnType right) {
        if (left.family() == Family.FLOAT && right.family() != Family.FLOAT
                || right.family() == Family.FLOAT && left.family() != Family.FLOAT) {
            return Meeting.APPROXIMATE;
        }
        boolean exact = left.family() == Family.DEC || right.family() == Family.DEC;
        return exact ? Meeting.EXACT : Meeting.AS_THEY_ARE;
    }

    static @Nullable Object key(@Nullable Object value, Meeting meeting) {
        if (value == null) {
            return null;
        }
        return switch (meeting) {
            case AS_THEY_ARE -> key(value);
            case EXACT -> key(value instanceof Long number ? BigDecimal.valueOf(number) : value);
            case APPROXIMATE -> ((Number) value).doubleValue() + 0.0;
        };
    }

    static @Nullable Object key(@Nullable Object value) {
        if (value instanceof BigDecimal number) {
            return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        }
        if (value instanceof List<?> list) {
            return row(list.toArray());
        }
        return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
    }

    /** The key of a whole row. */
    static Several row(@Nullable Object[] row) {
        @Nullable Object[] keys = new Object[row.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(row[i]);
        }
        return Several.of(keys);
    }
}
