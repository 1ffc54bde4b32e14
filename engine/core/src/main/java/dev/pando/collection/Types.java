package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.dag.BlockSource;
import dev.pando.dag.LargeValue;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import dev.pando.ipld.Block;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From Java values to the one value of a column's type, and to its one encoding (docs/formats/types.md). */
public final class Types {

    private Types() {}

    /**
     * Converts a value as an assignment to a column does; see {@link Conversion} for what is taken. The result is of the
     * class that {@link ColumnType} tells.
     *
     * @param column its name, for messages
     * @throws PandoException {@code INVALID_VALUE}, {@code NUMERIC_OUT_OF_RANGE}, {@code VALUE_TOO_LONG},
     *     {@code LIMIT_EXCEEDED}
     */
    public static @Nullable Object convert(ColumnType type, @Nullable Object value, String column) {
        return value == null ? null : new Conversion(type, column).convert(value);
    }

    /**
     * Encodes a converted value.
     *
     * @param large takes the raw blocks when the value is so long that it is linked
     */
    public static Value encode(ColumnType type, @Nullable Object value, List<Block> large) {
        byte[] content = content(value);
        if (content != null && content.length > LargeValue.INLINE_BYTES_MAX) {
            return LargeValue.split(content, large).toValue();
        }
        return Values.encode(type.family(), value);
    }

    /** The bytes of a text or byte string that may be too long to stand inline. */
    private static byte @Nullable [] content(@Nullable Object value) {
        if (value instanceof String text) {
            boolean surelyShort = text.length() <= LargeValue.INLINE_BYTES_MAX / 3;
            return surelyShort ? null : text.getBytes(StandardCharsets.UTF_8);
        }
        return value instanceof byte[] bytes ? bytes : null;
    }

    /**
     * Decodes a value or a sum for a column of this type.
     *
     * @param blocks where linked content is read
     * @throws PandoException {@code NUMERIC_OUT_OF_RANGE} when what was merged lies beyond the type
     */
    public static @Nullable Object decode(ColumnType type, @Nullable Value value, BlockSource blocks) {
        if (value == null) {
            return null;
        }
        if (type.family() == ColumnType.Family.INT && Cell.isBeyondLong(value.encoded(), 0)) {
            throw outOfRange(type, Values.decodeAmount(value).toString());
        }
        Object decoded = Values.decode(type.family(), type.scale(), value, blocks);
        checkRange(type, decoded);
        return type.family() == ColumnType.Family.ARRAY ? ArrayElements.shown(type, decoded) : decoded;
    }

    static void checkRange(ColumnType type, @Nullable Object value) {
        if (value instanceof Long number && type.family() == ColumnType.Family.INT) {
            if (number < min(type) || number > max(type)) {
                throw outOfRange(type, number.toString());
            }
        } else if (value instanceof BigDecimal number
                && type.precision() > 0
                && number.precision() > type.precision()) {
            throw outOfRange(type, number.toPlainString());
        }
    }

    static PandoException outOfRange(ColumnType type, String value) {
        return new PandoException(Kind.NUMERIC_OUT_OF_RANGE, value + " is out of range for " + sqlName(type));
    }

    /** The least value of an integer type. */
    static long min(ColumnType type) {
        return ~max(type);
    }

    /** The greatest value of an integer type. */
    static long max(ColumnType type) {
        return switch (type.name()) {
            case "TINYINT" -> Byte.MAX_VALUE;
            case "SMALLINT" -> Short.MAX_VALUE;
            case "INTEGER", "INT" -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
    }

    /** {@code DECIMAL(10, 2)}, {@code VARCHAR(13)}, {@code BIGINT}. */
    public static String sqlName(ColumnType type) {
        if (type.precision() < 0) {
            return type.name();
        }
        boolean scaled =
                type.family() == ColumnType.Family.DEC || type.family() == ColumnType.Family.ARRAY && type.scale() != 0;
        String scale = scaled ? ", " + type.scale() : "";
        return type.name() + "(" + type.precision() + scale + ")";
    }
}
