package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.types.SqlTypes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/** The order of the engine's values. */
public final class Comparisons {
    private Comparisons() {}

    /** Whether values of the two types have an order between them without a cast. */
    public static boolean comparable(ColumnType left, ColumnType right) {
        if (Numbers.isNumeric(left) && Numbers.isNumeric(right)) {
            return true;
        }
        if (left.family() == Family.ARRAY && right.family() == Family.ARRAY) {
            ColumnType first = SqlTypes.element(left);
            ColumnType second = SqlTypes.element(right);
            return first.family() == second.family() && comparable(first, second);
        }
        return group(left) == group(right);
    }

    private static Family group(ColumnType type) {
        return type.family() == Family.JSON ? Family.TEXT : type.family();
    }

    /** The order of values of the two types, neither of them null. */
    public static Comparator<Object> order(ColumnType left, ColumnType right) {
        if (Numbers.isNumeric(left)) {
            if (left.family() == Family.INT && right.family() == Family.INT) {
                return Comparisons::integers;
            }
            if (left.family() == Family.FLOAT || right.family() == Family.FLOAT) {
                return (a, b) -> Double.compare(((Number) a).doubleValue(), ((Number) b).doubleValue());
            }
            return (a, b) -> Numbers.exact(a).compareTo(Numbers.exact(b));
        }
        return switch (group(left)) {
            case BOOL -> (a, b) -> Boolean.compare((Boolean) a, (Boolean) b);
            case DATE, TIME, TS, TSTZ -> (a, b) -> Long.compare((Long) a, (Long) b);
            case UUID -> Comparisons::uuids;
            case BYTES -> (a, b) -> Arrays.compareUnsigned((byte[]) a, (byte[]) b);
            case ARRAY -> arrays(order(SqlTypes.element(left), SqlTypes.element(right)));
            default -> (a, b) -> texts((String) a, (String) b);
        };
    }

    /* By the first element that differs, and then the shorter first; NULL above all else. */
    private static Comparator<Object> arrays(Comparator<Object> elements) {
        return (a, b) -> {
            Iterator<?> left = ((List<?>) a).iterator();
            Iterator<?> right = ((List<?>) b).iterator();
            while (left.hasNext() && right.hasNext()) {
                Object first = left.next();
                Object second = right.next();
                int sign = first == null || second == null
                        ? Boolean.compare(first == null, second == null)
                        : elements.compare(first, second);
                if (sign != 0) {
                    return sign;
                }
            }
            return Boolean.compare(left.hasNext(), right.hasNext());
        };
    }

    /* A parameter may hold what no integer is. */
    private static int integers(Object a, Object b) {
        return a instanceof Long left && b instanceof Long right
                ? Long.compare(left, right)
                : Numbers.exact(a).compareTo(Numbers.exact(b));
    }

    /**
     * By code point, as texts stand in keys and indexes: {@link String#compareTo} puts what lies beyond U+FFFF, written
     * with surrogates, before U+E000.
     */
    public static int texts(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                return Character.compare(rank(a), rank(b));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /* Surrogates above all else, and among themselves as they are: the order of UTF-8. */
    private static char rank(char c) {
        if (c < Character.MIN_SURROGATE) {
            return c;
        }
        int shift = Character.MAX_VALUE - Character.MAX_SURROGATE;
        return (char)
                (c <= Character.MAX_SURROGATE
                        ? c + shift
                        : c - (Character.MAX_SURROGATE + 1 - Character.MIN_SURROGATE));
    }

    private static int uuids(Object a, Object b) {
        UUID left = (UUID) a;
        UUID right = (UUID) b;
        int high = Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(left.getLeastSignificantBits(), right.getLeastSignificantBits());
    }
}
