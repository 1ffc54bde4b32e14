package dev.pando.jdbc.connection;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.SqlType;

/** What JDBC asks about types beyond what the seam tells. */
final class SqlTypes {
    private SqlTypes() {}

    static boolean isNumber(SqlType type) {
        return switch (type) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> true;
            default -> false;
        };
    }

    /** The class of what {@code getObject} gives. */
    static Class<?> objectClass(SqlType type) {
        return switch (type) {
            case TINYINT, SMALLINT -> Integer.class;
            case DATE -> java.sql.Date.class;
            case TIME -> java.sql.Time.class;
            case TIMESTAMP -> java.sql.Timestamp.class;
            case BLOB -> java.sql.Blob.class;
            case CLOB -> java.sql.Clob.class;
            case ARRAY -> java.sql.Array.class;
            case NULL -> Object.class;
            default -> type.javaClass();
        };
    }

    /** Characters that show the greatest value. */
    static int displaySize(ColumnMeta column) {
        return switch (column.type()) {
            case BOOLEAN -> 5;
            case TINYINT, SMALLINT, INTEGER, BIGINT -> column.type().defaultPrecision() + 1;
            case DECIMAL -> column.precision() + 2;
            case REAL -> 15;
            case DOUBLE -> 24;
            case BINARY, VARBINARY -> column.precision() == 0 ? Integer.MAX_VALUE : column.precision() * 2;
            case DATE -> 10;
            case TIME -> 15;
            case TIMESTAMP -> 26;
            case TIMESTAMP_WITH_TIME_ZONE -> 32;
            case UUID -> 36;
            case CHAR, VARCHAR -> column.precision() == 0 ? Integer.MAX_VALUE : column.precision();
            default -> Integer.MAX_VALUE;
        };
    }
}
