package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.crdt.StateOutput;
import dev.pando.dag.BlockSource;
import dev.pando.dag.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keys of ordered indexes: bytes whose unsigned order is that of the values. A key over some columns is a prefix of
 * every key that begins with their values. NULL sorts last; a scan backwards gives the descending order. A column that
 * descends has all its bytes inverted, so its NULL sorts first.
 *
 * <pre>
 * NULL                             ff
 * value                            01, then
 *   BOOL                           0 or 1
 *   INT, DATE, TIME, TS, TSTZ      8 bytes, sign flipped
 *   FLOAT                          8 bytes of IEEE 754, all flipped when negative, else the sign
 *   DEC                            80 + length when not negative, else 7f − length; two's complement of that length
 *   UUID                           16 bytes
 *   TEXT, JSON, BYTES, ARRAY       content with 00 as 00 ff, then 00 01; an array as its DAG-CBOR
 * </pre>
 */
public final class KeyOrder {

    private static final int NULL = 0xff;
    private static final int VALUE = 1;

    private KeyOrder() {}

    /**
     * The key of leading columns, all ascending.
     *
     * @param types of the index's columns
     * @param values of the classes that {@link ColumnType} tells; not more than types
     */
    public static byte[] encode(List<ColumnType> types, List<? extends @Nullable Object> values) {
        return encode(types, new BitSet(), values);
    }

    /**
     * The key of leading columns.
     *
     * @param descending places of the columns that descend
     */
    public static byte[] encode(List<ColumnType> types, BitSet descending, List<? extends @Nullable Object> values) {
        Builder key = new Builder();
        for (int i = 0; i < values.size(); i++) {
            key.setDescending(descending.get(i));
            key.add(types.get(i), values.get(i));
        }
        return key.toByteArray();
    }

    /** The least key above all keys that begin with {@code prefix}; null when there is none. */
    public static byte @Nullable [] after(byte[] prefix) {
        for (int length = prefix.length; length > 0; length--) {
            if (prefix[length - 1] != (byte) 0xff) {
                byte[] after = Arrays.copyOf(prefix, length);
                after[length - 1]++;
                return after;
            }
        }
        return null;
    }

    /** One key in the making. */
    static final class Builder {

        private StateOutput out = new StateOutput(32);
        private boolean descending;

        /** How the columns that follow sort. */
        void setDescending(boolean value) {
            descending = value;
        }

        void add(ColumnType type, @Nullable Object value) {
            if (descending) {
                inverted(() -> addAscending(type, value));
            } else {
                addAscending(type, value);
            }
        }

        private void inverted(Runnable addition) {
            StateOutput outer = out;
            out = new StateOutput(16);
            addition.run();
            byte[] bytes = out.toByteArray();
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) ~bytes[i];
            }
            out = outer;
            out.putBytes(bytes, 0, bytes.length);
        }

        private void addAscending(ColumnType type, @Nullable Object value) {
            if (value == null) {
                out.putByte(NULL);
                return;
            }
            out.putByte(VALUE);
            switch (type.family()) {
                case BOOL -> out.putByte((Boolean) value ? 1 : 0);
                case INT, DATE, TIME, TS, TSTZ -> out.putLong((Long) value ^ Long.MIN_VALUE);
                case FLOAT -> addDouble((Double) value);
                case DEC -> addUnscaled(((BigDecimal) value).unscaledValue());
                case UUID -> {
                    out.putLong(((UUID) value).getMostSignificantBits());
                    out.putLong(((UUID) value).getLeastSignificantBits());
                }
                case TEXT, JSON -> addContent(((String) value).getBytes(StandardCharsets.UTF_8));
                case BYTES -> addContent((byte[]) value);
                case ARRAY ->
                    addContent(Values.encode(ColumnType.Family.ARRAY, value).encoded());
            }
        }

        /** Adds a value as it stands in a row. */
        void addCell(ColumnType type, byte[] row, int at, BlockSource blocks) {
            if (descending) {
                inverted(() -> addAscendingCell(type, row, at, blocks));
            } else {
                addAscendingCell(type, row, at, blocks);
            }
        }

        private void addAscendingCell(ColumnType type, byte[] row, int at, BlockSource blocks) {
            switch (type.family()) {
                case INT -> addInteger(row, at);
                case DEC -> {
                    out.putByte(VALUE);
                    addUnscaledCell(row, at);
                }
                default -> addAscending(type, Cell.read(row, at, type, blocks));
            }
        }

        private void addInteger(byte[] row, int at) {
            long number;
            if (Cell.isBeyondLong(row, at)) {
                number = Cell.readUnscaled(row, at).signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
            } else {
                number = Cell.readLong(row, at);
            }
            out.putByte(VALUE);
            out.putLong(number ^ Long.MIN_VALUE);
        }

        private void addDouble(double value) {
            long bits = Double.doubleToRawLongBits(value + 0.0);
            out.putLong(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
        }

        /** Lengths up to 126 bytes: longer ones sort with the greatest length, by their first bytes. */
        private void addUnscaled(BigInteger unscaled) {
            byte[] bytes = unscaled.toByteArray();
            int length = Math.min(bytes.length, 0x7e);
            out.putByte(unscaled.signum() < 0 ? 0x7f - length : 0x80 + length);
            out.putBytes(bytes, 0, length);
        }

        /** The bytes as they stand, if they are no more than are needed. */
        private void addUnscaledCell(byte[] row, int at) {
            int from = Cell.contentFrom(row, at);
            int length = Cell.contentLength(row, at);
            boolean isShortest = length == 1 || length > 1 && length <= 0x7e && row[from] != row[from + 1] >> 7;
            if (!isShortest) {
                addUnscaled(Cell.readUnscaled(row, at));
                return;
            }
            out.putByte(row[from] < 0 ? 0x7f - length : 0x80 + length);
            out.putBytes(row, from, length);
        }

        private void addContent(byte[] content) {
            int from = 0;
            for (int i = 0; i < content.length; i++) {
                if (content[i] == 0) {
                    out.putBytes(content, from, i - from + 1);
                    out.putByte(0xff);
                    from = i + 1;
                }
            }
            out.putBytes(content, from, content.length - from);
            out.putByte(0);
            out.putByte(1);
        }

        boolean equals(byte[] key, int length) {
            return out.equals(key, length);
        }

        byte[] toByteArray() {
            return out.toByteArray();
        }
    }
}
