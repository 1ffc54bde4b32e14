package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Comparisons;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Functions;
import dev.pando.sql.expr.Numbers;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.session.PandoSqlState;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.rex.RexWindowExclusion;
import org.jspecify.annotations.Nullable;

/** Which rows around a row a function looks at. */
final class WindowFrame {
    /**
     * One end: without bound, the row itself, or so far before or after it.
     *
     * @param limit of RANGE over points in time: the one so far away, over the rows
     */
    private record Bound(
            boolean unbounded,
            boolean preceding,
            @Nullable Expression distance,
            @Nullable Expression limit) {
        static Bound of(RexWindowBound bound, RexBinder binder, @Nullable Key key) throws Unsupported, SQLException {
            RexNode offset = bound.getOffset();
            if (offset == null) {
                return new Bound(bound.isUnbounded(), bound.isPreceding(), null, null);
            }
            Expression distance = binder.bind(offset);
            ColumnType type = distance.type();
            boolean interval = Intervals.is(offset.getType());
            if (type == null || !Numbers.isNumeric(type) || interval != (key != null && key.isTime())) {
                throw new Unsupported("a frame of " + bound);
            }
            Expression limit = null;
            if (key != null && key.isPointInTime()) {
                boolean months = Intervals.isOfMonths(offset.getType());
                Expression at = new Expression.ColumnReference(key.column, key.type);
                limit = Functions.plus(key.type, at, distance, months, bound.isPreceding() != key.descending ? -1 : 1);
            }
            return new Bound(false, bound.isPreceding(), distance, limit);
        }
    }

    /** What RANGE with a distance measures. */
    private record Key(int column, ColumnType type, boolean descending) {
        boolean isTime() {
            return switch (type.family()) {
                case DATE, TIME, TS, TSTZ -> true;
                default -> false;
            };
        }

        /** Not a time of day: what is an hour before the first is none, and not at the end of the day. */
        boolean isPointInTime() {
            return isTime() && type.family() != ColumnType.Family.TIME;
        }
    }

    private final boolean rows;
    private final Bound low;
    private final Bound high;
    private final @Nullable Key key;
    private final Comparator<Object> order;
    private final RexWindowExclusion exclusion;

    private WindowFrame(boolean rows, Bound low, Bound high, @Nullable Key key, RexWindowExclusion exclusion) {
        this.rows = rows;
        this.low = low;
        this.high = high;
        this.key = key;
        this.order = key == null || !key.isPointInTime()
                ? (a, b) -> new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()))
                : Comparisons.order(key.type, key.type);
        this.exclusion = exclusion;
    }

    static WindowFrame of(RexWindow window, RexBinder binder, Operator input, List<RelFieldCollation> collations)
            throws Unsupported, SQLException {
        boolean distant = window.getLowerBound().getOffset() != null
                || window.getUpperBound().getOffset() != null;
        Key key = !window.isRows() && distant ? key(input, collations) : null;
        Bound low = Bound.of(window.getLowerBound(), binder, key);
        Bound high = Bound.of(window.getUpperBound(), binder, key);
        return new WindowFrame(window.isRows(), low, high, key, window.getExclude());
    }

    private static Key key(Operator input, List<RelFieldCollation> collations) throws Unsupported {
        RelFieldCollation by = collations.size() == 1 ? collations.get(0) : null;
        ColumnType type = by == null ? null : input.types().get(by.getFieldIndex());
        if (by == null || type == null) {
            throw new Unsupported("RANGE with a distance over several columns");
        }
        Key key = new Key(by.getFieldIndex(), type, by.getDirection().isDescending());
        if (!Numbers.isNumeric(type) && !key.isTime()) {
            throw new Unsupported("RANGE with a distance over " + type.name());
        }
        return key;
    }

    /** The first row of a row's frame. */
    int first(Window.Partition partition, int row) throws SQLException {
        return low.unbounded ? 0 : Math.max(0, end(partition, row, low, true));
    }

    /** The last row of a row's frame; before the first one when the frame is empty. */
    int last(Window.Partition partition, int row) throws SQLException {
        int end = partition.size() - 1;
        return high.unbounded ? end : Math.min(end, end(partition, row, high, false));
    }

    /** Whether some rows between the first and the last may not count. */
    boolean hasGaps() {
        return exclusion != RexWindowExclusion.EXCLUDE_NO_OTHER;
    }

    /** Whether a row between the first and the last of a row's frame counts. */
    boolean counts(Window.Partition partition, int row, int at) {
        return switch (exclusion) {
            case EXCLUDE_NO_OTHER -> true;
            case EXCLUDE_CURRENT_ROW -> at != row;
            case EXCLUDE_GROUP -> !partition.isPeer(row, at);
            case EXCLUDE_TIES -> at == row || !partition.isPeer(row, at);
        };
    }

    private int end(Window.Partition partition, int row, Bound bound, boolean isFirst) throws SQLException {
        Expression distance = bound.distance;
        if (distance == null) {
            return rows ? row : isFirst ? partition.firstPeer(row) : partition.lastPeer(row);
        }
        Object value = distance.evaluate(partition.state());
        Key by = key;
        if (by == null) {
            long far = Math.min(Window.count(value, "ROWS", 0), partition.size());
            return (int) (bound.preceding ? row - far : row + far);
        }
        BigDecimal far = value == null ? null : new BigDecimal(value.toString());
        if (far == null || far.signum() < 0) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception("RANGE takes a distance that is not negative");
        }
        Object at = partition.column(by.column, row);
        if (at == null) {
            return isFirst ? partition.firstPeer(row) : partition.lastPeer(row);
        }
        Object limit = bound.limit == null
                ? moved(new BigDecimal(at.toString()), far, bound.preceding != by.descending)
                : partition.value(bound.limit, row);
        if (limit == null) {
            throw new IllegalStateException("no time so far away");
        }
        return isFirst ? firstFrom(partition, by, limit) : lastTo(partition, by, limit);
    }

    private static BigDecimal moved(BigDecimal at, BigDecimal far, boolean back) {
        return back ? at.subtract(far) : at.add(far);
    }

    /*
     * The first row at the limit or behind it, also of the NULLs that stand last. The rows are in order, so it is looked
     * for by halves.
     */
    private int firstFrom(Window.Partition partition, Key by, Object limit) {
        int low = partition.firstKnown(by.column);
        int high = partition.endKnown(by.column);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sign(partition, by, middle, limit) >= 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /* The last row at the limit or before it, also of the NULLs that stand first. */
    private int lastTo(Window.Partition partition, Key by, Object limit) {
        int low = partition.firstKnown(by.column);
        int high = partition.endKnown(by.column);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sign(partition, by, middle, limit) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /* How a row stands to the limit in the order of the rows. */
    private int sign(Window.Partition partition, Key by, int row, Object limit) {
        Object at = partition.column(by.column, row);
        if (at == null) {
            throw new IllegalStateException("NULL among what is known");
        }
        int sign = order.compare(at, limit);
        return by.descending ? -sign : sign;
    }
}
