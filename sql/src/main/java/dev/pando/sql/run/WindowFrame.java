package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Numbers;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.session.PandoSqlState;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.jspecify.annotations.Nullable;

/** Which rows around a row a function looks at. */
final class WindowFrame {
    /** One end: without bound, the row itself, or so far before or after it. */
    private record Bound(
            boolean unbounded, boolean preceding, @Nullable Expression distance) {
        static Bound of(RexWindowBound bound, RexBinder binder) throws Unsupported, SQLException {
            Expression distance = bound.getOffset() == null ? null : binder.bind(bound.getOffset());
            ColumnType type = distance == null ? null : distance.type();
            if (distance != null && (type == null || !Numbers.isNumeric(type))) {
                throw new Unsupported("a frame of " + bound);
            }
            return new Bound(bound.isUnbounded(), bound.isPreceding(), distance);
        }
    }

    private final boolean rows;
    private final Bound low;
    private final Bound high;
    private final int key;
    private final boolean descending;

    private WindowFrame(boolean rows, Bound low, Bound high, int key, boolean descending) {
        this.rows = rows;
        this.low = low;
        this.high = high;
        this.key = key;
        this.descending = descending;
    }

    static WindowFrame of(RexWindow window, RexBinder binder, Operator input, List<RelFieldCollation> order)
            throws Unsupported, SQLException {
        Bound low = Bound.of(window.getLowerBound(), binder);
        Bound high = Bound.of(window.getUpperBound(), binder);
        boolean ranges = !window.isRows() && (low.distance != null || high.distance != null);
        if (!ranges) {
            return new WindowFrame(window.isRows(), low, high, -1, false);
        }
        ColumnType type = order.size() == 1 ? input.types().get(order.get(0).getFieldIndex()) : null;
        if (type == null || !Numbers.isNumeric(type)) {
            throw new Unsupported("RANGE with a distance");
        }
        RelFieldCollation by = order.get(0);
        return new WindowFrame(
                false, low, high, by.getFieldIndex(), by.getDirection().isDescending());
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

    private int end(Window.Partition partition, int row, Bound bound, boolean isFirst) throws SQLException {
        Expression distance = bound.distance;
        if (distance == null) {
            return rows ? row : isFirst ? partition.firstPeer(row) : partition.lastPeer(row);
        }
        Object value = distance.evaluate(partition.state());
        if (rows) {
            long far = Math.min(Window.count(value, "ROWS", 0), partition.size());
            return (int) (bound.preceding ? row - far : row + far);
        }
        BigDecimal far = number(value);
        if (far == null || far.signum() < 0) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception("RANGE takes a distance that is not negative");
        }
        BigDecimal at = number(partition.column(key, row));
        if (at == null) {
            return isFirst ? partition.firstPeer(row) : partition.lastPeer(row);
        }
        BigDecimal limit = bound.preceding != descending ? at.subtract(far) : at.add(far);
        return isFirst ? firstFrom(partition, limit) : lastTo(partition, limit);
    }

    private static @Nullable BigDecimal number(@Nullable Object value) {
        return value == null ? null : new BigDecimal(value.toString());
    }

    /* NULLs stand outside of every distance. */
    private int firstFrom(Window.Partition partition, BigDecimal limit) {
        int row = 0;
        while (row < partition.size() && !isAtOrAfter(partition, row, limit)) {
            row++;
        }
        return row;
    }

    private int lastTo(Window.Partition partition, BigDecimal limit) {
        int row = partition.size() - 1;
        while (row >= 0 && !isAtOrBefore(partition, row, limit)) {
            row--;
        }
        return row;
    }

    private boolean isAtOrAfter(Window.Partition partition, int row, BigDecimal limit) {
        BigDecimal at = number(partition.column(key, row));
        return at != null && (descending ? at.compareTo(limit) <= 0 : at.compareTo(limit) >= 0);
    }

    private boolean isAtOrBefore(Window.Partition partition, int row, BigDecimal limit) {
        BigDecimal at = number(partition.column(key, row));
        return at != null && (descending ? at.compareTo(limit) >= 0 : at.compareTo(limit) <= 0);
    }
}
