package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import java.util.Arrays;
import java.util.Comparator;
import java.util.UUID;

/** The order of the engine's values. */
public final class Comparisons {
    private Comparisons() {}

    /** Whether values of the two types have an order between them without a cast. */
    static boolean comparable(ColumnType left, ColumnType right) {
        if (Numbers.isNumeric(left) && Numbers.isNumeric(right)) {
            return true;
        }
        return group(left) == group(right) && group(left) != Family.ARRAY;
    }

    private static Family group(ColumnType type) {
        return type.family() == Family.JSON ? Family.TEXT : type.family();
    }

    /** The order of values of the two types, neither of them null. */
    static Comparator<Object> order(ColumnType left, ColumnType right) {
        if (Numbers.isNumeric(left)) {
            if (left.family() == Family.INT && right.family() == Family.INT) {
                return (a, b) -> Long.compare((Long) a, (Long) b);
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
            default -> (a, b) -> ((String) a).compareTo((String) b);
        };
    }

    private static int uuids(Object a, Object b) {
        UUID left = (UUID) a;
        UUID right = (UUID) b;
        int high = Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(left.getLeastSignificantBits(), right.getLeastSignificantBits());
    }
}
