package dev.pando.sql.types;

import dev.pando.ColumnType;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.SqlType;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Values from one world to another. The planner's runtime counts dates in int days, times in int milliseconds and
 * timestamps in long milliseconds: what is finer than a millisecond is cut where it enters.
 */
public final class Values {
    private static final int MICROS_PER_MILLI = 1_000;

    private Values() {}

    /** The engine's value as the session gives it out. */
    public static @Nullable Object toSession(ColumnType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (type.family()) {
            case INT -> value instanceof Long number ? integer(type.name(), number) : value;
            case FLOAT -> type.name().equals("REAL") ? (Object) ((Double) value).floatValue() : value;
            case DATE -> LocalDate.ofEpochDay((Long) value);
            case TIME -> Times.timeOf((Long) value);
            case TS -> Times.dateTimeOf((Long) value);
            case TSTZ -> Times.instantOf((Long) value);
            case BYTES -> ((byte[]) value).clone();
            case ARRAY -> elements((List<?>) value, element -> toSession(SqlTypes.element(type), element));
            default -> value;
        };
    }

    /** The engine's value as the planner's runtime has it. */
    public static @Nullable Object toRuntime(ColumnType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (type.family()) {
            case INT -> integer(type.name(), (Long) value);
            case FLOAT -> type.name().equals("REAL") ? (Object) ((Double) value).floatValue() : value;
            case DATE -> ((Long) value).intValue();
            case TIME -> (int) ((Long) value / MICROS_PER_MILLI);
            case TS, TSTZ -> Math.floorDiv((Long) value, (long) MICROS_PER_MILLI);
            case BYTES -> new ByteString(((byte[]) value).clone());
            case ARRAY -> elements((List<?>) value, element -> toRuntime(SqlTypes.element(type), element));
            default -> value;
        };
    }

    private static Object integer(String name, Long value) {
        return switch (name) {
            case "TINYINT" -> value.byteValue();
            case "SMALLINT" -> value.shortValue();
            case "INTEGER" -> value.intValue();
            default -> value;
        };
    }

    private interface Element {
        @Nullable
        Object convert(@Nullable Object element);
    }

    private static List<@Nullable Object> elements(List<?> list, Element conversion) {
        List<@Nullable Object> converted = new ArrayList<>(list.size());
        for (Object element : list) {
            converted.add(conversion.convert(element));
        }
        return converted;
    }

    /** The runtime's value as the session gives it out. */
    public static @Nullable Object toSession(RelDataType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        SqlTypeName name = type.getSqlTypeName();
        if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(name)) {
            return Period.ofMonths(((Number) value).intValue()).normalized().toString();
        }
        if (SqlTypeName.DAY_INTERVAL_TYPES.contains(name)) {
            return Duration.ofMillis(((Number) value).longValue()).toString();
        }
        return switch (name) {
            case TINYINT -> ((Number) value).byteValue();
            case SMALLINT -> ((Number) value).shortValue();
            case INTEGER -> ((Number) value).intValue();
            case BIGINT -> ((Number) value).longValue();
            case REAL -> finite(((Number) value).floatValue()).floatValue();
            case FLOAT, DOUBLE -> finite(((Number) value).doubleValue());
            case DECIMAL -> decimal(type, value);
            case DATE -> LocalDate.ofEpochDay(((Number) value).longValue());
            case TIME -> Times.timeOf(((Number) value).longValue() * MICROS_PER_MILLI);
            case TIMESTAMP -> Times.dateTimeOf(((Number) value).longValue() * MICROS_PER_MILLI);
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ ->
                Times.instantOf(((Number) value).longValue() * MICROS_PER_MILLI);
            case BINARY, VARBINARY -> value instanceof ByteString bytes ? bytes.getBytes() : value;
            case ARRAY, MULTISET -> array(type, value);
            case CHAR, VARCHAR -> value.toString();
            default ->
                value instanceof ByteString bytes
                        ? bytes.getBytes()
                        : value instanceof Object[] row ? Arrays.asList(row) : value;
        };
    }

    private static Double finite(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new ArithmeticException("the result is out of range: neither a DOUBLE nor a REAL holds it");
        }
        return value == 0 ? 0.0 : value;
    }

    private static Object array(RelDataType type, Object value) {
        RelDataType component = type.getComponentType();
        return component == null ? value : elements((List<?>) value, element -> toSession(component, element));
    }

    private static BigDecimal decimal(RelDataType type, Object value) {
        BigDecimal number = value instanceof BigDecimal d ? d : new BigDecimal(value.toString());
        return number.scale() < type.getScale() ? number.setScale(type.getScale()) : number;
    }

    /** A parameter's value as the runtime wants it where the parameter stands. */
    public static @Nullable Object toRuntime(RelDataType type, @Nullable Object value, String what)
            throws SQLException {
        if (value == null) {
            return null;
        }
        ColumnType column = columnType(type);
        if (column == null) {
            return value instanceof byte[] bytes ? new ByteString(bytes) : value;
        }
        if (column.family() == ColumnType.Family.DEC && value instanceof BigDecimal) {
            /* Not rounded to the scale of what it is compared with. */
            return value;
        }
        if (Assign.loses(column, value, what)) {
            throw PandoSqlState.OUT_OF_RANGE.exception(what + ": " + value + " is no " + column.name()
                    + ", which it is compared with: CAST it to DECIMAL");
        }
        return toRuntime(column, Assign.to(column, value, what));
    }

    /** The column type that holds the values of a planner's type; null when none does. */
    public static @Nullable ColumnType columnType(RelDataType type) {
        SqlType sqlType = SqlTypes.of(type);
        return switch (sqlType) {
            case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, UUID, DATE -> SqlTypes.named(sqlType.name(), -1, 0);
            case DOUBLE -> ColumnType.DOUBLE;
            case DECIMAL -> ColumnType.decimal(Math.max(type.getPrecision(), 1), Math.max(type.getScale(), 0));
            case CHAR, VARCHAR -> ColumnType.VARCHAR;
            case BINARY, VARBINARY -> SqlTypes.named("VARBINARY", -1, 0);
            case TIME, TIMESTAMP -> SqlTypes.named(sqlType.name(), -1, 0);
            case TIMESTAMP_WITH_TIME_ZONE -> SqlTypes.named("TIMESTAMP WITH TIME ZONE", -1, 0);
            case ARRAY -> {
                RelDataType component = type.getComponentType();
                ColumnType element = component == null ? null : columnType(component);
                yield element == null ? null : SqlTypes.arrayOf(element);
            }
            default -> null;
        };
    }

    /** The type that operators have for a planner's type: as {@link #columnType}, and for an interval a number. */
    public static @Nullable ColumnType operatorType(RelDataType type) {
        return SqlTypeName.INTERVAL_TYPES.contains(type.getSqlTypeName()) ? ColumnType.BIGINT : columnType(type);
    }

    /** An interval, counted in months or microseconds, as the session gives it out. */
    public static String shownInterval(RelDataType type, long count) {
        return SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName())
                ? Period.ofMonths(Math.toIntExact(count)).normalized().toString()
                : Duration.of(count, ChronoUnit.MICROS).toString();
    }

    /** A UUID of random bytes, as RFC 9562 version 4. */
    public static UUID uuidOf(byte[] random) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = high << 8 | random[i] & 0xff;
            low = low << 8 | random[i + 8] & 0xff;
        }
        return new UUID(high & ~0xf000L | 0x4000L, low & ~(3L << 62) | 1L << 63);
    }
}
