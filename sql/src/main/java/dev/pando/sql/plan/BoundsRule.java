package dev.pando.sql.plan;

import dev.pando.Index;
import dev.pando.Table;
import dev.pando.sql.catalog.EngineTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Makes of a filter over a whole scan a scan of a range of the primary key or of an index, and what is left to filter. */
final class BoundsRule extends RelRule<BoundsRule.Config> {
    static final BoundsRule INSTANCE = new BoundsRule(new Config());

    private BoundsRule(Config config) {
        super(config);
    }

    /** What the rule matches. */
    static final class Config implements RelRule.Config {
        @Override
        public RelRule<?> toRule() {
            return INSTANCE;
        }

        @Override
        public RelRule.OperandTransform operandSupplier() {
            return filter -> filter.operand(Filter.class)
                    .predicate(f -> f instanceof LogicalFilter)
                    .oneInput(scan -> scan.operand(PandoScan.class)
                            .predicate(s -> s.bounds().isAll())
                            .noInputs());
        }

        @Override
        public RelRule.Config withRelBuilderFactory(org.apache.calcite.tools.RelBuilderFactory factory) {
            return this;
        }

        @Override
        public RelRule.Config withDescription(@Nullable String description) {
            return this;
        }

        @Override
        public RelRule.Config withOperandSupplier(RelRule.OperandTransform transform) {
            return this;
        }

        @Override
        public @Nullable String description() {
            return "PandoBoundsRule";
        }
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
        Filter filter = call.rel(0);
        PandoScan scan = call.rel(1);
        if (!(scan.source() instanceof EngineTable.Source source)) {
            return;
        }
        Table table = source.table();
        List<RexNode> conditions = RelOptUtil.conjunctions(filter.getCondition());
        List<Found> keys = new ArrayList<>();
        if (!table.primaryKey().isEmpty()) {
            keys.add(find(scan, conditions, null, table.primaryKey()));
        }
        for (Index index : table.indexes()) {
            keys.add(find(scan, conditions, index, index.columns()));
        }
        for (Found found : keys) {
            if (found.used.isEmpty()) {
                continue;
            }
            boolean unique =
                    found.bounds.index() == null || found.bounds.index().unique();
            PandoScan narrowed = scan.within(found.bounds, unique ? found.keyColumns : 0);
            List<RexNode> rest = new ArrayList<>(conditions);
            rest.removeAll(found.used);
            RexBuilder rex = filter.getCluster().getRexBuilder();
            RelNode result = rest.isEmpty()
                    ? narrowed
                    : filter.copy(filter.getTraitSet(), narrowed, RexUtil.composeConjunction(rex, rest));
            call.transformTo(result);
        }
    }

    private record Found(Bounds bounds, List<RexNode> used, int keyColumns) {}

    private static Found find(PandoScan scan, List<RexNode> conditions, @Nullable Index index, List<Integer> key) {
        List<RexNode> used = new ArrayList<>();
        List<RexNode> prefix = new ArrayList<>();
        for (int column : key) {
            Comparison equal = comparison(scan, conditions, column, SqlKind.EQUALS, SqlKind.EQUALS);
            if (equal == null) {
                Comparison low =
                        comparison(scan, conditions, column, SqlKind.GREATER_THAN, SqlKind.GREATER_THAN_OR_EQUAL);
                Comparison high = comparison(scan, conditions, column, SqlKind.LESS_THAN, SqlKind.LESS_THAN_OR_EQUAL);
                addTo(used, low);
                addTo(used, high);
                return new Found(new Bounds(index, prefix, limit(low), limit(high)), used, key.size());
            }
            prefix.add(equal.value);
            used.add(equal.condition);
        }
        return new Found(new Bounds(index, prefix, null, null), used, key.size());
    }

    private static void addTo(List<RexNode> used, @Nullable Comparison comparison) {
        if (comparison != null) {
            used.add(comparison.condition);
        }
    }

    private static Bounds.@Nullable Limit limit(@Nullable Comparison comparison) {
        return comparison == null ? null : new Bounds.Limit(comparison.value, comparison.inclusive);
    }

    private record Comparison(RexNode condition, RexNode value, boolean inclusive) {}

    private static @Nullable Comparison comparison(
            PandoScan scan, List<RexNode> conditions, int column, SqlKind strict, SqlKind inclusive) {
        for (RexNode condition : conditions) {
            if (!(condition instanceof RexCall call) || call.getOperands().size() != 2) {
                continue;
            }
            RexNode left = call.getOperands().get(0);
            RexNode right = call.getOperands().get(1);
            boolean swapped = !isColumn(scan, left, column);
            SqlKind kind = swapped ? call.getKind().reverse() : call.getKind();
            RexNode reference = swapped ? right : left;
            RexNode value = swapped ? left : right;
            if ((kind == strict || kind == inclusive)
                    && isColumn(scan, reference, column)
                    && isValue(value, reference.getType())) {
                return new Comparison(condition, value, kind == inclusive);
            }
        }
        return null;
    }

    private static boolean isColumn(PandoScan scan, RexNode node, int column) {
        return node instanceof RexInputRef reference && scan.columns()[reference.getIndex()] == column;
    }

    /* Only values that lose nothing when they become the column's: others stay in the filter. */
    private static boolean isValue(RexNode node, RelDataType column) {
        RexNode value = node;
        if (value.isA(SqlKind.CAST)) {
            value = ((RexCall) value).getOperands().get(0);
            if (value instanceof RexLiteral && !SqlTypeUtil.inCharFamily(value.getType())) {
                return false;
            }
        }
        boolean constant = value instanceof RexDynamicParam || value instanceof RexLiteral literal && !literal.isNull();
        if (!constant || hasCoarseTime(column)) {
            return false;
        }
        if (SqlTypeUtil.isExactNumeric(column)) {
            return SqlTypeUtil.isExactNumeric(value.getType())
                    && (value.getType().getScale() <= column.getScale());
        }
        return value.getType().getSqlTypeName().getFamily()
                == column.getSqlTypeName().getFamily();
    }

    /* The planner's times are coarser than the engine's: an engine's range would miss rows of the same millisecond. */
    private static boolean hasCoarseTime(RelDataType type) {
        SqlTypeName name = type.getSqlTypeName();
        return name == SqlTypeName.TIME
                || name == SqlTypeName.TIMESTAMP
                || name == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
    }
}
