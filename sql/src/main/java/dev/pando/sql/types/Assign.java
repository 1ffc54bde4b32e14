package dev.pando.sql.types;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.pando.ColumnType;
import dev.pando.sql.session.PandoSqlState;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Assignment to a column: any Java value that means the column's type becomes the engine's value of it, or an error of
 * class 22. Numbers are rounded half up to the column's scale; nothing else is lost in silence.
 */
public final class Assign {
    private static final JsonFactory JSON = new JsonFactory();

    private Assign() {}

    /**
     * What a value is where it is compared with one of {@code type}, which it does not become: a number that an exact
     * type would round or not hold stays the {@link BigDecimal} that it is, and equals none of the type's.
     */
    public static @Nullable Object exactly(ColumnType type, @Nullable Object value, String what) throws SQLException {
        if (value != null && isInteger(value) && type.family() == ColumnType.Family.INT) {
            long whole = ((Number) value).longValue();
            if (fits(type, whole)) {
                return value instanceof Long ? value : (Object) whole;
            }
        }
        if (value == null || type.family() != ColumnType.Family.INT && type.family() != ColumnType.Family.DEC) {
            return to(type, value, what);
        }
        BigDecimal exact = number(value, type.name(), what);
        if (type.family() == ColumnType.Family.DEC) {
            return exact;
        }
        boolean whole = exact.signum() == 0 || exact.stripTrailingZeros().scale() <= 0;
        return whole && fits(type, exact) ? (Object) exact.longValue() : exact;
    }

    /** Whether {@code type} is made of whole numbers of which this is none. */
    public static boolean loses(ColumnType type, @Nullable Object value, String what) throws SQLException {
        return type.family() == ColumnType.Family.INT && exactly(type, value, what) instanceof BigDecimal;
    }

    /** @param what names the place in messages: a column, a parameter */
    public static @Nullable Object to(ColumnType type, @Nullable Object value, String what) throws SQLException {
        if (value == null) {
            return null;
        }
        return switch (type.family()) {
            case BOOL -> bool(value, what);
            case INT -> integer(type, value, what);
            case DEC -> decimal(type, value, what);
            case FLOAT -> floating(type, value, what);
            case TEXT -> text(type, value, what);
            case JSON -> json(value, what);
            case BYTES -> bytes(type, value, what);
            case UUID -> uuid(value, what);
            case DATE -> date(value, what).toEpochDay();
            case TIME -> cut(Times.micros(time(value, what)), type.precision());
            case TS -> cut(Times.micros(timestamp(value, what)), type.precision());
            case TSTZ -> cut(Times.micros(instant(value, what)), type.precision());
            case ARRAY -> array(type, value, what);
        };
    }

    private static Boolean bool(Object value, String what) throws SQLException {
        if (value instanceof Boolean b) {
            return b;
        }
        if (value instanceof Number n && (n.longValue() == 0 || n.longValue() == 1)) {
            return n.longValue() == 1;
        }
        if (value instanceof String s) {
            String lower = s.strip().toLowerCase(Locale.ROOT);
            if (lower.equals("true") || lower.equals("false")) {
                return lower.equals("true");
            }
        }
        throw wrong(value, "BOOLEAN", what);
    }

    private static Long integer(ColumnType type, Object value, String what) throws SQLException {
        if (isInteger(value)) {
            long whole = ((Number) value).longValue();
            if (!fits(type, whole)) {
                throw PandoSqlState.OUT_OF_RANGE.exception(what + ": " + value + " is outside " + type.name());
            }
            return whole;
        }
        BigDecimal number = number(value, type.name(), what).setScale(0, RoundingMode.HALF_UP);
        if (!fits(type, number)) {
            throw PandoSqlState.OUT_OF_RANGE.exception(what + ": " + value + " is outside " + type.name());
        }
        return number.longValue();
    }

    private static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    private static boolean fits(ColumnType type, long number) {
        long bound = greatest(type);
        return number <= bound && number >= -bound - 1;
    }

    private static long greatest(ColumnType type) {
        return switch (type.name()) {
            case "TINYINT" -> Byte.MAX_VALUE;
            case "SMALLINT" -> Short.MAX_VALUE;
            case "INTEGER" -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
    }

    private static boolean fits(ColumnType type, BigDecimal number) {
        long bound = greatest(type);
        return number.compareTo(BigDecimal.valueOf(bound)) <= 0
                && number.compareTo(BigDecimal.valueOf(-bound - 1)) >= 0;
    }

    private static BigDecimal decimal(ColumnType type, Object value, String what) throws SQLException {
        BigDecimal number = number(value, type.name(), what).setScale(type.scale(), RoundingMode.HALF_UP);
        if (number.precision() > type.precision() && number.signum() != 0) {
            throw PandoSqlState.OUT_OF_RANGE.exception(what + ": " + value + " is outside " + SqlTypes.text(type));
        }
        return number;
    }

    private static Double floating(ColumnType type, Object value, String what) throws SQLException {
        double number = value instanceof Number n
                ? n.doubleValue()
                : number(value, type.name(), what).doubleValue();
        double kept = type.name().equals("REAL") ? (float) number : number;
        if (Double.isNaN(kept) || Double.isInfinite(kept)) {
            throw PandoSqlState.OUT_OF_RANGE.exception(what + ": " + value + " is outside " + type.name());
        }
        return kept == 0 ? 0.0 : kept;
    }

    private static BigDecimal number(Object value, String type, String what) throws SQLException {
        if (value instanceof BigDecimal d) {
            return d;
        }
        if (value instanceof BigInteger i) {
            return new BigDecimal(i);
        }
        if (value instanceof Double || value instanceof Float) {
            double d = ((Number) value).doubleValue();
            if (Double.isNaN(d) || Double.isInfinite(d)) {
                throw PandoSqlState.OUT_OF_RANGE.exception(what + ": " + value + " is outside " + type);
            }
            return new BigDecimal(value.toString());
        }
        if (value instanceof Number n) {
            return BigDecimal.valueOf(n.longValue());
        }
        if (value instanceof Boolean b) {
            return b ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        if (value instanceof String s) {
            try {
                return new BigDecimal(s.strip());
            } catch (NumberFormatException e) {
                throw wrong(value, type, what);
            }
        }
        throw wrong(value, type, what);
    }

    private static String text(ColumnType type, Object value, String what) throws SQLException {
        String text = shown(value, what);
        if (type.name().equals("CHAR")) {
            text = text.stripTrailing();
        }
        if (isLonger(text, type.precision())) {
            int end = text.offsetByCodePoints(0, type.precision());
            if (text.substring(end).isBlank()) {
                return text.substring(0, end);
            }
            throw PandoSqlState.STRING_TOO_LONG.exception(what + ": a text of " + text.codePointCount(0, text.length())
                    + " characters does not fit " + SqlTypes.text(type));
        }
        return text;
    }

    private static boolean isLonger(String text, int most) {
        return most >= 0 && text.length() > most && text.codePointCount(0, text.length()) > most;
    }

    /**
     * What CAST makes of a value: as {@link #to}, but a text or bytes that are too long are cut, as the standard says it
     * of an explicit CAST.
     */
    public static @Nullable Object cast(ColumnType type, @Nullable Object value, String what) throws SQLException {
        if (value == null) {
            return null;
        }
        if (type.family() == ColumnType.Family.TEXT) {
            String text = shown(value, what);
            String cut = isLonger(text, type.precision())
                    ? text.substring(0, text.offsetByCodePoints(0, type.precision()))
                    : text;
            return type.name().equals("CHAR") ? cut.stripTrailing() : cut;
        }
        if (type.family() == ColumnType.Family.BYTES && value instanceof byte[] bytes && type.precision() >= 0) {
            boolean cuts = bytes.length > type.precision();
            return to(type, cuts ? Arrays.copyOf(bytes, type.precision()) : bytes, what);
        }
        return to(type, value, what);
    }

    /** A value as a text, as CAST to VARCHAR makes it. */
    public static String shown(Object value, String what) throws SQLException {
        if (value instanceof LocalDateTime time) {
            return Times.shown(time);
        }
        if (value instanceof OffsetDateTime time) {
            return Times.shown(time);
        }
        if (value instanceof LocalTime time) {
            return Times.shown(time);
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof Boolean b) {
            return b ? "TRUE" : "FALSE";
        }
        if (value instanceof byte[] || value instanceof List) {
            throw wrong(value, "VARCHAR", what);
        }
        return value.toString();
    }

    private static String json(Object value, String what) throws SQLException {
        String text = shown(value, what);
        try (JsonParser parser = JSON.createParser(text)) {
            int values = 0;
            int depth = 0;
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                values += depth == 0 ? 1 : 0;
            }
            if (values == 1) {
                return text;
            }
        } catch (IOException e) {
            throw PandoSqlState.BAD_CAST.exception(what + ": not a JSON text: " + reason(e), e);
        }
        throw PandoSqlState.BAD_CAST.exception(what + ": a JSON text holds exactly one value");
    }

    private static String reason(IOException e) {
        return e instanceof JsonProcessingException parsing
                ? parsing.getOriginalMessage()
                : String.valueOf(e.getMessage());
    }

    private static byte[] bytes(ColumnType type, Object value, String what) throws SQLException {
        byte[] bytes;
        if (value instanceof byte[] b) {
            bytes = b;
        } else if (value instanceof UUID uuid) {
            bytes = java.nio.ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
        } else {
            throw wrong(value, type.name(), what);
        }
        if (type.precision() >= 0 && bytes.length > type.precision()) {
            throw PandoSqlState.STRING_TOO_LONG.exception(
                    what + ": " + bytes.length + " bytes do not fit " + SqlTypes.text(type));
        }
        boolean pads = type.name().equals("BINARY") && type.precision() > bytes.length;
        return pads ? Arrays.copyOf(bytes, type.precision()) : bytes;
    }

    private static UUID uuid(Object value, String what) throws SQLException {
        if (value instanceof UUID uuid) {
            return uuid;
        }
        if (value instanceof String s) {
            try {
                return UUID.fromString(s.strip());
            } catch (IllegalArgumentException e) {
                throw wrong(value, "UUID", what);
            }
        }
        throw wrong(value, "UUID", what);
    }

    private static LocalDate date(Object value, String what) throws SQLException {
        if (value instanceof LocalDate date) {
            return date;
        }
        if (value instanceof LocalDateTime time) {
            return time.toLocalDate();
        }
        if (value instanceof java.sql.Date date) {
            return date.toLocalDate();
        }
        if (value instanceof String s) {
            return s.strip().length() > "yyyy-MM-dd".length()
                    ? Times.parseTimestamp(s).toLocalDate()
                    : Times.parseDate(s);
        }
        return timestamp(value, what).toLocalDate();
    }

    private static LocalTime time(Object value, String what) throws SQLException {
        if (value instanceof LocalTime time) {
            return time;
        }
        if (value instanceof LocalDateTime time) {
            return time.toLocalTime();
        }
        if (value instanceof java.sql.Time time) {
            return time.toLocalTime();
        }
        if (value instanceof String s) {
            return Times.parseTime(s);
        }
        throw wrong(value, "TIME", what);
    }

    private static LocalDateTime timestamp(Object value, String what) throws SQLException {
        if (value instanceof LocalDateTime time) {
            return time;
        }
        if (value instanceof LocalDate date) {
            return date.atStartOfDay();
        }
        if (value instanceof java.sql.Timestamp time) {
            return time.toLocalDateTime();
        }
        if (value instanceof java.sql.Date date) {
            return date.toLocalDate().atStartOfDay();
        }
        if (value instanceof OffsetDateTime time) {
            return time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
        }
        if (value instanceof String s) {
            return Times.parseTimestamp(s);
        }
        throw wrong(value, "TIMESTAMP", what);
    }

    private static Instant instant(Object value, String what) throws SQLException {
        if (value instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        if (value instanceof Instant instant) {
            return instant;
        }
        if (value instanceof ZonedDateTime time) {
            return time.toInstant();
        }
        if (value instanceof java.sql.Timestamp time) {
            return time.toInstant();
        }
        if (value instanceof String s) {
            return Times.parseInstant(s).toInstant();
        }
        return timestamp(value, what).toInstant(ZoneOffset.UTC);
    }

    private static List<@Nullable Object> array(ColumnType type, Object value, String what) throws SQLException {
        List<?> elements;
        if (value instanceof List<?> list) {
            elements = list;
        } else if (value instanceof Object[] array) {
            elements = Arrays.asList(array);
        } else {
            throw wrong(value, type.name(), what);
        }
        ColumnType element = SqlTypes.element(type);
        List<@Nullable Object> converted = new ArrayList<>(elements.size());
        for (Object each : elements) {
            converted.add(to(element, each, what));
        }
        return converted;
    }

    private static long cut(long micros, int digits) {
        if (digits < 0 || digits >= 6) {
            return micros;
        }
        long unit = 1;
        for (int i = digits; i < 6; i++) {
            unit *= 10;
        }
        return Math.floorDiv(micros, unit) * unit;
    }

    private static SQLException wrong(Object value, String type, String what) {
        String shown = value instanceof byte[] bytes ? "X'" + HexFormat.of().formatHex(bytes) + "'" : "'" + value + "'";
        return PandoSqlState.BAD_CAST.exception(what + ": " + shown + " is not " + article(type) + " " + type);
    }

    private static String article(String type) {
        return "AEIO".indexOf(type.charAt(0)) >= 0 ? "an" : "a";
    }
}
