package dev.pando.sql.session;

import org.jspecify.annotations.Nullable;

/**
 * A column of a result.
 *
 * @param label the name that the query gave it
 * @param name the name of the column of the table; the label when it is an expression
 * @param table the table it comes from; empty when it is an expression
 * @param schema the schema of that table; empty when it is an expression
 * @param precision digits of a number, characters of a text, 0 when it has none
 * @param elementType of an array; null for all others
 * @param nullable whether NULL may come
 * @param autoIncrement whether the database makes the value
 */
public record ColumnMeta(
        String label,
        String name,
        String table,
        String schema,
        SqlType type,
        int precision,
        int scale,
        @Nullable SqlType elementType,
        boolean nullable,
        boolean autoIncrement) {
    /** A nullable column of an expression. */
    public static ColumnMeta of(String label, SqlType type) {
        return new ColumnMeta(
                label, label, "", "", type, type.defaultPrecision(), type.defaultScale(), null, true, false);
    }
}
