package dev.pando.crdt;

import dev.pando.ColumnType.Family;
import dev.pando.dag.ColumnId;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Stamp;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** What the ops on one column of one incarnation add up to. Immutable; which kind it is the column's id tells. */
sealed interface Register {

    /** The value with the greatest stamp. */
    record Latest(Stamp stamp, Value value) implements Register {}

    /** The sum of all amounts, without bound. */
    record Sum(BigInteger amount) implements Register {}

    /** The greatest, or least, value. */
    record Extreme(Value value) implements Register {}

    /** What this column holds after one more op; null for ops that rows do not merge. */
    static @Nullable Register merge(@Nullable Register before, ColumnId column, FieldOp op, Stamp stamp) {
        if (op instanceof FieldOp.SetValue set) {
            return latest((Latest) before, new Latest(stamp, set.value()));
        } else if (op instanceof FieldOp.Add add) {
            return before == null
                    ? new Sum(add.amount())
                    : new Sum(((Sum) before).amount().add(add.amount()));
        } else if (op instanceof FieldOp.Max max) {
            return extreme((Extreme) before, max.value(), column.family(), 1);
        } else if (op instanceof FieldOp.Min min) {
            return extreme((Extreme) before, min.value(), column.family(), -1);
        }
        return before;
    }

    /** What two incarnations' registers of one column show together. */
    static Register merge(Register a, Register b, ColumnId column) {
        if (a instanceof Latest latest) {
            return latest(latest, (Latest) b);
        } else if (a instanceof Sum sum) {
            return new Sum(sum.amount().add(((Sum) b).amount()));
        }
        return extreme((Extreme) a, ((Extreme) b).value(), column.family(), column.op() == ColumnId.Op.MAX ? 1 : -1);
    }

    private static Latest latest(@Nullable Latest before, Latest other) {
        return before == null || before.stamp().compareTo(other.stamp()) < 0 ? other : before;
    }

    private static Extreme extreme(@Nullable Extreme before, Value value, Family family, int direction) {
        if (before == null) {
            return new Extreme(value);
        }
        int order = Values.compare(family, value, before.value()) * direction;
        boolean wins = order > 0 || order == 0 && value.compareTo(before.value()) > 0;
        return wins ? new Extreme(value) : before;
    }

    /** As SQL may show it: a sum in the encoding of its family, without bound. */
    default Value shown(ColumnId column) {
        if (this instanceof Latest latest) {
            return latest.value();
        } else if (this instanceof Sum sum) {
            return Values.encodeAmount(column.family(), sum.amount());
        }
        return ((Extreme) this).value();
    }
}
