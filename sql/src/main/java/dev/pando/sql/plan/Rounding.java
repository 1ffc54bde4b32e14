package dev.pando.sql.plan;

import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** CAST of a DOUBLE to an integer rounds, as it does everywhere else; Calcite's generated code would cut. */
final class Rounding {
    private Rounding() {}

    static RelNode of(RelNode root) {
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
                    public RexNode visitCall(RexCall call) {
                        RexNode visited = super.visitCall(call);
                        return visited instanceof RexCall still && cuts(still) ? rounded(still, rex) : visited;
                    }
                });
            }
        });
    }

    private static boolean cuts(RexCall call) {
        return call.getKind() == SqlKind.CAST
                && SqlTypeUtil.isIntType(call.getType())
                && SqlTypeUtil.isApproximateNumeric(call.getOperands().get(0).getType());
    }

    private static RexNode rounded(RexCall cast, RexBuilder rex) {
        RexNode value = cast.getOperands().get(0);
        return cast.clone(cast.getType(), List.of(rex.makeCall(SqlStdOperatorTable.ROUND, value)));
    }
}
