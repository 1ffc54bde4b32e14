package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.catalog.EngineTable;
import dev.pando.sql.expr.Comparisons;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.plan.PandoScan;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** Chooses how two sides are joined: by key, by a hash table, or by looking at all pairs. */
final class JoinMaker {
    /** A look-up by key costs as much as reading this many rows in a row. */
    private static final double LOOKUP_COST = 4;

    private final OperatorBuilder builder;
    private final Operator left;
    private final int leftWidth;
    private final int rightWidth;
    private final List<RexNode> conditions;

    /** @param conditions over the columns of both sides */
    JoinMaker(OperatorBuilder builder, Operator left, int leftWidth, int rightWidth, List<RexNode> conditions) {
        this.builder = builder;
        this.left = left;
        this.leftWidth = leftWidth;
        this.rightWidth = rightWidth;
        this.conditions = conditions;
    }

    /**
     * @param rightFilters over the right side's own columns
     */
    Operator join(JoinShape.Kind kind, RelNode right, List<RexNode> rightFilters, ImmutableBitSet needed)
            throws Unsupported, SQLException {
        return join(kind, right, builder.build(right, rightFilters, needed), rightFilters, needed);
    }

    /** @param built the right side as it would be read by itself */
    Operator join(
            JoinShape.Kind kind, RelNode right, Operator built, List<RexNode> rightFilters, ImmutableBitSet needed)
            throws Unsupported, SQLException {
        Operator byKey = byKey(kind, right, built, rightFilters, needed);
        return byKey == null ? pairs(kind, built) : byKey;
    }

    /** Looks rows of the right side up by a key that the left gives; null when that is not the quicker way. */
    private @Nullable Operator byKey(
            JoinShape.Kind kind, RelNode right, Operator built, List<RexNode> filters, ImmutableBitSet needed)
            throws Unsupported, SQLException {
        List<RexNode> all = new ArrayList<>(filters);
        RelNode below = right;
        while (below instanceof Filter filter) {
            all.addAll(RelOptUtil.conjunctions(filter.getCondition()));
            below = filter.getInput();
        }
        boolean possible = below instanceof PandoScan scan
                && scan.source() instanceof EngineTable.Source
                && scan.readsAll()
                && kind != JoinShape.Kind.RIGHT
                && kind != JoinShape.Kind.FULL
                && all.stream().noneMatch(OperatorBuilder::hasSubQuery);
        if (!possible) {
            return null;
        }
        PandoScan scan = (PandoScan) below;
        dev.pando.Table table = ((EngineTable.Source) scan.source()).table();
        List<RexNode> over = new ArrayList<>(conditions);
        all.forEach(filter -> over.add(RexUtil.shift(filter, leftWidth)));
        KeyWay way = new WayFinder(table, leftWidth, new RexBinder(builder, Set.of(), null), over).best();
        if (way.prefix().isEmpty() || !usesLeft(way)) {
            return null;
        }
        Scan scanned = builder.scan(scan, way, all, needed.union(ofRight()));
        double perRow = way.isLookup() ? 1 : scanned.rows();
        if (left.rows() * (LOOKUP_COST + perRow) > scan.getTable().getRowCount() + LOOKUP_COST * 2) {
            return null;
        }
        Expression rest = conditions.isEmpty() ? null : new RexBinder(builder, Set.of(), null).all(conditions);
        double rows = left.rows() * perRow;
        return new LookupJoin(new JoinShape(kind, left, scanned), -1, rest, rows, conditions.toString());
    }

    private static boolean usesLeft(KeyWay way) {
        return way.prefix().stream().anyMatch(each -> !(each instanceof Expression.Constant));
    }

    private ImmutableBitSet ofRight() {
        return RelOptUtil.InputFinder.bits(conditions, null)
                .intersect(ImmutableBitSet.range(leftWidth, leftWidth + rightWidth))
                .shift(-leftWidth);
    }

    /** Joins with a right side that is made already. */
    Operator pairs(JoinShape.Kind kind, Operator right) throws Unsupported, SQLException {
        List<Expression> leftKeys = new ArrayList<>();
        List<Expression> rightKeys = new ArrayList<>();
        List<HashKeys.Meeting> meetings = new ArrayList<>();
        List<RexNode> rest = new ArrayList<>();
        for (RexNode condition : conditions) {
            if (!asKey(condition, leftKeys, rightKeys, meetings)) {
                rest.add(condition);
            }
        }
        JoinShape shape = new JoinShape(kind, left, right);
        RexBinder binder = new RexBinder(builder, Set.of(), null);
        if (leftKeys.isEmpty()) {
            Expression condition = rest.isEmpty() ? null : binder.all(rest);
            double part = rest.isEmpty() ? 1 : 0.3;
            return new LoopJoin(shape, condition, left.rows() * right.rows() * part, rest.toString());
        }
        HashKeys.Meeting[] meeting = meetings.toArray(new HashKeys.Meeting[0]);
        double rows = left.rows() * right.rows() / Math.max(1, Math.max(left.rows(), right.rows()));
        boolean buildLeft = !kind.givesLeftOnly() && left.rows() < right.rows();
        return new HashJoin(
                shape,
                buildLeft,
                new HashTable.Key(leftKeys, meeting),
                new HashTable.Key(rightKeys, meeting),
                rest.isEmpty() ? null : binder.all(rest),
                rows,
                conditions.toString());
    }

    private boolean asKey(
            RexNode condition, List<Expression> lefts, List<Expression> rights, List<HashKeys.Meeting> meetings)
            throws Unsupported, SQLException {
        if (condition.getKind() != SqlKind.EQUALS) {
            return false;
        }
        List<RexNode> sides = ((RexCall) condition).getOperands();
        boolean straight = isOf(sides.get(0), 0, leftWidth) && isOf(sides.get(1), leftWidth, leftWidth + rightWidth);
        boolean crossed = isOf(sides.get(1), 0, leftWidth) && isOf(sides.get(0), leftWidth, leftWidth + rightWidth);
        if (!straight && !crossed) {
            return false;
        }
        RexBinder binder = new RexBinder(builder, Set.of(), null);
        Expression ofLeft = binder.bind(sides.get(straight ? 0 : 1));
        Expression ofRight = binder.bind(RexUtil.shift(sides.get(straight ? 1 : 0), -leftWidth));
        ColumnType leftType = ofLeft.type();
        ColumnType rightType = ofRight.type();
        if (leftType == null || rightType == null || !Comparisons.comparable(leftType, rightType)) {
            return false;
        }
        lefts.add(ofLeft);
        rights.add(ofRight);
        meetings.add(HashKeys.meeting(leftType, rightType));
        return true;
    }

    private static boolean isOf(RexNode node, int from, int to) {
        ImmutableBitSet bits = RelOptUtil.InputFinder.bits(node);
        return !bits.isEmpty() && ImmutableBitSet.range(from, to).contains(bits);
    }
}
