package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import java.util.List;

/** Which types of a family hold every value of another: what ALTER COLUMN may make of a column. */
final class Widening {

    private static final List<String> INTEGERS = List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT");

    private Widening() {}

    static boolean allows(ColumnType from, ColumnType to) {
        if (!from.familyText().equals(to.familyText())) {
            return false;
        }
        return switch (from.family()) {
            case INT -> rank(to) >= rank(from);
            case FLOAT -> from.name().equals(to.name()) || from.name().equals("REAL");
            case DEC -> digits(to) >= digits(from);
            case TIME, TS, TSTZ -> fraction(to) >= fraction(from);
            case TEXT -> keepsPadding(from, to) && length(to) >= length(from);
            case BYTES -> length(to) >= length(from);
            case BOOL, DATE, UUID, JSON, ARRAY -> true;
        };
    }

    private static int rank(ColumnType type) {
        int rank = INTEGERS.indexOf(type.name());
        return rank >= 0 ? rank : type.name().equals("INT") ? INTEGERS.indexOf("INTEGER") : INTEGERS.size() - 1;
    }

    private static int digits(ColumnType type) {
        return type.precision() > 0 ? type.precision() : dev.pando.dag.ColumnId.SCALE_MAX;
    }

    private static int fraction(ColumnType type) {
        return type.precision() >= 0 ? type.precision() : 6;
    }

    private static int length(ColumnType type) {
        return type.precision() > 0 ? type.precision() : Integer.MAX_VALUE;
    }

    /* CHAR loses trailing spaces when written; a VARCHAR that has some would not fit it. */
    private static boolean keepsPadding(ColumnType from, ColumnType to) {
        return !isChar(to) || isChar(from);
    }

    private static boolean isChar(ColumnType type) {
        return type.family() == Family.TEXT
                && (type.name().equals("CHAR") || type.name().equals("CHARACTER"));
    }
}
