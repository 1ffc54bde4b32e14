package dev.pando.jdbc.connection;

import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.SqlType;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values of the seam as the Java types that a JDBC getter asks for. Pure functions. None takes SQL NULL; all throw 22018
 * for a text that does not read as what is asked, 22003 for a number that does not fit, 07006 for types that do not
 * convert.
 */
final class FromSql {
    private FromSql() {}

    private static SQLException impossible(Object value, String wanted) {
        return PandoSqlState.RESTRICTED_DATA_TYPE.exception(
                "a " + value.getClass().getSimpleName() + " cannot be read as " + wanted);
    }

    private static SQLException unreadable(Object value, String wanted, @Nullable Throwable cause) {
        return PandoSqlState.BAD_CAST.exception("'" + value + "' cannot be read as " + wanted, cause);
    }

    static boolean toBoolean(Object value) throws SQLException {
        if (value instanceof Boolean b) {
            return b;
        }
        if (value instanceof Number) {
            return toDecimal(value).signum() != 0;
        }
        if (value instanceof String text) {
            switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true", "t", "yes", "y", "on", "1" -> {
                    return true;
                }
                case "false", "f", "no", "n", "off", "0" -> {
                    return false;
                }
                default -> throw unreadable(value, "a boolean", null);
            }
        }
        throw impossible(value, "a boolean");
    }

    /** A whole number between two bounds; fractions are cut off, as JDBC has it. */
    static long toLong(Object value, long min, long max, String wanted) throws SQLException {
        long result;
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            result = ((Number) value).longValue();
        } else {
            BigInteger whole = toDecimal(value).toBigInteger();
            if (whole.bitLength() > 63) {
                throw PandoSqlState.OUT_OF_RANGE.exception(value + " does not fit into " + wanted);
            }
            result = whole.longValue();
        }
        if (result < min || result > max) {
            throw PandoSqlState.OUT_OF_RANGE.exception(value + " does not fit into " + wanted);
        }
        return result;
    }

    static double toDouble(Object value) throws SQLException {
        if (value instanceof Float || value instanceof Double) {
            return ((Number) value).doubleValue();
        }
        return toDecimal(value).doubleValue();
    }

    static float toFloat(Object value) throws SQLException {
        double result = toDouble(value);
        if (Double.isFinite(result) && Math.abs(result) > Float.MAX_VALUE) {
            throw PandoSqlState.OUT_OF_RANGE.exception(value + " does not fit into a float");
        }
        return (float) result;
    }

    static BigDecimal toDecimal(Object value) throws SQLException {
        try {
            if (value instanceof BigDecimal decimal) {
                return decimal;
            }
            if (value instanceof Float || value instanceof Double || value instanceof String) {
                return new BigDecimal(value.toString().strip());
            }
            if (value instanceof Number number) {
                return BigDecimal.valueOf(number.longValue());
            }
            if (value instanceof Boolean b) {
                return b ? BigDecimal.ONE : BigDecimal.ZERO;
            }
        } catch (NumberFormatException e) {
            throw unreadable(value, "a number", e);
        }
        throw impossible(value, "a number");
    }

    /** The value as text that reads back as the same value. */
    static String toText(Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof LocalDateTime timestamp) {
            return java.sql.Timestamp.valueOf(timestamp).toString();
        }
        if (value instanceof OffsetDateTime instant) {
            return java.sql.Timestamp.valueOf(instant.withOffsetSameInstant(ZoneOffset.UTC)
                                    .toLocalDateTime())
                            .toString()
                    + "+00:00";
        }
        if (value instanceof LocalTime time) {
            return time.getSecond() == 0 && time.getNano() == 0 ? time + ":00" : time.toString();
        }
        if (value instanceof List<?> list) {
            return listText(list);
        }
        return value.toString();
    }

    private static String listText(List<?> list) {
        StringBuilder text = new StringBuilder("[");
        for (Object element : list) {
            text.append(text.length() == 1 ? "" : ", ").append(element == null ? "NULL" : toText(element));
        }
        return text.append(']').toString();
    }

    static byte[] toBytes(Object value) throws SQLException {
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (value instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (value instanceof UUID uuid) {
            return java.nio.ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
        }
        throw impossible(value, "bytes");
    }

    static LocalDate toLocalDate(Object value) throws SQLException {
        try {
            if (value instanceof LocalDate date) {
                return date;
            }
            if (value instanceof LocalDateTime timestamp) {
                return timestamp.toLocalDate();
            }
            if (value instanceof OffsetDateTime instant) {
                return instant.atZoneSameInstant(ZoneId.systemDefault()).toLocalDate();
            }
            if (value instanceof String text) {
                String stripped = text.strip();
                return LocalDate.parse(stripped.length() > 10 ? stripped.substring(0, 10) : stripped);
            }
        } catch (DateTimeException e) {
            throw unreadable(value, "a date (yyyy-mm-dd)", e);
        }
        throw impossible(value, "a date");
    }

    static LocalTime toLocalTime(Object value) throws SQLException {
        try {
            if (value instanceof LocalTime time) {
                return time;
            }
            if (value instanceof LocalDateTime timestamp) {
                return timestamp.toLocalTime();
            }
            if (value instanceof OffsetDateTime instant) {
                return instant.atZoneSameInstant(ZoneId.systemDefault()).toLocalTime();
            }
            if (value instanceof String text) {
                return LocalTime.parse(text.strip());
            }
        } catch (DateTimeException e) {
            throw unreadable(value, "a time (hh:mm:ss)", e);
        }
        throw impossible(value, "a time");
    }

    static LocalDateTime toLocalDateTime(Object value) throws SQLException {
        try {
            if (value instanceof LocalDateTime timestamp) {
                return timestamp;
            }
            if (value instanceof LocalDate date) {
                return date.atStartOfDay();
            }
            if (value instanceof LocalTime time) {
                return time.atDate(LocalDate.EPOCH);
            }
            if (value instanceof OffsetDateTime instant) {
                return instant.atZoneSameInstant(ZoneId.systemDefault()).toLocalDateTime();
            }
            if (value instanceof String text) {
                String stripped = text.strip();
                return stripped.length() <= 10
                        ? LocalDate.parse(stripped).atStartOfDay()
                        : LocalDateTime.parse(stripped.replace(' ', 'T'));
            }
        } catch (DateTimeException e) {
            throw unreadable(value, "a timestamp (yyyy-mm-dd hh:mm:ss)", e);
        }
        throw impossible(value, "a timestamp");
    }

    static OffsetDateTime toOffsetDateTime(Object value) throws SQLException {
        if (value instanceof OffsetDateTime instant) {
            return instant;
        }
        if (value instanceof String text && text.length() > 19) {
            try {
                return OffsetDateTime.parse(text.strip().replaceFirst(" ", "T"));
            } catch (DateTimeException e) {
                throw unreadable(value, "a timestamp with time zone", e);
            }
        }
        return toLocalDateTime(value).atZone(ZoneId.systemDefault()).toOffsetDateTime();
    }

    static java.sql.Date toDate(Object value, @Nullable Calendar calendar) throws SQLException {
        if (calendar == null) {
            return java.sql.Date.valueOf(toLocalDate(value));
        }
        return new java.sql.Date(millis(toLocalDateTime(value).toLocalDate().atStartOfDay(), calendar));
    }

    static java.sql.Time toTime(Object value, @Nullable Calendar calendar) throws SQLException {
        LocalTime time = toLocalTime(value);
        if (calendar == null) {
            return new java.sql.Time(time.atDate(LocalDate.EPOCH)
                    .atZone(ZoneId.systemDefault())
                    .toInstant()
                    .toEpochMilli());
        }
        return new java.sql.Time(millis(time.atDate(LocalDate.EPOCH), calendar));
    }

    static java.sql.Timestamp toTimestamp(Object value, @Nullable Calendar calendar) throws SQLException {
        if (value instanceof OffsetDateTime instant) {
            return java.sql.Timestamp.from(instant.toInstant());
        }
        LocalDateTime timestamp = toLocalDateTime(value);
        if (calendar == null) {
            return java.sql.Timestamp.valueOf(timestamp);
        }
        return java.sql.Timestamp.from(
                timestamp.atZone(calendar.getTimeZone().toZoneId()).toInstant());
    }

    private static long millis(LocalDateTime local, Calendar calendar) {
        return local.atZone(calendar.getTimeZone().toZoneId()).toInstant().toEpochMilli();
    }

    static UUID toUuid(Object value) throws SQLException {
        if (value instanceof UUID uuid) {
            return uuid;
        }
        if (value instanceof String text) {
            try {
                return UUID.fromString(text.strip());
            } catch (IllegalArgumentException e) {
                throw unreadable(value, "a UUID", e);
            }
        }
        throw impossible(value, "a UUID");
    }

    static java.sql.Array toArray(Object value) throws SQLException {
        if (value instanceof List<?> list) {
            return new PandoArray(null, list);
        }
        throw impossible(value, "an array");
    }

    static BigDecimal toDecimal(Object value, int scale) throws SQLException {
        try {
            return toDecimal(value).setScale(scale, RoundingMode.HALF_UP);
        } catch (ArithmeticException e) {
            throw PandoSqlState.OUT_OF_RANGE.exception(value + " cannot have the scale " + scale, e);
        }
    }

    static InputStream toStream(Object value) throws SQLException {
        return new ByteArrayInputStream(toBytes(value));
    }

    static Reader toReader(Object value) {
        return new StringReader(toText(value));
    }

    /** The value as {@code getObject} gives it: the class that JDBC names for the type. */
    static Object toDefault(Object value, SqlType type) throws SQLException {
        return switch (type) {
            case TINYINT, SMALLINT -> (int) toLong(value, Short.MIN_VALUE, Short.MAX_VALUE, "an int");
            case DATE -> toDate(value, null);
            case TIME -> toTime(value, null);
            case TIMESTAMP -> toTimestamp(value, null);
            case BLOB -> new PandoBlob(toBytes(value));
            case CLOB -> new PandoClob(toText(value));
            case ARRAY -> toArray(value);
            default -> value instanceof byte[] bytes ? bytes.clone() : value;
        };
    }

    /** The value as {@code getObject(column, wanted)} gives it. */
    static <T> T toClass(Object value, SqlType type, Class<T> wanted) throws SQLException {
        Object result = convert(value, type, wanted);
        if (!wanted.isInstance(result)) {
            throw impossible(value, wanted.getName());
        }
        return wanted.cast(result);
    }

    private static Object convert(Object value, SqlType type, Class<?> wanted) throws SQLException {
        if (wanted == String.class) {
            return toText(value);
        } else if (wanted == Boolean.class) {
            return toBoolean(value);
        } else if (wanted == Byte.class) {
            return (byte) toLong(value, Byte.MIN_VALUE, Byte.MAX_VALUE, "a byte");
        } else if (wanted == Short.class) {
            return (short) toLong(value, Short.MIN_VALUE, Short.MAX_VALUE, "a short");
        } else if (wanted == Integer.class) {
            return (int) toLong(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "an int");
        } else if (wanted == Long.class) {
            return toLong(value, Long.MIN_VALUE, Long.MAX_VALUE, "a long");
        } else if (wanted == Float.class) {
            return toFloat(value);
        } else if (wanted == Double.class) {
            return toDouble(value);
        } else if (wanted == BigDecimal.class) {
            return toDecimal(value);
        } else if (wanted == BigInteger.class) {
            return toDecimal(value).toBigInteger();
        } else if (wanted == byte[].class) {
            return toBytes(value);
        } else if (wanted == UUID.class) {
            return toUuid(value);
        } else if (wanted == java.sql.Blob.class) {
            return new PandoBlob(toBytes(value));
        } else if (wanted == java.sql.Clob.class) {
            return new PandoClob(toText(value));
        } else if (wanted == java.sql.Array.class) {
            return toArray(value);
        } else if (wanted == List.class && value instanceof List) {
            return value;
        }
        return convertTime(value, type, wanted);
    }

    private static Object convertTime(Object value, SqlType type, Class<?> wanted) throws SQLException {
        if (wanted == LocalDate.class) {
            return toLocalDate(value);
        } else if (wanted == LocalTime.class) {
            return toLocalTime(value);
        } else if (wanted == LocalDateTime.class) {
            return toLocalDateTime(value);
        } else if (wanted == OffsetDateTime.class) {
            return toOffsetDateTime(value);
        } else if (wanted == ZonedDateTime.class) {
            return toOffsetDateTime(value).toZonedDateTime();
        } else if (wanted == Instant.class) {
            return toOffsetDateTime(value).toInstant();
        } else if (wanted == OffsetTime.class) {
            return toLocalTime(value).atOffset(ZoneOffset.UTC);
        } else if (wanted == java.sql.Date.class) {
            return toDate(value, null);
        } else if (wanted == java.sql.Time.class) {
            return toTime(value, null);
        } else if (wanted == java.sql.Timestamp.class) {
            return toTimestamp(value, null);
        } else if (wanted == java.util.Date.class) {
            return new java.util.Date(toTimestamp(value, null).getTime());
        } else if (wanted == Calendar.class) {
            Calendar calendar = Calendar.getInstance();
            calendar.setTime(toTimestamp(value, null));
            return calendar;
        }
        return toDefault(value, type);
    }
}
