package dev.pando.jdbc.connection;

import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.SqlType;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a JDBC setter takes as a value of the seam. Pure functions but for reading the streams they are given. */
final class ToSql {
    /** Characters or bytes of a stream at most: the greatest value that a column takes. 54000 beyond. */
    static final int VALUE_MAX = 4 * 1024 * 1024;

    private ToSql() {}

    /** Any supported object in its representation. */
    static @Nullable Object value(@Nullable Object object) throws SQLException {
        if (object == null
                || object instanceof String
                || object instanceof Integer
                || object instanceof Long
                || object instanceof BigDecimal
                || object instanceof Boolean
                || object instanceof Short
                || object instanceof Byte
                || object instanceof Double
                || object instanceof Float
                || object instanceof UUID) {
            return object;
        }
        if (object instanceof byte[] bytes) {
            return bytes.clone();
        }
        Object time = time(object);
        return time != null ? time : large(object);
    }

    private static @Nullable Object time(Object object) {
        if (object instanceof LocalDate || object instanceof LocalTime || object instanceof LocalDateTime) {
            return object;
        } else if (object instanceof OffsetDateTime instant) {
            return instant.withOffsetSameInstant(ZoneOffset.UTC);
        } else if (object instanceof java.sql.Date date) {
            return date.toLocalDate();
        } else if (object instanceof java.sql.Time time) {
            return time(time, null);
        } else if (object instanceof java.sql.Timestamp timestamp) {
            return timestamp.toLocalDateTime();
        } else if (object instanceof Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        } else if (object instanceof ZonedDateTime instant) {
            return instant.toInstant().atOffset(ZoneOffset.UTC);
        } else if (object instanceof OffsetTime time) {
            return time.toLocalTime();
        } else if (object instanceof java.util.Date date) {
            return LocalDateTime.ofInstant(date.toInstant(), ZoneId.systemDefault());
        } else if (object instanceof Calendar calendar) {
            return LocalDateTime.ofInstant(
                    calendar.toInstant(), calendar.getTimeZone().toZoneId());
        }
        return null;
    }

    private static Object large(Object object) throws SQLException {
        if (object instanceof BigInteger number) {
            return new BigDecimal(number);
        } else if (object instanceof Character character) {
            return character.toString();
        } else if (object instanceof Blob blob) {
            return bytes(blob.getBinaryStream(), blob.length());
        } else if (object instanceof Clob clob) {
            return text(clob.getCharacterStream(), clob.length());
        } else if (object instanceof InputStream stream) {
            return bytes(stream, VALUE_MAX);
        } else if (object instanceof Reader reader) {
            return text(reader, VALUE_MAX);
        } else if (object instanceof Array array) {
            return list(array.getArray());
        } else if (object instanceof List<?> list) {
            return list(list.toArray());
        } else if (object.getClass().isArray()) {
            return list(object);
        } else if (object instanceof Enum<?> constant) {
            return constant.name();
        }
        throw PandoSqlState.RESTRICTED_DATA_TYPE.exception(
                "a " + object.getClass().getName() + " is no SQL value");
    }

    private static List<@Nullable Object> list(Object array) throws SQLException {
        int length = java.lang.reflect.Array.getLength(array);
        List<@Nullable Object> list = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            list.add(value(java.lang.reflect.Array.get(array, i)));
        }
        return Collections.unmodifiableList(list);
    }

    /** The object as a value of a type of {@link Types}. */
    static @Nullable Object value(@Nullable Object object, int jdbcType) throws SQLException {
        Object value = value(object);
        if (value == null) {
            return null;
        }
        return switch (jdbcType) {
            case Types.BIT, Types.BOOLEAN -> FromSql.toBoolean(value);
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER ->
                (int) FromSql.toLong(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "an INTEGER");
            case Types.BIGINT -> FromSql.toLong(value, Long.MIN_VALUE, Long.MAX_VALUE, "a BIGINT");
            case Types.REAL -> FromSql.toFloat(value);
            case Types.FLOAT, Types.DOUBLE -> FromSql.toDouble(value);
            case Types.NUMERIC, Types.DECIMAL -> FromSql.toDecimal(value);
            case Types.CHAR,
                    Types.VARCHAR,
                    Types.LONGVARCHAR,
                    Types.CLOB,
                    Types.NCHAR,
                    Types.NVARCHAR,
                    Types.LONGNVARCHAR,
                    Types.NCLOB -> FromSql.toText(value);
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> FromSql.toBytes(value);
            case Types.DATE -> FromSql.toLocalDate(value);
            case Types.TIME -> FromSql.toLocalTime(value);
            case Types.TIMESTAMP -> FromSql.toLocalDateTime(value);
            case Types.TIMESTAMP_WITH_TIMEZONE ->
                FromSql.toOffsetDateTime(value).withOffsetSameInstant(ZoneOffset.UTC);
            case Types.ARRAY, Types.OTHER, Types.JAVA_OBJECT, Types.NULL -> value;
            default -> throw JdbcErrors.refused("parameters of the type " + jdbcType + " of java.sql.Types");
        };
    }

    static int jdbcType(SQLType type) throws SQLException {
        Integer number = type.getVendorTypeNumber();
        if (number == null) {
            throw JdbcErrors.refused("the type " + type.getName());
        }
        return number;
    }

    static LocalTime time(java.sql.Time time, @Nullable Calendar calendar) {
        return Instant.ofEpochMilli(time.getTime()).atZone(zone(calendar)).toLocalTime();
    }

    static LocalDate date(java.sql.Date date, @Nullable Calendar calendar) {
        return Instant.ofEpochMilli(date.getTime()).atZone(zone(calendar)).toLocalDate();
    }

    static LocalDateTime timestamp(java.sql.Timestamp timestamp, @Nullable Calendar calendar) {
        return LocalDateTime.ofInstant(timestamp.toInstant(), zone(calendar));
    }

    private static ZoneId zone(@Nullable Calendar calendar) {
        return calendar == null
                ? ZoneId.systemDefault()
                : calendar.getTimeZone().toZoneId();
    }

    /** The first {@code length} bytes of a stream, or all when it is shorter. */
    static byte[] bytes(InputStream stream, long length) throws SQLException {
        try {
            byte[] bytes = stream.readNBytes((int) Math.min(length, VALUE_MAX + 1L));
            checkSize(bytes.length);
            return bytes;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static String ascii(InputStream stream, long length) throws SQLException {
        return new String(bytes(stream, length), StandardCharsets.US_ASCII);
    }

    /** The first {@code length} characters of a reader, or all when it is shorter. */
    static String text(Reader reader, long length) throws SQLException {
        StringBuilder text = new StringBuilder();
        char[] buffer = new char[8192];
        try {
            long left = Math.min(length, VALUE_MAX + 1L);
            while (left > 0) {
                int count = reader.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    break;
                }
                text.append(buffer, 0, count);
                left -= count;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        checkSize(text.length());
        return text.toString();
    }

    private static void checkSize(int size) throws SQLException {
        if (size > VALUE_MAX) {
            throw PandoSqlState.TOO_LARGE.exception("a value has " + VALUE_MAX + " bytes or characters at most");
        }
    }

    private static SQLException unreadable(IOException e) {
        return PandoSqlState.IO_ERROR.exception("the stream given as a value could not be read: " + e.getMessage(), e);
    }

    /** The type that a name of {@code createArrayOf} stands for. */
    static SqlType typeNamed(String name) throws SQLException {
        for (SqlType type : SqlType.values()) {
            if (type.typeName().equalsIgnoreCase(name) || type.name().equalsIgnoreCase(name)) {
                return type;
            }
        }
        return switch (name.toUpperCase(java.util.Locale.ROOT)) {
            case "INT" -> SqlType.INTEGER;
            case "TEXT", "STRING" -> SqlType.VARCHAR;
            case "NUMERIC" -> SqlType.DECIMAL;
            default -> throw JdbcErrors.badArgument("no SQL type is called " + name);
        };
    }
}
