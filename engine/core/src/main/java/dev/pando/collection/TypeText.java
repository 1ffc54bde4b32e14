package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.dag.ColumnId;
import org.jspecify.annotations.Nullable;

/** SQL type names as definitions keep them, such as {@code VARCHAR(13)}; family and scale come from the column's id. */
final class TypeText {

    private TypeText() {}

    /** The type that {@code text} names; the family's widest when it names none. */
    static ColumnType parse(ColumnId id, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return widest(id);
        }
        int open = text.endsWith(")") ? text.lastIndexOf('(') : -1;
        if (open < 0) {
            return new ColumnType(id.family(), text, -1, id.scale());
        }
        int precision = number(text, open + 1);
        int comma = text.indexOf(", ", open);
        if (id.family() == Family.ARRAY && comma > 0) {
            int scale = number(text, comma + 2);
            return new ColumnType(
                    id.family(),
                    text.substring(0, open),
                    precision,
                    scale >= 0 && scale <= ColumnId.SCALE_MAX ? scale : 0);
        }
        return precision < 0 ? widest(id) : new ColumnType(id.family(), text.substring(0, open), precision, id.scale());
    }

    /** The number that begins here, −1 when there is none of at most nine digits. */
    private static int number(String text, int from) {
        int to = from;
        while (to < text.length() && text.charAt(to) >= '0' && text.charAt(to) <= '9') {
            to++;
        }
        return to == from || to - from > 9 ? -1 : Integer.parseInt(text.substring(from, to));
    }

    private static ColumnType widest(ColumnId id) {
        Family family = id.family();
        String name = switch (family) {
            case BOOL -> "BOOLEAN";
            case INT -> "BIGINT";
            case DEC -> "DECIMAL";
            case FLOAT -> "DOUBLE";
            case DATE -> "DATE";
            case TIME -> "TIME";
            case TS -> "TIMESTAMP";
            case TSTZ -> "TIMESTAMP WITH TIME ZONE";
            case UUID -> "UUID";
            case TEXT -> "VARCHAR";
            case JSON -> "JSON";
            case ARRAY -> "ARRAY";
            case BYTES -> "VARBINARY";
        };
        return new ColumnType(family, name, family == Family.DEC ? ColumnId.SCALE_MAX : -1, id.scale());
    }
}
