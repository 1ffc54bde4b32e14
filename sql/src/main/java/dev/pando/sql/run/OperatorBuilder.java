package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.catalog.EngineTable;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.plan.ComputedTables;
import dev.pando.sql.plan.PandoScan;
import dev.pando.sql.plan.ValueSource;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Collect;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Spool;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.schema.TransientTable;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes operators of a logical tree. On the way down it takes conditions along to where they can be met first, and which
 * columns are read at all; on the way up it chooses keys and indexes, join orders and methods by guessed numbers of
 * rows. The columns of an operator are those of the node it stands for; what nobody reads is null in its rows.
 *
 * <p>For one statement. Refuses with {@link Unsupported} what these operators do not do.
 */
public final class OperatorBuilder {
    /** A subquery that would look at more rows than this, for all rows around it, goes to the planner, which may join. */
    private static final double SUBQUERY_ROWS_MAX = 50_000_000;

    private static final double CONDITION_SELECTIVITY = 0.25;

    private final RexBuilder rexBuilder;
    private final Map<CorrelationId, Integer> slots = new HashMap<>();
    private final Map<List<String>, Integer> recursions = new HashMap<>();
    /** The recursions whose step is being built. */
    private final Set<Integer> steps = new HashSet<>();

    private final boolean patient;

    private int subqueries;
    private double rowsAround = 1;

    /** @param patient whether subqueries may look at any number of rows, because nothing else would do them right */
    public OperatorBuilder(RexBuilder rexBuilder, boolean patient) {
        this.rexBuilder = rexBuilder;
        this.patient = patient;
    }

    /** The whole plan. */
    public Operator build(RelNode root) throws Unsupported, SQLException {
        return build(root, List.of(), everything(root));
    }

    /** State for an execution of what was built. */
    public int outerRows() {
        return slots.size();
    }

    public int subqueries() {
        return subqueries;
    }

    RexBuilder rexBuilder() {
        return rexBuilder;
    }

    int slot(CorrelationId id) {
        return slots.computeIfAbsent(id, i -> slots.size());
    }

    static ImmutableBitSet everything(RelNode rel) {
        return ImmutableBitSet.range(rel.getRowType().getFieldCount());
    }

    /**
     * @param filters conditions over the node's columns that its rows are to meet too
     * @param needed columns that are read above
     */
    Operator build(RelNode rel, List<RexNode> filters, ImmutableBitSet needed) throws Unsupported, SQLException {
        if (rel instanceof org.apache.calcite.rel.core.Filter filter) {
            return filter(filter, filters, needed);
        }
        if (rel instanceof Project project) {
            return project(project, filters, needed);
        }
        if (rel instanceof PandoScan scan) {
            return scan(scan, filters, needed);
        }
        if (rel instanceof Join join) {
            return join.getJoinType() == JoinRelType.INNER
                    ? new JoinTree(this, join).build(filters, needed)
                    : outerJoin(join, filters, needed);
        }
        if (rel instanceof org.apache.calcite.rel.core.Aggregate aggregate) {
            return aggregate(aggregate, filters);
        }
        if (rel instanceof SetOp operation) {
            return filtered(setOperation(operation), filters, Set.of());
        }
        if (rel instanceof org.apache.calcite.rel.core.Sort sort) {
            return sort(sort, filters, needed);
        }
        if (rel instanceof org.apache.calcite.rel.core.Values values) {
            return filtered(values(values), filters, Set.of());
        }
        if (rel instanceof Correlate correlate) {
            return correlate(correlate, filters);
        }
        if (rel instanceof Uncollect uncollect) {
            return filtered(elements(uncollect), filters, Set.of());
        }
        if (rel instanceof Collect collect && collect.getCollectionType() == SqlTypeName.ARRAY) {
            Operator input = build(collect.getInput(), List.of(), everything(collect.getInput()));
            if (input.width() == 1 && types(rel).get(0) != null) {
                return filtered(new Collection(input, types(rel)), filters, Set.of());
            }
        }
        if (rel instanceof org.apache.calcite.rel.core.Sample sample) {
            Operator input = build(sample.getInput(), List.of(), everything(rel));
            return filtered(new Sample(input, sample.getSamplingParameters()), filters, Set.of());
        }
        if (rel instanceof RepeatUnion repeat) {
            return filtered(recursion(repeat), filters, Set.of());
        }
        if (rel instanceof Spool spool) {
            return filtered(build(spool.getInput(), List.of(), everything(rel)), filters, Set.of());
        }
        if (rel instanceof TableScan scan && scan.getTable().unwrap(TransientTable.class) != null) {
            Integer slot = recursions.get(scan.getTable().getQualifiedName());
            if (slot != null) {
                return filtered(new Recursion.Last(types(rel), slot), filters, Set.of());
            }
            /* The planner sees no recursion where only a subquery names it, and would read no rows. */
            throw recursionInSubquery();
        }
        throw new Unsupported(rel.getRelTypeName());
    }

    private static List<@Nullable ColumnType> types(RelNode rel) {
        List<@Nullable ColumnType> types = new ArrayList<>();
        rel.getRowType().getFieldList().forEach(field -> types.add(Values.operatorType(field.getType())));
        return types;
    }

    private Operator elements(Uncollect uncollect) throws Unsupported, SQLException {
        Operator input = build(uncollect.getInput(), List.of(), everything(uncollect.getInput()));
        List<@Nullable ColumnType> types = types(uncollect);
        boolean plain = types.size() == input.width() + (uncollect.withOrdinality ? 1 : 0);
        for (ColumnType type : input.types()) {
            plain &= type != null && type.family() == ColumnType.Family.ARRAY;
        }
        if (!plain || types.contains(null)) {
            throw new Unsupported("UNNEST of rows");
        }
        return new Unnest(input, types, uncollect.withOrdinality);
    }

    private Operator recursion(RepeatUnion repeat) throws Unsupported, SQLException {
        if (repeat.getTransientTable() == null || repeat.iterationLimit >= 0) {
            throw new Unsupported(repeat.toString());
        }
        List<@Nullable ColumnType> types = types(repeat);
        Operator seed = converted(build(repeat.getSeedRel(), List.of(), everything(repeat)), types);
        int slot = subqueries++;
        recursions.put(repeat.getTransientTable().getQualifiedName(), slot);
        steps.add(slot);
        Operator step = converted(build(repeat.getIterativeRel(), List.of(), everything(repeat)), types);
        steps.remove(slot);
        return new Recursion(seed, step, repeat.all, slot);
    }

    private Operator filter(org.apache.calcite.rel.core.Filter filter, List<RexNode> above, ImmutableBitSet needed)
            throws Unsupported, SQLException {
        List<RexNode> down = new ArrayList<>(above);
        List<RexNode> here = new ArrayList<>();
        for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
            (hasSubQuery(condition) ? here : down).add(condition);
        }
        ImmutableBitSet read = here.isEmpty() ? needed : needed.union(read(here, filter.getInput()));
        Operator input = build(filter.getInput(), down, read);
        return filtered(input, here, filter.getVariablesSet());
    }

    /** What conditions read; with subqueries, which may look at any column, all. */
    private static ImmutableBitSet read(List<RexNode> conditions, RelNode input) {
        for (RexNode condition : conditions) {
            if (hasSubQuery(condition)) {
                return everything(input);
            }
        }
        return RelOptUtil.InputFinder.bits(conditions, null);
    }

    Operator filtered(Operator input, List<RexNode> conditions, Set<CorrelationId> own)
            throws Unsupported, SQLException {
        if (conditions.isEmpty()) {
            return input;
        }
        double before = rowsAround;
        rowsAround *= input.rows();
        Expression condition = new RexBinder(this, own, null).all(conditions);
        rowsAround = before;
        return new Steps.Filter(input, condition, conditions.toString(), input.rows() * CONDITION_SELECTIVITY);
    }

    private Operator project(Project project, List<RexNode> above, ImmutableBitSet needed)
            throws Unsupported, SQLException {
        if (project.containsOver()) {
            /* No condition goes below: it would take rows out of the windows. */
            Operator input = build(project.getInput(), List.of(), everything(project.getInput()));
            RexBinder binder = new RexBinder(this, project.getVariablesSet(), null);
            return filtered(WindowFunctions.project(project, input, binder), above, Set.of());
        }
        List<RexNode> expressions = project.getProjects();
        List<RexNode> down = new ArrayList<>();
        List<RexNode> here = new ArrayList<>();
        for (RexNode condition : above) {
            RexNode moved = movedDown(condition, expressions);
            if (moved == null) {
                here.add(condition);
            } else {
                down.add(moved);
            }
        }
        ImmutableBitSet wanted = needed.union(RelOptUtil.InputFinder.bits(here, null));
        List<RexNode> computed = new ArrayList<>();
        for (int i : wanted) {
            computed.add(expressions.get(i));
        }
        Operator input = build(project.getInput(), down, read(computed, project.getInput()));
        double before = rowsAround;
        rowsAround *= input.rows();
        RexBinder binder = new RexBinder(this, project.getVariablesSet(), null);
        @Nullable Expression[] bound = new Expression[expressions.size()];
        List<@Nullable ColumnType> types = new ArrayList<>();
        for (int i = 0; i < bound.length; i++) {
            bound[i] = wanted.get(i) ? binder.bind(expressions.get(i)) : null;
            types.add(Values.operatorType(expressions.get(i).getType()));
        }
        rowsAround = before;
        Operator projected =
                isIdentity(bound, input) ? input : new Steps.Project(input, types, bound, computed.toString());
        return filtered(projected, here, Set.of());
    }

    private static boolean isIdentity(@Nullable Expression[] bound, Operator input) {
        if (bound.length != input.width()) {
            return false;
        }
        for (int i = 0; i < bound.length; i++) {
            boolean same = bound[i] == null
                    || bound[i] instanceof Expression.ColumnReference column
                            && column.ordinal() == i
                            && column.type().equals(input.types().get(i));
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable RexNode movedDown(RexNode condition, List<RexNode> expressions) {
        for (int i : RelOptUtil.InputFinder.bits(condition)) {
            RexNode expression = expressions.get(i);
            if (hasSubQuery(expression) || !RexUtil.isDeterministic(expression) || RexOver.containsOver(expression)) {
                return null;
            }
        }
        return condition.accept(new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
                return expressions.get(reference.getIndex());
            }
        });
    }

    private Operator scan(PandoScan scan, List<RexNode> filters, ImmutableBitSet needed)
            throws Unsupported, SQLException {
        if (scan.source() instanceof ValueSource made && scan.readsAll()) {
            Expression condition = filters.isEmpty() ? null : new RexBinder(this, Set.of(), null).all(filters);
            String name = String.join(".", scan.getTable().getQualifiedName()).replace(ComputedTables.SCHEMA + ".", "");
            KeyWay way = lookup(made, filters);
            double rows = way == null ? Math.max(1, scan.getTable().getRowCount()) : 1;
            return new SourceScan(made, way, condition, rows, name, texts(filters, scan.getRowType()));
        }
        if (!(scan.source() instanceof EngineTable.Source source) || !scan.readsAll()) {
            throw new Unsupported("a scan of " + scan.getTable().getQualifiedName());
        }
        dev.pando.Table table = source.table();
        RexBinder binder = new RexBinder(this, Set.of(), null);
        KeyWay way = new WayFinder(table, 0, binder, filters).best();
        return scan(scan, way, filters, needed);
    }

    /* The way to single rows by primary key; null when there is none. */
    private @Nullable KeyWay lookup(ValueSource made, List<RexNode> filters) throws SQLException {
        dev.pando.Table keyed = made.keyed();
        if (keyed == null || keyed.primaryKey().isEmpty()) {
            return null;
        }
        KeyWay way =
                new WayFinder(keyed, 0, new RexBinder(this, Set.of(), null), filters).along(null, keyed.primaryKey());
        return way.isLookup() ? way : null;
    }

    /** A scan along a way that was found. */
    Scan scan(PandoScan scan, KeyWay way, List<RexNode> filters, ImmutableBitSet needed)
            throws Unsupported, SQLException {
        int[] columns = needed.union(RelOptUtil.InputFinder.bits(filters, null)).toArray();
        Expression condition = condition(filters);
        List<RexNode> unanswered = new ArrayList<>(filters);
        unanswered.removeIf(filter -> isAnswered(filter, way));
        Expression rest = unanswered.size() == filters.size() ? condition : condition(unanswered);
        double all = Math.max(1, scan.getTable().getRowCount());
        return new Scan(
                Scan.types(
                        way.table(),
                        scan.getRowType().getFieldCount()
                                > way.table().columns().size()),
                way,
                columns,
                condition,
                rest,
                guess(way, all, filters.size()),
                texts(filters, scan.getRowType()));
    }

    private @Nullable Expression condition(List<RexNode> filters) throws Unsupported, SQLException {
        return filters.isEmpty() ? null : new RexBinder(this, Set.of(), null).all(filters);
    }

    /* By identity: the same words may be about other columns where tables stand beside each other. */
    private static boolean isAnswered(RexNode filter, KeyWay way) {
        return RelOptUtil.conjunctions(filter).stream()
                .allMatch(part -> way.answered().stream().anyMatch(each -> each == part));
    }

    private static double guess(KeyWay way, double all, int filters) {
        if (way.isLookup()) {
            return way.points() == null ? 1 : way.points().size();
        }
        double rows = all;
        int used = way.prefix().size();
        if (way.index() != null
                && way.index().unique()
                && way.fixed() == way.key().size()) {
            rows = 1;
        } else {
            rows *= Math.pow(0.01, way.prefix().size());
        }
        if (way.points() != null) {
            rows = Math.min(rows, Math.max(1, rows * 0.01) * way.points().size());
            used++;
        }
        if (way.low() != null || way.high() != null) {
            rows *= way.low() != null && way.high() != null ? 0.05 : 0.3;
            used += (way.low() == null ? 0 : 1) + (way.high() == null ? 0 : 1);
        }
        return Math.max(1, rows * Math.pow(CONDITION_SELECTIVITY, Math.max(0, filters - used)));
    }

    static String texts(List<RexNode> conditions, RelDataType row) {
        List<String> texts = new ArrayList<>();
        for (RexNode condition : conditions) {
            texts.add(condition
                    .accept(new RexShuttle() {
                        @Override
                        public RexNode visitInputRef(RexInputRef reference) {
                            return new Named(row, reference);
                        }
                    })
                    .toString());
        }
        return String.join(" and ", texts);
    }

    /** A column that prints its name. */
    private static final class Named extends RexInputRef {
        Named(RelDataType row, RexInputRef reference) {
            super(reference.getIndex(), reference.getType());
            this.digest = row.getFieldList().get(reference.getIndex()).getName();
        }
    }

    private Operator outerJoin(Join join, List<RexNode> above, ImmutableBitSet needed)
            throws Unsupported, SQLException {
        JoinShape.Kind kind = JoinShape.Kind.of(join.getJoinType());
        if (hasSubQuery(join.getCondition())) {
            throw new Unsupported("a subquery in ON");
        }
        int leftWidth = join.getLeft().getRowType().getFieldCount();
        int rightWidth = join.getRight().getRowType().getFieldCount();
        ImmutableBitSet leftBits = ImmutableBitSet.range(leftWidth);
        List<RexNode> leftFilters = new ArrayList<>();
        List<RexNode> rightFilters = new ArrayList<>();
        List<RexNode> here = new ArrayList<>();
        List<RexNode> on = new ArrayList<>();
        for (RexNode condition : above) {
            boolean ofLeft = leftBits.contains(RelOptUtil.InputFinder.bits(condition));
            (ofLeft && kind != JoinShape.Kind.RIGHT && kind != JoinShape.Kind.FULL ? leftFilters : here).add(condition);
        }
        for (RexNode condition : RelOptUtil.conjunctions(join.getCondition())) {
            ImmutableBitSet bits = RelOptUtil.InputFinder.bits(condition);
            boolean ofRight = !bits.isEmpty() && bits.nth(0) >= leftWidth;
            boolean ofLeft = !bits.isEmpty() && leftBits.contains(bits);
            if (ofRight && kind != JoinShape.Kind.RIGHT && kind != JoinShape.Kind.FULL) {
                rightFilters.add(RexUtil.shift(condition, -leftWidth));
            } else if (ofLeft && (kind == JoinShape.Kind.RIGHT || kind == JoinShape.Kind.SEMI)) {
                leftFilters.add(condition);
            } else {
                on.add(condition);
            }
        }
        ImmutableBitSet read =
                needed.union(RelOptUtil.InputFinder.bits(here, null)).union(RelOptUtil.InputFinder.bits(on, null));
        Operator left = build(join.getLeft(), leftFilters, read.intersect(leftBits));
        ImmutableBitSet rightNeeded = read.except(leftBits).shift(-leftWidth);
        Operator joined = new JoinMaker(this, left, leftWidth, rightWidth, on)
                .join(kind, join.getRight(), rightFilters, rightNeeded);
        return filtered(joined, here, Set.of());
    }

    private Operator correlate(Correlate correlate, List<RexNode> above) throws Unsupported, SQLException {
        JoinShape.Kind kind = JoinShape.Kind.of(correlate.getJoinType());
        Operator left = build(correlate.getLeft(), List.of(), everything(correlate.getLeft()));
        int slot = slot(correlate.getCorrelationId());
        double before = rowsAround;
        rowsAround *= left.rows();
        Operator right = build(correlate.getRight(), List.of(), everything(correlate.getRight()));
        guardAround(right);
        rowsAround = before;
        Operator joined = new LookupJoin(new JoinShape(kind, left, right), slot, null, left.rows() * right.rows(), "");
        return filtered(joined, above, Set.of());
    }

    private void guardAround(Operator query) throws Unsupported {
        if (!patient && rowsAround * work(query) > SUBQUERY_ROWS_MAX) {
            throw new Unsupported("a subquery over many rows for each of many rows");
        }
    }

    private static double work(Operator operator) {
        double work = operator.rows();
        for (Operator input : operator.inputs()) {
            work += work(input);
        }
        return work;
    }

    private Operator aggregate(org.apache.calcite.rel.core.Aggregate aggregate, List<RexNode> above)
            throws Unsupported, SQLException {
        int[] group = aggregate.getGroupSet().toArray();
        List<boolean[]> sets = new ArrayList<>();
        for (ImmutableBitSet each : aggregate.getGroupSets()) {
            boolean[] has = new boolean[group.length];
            for (int i = 0; i < group.length; i++) {
                has[i] = each.get(group[i]);
            }
            sets.add(has);
        }
        List<RexNode> down = new ArrayList<>();
        List<RexNode> here = new ArrayList<>();
        for (RexNode condition : above) {
            boolean ofGroup = sets.size() == 1
                    && ImmutableBitSet.range(group.length).contains(RelOptUtil.InputFinder.bits(condition))
                    && group.length > 0;
            if (ofGroup) {
                down.add(condition.accept(new RexShuttle() {
                    @Override
                    public RexNode visitInputRef(RexInputRef reference) {
                        return new RexInputRef(group[reference.getIndex()], reference.getType());
                    }
                }));
            } else {
                here.add(condition);
            }
        }
        ImmutableBitSet.Builder read = ImmutableBitSet.builder().addAll(aggregate.getGroupSet());
        for (AggregateCall call : aggregate.getAggCallList()) {
            read.addAll(call.getArgList());
            call.getCollation().getFieldCollations().forEach(each -> read.set(each.getFieldIndex()));
            if (call.filterArg >= 0) {
                read.set(call.filterArg);
            }
        }
        Operator input = build(aggregate.getInput(), down, read.build());
        List<@Nullable ColumnType> types = new ArrayList<>();
        for (RelDataTypeField field : aggregate.getRowType().getFieldList()) {
            types.add(Values.operatorType(field.getType()));
        }
        List<Aggregate.Call> calls = new ArrayList<>();
        for (AggregateCall call : aggregate.getAggCallList()) {
            calls.add(call(call, input, types.get(group.length + calls.size())));
        }
        double rows = group.length == 0 ? 1 : Math.max(1, input.rows() / 10);
        String text =
                (group.length == 0 ? "" : " by " + names(aggregate.getInput().getRowType(), group))
                        + (calls.isEmpty() ? "" : ": " + aggregate.getAggCallList());
        return filtered(new Aggregate(input, types, group, sets, calls, rows, text), here, Set.of());
    }

    private static String names(RelDataType row, int[] columns) {
        List<String> names = new ArrayList<>();
        Arrays.stream(columns).forEach(i -> names.add(row.getFieldList().get(i).getName()));
        return String.join(", ", names);
    }

    private static Aggregate.Call call(AggregateCall call, Operator input, @Nullable ColumnType result)
            throws Unsupported {
        Gathered.Function gathered = Gathered.of(call, input, result);
        if (gathered != null) {
            return new Aggregate.Call(null, new int[0], false, call.filterArg, gathered);
        }
        if (call.hasCollation() || call.distinctKeys != null || !call.rexList.isEmpty()) {
            throw new Unsupported(call.toString());
        }
        int[] arguments = call.getArgList().stream().mapToInt(Integer::intValue).toArray();
        SqlKind kind = call.getAggregation().getKind();
        boolean distinct = call.isDistinct() && kind != SqlKind.MIN && kind != SqlKind.MAX;
        if (distinct && arguments.length > 1 && kind != SqlKind.COUNT) {
            throw new Unsupported(call.toString());
        }
        List<@Nullable ColumnType> taken = new ArrayList<>();
        for (int argument : arguments) {
            taken.add(input.types().get(argument));
        }
        return new Aggregate.Call(Accumulator.maker(kind, taken, result), arguments, distinct, call.filterArg, null);
    }

    private Operator setOperation(SetOp operation) throws Unsupported, SQLException {
        List<Operator> inputs = new ArrayList<>();
        List<@Nullable ColumnType> types = new ArrayList<>();
        for (RelDataTypeField field : operation.getRowType().getFieldList()) {
            types.add(Values.operatorType(field.getType()));
        }
        for (RelNode input : operation.getInputs()) {
            inputs.add(converted(build(input, List.of(), everything(input)), types));
        }
        if (operation instanceof Union) {
            Operator union = new Steps.Concatenation(inputs);
            return operation.all ? union : new SetOperation(SetOperation.Kind.DISTINCT, false, List.of(union));
        }
        SetOperation.Kind kind = operation instanceof Intersect
                ? SetOperation.Kind.INTERSECT
                : operation instanceof Minus ? SetOperation.Kind.EXCEPT : SetOperation.Kind.DISTINCT;
        if (kind == SetOperation.Kind.DISTINCT) {
            throw new Unsupported(operation.getRelTypeName());
        }
        Operator result = inputs.get(0);
        for (Operator input : inputs.subList(1, inputs.size())) {
            result = new SetOperation(kind, operation.all, List.of(result, input));
        }
        return result;
    }

    private static Operator converted(Operator input, List<@Nullable ColumnType> types) {
        @Nullable Expression[] cells = new Expression[types.size()];
        boolean same = true;
        for (int i = 0; i < cells.length; i++) {
            ColumnType from = input.types().get(i);
            ColumnType to = types.get(i);
            if (from == null || to == null) {
                cells[i] = new Expression.Constant(to, null);
                same &= from == to;
                if (from != null) {
                    cells[i] = new Expression.ColumnReference(i, from);
                    same = false;
                }
                continue;
            }
            Expression column = new Expression.ColumnReference(i, from);
            boolean alike = from.family() == to.family() && from.scale() == to.scale();
            cells[i] = alike ? column : dev.pando.sql.expr.Operators.cast(column, to);
            same &= alike;
        }
        return same ? input : new Steps.Project(input, types, cells, "to common types");
    }

    private Operator sort(org.apache.calcite.rel.core.Sort sort, List<RexNode> above, ImmutableBitSet needed)
            throws Unsupported, SQLException {
        boolean cuts = sort.offset != null || sort.fetch != null;
        List<RelFieldCollation> collations = sort.getCollation().getFieldCollations();
        ImmutableBitSet.Builder read = ImmutableBitSet.builder().addAll(needed);
        collations.forEach(collation -> read.set(collation.getFieldIndex()));
        if (cuts) {
            read.addAll(RelOptUtil.InputFinder.bits(above, null));
        }
        Operator input = build(sort.getInput(), cuts ? List.of() : above, read.build());
        RexBinder binder = new RexBinder(this, Set.of(), null);
        Expression offset = sort.offset == null ? null : binder.bind(sort.offset);
        Expression fetch = sort.fetch == null ? null : binder.bind(sort.fetch);
        if (collations.isEmpty()) {
            /* Some of the rows: the first ones by key, so that pages of them follow each other. */
            Operator ordered = new Orders(this).inOrder(input, collations);
            input = ordered == null ? input : ordered;
        } else {
            Operator ordered = new Orders(this).inOrder(input, collations);
            if (ordered == null) {
                String text = "by "
                        + names(
                                sort.getRowType(),
                                collations.stream()
                                        .mapToInt(RelFieldCollation::getFieldIndex)
                                        .toArray());
                Operator sorted = new Sort(input, collations, offset, fetch, text);
                return filtered(sorted, cuts ? above : List.of(), Set.of());
            }
            input = ordered;
        }
        Operator limited = cuts ? new Steps.Limit(input, collations, offset, fetch) : input;
        return filtered(limited, cuts ? above : List.of(), Set.of());
    }

    private static Operator values(org.apache.calcite.rel.core.Values values) throws Unsupported, SQLException {
        List<@Nullable ColumnType> types = new ArrayList<>();
        for (RelDataTypeField field : values.getRowType().getFieldList()) {
            types.add(Values.operatorType(field.getType()));
        }
        List<List<Expression>> rows = new ArrayList<>();
        for (List<RexLiteral> tuple : values.getTuples()) {
            List<Expression> row = new ArrayList<>();
            for (int i = 0; i < tuple.size(); i++) {
                Expression literal = RexBinder.literal(tuple.get(i));
                ColumnType type = types.get(i);
                ColumnType own = literal.type();
                boolean differs =
                        type != null && own != null && (own.family() != type.family() || own.scale() != type.scale());
                row.add(differs ? dev.pando.sql.expr.Operators.cast(literal, type) : literal);
            }
            rows.add(row);
        }
        return new Steps.Listed(types, rows);
    }

    static boolean hasSubQuery(RexNode node) {
        return RexUtil.SubQueryFinder.find(node) != null;
    }

    /** A subquery inside an expression over a row that it knows by the names {@code own}. */
    Expression subquery(RexSubQuery query, RexBinder binder, Set<CorrelationId> own) throws Unsupported, SQLException {
        SqlKind comparison = SqlKind.EQUALS;
        SubQueryValue.Question question;
        switch (query.getKind()) {
            case EXISTS -> question = SubQueryValue.Question.EXISTS;
            case SCALAR_QUERY -> question = SubQueryValue.Question.VALUE;
            case ARRAY_QUERY_CONSTRUCTOR -> question = SubQueryValue.Question.ARRAY;
            case IN -> question = SubQueryValue.Question.IN;
            case SOME -> {
                question = SubQueryValue.Question.SOME;
                comparison = ((org.apache.calcite.sql.fun.SqlQuantifyOperator) query.getOperator()).comparisonKind;
            }
            default -> throw new Unsupported(query.getKind().toString());
        }
        List<Expression> operands = new ArrayList<>();
        for (RexNode operand : query.getOperands()) {
            operands.add(binder.bind(operand));
        }
        Around around = new Around();
        around.visit(query.rel);
        double before = rowsAround;
        if (around.fields.isEmpty()) {
            rowsAround = 1;
        }
        ImmutableBitSet needed =
                question == SubQueryValue.Question.EXISTS ? ImmutableBitSet.of() : everything(query.rel);
        Operator built = build(query.rel, List.of(), needed);
        if (readsStep(built)) {
            /* Answers are kept for the whole statement: those of the first step would do for all. */
            throw recursionInSubquery();
        }
        if (!around.compares) {
            guardAround(built);
        }
        rowsAround = before;
        for (int i = 0; i < operands.size(); i++) {
            ColumnType left = operands.get(i).type();
            ColumnType right = built.types().get(i);
            if (left != null && right != null && !dev.pando.sql.expr.Comparisons.comparable(left, right)) {
                throw new Unsupported(left.name() + " compared with " + right.name());
            }
        }
        List<Integer> ownSlots = new ArrayList<>();
        for (CorrelationId id : own) {
            ownSlots.add(slot(id));
        }
        ColumnType type = switch (question) {
            case VALUE -> built.types().get(0);
            case ARRAY -> Values.operatorType(query.getType());
            default -> ColumnType.BOOLEAN;
        };
        if (question == SubQueryValue.Question.ARRAY && (type == null || built.width() != 1)) {
            throw new Unsupported("an array of rows");
        }
        return new SubQueryValue(
                new SubQueryValue.Parts(
                        question,
                        comparison,
                        operands,
                        built,
                        subqueries++,
                        ownSlots.stream().mapToInt(Integer::intValue).toArray(),
                        List.copyOf(around.fields)),
                type);
    }

    private boolean readsStep(Operator operator) {
        return operator instanceof Recursion.Last last && steps.contains(last.slot())
                || operator.inputs().stream().anyMatch(this::readsStep);
    }

    private static SQLException recursionInSubquery() {
        return PandoSqlState.NOT_SUPPORTED.exception(
                "a recursive query reads its own rows in FROM, not in a subquery of an expression");
    }

    /** Finds which fields of rows around a subquery it looks at. */
    private final class Around {
        private final Set<SubQueryValue.OuterField> fields = new HashSet<>();
        private final Set<CorrelationId> inner = new HashSet<>();
        /* Whether it does more than look for equals, which no hash table could find. */
        private boolean compares;

        void visit(RelNode rel) {
            inner.addAll(rel.getVariablesSet());
            rel.getInputs().forEach(this::visit);
            rel.accept(new RexShuttle() {
                @Override
                public RexNode visitFieldAccess(RexFieldAccess access) {
                    if (access.getReferenceExpr() instanceof RexCorrelVariable variable
                            && !inner.contains(variable.id)) {
                        fields.add(new SubQueryValue.OuterField(
                                slot(variable.id), access.getField().getIndex()));
                    }
                    return access;
                }

                @Override
                public RexNode visitCall(RexCall call) {
                    if (call.isA(SqlKind.COMPARISON) && call.getKind() != SqlKind.EQUALS) {
                        compares |= call.getOperands().stream().anyMatch(RexUtil::containsCorrelation);
                    }
                    return super.visitCall(call);
                }

                @Override
                public RexNode visitSubQuery(RexSubQuery query) {
                    visit(query.rel);
                    return super.visitSubQuery(query);
                }
            });
        }
    }
}
