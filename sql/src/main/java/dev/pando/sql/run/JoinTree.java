package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Unsupported;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Inner joins side by side, in the order that is guessed to make the fewest rows: from the smallest leaf on, always the
 * leaf that a condition connects and that makes the fewest.
 */
final class JoinTree {
    /** One input of the joins, and where its columns begin among those of all. */
    private record Leaf(RelNode rel, int offset, int width) {
        ImmutableBitSet bits() {
            return ImmutableBitSet.range(offset, offset + width);
        }
    }

    private final OperatorBuilder builder;
    private final Join root;
    private final List<Leaf> leaves = new ArrayList<>();
    private final List<RexNode> conditions = new ArrayList<>();

    JoinTree(OperatorBuilder builder, Join root) {
        this.builder = builder;
        this.root = root;
    }

    Operator build(List<RexNode> filters, ImmutableBitSet needed) throws Unsupported, SQLException {
        flatten(root, 0);
        conditions.addAll(filters);
        List<RexNode> local = new ArrayList<>();
        conditions.removeIf(condition -> {
            boolean free = RelOptUtil.InputFinder.bits(condition).isEmpty();
            if (free) {
                local.add(condition);
            }
            return free;
        });
        ImmutableBitSet read = needed.union(RelOptUtil.InputFinder.bits(conditions, null));
        Operator joined = new Joining(read).run();
        return builder.filtered(joined, local, Set.of());
    }

    private void flatten(RelNode rel, int offset) throws Unsupported {
        if (rel instanceof Join join && join.getJoinType() == JoinRelType.INNER) {
            if (OperatorBuilder.hasSubQuery(join.getCondition())
                    || !join.getVariablesSet().isEmpty()) {
                throw new Unsupported("a subquery in ON");
            }
            flatten(join.getLeft(), offset);
            flatten(join.getRight(), offset + join.getLeft().getRowType().getFieldCount());
            addConditions(join.getCondition(), offset);
            return;
        }
        if (rel instanceof Filter filter
                && filter.getInput() instanceof Join
                && !OperatorBuilder.hasSubQuery(filter.getCondition())) {
            flatten(filter.getInput(), offset);
            addConditions(filter.getCondition(), offset);
            return;
        }
        leaves.add(new Leaf(rel, offset, rel.getRowType().getFieldCount()));
    }

    private void addConditions(RexNode condition, int offset) {
        for (RexNode each : RelOptUtil.conjunctions(condition)) {
            conditions.add(RexUtil.shift(each, offset));
        }
    }

    /** The joining of leaf after leaf. */
    private final class Joining {
        private final ImmutableBitSet read;
        private final int[] positions;
        private final List<Leaf> left = new ArrayList<>(leaves);
        private final List<RexNode> open = new ArrayList<>();
        private final List<Operator> built = new ArrayList<>();
        private final List<List<RexNode>> own = new ArrayList<>();
        private ImmutableBitSet present = ImmutableBitSet.of();
        private int width;

        Joining(ImmutableBitSet read) {
            this.read = read;
            this.positions = new int[root.getRowType().getFieldCount()];
            Arrays.fill(positions, -1);
        }

        Operator run() throws Unsupported, SQLException {
            open.addAll(conditions);
            for (Leaf leaf : leaves) {
                List<RexNode> filters = taken(leaf.bits());
                filters.replaceAll(filter -> RexUtil.shift(filter, -leaf.offset));
                own.add(filters);
                built.add(builder.build(leaf.rel, filters, neededOf(leaf)));
            }
            int first = first();
            Operator current = built.get(first);
            place(leaves.get(first));
            while (!left.isEmpty()) {
                current = join(current, next(current));
            }
            return inOrder(current);
        }

        private ImmutableBitSet neededOf(Leaf leaf) {
            return read.intersect(leaf.bits()).shift(-leaf.offset);
        }

        /** Takes the conditions that look at nothing but these columns. */
        private List<RexNode> taken(ImmutableBitSet bits) {
            List<RexNode> found = new ArrayList<>();
            open.removeIf(condition -> {
                boolean within = bits.contains(RelOptUtil.InputFinder.bits(condition));
                if (within) {
                    found.add(condition);
                }
                return within;
            });
            return found;
        }

        private void place(Leaf leaf) {
            for (int i = 0; i < leaf.width; i++) {
                positions[leaf.offset + i] = width + i;
            }
            width += leaf.width;
            present = present.union(leaf.bits());
            left.remove(leaf);
        }

        private int first() {
            int best = 0;
            for (int i = 1; i < built.size(); i++) {
                if (built.get(i).rows() < built.get(best).rows()) {
                    best = i;
                }
            }
            return best;
        }

        private Leaf next(Operator current) {
            Leaf best = left.get(0);
            double least = Double.MAX_VALUE;
            for (Leaf leaf : left) {
                double rows = built.get(leaves.indexOf(leaf)).rows();
                double made = connected(leaf) ? rows : 1e6 + current.rows() * rows;
                if (made < least) {
                    least = made;
                    best = leaf;
                }
            }
            return best;
        }

        private boolean connected(Leaf leaf) {
            for (RexNode condition : open) {
                ImmutableBitSet bits = RelOptUtil.InputFinder.bits(condition);
                if (condition.getKind() == SqlKind.EQUALS
                        && bits.intersects(leaf.bits())
                        && bits.intersects(present)
                        && present.union(leaf.bits()).contains(bits)) {
                    return true;
                }
            }
            return false;
        }

        private Operator join(Operator current, Leaf leaf) throws Unsupported, SQLException {
            int leftWidth = width;
            place(leaf);
            List<RexNode> on = taken(present);
            on.replaceAll(this::placed);
            int number = leaves.indexOf(leaf);
            return new JoinMaker(builder, current, leftWidth, leaf.width, on)
                    .join(JoinShape.Kind.INNER, leaf.rel, built.get(number), own.get(number), neededOf(leaf));
        }

        private RexNode placed(RexNode condition) {
            return condition.accept(new RexShuttle() {
                @Override
                public RexNode visitInputRef(RexInputRef reference) {
                    return new RexInputRef(positions[reference.getIndex()], reference.getType());
                }
            });
        }

        private Operator inOrder(Operator joined) {
            boolean same = true;
            @Nullable Expression[] cells = new Expression[positions.length];
            List<@Nullable ColumnType> types = new ArrayList<>();
            for (RelDataTypeField field : root.getRowType().getFieldList()) {
                int i = field.getIndex();
                ColumnType type = joined.types().get(positions[i]);
                types.add(type);
                same &= positions[i] == i;
                boolean wanted = read.get(i) && type != null;
                cells[i] = wanted ? new Expression.ColumnReference(positions[i], type) : null;
            }
            return same ? joined : new Steps.Project(joined, types, cells, "in the order of the text");
        }
    }
}
