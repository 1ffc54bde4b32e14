package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Comparisons;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.jspecify.annotations.Nullable;

/** Orders of rows: by comparing them, or by reading along a key that has them in order already. */
final class Orders {
    private final OperatorBuilder builder;

    Orders(OperatorBuilder builder) {
        this.builder = builder;
    }

    private record ByColumn(int column, Comparator<Object> order, boolean descending, boolean nullsFirst)
            implements Comparator<@Nullable Object[]> {
        @Override
        public int compare(@Nullable Object[] a, @Nullable Object[] b) {
            Object left = a[column];
            Object right = b[column];
            if (left == null || right == null) {
                return left == right ? 0 : (left == null) == nullsFirst ? -1 : 1;
            }
            int sign = order.compare(left, right);
            return descending ? -sign : sign;
        }
    }

    static Comparator<@Nullable Object[]> order(Operator input, List<RelFieldCollation> collations) {
        return order(input.types(), collations);
    }

    /** The order of rows of these columns. */
    static Comparator<@Nullable Object[]> order(List<@Nullable ColumnType> types, List<RelFieldCollation> collations) {
        List<ByColumn> columns = new ArrayList<>();
        for (RelFieldCollation collation : collations) {
            ColumnType type = types.get(collation.getFieldIndex());
            if (type == null) {
                continue;
            }
            columns.add(new ByColumn(
                    collation.getFieldIndex(),
                    Comparisons.order(type, type),
                    collation.getDirection().isDescending(),
                    nullsFirst(collation)));
        }
        return (a, b) -> {
            for (ByColumn column : columns) {
                int sign = column.compare(a, b);
                if (sign != 0) {
                    return sign;
                }
            }
            return 0;
        };
    }

    private static boolean nullsFirst(RelFieldCollation collation) {
        return switch (collation.nullDirection) {
            case FIRST -> true;
            case LAST -> false;
            default -> collation.getDirection().isDescending();
        };
    }

    /** The same rows in the order, without a sort; null when no key gives it. */
    @Nullable
    Operator inOrder(Operator input, List<RelFieldCollation> collations) {
        if (input instanceof Scan scan) {
            return along(scan, collations);
        }
        if (input instanceof Sort sort && isSame(sort.order(), collations)
                || input instanceof Steps.Limit limit && isSame(limit.order(), collations)) {
            return input;
        }
        if (input instanceof Steps.Project project) {
            List<RelFieldCollation> below = new ArrayList<>();
            for (RelFieldCollation collation : collations) {
                int source = project.source(collation.getFieldIndex());
                if (source < 0) {
                    return null;
                }
                below.add(collation.withFieldIndex(source));
            }
            Operator ordered = inOrder(project.input(), below);
            return ordered == null ? null : project.over(ordered);
        }
        return null;
    }

    private static boolean isSame(List<RelFieldCollation> given, List<RelFieldCollation> wanted) {
        if (given.size() < wanted.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            RelFieldCollation a = given.get(i);
            RelFieldCollation b = wanted.get(i);
            if (a.getFieldIndex() != b.getFieldIndex()
                    || a.getDirection().isDescending() != b.getDirection().isDescending()
                    || nullsFirst(a) != nullsFirst(b)) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Operator along(Scan scan, List<RelFieldCollation> collations) {
        KeyWay way = scan.way();
        Integer direction = direction(way, collations);
        if (direction == null && way.isAll()) {
            for (dev.pando.Index index : way.table().indexes()) {
                KeyWay other = KeyWay.along(way.table(), index);
                direction = direction(other, collations);
                if (direction != null) {
                    Scan along = scan.along(other);
                    return direction < 0 ? along.backwards() : along;
                }
            }
        }
        if (direction == null) {
            return null;
        }
        return direction < 0 ? scan.backwards() : scan.along(way);
    }

    /* 1 forwards, −1 backwards, null when the way does not have the order. Columns held to one value do not matter. */
    private static @Nullable Integer direction(KeyWay way, List<RelFieldCollation> collations) {
        List<Integer> key = way.key();
        int at = 0;
        Integer direction = null;
        for (RelFieldCollation collation : collations) {
            int column = collation.getFieldIndex();
            if (key.subList(0, Math.min(way.prefix().size(), key.size())).contains(column)) {
                continue;
            }
            at = Math.max(at, way.prefix().size());
            if (at >= key.size() || key.get(at) != column) {
                return null;
            }
            boolean descending = collation.getDirection().isDescending();
            boolean mayBeNull = !way.table().primaryKey().contains(column);
            if (mayBeNull && nullsFirst(collation) != descending) {
                return null;
            }
            int wanted = descending != way.isDescending(at) ? -1 : 1;
            if (direction != null && direction != wanted) {
                return null;
            }
            direction = wanted;
            at++;
        }
        return direction == null ? Integer.valueOf(1) : direction;
    }
}
