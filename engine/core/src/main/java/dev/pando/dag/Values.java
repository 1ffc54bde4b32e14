package dev.pando.dag;

import dev.pando.ColumnType.Family;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The closed table of docs/formats/types.md: one encoding for each value of each family. Java classes are those of
 * {@link dev.pando.ColumnType}.
 */
public final class Values {

    /** Bytes of an unscaled decimal in a value at most: DECIMAL has 38 digits. */
    static final int DECIMAL_BYTES_MAX = 16;

    /** Bytes of an amount to add at most, beyond any difference of two values. */
    static final int AMOUNT_BYTES_MAX = 32;

    /** Microseconds of a day: times are below. */
    public static final long DAY_MICROS = 86_400_000_000L;

    private Values() {}

    /**
     * Encodes a value that its type has checked already: right class, right scale, no NaN, no infinity, at most
     * {@link LargeValue#INLINE_BYTES_MAX} bytes.
     */
    public static Value encode(Family family, @Nullable Object value) {
        if (value == null) {
            return Value.NULL;
        }
        CborWriter out = new CborWriter(family == Family.TEXT ? ((String) value).length() + 9 : 32);
        write(out, family, value);
        return Value.ofEncoded(out.toByteArray());
    }

    private static void write(CborWriter out, Family family, Object value) {
        switch (family) {
            case BOOL -> out.writeBool((Boolean) value);
            case INT, DATE, TIME, TS, TSTZ -> out.writeInt((Long) value);
            case DEC -> out.writeBytes(((BigDecimal) value).unscaledValue().toByteArray());
            case FLOAT -> out.writeDouble((Double) value + 0.0); // −0.0 + 0.0 is 0.0
            case UUID -> out.writeBytes(bytesOf((UUID) value));
            case TEXT, JSON -> out.writeText((String) value);
            case ARRAY -> writeElement(out, value);
            case BYTES -> out.writeBytes((byte[]) value);
        }
    }

    private static void writeElement(CborWriter out, @Nullable Object element) {
        if (element instanceof List<?> list) {
            out.startList(list.size());
            list.forEach(item -> writeElement(out, item));
        } else if (element instanceof Double number) {
            out.writeDouble(number + 0.0);
        } else if (element instanceof UUID uuid) {
            out.writeBytes(bytesOf(uuid));
        } else if (element instanceof BigDecimal number) {
            out.writeBytes(scaled(number));
        } else if (element instanceof Boolean
                || element instanceof Long
                || element instanceof String
                || element instanceof byte[]
                || element == null) {
            DagCbor.write(out, element);
        } else {
            throw new IllegalArgumentException(
                    "an array cannot hold a " + element.getClass().getName());
        }
    }

    /** A decimal within an array: the array's column does not say the scale, so it stands before the unscaled value. */
    private static byte[] scaled(BigDecimal number) {
        byte[] unscaled = number.unscaledValue().toByteArray();
        return ByteBuffer.allocate(1 + unscaled.length)
                .put((byte) number.scale())
                .put(unscaled)
                .array();
    }

    /** Decodes a value of a column of this family; linked content is read from {@code blocks}. */
    public static @Nullable Object decode(Family family, int scale, Value value, BlockSource blocks) {
        if (value.isNull()) {
            return null;
        }
        CborReader in = new CborReader(value.encoded());
        return switch (family) {
            case BOOL -> in.readBool();
            case INT, DATE, TIME, TS, TSTZ -> in.readInt();
            case DEC -> new BigDecimal(new BigInteger(in.readBytes()), scale);
            case FLOAT -> in.readDouble();
            case UUID -> uuidOf(in.readBytes());
            case TEXT, JSON ->
                LargeValue.isLarge(value) ? text(LargeValue.of(value).join(blocks)) : in.readText();
            case ARRAY -> DagCbor.decode(value.encoded());
            case BYTES -> LargeValue.isLarge(value) ? LargeValue.of(value).join(blocks) : in.readBytes();
        };
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /**
     * Reads the next value of {@code block} and checks that it is the one encoding of a value of that family.
     *
     * @param linked whether it may be a {@link LargeValue}
     * @throws DecodeException when it is not
     */
    static Value read(CborReader in, byte[] block, Family family, boolean nullable, boolean linked) {
        CborReader.Type type = in.peek();
        if (type == CborReader.Type.NULL) {
            if (!nullable) {
                throw new DecodeException("null where a value is due at offset " + in.position());
            }
            in.readNull();
            return Value.NULL;
        }
        int from = in.position();
        check(in, family, type, linked);
        return Value.ofEncoded(Arrays.copyOfRange(block, from, in.position()));
    }

    private static void check(CborReader in, Family family, CborReader.Type type, boolean linked) {
        switch (family) {
            case BOOL -> in.readBool();
            case INT, DATE, TS, TSTZ -> in.readInt();
            case TIME -> {
                long micros = in.readInt();
                require(micros >= 0 && micros < DAY_MICROS, "a time of day of " + micros + " µs");
            }
            case DEC -> requireMinimal(in.readBytes(), DECIMAL_BYTES_MAX);
            case FLOAT -> requireNoNegativeZero(in.readDouble());
            case UUID -> require(in.readBytes().length == 16, "a UUID that has not 16 bytes");
            case TEXT, JSON -> checkSized(in, type, CborReader.Type.TEXT, linked);
            case BYTES -> checkSized(in, type, CborReader.Type.BYTES, linked);
            case ARRAY -> {
                require(type == CborReader.Type.LIST, "an array that is no list");
                int from = in.position();
                checkElement(in);
                int bytes = in.position() - from;
                require(bytes <= LargeValue.INLINE_BYTES_MAX, "an array of " + bytes + " bytes");
            }
        }
    }

    private static void checkSized(CborReader in, CborReader.Type type, CborReader.Type inline, boolean linked) {
        if (linked && type == CborReader.Type.LIST) {
            LargeValue.read(in);
        } else {
            require(type == inline, "expected " + inline + ", found " + type);
            int from = in.position();
            in.skip();
            int encoded = in.position() - from;
            int content = encoded - headBytes(encoded);
            require(content <= LargeValue.INLINE_BYTES_MAX, "a value of " + content + " bytes that is not linked");
        }
    }

    /** Bytes of the CBOR head of a string that has {@code bytes} with its head. */
    private static int headBytes(int bytes) {
        if (bytes <= 24) {
            return 1;
        }
        return bytes <= 0xff + 2 ? 2 : bytes <= 0xffff + 3 ? 3 : 5;
    }

    private static void checkElement(CborReader in) {
        switch (in.peek()) {
            case LIST -> {
                int items = in.readList();
                for (int i = 0; i < items; i++) {
                    checkElement(in);
                }
            }
            case DOUBLE -> requireNoNegativeZero(in.readDouble());
            case INT -> in.readInt();
            case NULL, BOOL, TEXT, BYTES -> in.skip();
            case LINK, MAP -> throw new DecodeException("an array that holds a " + in.peek());
        }
    }

    /** An amount to add: an int when the family is INT and it fits 64 bits, else minimal two's complement. */
    static void writeAmount(CborWriter out, Family family, BigInteger amount) {
        if (family == Family.INT && amount.bitLength() < Long.SIZE) {
            out.writeInt(amount.longValue());
        } else {
            out.writeBytes(amount.toByteArray());
        }
    }

    /** An amount, or a sum of amounts however large, as {@link FieldOp.Add} writes it. */
    public static Value encodeAmount(Family family, BigInteger amount) {
        CborWriter out = new CborWriter(16);
        writeAmount(out, family, amount);
        return Value.ofEncoded(out.toByteArray());
    }

    /**
     * Reads what {@link #encodeAmount} wrote.
     *
     * @throws DecodeException for anything else that is no amount
     */
    public static BigInteger decodeAmount(Value amount) {
        CborReader in = new CborReader(amount.encoded());
        if (in.peek() == CborReader.Type.INT) {
            return BigInteger.valueOf(in.readInt());
        }
        byte[] bytes = in.readBytes();
        require(bytes.length > 0, "an amount without bytes");
        return new BigInteger(bytes);
    }

    static BigInteger readAmount(CborReader in, Family family) {
        if (family == Family.INT && in.peek() == CborReader.Type.INT) {
            return BigInteger.valueOf(in.readInt());
        }
        byte[] bytes = in.readBytes();
        requireMinimal(bytes, AMOUNT_BYTES_MAX);
        BigInteger amount = new BigInteger(bytes);
        require(family != Family.INT || amount.bitLength() >= Long.SIZE, "an amount of 64 bits that is no int");
        return amount;
    }

    /** Compares two values that are not null, nor linked, as SQL does; equal ones have equal bytes. */
    public static int compare(Family family, Value a, Value b) {
        CborReader x = new CborReader(a.encoded());
        CborReader y = new CborReader(b.encoded());
        return switch (family) {
            case BOOL -> Boolean.compare(x.readBool(), y.readBool());
            case INT, DATE, TIME, TS, TSTZ -> Long.compare(x.readInt(), y.readInt());
            case DEC -> new BigInteger(x.readBytes()).compareTo(new BigInteger(y.readBytes()));
            case FLOAT -> Double.compare(x.readDouble(), y.readDouble());
            case TEXT, BYTES, UUID -> compareContent(a.encoded(), b.encoded());
            case JSON, ARRAY -> a.compareTo(b);
        };
    }

    private static int compareContent(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, contentAt(a), a.length, b, contentAt(b), b.length);
    }

    private static int contentAt(byte[] encoded) {
        int argument = encoded[0] & 0x1f;
        return argument < 24 ? 1 : 1 + (1 << (argument - 24));
    }

    private static void requireMinimal(byte[] number, int bytesMax) {
        boolean padded = number.length > 1 && (number[0] == 0 && number[1] >= 0 || number[0] == -1 && number[1] < 0);
        require(number.length > 0 && number.length <= bytesMax && !padded, "a number that is not in its shortest form");
    }

    private static void requireNoNegativeZero(double number) {
        require(Double.doubleToRawLongBits(number) != Long.MIN_VALUE, "a negative zero");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new DecodeException(otherwise);
        }
    }

    private static byte[] bytesOf(UUID uuid) {
        return ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    private static UUID uuidOf(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new UUID(in.getLong(), in.getLong());
    }
}
