package dev.pando.sql.types;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.SqlType;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Which type of one world is which of another. */
public final class SqlTypes {
    private static final String ARRAY_SUFFIX = " ARRAY";

    private SqlTypes() {}

    /** The session's type of a column. */
    public static SqlType of(ColumnType type) {
        return switch (type.family()) {
            case BOOL -> SqlType.BOOLEAN;
            case INT -> integer(type.name());
            case DEC -> SqlType.DECIMAL;
            case FLOAT -> type.name().equals("REAL") ? SqlType.REAL : SqlType.DOUBLE;
            case DATE -> SqlType.DATE;
            case TIME -> SqlType.TIME;
            case TS -> SqlType.TIMESTAMP;
            case TSTZ -> SqlType.TIMESTAMP_WITH_TIME_ZONE;
            case UUID -> SqlType.UUID;
            case JSON -> SqlType.JSON;
            case ARRAY -> SqlType.ARRAY;
            case TEXT ->
                switch (type.name()) {
                    case "CHAR" -> SqlType.CHAR;
                    case "CLOB" -> SqlType.CLOB;
                    default -> SqlType.VARCHAR;
                };
            case BYTES ->
                switch (type.name()) {
                    case "BINARY" -> SqlType.BINARY;
                    case "BLOB" -> SqlType.BLOB;
                    default -> SqlType.VARBINARY;
                };
        };
    }

    private static SqlType integer(String name) {
        return switch (name) {
            case "TINYINT" -> SqlType.TINYINT;
            case "SMALLINT" -> SqlType.SMALLINT;
            case "INTEGER" -> SqlType.INTEGER;
            default -> SqlType.BIGINT;
        };
    }

    /** The type of an array column's elements. */
    public static ColumnType element(ColumnType array) {
        String name = array.name().endsWith(ARRAY_SUFFIX)
                ? array.name().substring(0, array.name().length() - ARRAY_SUFFIX.length())
                : "VARCHAR";
        return named(name, array.precision(), array.scale());
    }

    /** The array type of these elements. */
    public static ColumnType arrayOf(ColumnType element) {
        return new ColumnType(
                ColumnType.Family.ARRAY, element.name() + ARRAY_SUFFIX, element.precision(), element.scale());
    }

    /** A column type by its SQL name. */
    public static ColumnType named(String name, int precision, int scale) {
        return new ColumnType(family(name), name.toUpperCase(Locale.ROOT), precision, scale);
    }

    private static ColumnType.Family family(String name) {
        return switch (name) {
            case "BOOLEAN" -> ColumnType.Family.BOOL;
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" -> ColumnType.Family.INT;
            case "DECIMAL" -> ColumnType.Family.DEC;
            case "REAL", "DOUBLE" -> ColumnType.Family.FLOAT;
            case "DATE" -> ColumnType.Family.DATE;
            case "TIME" -> ColumnType.Family.TIME;
            case "TIMESTAMP" -> ColumnType.Family.TS;
            case "TIMESTAMP WITH TIME ZONE" -> ColumnType.Family.TSTZ;
            case "UUID" -> ColumnType.Family.UUID;
            case "JSON" -> ColumnType.Family.JSON;
            case "BINARY", "VARBINARY", "BLOB" -> ColumnType.Family.BYTES;
            default -> name.endsWith(ARRAY_SUFFIX) ? ColumnType.Family.ARRAY : ColumnType.Family.TEXT;
        };
    }

    /** The planner's type of a column. CHAR is varying to the planner, since it is stored without its padding. */
    public static RelDataType planner(ColumnType type, boolean nullable, RelDataTypeFactory factory) {
        return factory.createTypeWithNullability(planner(type, factory), nullable);
    }

    private static RelDataType planner(ColumnType type, RelDataTypeFactory factory) {
        return switch (type.family()) {
            case BOOL -> factory.createSqlType(SqlTypeName.BOOLEAN);
            case INT ->
                factory.createSqlType(SqlTypeName.valueOf(integer(type.name()).name()));
            case DEC -> factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
            case FLOAT -> factory.createSqlType(type.name().equals("REAL") ? SqlTypeName.REAL : SqlTypeName.DOUBLE);
            case DATE -> factory.createSqlType(SqlTypeName.DATE);
            case TIME -> withPrecision(factory, SqlTypeName.TIME, type.precision());
            case TS -> withPrecision(factory, SqlTypeName.TIMESTAMP, type.precision());
            case TSTZ -> withPrecision(factory, SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, type.precision());
            case UUID -> factory.createSqlType(SqlTypeName.UUID);
            case TEXT, JSON -> withPrecision(factory, SqlTypeName.VARCHAR, type.precision());
            case BYTES -> withPrecision(factory, SqlTypeName.VARBINARY, type.precision());
            case ARRAY -> factory.createArrayType(planner(element(type), true, factory), -1);
        };
    }

    private static RelDataType withPrecision(RelDataTypeFactory factory, SqlTypeName name, int precision) {
        return precision < 0 ? factory.createSqlType(name) : factory.createSqlType(name, precision);
    }

    /** The session's type of a planner's type. */
    public static SqlType of(RelDataType type) {
        SqlTypeName name = type.getSqlTypeName();
        if (SqlTypeName.INTERVAL_TYPES.contains(name)) {
            return SqlType.INTERVAL;
        }
        return switch (name) {
            case BOOLEAN -> SqlType.BOOLEAN;
            case TINYINT -> SqlType.TINYINT;
            case SMALLINT -> SqlType.SMALLINT;
            case INTEGER -> SqlType.INTEGER;
            case BIGINT -> SqlType.BIGINT;
            case DECIMAL -> SqlType.DECIMAL;
            case REAL -> SqlType.REAL;
            case FLOAT, DOUBLE -> SqlType.DOUBLE;
            case CHAR -> SqlType.CHAR;
            case VARCHAR -> SqlType.VARCHAR;
            case BINARY -> SqlType.BINARY;
            case VARBINARY -> SqlType.VARBINARY;
            case DATE -> SqlType.DATE;
            case TIME -> SqlType.TIME;
            case TIMESTAMP -> SqlType.TIMESTAMP;
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> SqlType.TIMESTAMP_WITH_TIME_ZONE;
            case UUID -> SqlType.UUID;
            case ARRAY, MULTISET -> SqlType.ARRAY;
            case NULL -> SqlType.NULL;
            default -> SqlType.OTHER;
        };
    }

    /** A result column that is a column of a table. */
    public static ColumnMeta meta(String label, String schema, String table, Column column, boolean key) {
        SqlType type = of(column.type());
        int precision = column.type().precision();
        return new ColumnMeta(
                label,
                column.name(),
                table,
                schema,
                type,
                precision < 0 ? type.defaultPrecision() : precision,
                type == SqlType.DECIMAL ? column.type().scale() : type.defaultScale(),
                type == SqlType.ARRAY ? of(element(column.type())) : null,
                !key,
                column.identity());
    }

    /** A result column that is an expression. */
    public static ColumnMeta meta(String label, RelDataType type) {
        SqlType sqlType = of(type);
        RelDataType component = type.getComponentType();
        return new ColumnMeta(
                label,
                label,
                "",
                "",
                sqlType,
                precision(type, sqlType),
                sqlType == SqlType.DECIMAL ? type.getScale() : sqlType.defaultScale(),
                component == null ? null : of(component),
                type.isNullable(),
                false);
    }

    private static int precision(RelDataType type, SqlType sqlType) {
        boolean states = sqlType == SqlType.DECIMAL || SqlTypeUtil.inCharFamily(type) || SqlTypeUtil.isBinary(type);
        int precision = states ? type.getPrecision() : -1;
        return precision < 0 || precision == Integer.MAX_VALUE ? sqlType.defaultPrecision() : precision;
    }

    /** The type as messages and {@code INFORMATION_SCHEMA} write it. */
    public static String text(ColumnType type) {
        return switch (type.family()) {
            case DEC -> "DECIMAL(" + type.precision() + ", " + type.scale() + ")";
            case TEXT, BYTES -> type.precision() < 0 ? type.name() : type.name() + "(" + type.precision() + ")";
            default -> type.name();
        };
    }
}
