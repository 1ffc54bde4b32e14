package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.dag.LargeValue;
import dev.pando.dag.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Conversion of one value that is not null to one column's type. Numbers convert to each other, rounding half up; text
 * converts to everything that can be written as text; {@code java.time} classes to dates and times.
 */
final class Conversion {

    private static final long SECOND_MICROS = 1_000_000;
    private static final int MICROS_DIGITS = 6;

    private final ColumnType type;
    private final String column;

    Conversion(ColumnType type, String column) {
        this.type = type;
        this.column = column;
    }

    Object convert(Object value) {
        return switch (type.family()) {
            case BOOL -> toBoolean(value);
            case INT -> toInteger(value);
            case DEC -> toDecimal(value);
            case FLOAT -> toDouble(value);
            case DATE -> toDate(value);
            case TIME -> toTime(value);
            case TS -> toTimestamp(value);
            case TSTZ -> toInstant(value);
            case UUID -> toUuid(value);
            case TEXT -> toText(value);
            case JSON -> toJson(value);
            case ARRAY -> toArray(value);
            case BYTES -> toBytes(value);
        };
    }

    private Boolean toBoolean(Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        if (value instanceof String text) {
            return switch (text.trim().toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw invalid(value);
            };
        }
        throw invalid(value);
    }

    private Long toInteger(Object value) {
        long number;
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            number = ((Number) value).longValue();
        } else {
            BigInteger whole = number(value).setScale(0, RoundingMode.HALF_UP).unscaledValue();
            if (whole.bitLength() >= Long.SIZE) {
                throw outOfRange(value);
            }
            number = whole.longValue();
        }
        if (number < Types.min(type) || number > Types.max(type)) {
            throw outOfRange(value);
        }
        return number;
    }

    private BigDecimal toDecimal(Object value) {
        BigDecimal number = number(value);
        int digitsMax = type.precision() > 0 ? type.precision() : 38;
        // Digits before the point, told without writing out a number such as 1E999999999.
        if (number.signum() != 0 && (long) number.precision() - number.scale() > digitsMax - type.scale()) {
            throw outOfRange(value);
        }
        BigDecimal scaled = number.setScale(type.scale(), RoundingMode.HALF_UP);
        if (scaled.precision() > digitsMax) {
            throw outOfRange(value);
        }
        return scaled;
    }

    private Double toDouble(Object value) {
        double number;
        if (value instanceof Double || value instanceof Float || value instanceof Long || value instanceof Integer) {
            number = ((Number) value).doubleValue();
        } else {
            number = number(value).doubleValue();
        }
        if (type.name().equals("REAL")) {
            float single = (float) number;
            number = single;
        }
        if (!Double.isFinite(number)) {
            throw outOfRange(value);
        }
        return number + 0.0;
    }

    /** Of at most 1,000 digits on either side of the point. */
    private BigDecimal number(Object value) {
        try {
            BigDecimal number;
            if (value instanceof BigDecimal decimal) {
                number = decimal;
            } else if (value instanceof BigInteger integer) {
                number = new BigDecimal(integer);
            } else if (value instanceof Double || value instanceof Float) {
                double floating = ((Number) value).doubleValue();
                if (!Double.isFinite(floating)) {
                    throw outOfRange(value);
                }
                number = new BigDecimal(value.toString());
            } else if (value instanceof Number integral) {
                number = BigDecimal.valueOf(integral.longValue());
            } else if (value instanceof String text) {
                number = new BigDecimal(text.trim());
            } else {
                throw invalid(value);
            }
            if (number.precision() - (long) number.scale() > 1_000) {
                throw outOfRange(value);
            }
            return number.scale() > 1_000 ? number.setScale(1_000, RoundingMode.HALF_UP) : number;
        } catch (NumberFormatException e) {
            throw invalid(value);
        }
    }

    private Long toDate(Object value) {
        if (value instanceof Long days) {
            return checkedDate(days);
        } else if (value instanceof LocalDate date) {
            return checkedDate(date.toEpochDay());
        }
        return parse(value, text -> checkedDate(LocalDate.parse(text).toEpochDay()));
    }

    private Long toTime(Object value) {
        long micros;
        if (value instanceof Long number) {
            micros = number;
        } else if (value instanceof LocalTime time) {
            micros = time.toNanoOfDay() / 1_000;
        } else {
            micros = parse(value, text -> LocalTime.parse(text).toNanoOfDay() / 1_000);
        }
        if (micros < 0 || micros >= Values.DAY_MICROS) {
            throw outOfRange(value);
        }
        return truncated(micros);
    }

    private Long toTimestamp(Object value) {
        if (value instanceof Long micros) {
            return checkedTimestamp(micros);
        } else if (value instanceof LocalDateTime time) {
            return checkedTimestamp(micros(time));
        }
        return parse(value, text -> checkedTimestamp(micros(LocalDateTime.parse(text.replace(' ', 'T')))));
    }

    private Long toInstant(Object value) {
        if (value instanceof Long micros) {
            return checkedTimestamp(micros);
        } else if (value instanceof Instant instant) {
            return checkedTimestamp(micros(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)));
        } else if (value instanceof OffsetDateTime time) {
            return checkedTimestamp(micros(time));
        }
        return parse(value, text -> checkedTimestamp(micros(OffsetDateTime.parse(text.replace(' ', 'T')))));
    }

    private static long micros(OffsetDateTime time) {
        return micros(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
    }

    private static long micros(LocalDateTime time) {
        long seconds = time.toEpochSecond(ZoneOffset.UTC);
        return Math.addExact(Math.multiplyExact(seconds, SECOND_MICROS), time.getLong(ChronoField.MICRO_OF_SECOND));
    }

    private long checkedDate(long days) {
        if (days < Ranges.DATE_MIN || days > Ranges.DATE_MAX) {
            throw outOfRange("day " + days);
        }
        return days;
    }

    private long checkedTimestamp(long micros) {
        if (micros < Ranges.TIMESTAMP_MIN || micros > Ranges.TIMESTAMP_MAX) {
            throw outOfRange("microsecond " + micros);
        }
        return truncated(micros);
    }

    /** Without the fractional digits that the type does not have. */
    private long truncated(long micros) {
        if (type.precision() < 0 || type.precision() >= MICROS_DIGITS) {
            return micros;
        }
        long unit = 1;
        for (int i = type.precision(); i < MICROS_DIGITS; i++) {
            unit *= 10;
        }
        return Math.floorDiv(micros, unit) * unit;
    }

    private UUID toUuid(Object value) {
        if (value instanceof UUID uuid) {
            return uuid;
        }
        if (value instanceof String text && text.trim().length() == 36) {
            try {
                return UUID.fromString(text.trim());
            } catch (IllegalArgumentException e) {
                throw invalid(value);
            }
        }
        throw invalid(value);
    }

    private String toText(Object value) {
        String text;
        if (value instanceof String string) {
            text = string;
        } else if (value instanceof BigDecimal decimal) {
            text = decimal.toPlainString();
        } else if (value instanceof Number || value instanceof Boolean || value instanceof UUID) {
            text = value.toString();
        } else {
            throw invalid(value);
        }
        text = type.name().equals("CHAR") || type.name().equals("CHARACTER") ? text.stripTrailing() : text;
        return checkedUtf8(fitted(text));
    }

    /** Cuts spaces that are too many; anything else that is too long is refused. */
    private String fitted(String text) {
        if (type.precision() < 0 || text.length() <= type.precision()) {
            return text;
        }
        int characters = text.codePointCount(0, text.length());
        if (characters <= type.precision()) {
            return text;
        }
        int cut = text.offsetByCodePoints(0, type.precision());
        if (!text.substring(cut).chars().allMatch(c -> c == ' ')) {
            throw new PandoException(
                    Kind.VALUE_TOO_LONG,
                    "column " + column + " takes " + type.precision() + " characters, the value has " + characters);
        }
        return text.substring(0, cut);
    }

    private String checkedUtf8(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new PandoException(
                            Kind.INVALID_VALUE, "column " + column + ": half of a surrogate pair at character " + i);
                }
                i++;
                bytes += 4;
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        checkSize(bytes);
        return text;
    }

    private String toJson(Object value) {
        if (!(value instanceof String text)) {
            throw invalid(value);
        }
        String refusal = JsonText.refusal(text);
        if (refusal != null) {
            throw new PandoException(Kind.INVALID_VALUE, "column " + column + ": not JSON: " + refusal);
        }
        return checkedUtf8(text);
    }

    private byte[] toBytes(Object value) {
        if (!(value instanceof byte[] bytes)) {
            throw invalid(value);
        }
        if (type.precision() >= 0 && bytes.length > type.precision()) {
            throw new PandoException(
                    Kind.VALUE_TOO_LONG,
                    "column " + column + " takes " + type.precision() + " bytes, the value has " + bytes.length);
        }
        checkSize(bytes.length);
        return bytes.clone();
    }

    private void checkSize(int bytes) {
        if (bytes > LargeValue.BYTES_MAX) {
            throw new PandoException(
                    Kind.LIMIT_EXCEEDED,
                    "column " + column + ": a value of " + bytes + " bytes; at most " + LargeValue.BYTES_MAX);
        }
    }

    private List<@Nullable Object> toArray(Object value) {
        if (!(value instanceof List<?> list)) {
            throw invalid(value);
        }
        List<@Nullable Object> array = elements(list, 1);
        int bytes = Values.encode(ColumnType.Family.ARRAY, array).encoded().length;
        if (bytes > LargeValue.INLINE_BYTES_MAX) {
            throw new PandoException(
                    Kind.LIMIT_EXCEEDED,
                    "column " + column + ": an array of " + bytes + " bytes; at most " + LargeValue.INLINE_BYTES_MAX);
        }
        return array;
    }

    private List<@Nullable Object> elements(List<?> list, int depth) {
        if (depth > 16) {
            throw new PandoException(Kind.LIMIT_EXCEEDED, "column " + column + ": arrays nested deeper than 16");
        }
        List<@Nullable Object> elements = new ArrayList<>(list.size());
        for (Object element : list) {
            elements.add(element == null ? null : element(element, depth));
        }
        return Collections.unmodifiableList(elements);
    }

    private Object element(Object element, int depth) {
        if (element instanceof List<?> nested) {
            return elements(nested, depth + 1);
        }
        Optional<ColumnType> special = ArrayElements.special(type);
        if (special.isPresent()) {
            return new Conversion(special.get(), column).convert(element);
        } else if (element instanceof Integer || element instanceof Short || element instanceof Byte) {
            return ((Number) element).longValue();
        } else if (element instanceof Double || element instanceof Float) {
            double number = ((Number) element).doubleValue();
            if (!Double.isFinite(number)) {
                throw outOfRange(element);
            }
            return number + 0.0;
        } else if (element instanceof String text) {
            return checkedUtf8(text);
        } else if (element instanceof Boolean || element instanceof Long || element instanceof byte[]) {
            return element;
        }
        throw new PandoException(
                Kind.NOT_SUPPORTED,
                "column " + column + ": this array holds booleans, integers, floats, text, bytes and arrays; not a "
                        + element.getClass().getSimpleName() + ": say DECIMAL ARRAY or UUID ARRAY for these");
    }

    private <T> T parse(Object value, Function<String, T> parser) {
        if (!(value instanceof String text)) {
            throw invalid(value);
        }
        try {
            return parser.apply(text.trim());
        } catch (DateTimeException | ArithmeticException e) {
            throw invalid(value);
        }
    }

    private PandoException invalid(Object value) {
        return new PandoException(
                Kind.INVALID_VALUE,
                "column " + column + " of type " + Types.sqlName(type) + " cannot take " + describe(value));
    }

    private PandoException outOfRange(Object value) {
        return new PandoException(
                Kind.NUMERIC_OUT_OF_RANGE,
                "column " + column + ": " + describe(value) + " is out of range for " + Types.sqlName(type));
    }

    private static String describe(Object value) {
        String text = value instanceof byte[] bytes
                ? bytes.length + " bytes"
                : value instanceof BigDecimal decimal ? decimal.toString() : String.valueOf(value);
        String shown = text.length() <= 64 ? text : text.substring(0, 64) + "…";
        return value instanceof String ? "'" + shown + "'" : shown;
    }
}
