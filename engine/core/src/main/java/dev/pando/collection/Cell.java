package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.dag.BlockSource;
import dev.pando.dag.LargeValue;
import dev.pando.dag.Value;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.DagCbor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * Reads single values out of a stored row, where they stand as canonical DAG-CBOR that was checked when it came in.
 * Nothing is checked again here: rows are derived, and their checksum was.
 */
final class Cell {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int LIST = 4;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;

    private Cell() {}

    static int major(byte[] row, int at) {
        return (row[at] & 0xff) >>> 5;
    }

    /** The unsigned argument of the head at this place. */
    private static long argument(byte[] row, int at) {
        int low = row[at] & 0x1f;
        return switch (low) {
            case 24 -> row[at + 1] & 0xff;
            case 25 -> (short) SHORT.get(row, at + 1) & 0xffff;
            case 26 -> (int) INT.get(row, at + 1) & 0xffffffffL;
            case 27 -> (long) LONG.get(row, at + 1);
            default -> low;
        };
    }

    private static int headBytes(byte[] row, int at) {
        int low = row[at] & 0x1f;
        return low < 24 ? 1 : 1 + (1 << (low - 24));
    }

    /** Whether a sum of family INT has more than 64 bits. */
    static boolean isBeyondLong(byte[] row, int at) {
        return major(row, at) == BYTES;
    }

    static long readLong(byte[] row, int at) {
        long argument = argument(row, at);
        return major(row, at) == NEGATIVE ? ~argument : argument;
    }

    /** Where the content of a text or byte string begins. */
    static int contentFrom(byte[] row, int at) {
        return at + headBytes(row, at);
    }

    static int contentLength(byte[] row, int at) {
        return (int) argument(row, at);
    }

    static BigInteger readUnscaled(byte[] row, int at) {
        return new BigInteger(row, at + headBytes(row, at), (int) argument(row, at));
    }

    private static long twosComplement(byte[] row, int from, int length) {
        long number = row[from];
        for (int i = from + 1; i < from + length; i++) {
            number = number << 8 | row[i] & 0xff;
        }
        return number;
    }

    static double readDouble(byte[] row, int at) {
        return Double.longBitsToDouble((long) LONG.get(row, at + 1));
    }

    /** The content of an inline text or byte string. */
    static byte[] readContent(byte[] row, int at) {
        int from = at + headBytes(row, at);
        return Arrays.copyOfRange(row, from, from + (int) argument(row, at));
    }

    static Object read(byte[] row, int at, ColumnType type, BlockSource blocks) {
        return switch (type.family()) {
            case BOOL -> (row[at] & 1) == 1;
            case INT -> readInteger(row, at, type, Types.max(type));
            case DATE, TIME, TS, TSTZ -> readLong(row, at);
            case DEC -> readDecimal(row, at, type);
            case FLOAT -> readDouble(row, at);
            case UUID -> new UUID((long) LONG.get(row, at + 1), (long) LONG.get(row, at + 1 + Long.BYTES));
            case TEXT, JSON -> readText(row, at, blocks);
            case BYTES -> isLinked(row, at) ? large(row, at).join(blocks) : readContent(row, at);
            case ARRAY ->
                Objects.requireNonNull(ArrayElements.shown(
                        type, DagCbor.decode(encoded(row, at).encoded())));
        };
    }

    private static BigDecimal readDecimal(byte[] row, int at, ColumnType type) {
        int length = (int) argument(row, at);
        BigDecimal number = length > 0 && length <= Long.BYTES
                ? BigDecimal.valueOf(twosComplement(row, at + headBytes(row, at), length), type.scale())
                : new BigDecimal(readUnscaled(row, at), type.scale());
        Types.checkRange(type, number);
        return number;
    }

    /** @param greatest of the type's values */
    static long readInteger(byte[] row, int at, ColumnType type, long greatest) {
        if (isBeyondLong(row, at)) {
            throw Types.outOfRange(type, readUnscaled(row, at).toString());
        }
        long number = readLong(row, at);
        if (number > greatest || number < ~greatest) {
            throw Types.outOfRange(type, Long.toString(number));
        }
        return number;
    }

    private static String readText(byte[] row, int at, BlockSource blocks) {
        if (isLinked(row, at)) {
            return new String(large(row, at).join(blocks), StandardCharsets.UTF_8);
        }
        return new String(row, at + headBytes(row, at), (int) argument(row, at), StandardCharsets.UTF_8);
    }

    static boolean isLinked(byte[] row, int at) {
        return major(row, at) == LIST;
    }

    static LargeValue large(byte[] row, int at) {
        return LargeValue.of(encoded(row, at));
    }

    /** The whole value, copied. */
    static Value encoded(byte[] row, int at) {
        return Value.ofEncoded(new CborReader(row, at, row.length - at).readEncoded());
    }
}
