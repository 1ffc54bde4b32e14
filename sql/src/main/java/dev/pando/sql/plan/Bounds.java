package dev.pando.sql.plan;

import dev.pando.Index;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a table a scan reads: those whose leading columns of a key equal the prefix, and of which the next
 * column lies between the limits. Values are literals and parameters.
 *
 * @param index whose order it follows; null for the primary key
 */
public record Bounds(
        @Nullable Index index,
        List<RexNode> prefix,
        @Nullable Limit low,
        @Nullable Limit high) {
    /** Every row. */
    public static final Bounds ALL = new Bounds(null, List.of(), null, null);

    /** One end of a range. */
    public record Limit(RexNode value, boolean inclusive) {
        @Override
        public String toString() {
            return value + (inclusive ? " incl" : " excl");
        }
    }

    public boolean isAll() {
        return index == null && prefix.isEmpty() && low == null && high == null;
    }

    /** As EXPLAIN shows it. */
    @Override
    public String toString() {
        return (index == null ? "primary key" : "index " + index.name())
                + prefix.stream().map(Object::toString).collect(Collectors.joining(", ", " = [", "]"))
                + (low == null ? "" : " from " + low)
                + (high == null ? "" : " to " + high);
    }
}
