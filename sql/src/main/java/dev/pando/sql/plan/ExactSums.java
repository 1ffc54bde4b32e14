package dev.pando.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableAggregate;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * A sum of BIGINTs is a DECIMAL, which cannot overflow in silence; Calcite's generated code adds only decimals to a
 * decimal. So what is summed is cast: in windows before planning, in aggregates, some of which the planner makes, after.
 */
final class ExactSums {
    private ExactSums() {}

    /** Casts what sums over windows add. */
    static RelNode inWindows(RelNode root) {
        RexBuilder rex = root.getCluster().getRexBuilder();
        return root.accept(new RelHomogeneousShuttle() {
            @Override
            public RelNode visit(RelNode other) {
                RelHomogeneousShuttle self = this;
                return super.visit(other).accept(new RexShuttle() {
                    @Override
                    public RexNode visitSubQuery(RexSubQuery subQuery) {
                        RexSubQuery visited = (RexSubQuery) super.visitSubQuery(subQuery);
                        return visited.clone(visited.rel.accept(self));
                    }

                    @Override
                    public RexNode visitOver(RexOver over) {
                        RexNode visited = super.visitOver(over);
                        return visited instanceof RexOver still ? cast(still, rex) : visited;
                    }
                });
            }
        });
    }

    private static RexNode cast(RexOver over, RexBuilder rex) {
        boolean sums = isSum(over.getAggOperator().getKind())
                && widens(over.getOperands().get(0).getType(), over.getType());
        if (!sums) {
            return over;
        }
        RexWindow window = over.getWindow();
        return rex.makeOver(
                over.getParserPosition(),
                over.getType(),
                over.getAggOperator(),
                List.of(rex.makeCast(over.getType(), over.getOperands().get(0))),
                window.partitionKeys,
                window.orderKeys,
                window.getLowerBound(),
                window.getUpperBound(),
                window.getExclude(),
                window.isRows(),
                true,
                false,
                over.isDistinct(),
                over.ignoreNulls());
    }

    private static boolean isSum(SqlKind kind) {
        return kind == SqlKind.SUM || kind == SqlKind.SUM0;
    }

    private static boolean widens(RelDataType argument, RelDataType sum) {
        return SqlTypeUtil.isIntType(argument) && sum.getSqlTypeName() == SqlTypeName.DECIMAL;
    }

    /** Casts what aggregates add. */
    static RelNode inAggregates(RelNode root) {
        List<RelNode> inputs = new ArrayList<>();
        root.getInputs().forEach(input -> inputs.add(inAggregates(input)));
        RelNode same = inputs.equals(root.getInputs()) ? root : root.copy(root.getTraitSet(), inputs);
        return same instanceof EnumerableAggregate aggregate
                        && aggregate.getAggCallList().stream().anyMatch(call -> sums(call, aggregate.getInput()))
                ? cast(aggregate)
                : same;
    }

    private static boolean sums(AggregateCall call, RelNode input) {
        return isSum(call.getAggregation().getKind())
                && widens(
                        input.getRowType()
                                .getFieldList()
                                .get(call.getArgList().get(0))
                                .getType(),
                        call.getType());
    }

    private static RelNode cast(EnumerableAggregate aggregate) {
        RelNode input = aggregate.getInput();
        RexBuilder rex = aggregate.getCluster().getRexBuilder();
        RelDataType row = input.getRowType();
        List<RexNode> projects = new ArrayList<>(rex.identityProjects(row));
        RelDataTypeFactory.Builder types =
                aggregate.getCluster().getTypeFactory().builder().addAll(row.getFieldList());
        List<AggregateCall> calls = new ArrayList<>();
        for (AggregateCall call : aggregate.getAggCallList()) {
            if (!sums(call, input)) {
                calls.add(call);
                continue;
            }
            int argument = call.getArgList().get(0);
            RelDataType type = aggregate
                    .getCluster()
                    .getTypeFactory()
                    .createTypeWithNullability(
                            call.getType(),
                            row.getFieldList().get(argument).getType().isNullable());
            calls.add(call.withArgList(List.of(projects.size())));
            types.add("sum" + projects.size(), type);
            projects.add(rex.makeCast(type, rex.makeInputRef(input, argument)));
        }
        RexProgram program = RexProgram.create(row, projects, null, types.build(), rex);
        RelNode calc = EnumerableCalc.create(input, program);
        return aggregate.copy(aggregate.getTraitSet(), calc, aggregate.getGroupSet(), aggregate.getGroupSets(), calls);
    }
}
