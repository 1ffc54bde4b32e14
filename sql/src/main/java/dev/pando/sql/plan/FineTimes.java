package dev.pando.sql.plan;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Whether a plan has values with microseconds, of which generated code would keep milliseconds. */
final class FineTimes {
    private FineTimes() {}

    static boolean in(RelNode plan) {
        boolean here = is(plan.getRowType());
        if (plan instanceof Calc calc) {
            for (RexNode expression : calc.getProgram().getExprList()) {
                here |= is(expression.getType());
            }
        }
        return here || plan.getInputs().stream().anyMatch(FineTimes::in);
    }

    private static boolean is(@Nullable RelDataType type) {
        if (type == null) {
            return false;
        }
        if (type.isStruct()) {
            return type.getFieldList().stream().map(RelDataTypeField::getType).anyMatch(FineTimes::is);
        }
        return switch (type.getSqlTypeName()) {
            case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> true;
            default -> is(type.getComponentType());
        };
    }
}
