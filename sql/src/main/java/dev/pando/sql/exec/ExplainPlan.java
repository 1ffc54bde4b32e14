package dev.pando.sql.exec;

import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.plan.CompiledQuery;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.SqlType;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** EXPLAIN: how a statement would be run, a line a row. */
record ExplainPlan(String text) implements Plan.OfRows {
    private static final List<ColumnMeta> COLUMNS = List.of(ColumnMeta.of("PLAN", SqlType.VARCHAR));

    static ExplainPlan of(SqlNode node, PlanningContext planning) throws SQLException {
        if (node.isA(SqlKind.QUERY)) {
            /* Not planned first: the validator changes what it looks at. */
            return new ExplainPlan(ofQuery(node, planning));
        }
        Plan.OfRows plan = new DmlBinder(planning).bind(node);
        return new ExplainPlan(plan.kind() + " " + describe(plan));
    }

    private static String ofQuery(SqlNode query, PlanningContext planning) throws SQLException {
        try {
            return ShortQuery.bind(query, planning.finder(), null, false).describe();
        } catch (Unsupported e) {
            return planning.planner().explain(query, planning.snapshot(), planning.defaultSchema());
        }
    }

    private static String describe(Plan.OfRows plan) {
        if (plan instanceof ChangePlan change) {
            return change.selection() instanceof ChangePlan.Short found
                    ? "short: " + found.scan().describe()
                    : "over " + change.table().qualifiedName() + ", "
                            + planned(((ChangePlan.Planned) change.selection()).query());
        }
        if (plan instanceof InsertPlan insert) {
            return insert.source() instanceof InsertPlan.Listed listed
                    ? "short: " + listed.rows().size() + " rows into "
                            + insert.table().qualifiedName()
                    : "into " + insert.table().qualifiedName() + " of a query, "
                            + queried(((InsertPlan.Query) insert.source()).plan());
        }
        return plan instanceof MergePlan merge
                ? "into " + merge.table().qualifiedName() + ", " + planned(merge.query())
                : "planned";
    }

    private static String queried(Plan.OfRows plan) {
        return plan instanceof ShortQuery query
                ? query.describe()
                : plan instanceof QueryPlan query ? planned(query.query()) : "planned";
    }

    private static String planned(CompiledQuery query) {
        return query.body() instanceof CompiledQuery.Interpreted interpreted
                ? "planned:\n" + interpreted.operator().explain()
                : "generated";
    }

    @Override
    public StatementKind kind() {
        return StatementKind.EXPLAIN;
    }

    @Override
    public List<ParameterMeta> parameters() {
        return List.of();
    }

    @Override
    public List<ColumnMeta> columns() {
        return COLUMNS;
    }

    @Override
    public Result run(ExecutionContext context, @Nullable Object[] parameters, ExecuteOptions options) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        text.strip().lines().forEach(line -> rows.add(new Object[] {line}));
        return Results.rows(COLUMNS, rows);
    }
}
