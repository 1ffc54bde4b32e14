package dev.pando.jdbc.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.SqlType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values as bytes.
 *
 * <p>A value of a known type is written without a tag; one of {@link SqlType#OTHER}, {@link SqlType#NULL} and each
 * parameter has the tag of its type before it. Integers are zigzag varints, texts and bytes have a varint length before
 * them, a time is nanoseconds of its day, an instant is seconds and nanoseconds.
 */
public final class ValueCodec {
    /** Nesting of arrays; deeper is refused. */
    private static final int DEPTH_MAX = 16;

    private ValueCodec() {}

    /** The number of a type on the wire: fixed for ever, whatever the order of the enum. */
    public static int tag(SqlType type) {
        return switch (type) {
            case NULL -> 1;
            case BOOLEAN -> 2;
            case TINYINT -> 3;
            case SMALLINT -> 4;
            case INTEGER -> 5;
            case BIGINT -> 6;
            case DECIMAL -> 7;
            case REAL -> 8;
            case DOUBLE -> 9;
            case CHAR -> 10;
            case VARCHAR -> 11;
            case CLOB -> 12;
            case JSON -> 13;
            case BINARY -> 14;
            case VARBINARY -> 15;
            case BLOB -> 16;
            case DATE -> 17;
            case TIME -> 18;
            case TIMESTAMP -> 19;
            case TIMESTAMP_WITH_TIME_ZONE -> 20;
            case UUID -> 21;
            case ARRAY -> 22;
            case INTERVAL -> 23;
            case OTHER -> 24;
        };
    }

    private static final SqlType[] BY_TAG = new SqlType[25];

    static {
        for (SqlType type : SqlType.values()) {
            BY_TAG[tag(type)] = type;
        }
    }

    /** The type of a tag. */
    public static SqlType type(int tag) throws SQLException {
        if (tag < 1 || tag >= BY_TAG.length) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("unknown type " + tag + " on the wire");
        }
        return BY_TAG[tag];
    }

    /** The type whose representation {@code value} has. */
    private static SqlType typeOf(@Nullable Object value) throws SQLException {
        if (value == null) {
            return SqlType.NULL;
        }
        SqlType scalar = SCALARS.get(value.getClass());
        if (scalar != null) {
            return scalar;
        }
        if (value instanceof List) {
            return SqlType.ARRAY;
        }
        throw PandoSqlState.RESTRICTED_DATA_TYPE.exception(
                "a value of " + value.getClass().getName() + " cannot be sent to the server");
    }

    private static final java.util.Map<Class<?>, SqlType> SCALARS = java.util.Map.ofEntries(
            java.util.Map.entry(Boolean.class, SqlType.BOOLEAN),
            java.util.Map.entry(Byte.class, SqlType.TINYINT),
            java.util.Map.entry(Short.class, SqlType.SMALLINT),
            java.util.Map.entry(Integer.class, SqlType.INTEGER),
            java.util.Map.entry(Long.class, SqlType.BIGINT),
            java.util.Map.entry(BigDecimal.class, SqlType.DECIMAL),
            java.util.Map.entry(Float.class, SqlType.REAL),
            java.util.Map.entry(Double.class, SqlType.DOUBLE),
            java.util.Map.entry(String.class, SqlType.VARCHAR),
            java.util.Map.entry(byte[].class, SqlType.VARBINARY),
            java.util.Map.entry(LocalDate.class, SqlType.DATE),
            java.util.Map.entry(LocalTime.class, SqlType.TIME),
            java.util.Map.entry(LocalDateTime.class, SqlType.TIMESTAMP),
            java.util.Map.entry(OffsetDateTime.class, SqlType.TIMESTAMP_WITH_TIME_ZONE),
            java.util.Map.entry(UUID.class, SqlType.UUID));

    /** Writes a value with its tag. */
    public static void writeTagged(CodedOutputStream out, @Nullable Object value) throws IOException, SQLException {
        SqlType type = typeOf(value);
        out.writeRawByte((byte) tag(type));
        if (value instanceof String text) {
            WholeText.checked(text);
        }
        if (value != null) {
            writeUntagged(out, type, value);
        }
    }

    /** Writes a value that is not null, of a type that the reader knows. */
    public static void write(CodedOutputStream out, SqlType type, Object value) throws IOException, SQLException {
        if (type == SqlType.OTHER || type == SqlType.NULL || !type.javaClass().isInstance(value)) {
            throw PandoSqlState.INTERNAL.exception(
                    "a value of " + value.getClass().getName() + " is not one of " + type.typeName());
        }
        writeUntagged(out, type, value);
    }

    /** Whether a column's values have tags on the wire. */
    static boolean tagged(SqlType type) {
        return type == SqlType.OTHER || type == SqlType.NULL;
    }

    private static void writeUntagged(CodedOutputStream out, SqlType type, Object value)
            throws IOException, SQLException {
        switch (type) {
            case BOOLEAN -> out.writeBoolNoTag((Boolean) value);
            case TINYINT, SMALLINT, INTEGER, BIGINT -> out.writeSInt64NoTag(((Number) value).longValue());
            case DECIMAL -> {
                BigDecimal decimal = (BigDecimal) value;
                out.writeSInt32NoTag(decimal.scale());
                out.writeByteArrayNoTag(decimal.unscaledValue().toByteArray());
            }
            case REAL -> out.writeFloatNoTag((Float) value);
            case DOUBLE -> out.writeDoubleNoTag((Double) value);
            case CHAR, VARCHAR, CLOB, JSON, INTERVAL -> out.writeStringNoTag((String) value);
            case BINARY, VARBINARY, BLOB -> out.writeByteArrayNoTag((byte[]) value);
            case DATE -> out.writeSInt64NoTag(((LocalDate) value).toEpochDay());
            case TIME -> out.writeUInt64NoTag(((LocalTime) value).toNanoOfDay());
            case TIMESTAMP -> {
                LocalDateTime timestamp = (LocalDateTime) value;
                out.writeSInt64NoTag(timestamp.toEpochSecond(ZoneOffset.UTC));
                out.writeUInt32NoTag(timestamp.getNano());
            }
            case TIMESTAMP_WITH_TIME_ZONE -> {
                OffsetDateTime instant = (OffsetDateTime) value;
                out.writeSInt64NoTag(instant.toEpochSecond());
                out.writeUInt32NoTag(instant.getNano());
            }
            case UUID -> {
                UUID uuid = (UUID) value;
                out.writeFixed64NoTag(uuid.getMostSignificantBits());
                out.writeFixed64NoTag(uuid.getLeastSignificantBits());
            }
            case ARRAY -> {
                List<?> list = (List<?>) value;
                out.writeUInt32NoTag(list.size());
                for (Object element : list) {
                    writeTagged(out, element);
                }
            }
            case NULL, OTHER -> throw new AssertionError("has no bytes: " + type);
        }
    }

    /** Reads what {@link #writeTagged} wrote. */
    public static @Nullable Object readTagged(CodedInputStream in) throws IOException, SQLException {
        return readTagged(in, 0);
    }

    private static @Nullable Object readTagged(CodedInputStream in, int depth) throws IOException, SQLException {
        SqlType type = type(in.readRawByte());
        return type == SqlType.NULL ? null : read(in, type, depth);
    }

    /** Reads what {@link #write} wrote. */
    public static Object read(CodedInputStream in, SqlType type) throws IOException, SQLException {
        return read(in, type, 0);
    }

    private static Object read(CodedInputStream in, SqlType type, int depth) throws IOException, SQLException {
        try {
            return switch (type) {
                case BOOLEAN -> in.readBool();
                case TINYINT -> (byte) in.readSInt64();
                case SMALLINT -> (short) in.readSInt64();
                case INTEGER -> (int) in.readSInt64();
                case BIGINT -> in.readSInt64();
                case DECIMAL -> decimal(in.readSInt32(), in.readByteArray());
                case REAL -> in.readFloat();
                case DOUBLE -> in.readDouble();
                case CHAR, VARCHAR, CLOB, JSON, INTERVAL -> in.readStringRequireUtf8();
                case BINARY, VARBINARY, BLOB -> in.readByteArray();
                case DATE -> LocalDate.ofEpochDay(in.readSInt64());
                case TIME -> LocalTime.ofNanoOfDay(in.readUInt64());
                case TIMESTAMP -> LocalDateTime.ofEpochSecond(in.readSInt64(), in.readUInt32(), ZoneOffset.UTC);
                case TIMESTAMP_WITH_TIME_ZONE ->
                    LocalDateTime.ofEpochSecond(in.readSInt64(), in.readUInt32(), ZoneOffset.UTC)
                            .atOffset(ZoneOffset.UTC);
                case UUID -> new UUID(in.readFixed64(), in.readFixed64());
                case ARRAY -> list(in, depth);
                case NULL, OTHER ->
                    throw PandoSqlState.PROTOCOL_VIOLATION.exception("a value of type " + type + " on the wire");
            };
        } catch (java.time.DateTimeException | ArithmeticException | NumberFormatException e) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("a malformed " + type + " on the wire", e);
        }
    }

    private static BigDecimal decimal(int scale, byte[] unscaled) {
        return new BigDecimal(new BigInteger(unscaled), scale);
    }

    private static List<@Nullable Object> list(CodedInputStream in, int depth) throws IOException, SQLException {
        if (depth >= DEPTH_MAX) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("arrays are nested deeper than " + DEPTH_MAX);
        }
        int size = in.readUInt32();
        List<@Nullable Object> list = new ArrayList<>(Math.min(Math.max(size, 0), 1024));
        for (int i = 0; i < size; i++) {
            list.add(readTagged(in, depth + 1));
        }
        return Collections.unmodifiableList(list);
    }
}
