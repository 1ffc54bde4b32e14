package dev.pando.sql.session;

import java.math.BigDecimal;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** The SQL types, and the one Java class in which each one's values cross the seam (or null for SQL NULL). */
public enum SqlType {
    BOOLEAN(Types.BOOLEAN, "BOOLEAN", Boolean.class, 1, 0),
    TINYINT(Types.TINYINT, "TINYINT", Byte.class, 3, 0),
    SMALLINT(Types.SMALLINT, "SMALLINT", Short.class, 5, 0),
    INTEGER(Types.INTEGER, "INTEGER", Integer.class, 10, 0),
    BIGINT(Types.BIGINT, "BIGINT", Long.class, 19, 0),
    DECIMAL(Types.DECIMAL, "DECIMAL", BigDecimal.class, 38, 0),
    REAL(Types.REAL, "REAL", Float.class, 7, 0),
    DOUBLE(Types.DOUBLE, "DOUBLE PRECISION", Double.class, 15, 0),
    CHAR(Types.CHAR, "CHAR", String.class, 1, 0),
    VARCHAR(Types.VARCHAR, "VARCHAR", String.class, 0, 0),
    CLOB(Types.CLOB, "CLOB", String.class, 0, 0),
    JSON(Types.OTHER, "JSON", String.class, 0, 0),
    BINARY(Types.BINARY, "BINARY", byte[].class, 1, 0),
    VARBINARY(Types.VARBINARY, "VARBINARY", byte[].class, 0, 0),
    BLOB(Types.BLOB, "BLOB", byte[].class, 0, 0),
    DATE(Types.DATE, "DATE", LocalDate.class, 10, 0),
    TIME(Types.TIME, "TIME", LocalTime.class, 15, 6),
    TIMESTAMP(Types.TIMESTAMP, "TIMESTAMP", LocalDateTime.class, 26, 6),
    /** Comes back at offset zero: the instant is stored, the offset is not. */
    TIMESTAMP_WITH_TIME_ZONE(Types.TIMESTAMP_WITH_TIMEZONE, "TIMESTAMP WITH TIME ZONE", OffsetDateTime.class, 32, 6),
    UUID(Types.OTHER, "UUID", UUID.class, 36, 0),
    /** Elements in the representation of the column's element type; a null element is a null in the list. */
    ARRAY(Types.ARRAY, "ARRAY", List.class, 0, 0),
    /** Intervals, as ISO 8601 text. */
    INTERVAL(Types.OTHER, "INTERVAL", String.class, 0, 0),
    NULL(Types.NULL, "NULL", Void.class, 0, 0),
    /** A parameter of any type. */
    OTHER(Types.OTHER, "OTHER", Object.class, 0, 0);

    private final int jdbcType;
    private final String typeName;
    private final Class<?> javaClass;
    private final int defaultPrecision;
    private final int defaultScale;

    SqlType(int jdbcType, String typeName, Class<?> javaClass, int defaultPrecision, int defaultScale) {
        this.jdbcType = jdbcType;
        this.typeName = typeName;
        this.javaClass = javaClass;
        this.defaultPrecision = defaultPrecision;
        this.defaultScale = defaultScale;
    }

    /** The constant of {@link java.sql.Types}. */
    public int jdbcType() {
        return jdbcType;
    }

    /** The name as SQL spells it. */
    public String typeName() {
        return typeName;
    }

    /** The class of the values that cross the seam. */
    public Class<?> javaClass() {
        return javaClass;
    }

    /** The precision of a column that states none; 0 when it has none. */
    public int defaultPrecision() {
        return defaultPrecision;
    }

    /** The scale, or digits of a second, of a column that states none. */
    public int defaultScale() {
        return defaultScale;
    }
}
