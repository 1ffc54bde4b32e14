package dev.pando.sql.exec;

import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.parser.ObjectStatement;
import dev.pando.sql.parser.PandoParser;
import dev.pando.sql.parser.RightsStatement;
import dev.pando.sql.parser.Statement;
import dev.pando.sql.parser.StatementNode;
import dev.pando.sql.parser.TableStatement;
import dev.pando.sql.parser.TextShape;
import dev.pando.sql.parser.TransactionStatement;
import dev.pando.sql.parser.UtilityStatement;
import dev.pando.sql.plan.CancelCheck;
import dev.pando.sql.plan.QueryPlanner;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** Makes plans of text. Thread-safe. */
public final class Statements {
    private final QueryPlanner planner;

    public Statements(QueryPlanner planner) {
        this.planner = planner;
    }

    /** Parses and plans one statement. */
    public Plan plan(String sql, SchemaSnapshot snapshot, String defaultSchema, CancelCheck cancel)
            throws SQLException {
        SqlNode parsed = PandoParser.parse(sql);
        cancel.check();
        return plan(parsed, new PlanningContext(planner, snapshot, defaultSchema, null, cancel));
    }

    /** The plan of a shape, whose parameters stand for literals of these types; null when it is not for the short way. */
    public Plan.@Nullable OfRows shape(TextShape shape, SchemaSnapshot snapshot, String defaultSchema) {
        try {
            SqlNode node = PandoParser.parse(shape.text());
            PlanningContext planning =
                    new PlanningContext(planner, snapshot, defaultSchema, shape.types(), CancelCheck.none());
            if (node.isA(SqlKind.QUERY)) {
                return planning.query(node);
            }
            return node.isA(SqlKind.DML) ? new DmlBinder(planning).bind(node) : null;
        } catch (PlanningContext.NotShort | SQLException e) {
            /* The text as it is tells what is wrong with it, if anything. */
            return null;
        }
    }

    /** The plan of a text of that shape. */
    public static Plan shaped(Plan.OfRows shape, TextShape text) {
        return new ShapedPlan(shape, text.values());
    }

    /** What making plans over these definitions needs. */
    PlanningContext planning(SchemaSnapshot snapshot, String defaultSchema) {
        return new PlanningContext(planner, snapshot, defaultSchema, null, CancelCheck.none());
    }

    private static Plan plan(SqlNode node, PlanningContext planning) throws SQLException {
        if (node instanceof StatementNode own) {
            return own(own.statement(), planning);
        }
        SqlNode resolved = planning.resolved(node);
        if (node.isA(SqlKind.QUERY)) {
            return planning.query(resolved);
        }
        if (node.isA(SqlKind.DML)) {
            return new DmlBinder(planning).bind(resolved);
        }
        String instead = switch (node.getKind()) {
            case SET_OPTION -> "RESET is not offered: expected SET name = DEFAULT";
            case DESCRIBE_TABLE, DESCRIBE_SCHEMA ->
                "DESCRIBE is not offered: expected SELECT * FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = …";
            default -> "not supported: " + node.getKind();
        };
        throw PandoSqlState.NOT_SUPPORTED.exception(instead);
    }

    private static Plan own(Statement statement, PlanningContext planning) throws SQLException {
        if (statement instanceof TableStatement.Truncate truncate) {
            return new DmlBinder(planning).deleteAll(truncate.name());
        }
        if (statement instanceof TableStatement table) {
            return new TablePlan(table);
        }
        if (statement instanceof ObjectStatement object) {
            return new ObjectPlan(object);
        }
        if (statement instanceof RightsStatement rights) {
            return new RightsPlan(rights);
        }
        if (statement instanceof TransactionStatement transaction) {
            return new TransactionPlan(transaction);
        }
        return utility((UtilityStatement) statement, planning);
    }

    private static Plan utility(UtilityStatement statement, PlanningContext planning) throws SQLException {
        if (statement instanceof UtilityStatement.InsertDefaults insert) {
            return new DmlBinder(planning).insertDefaults(insert.table());
        }
        if (statement instanceof UtilityStatement.ForUpdate query) {
            Plan.OfRows plan = LockingQuery.of(planning.resolved(query.query()), planning);
            return query.noWait() ? new NoWaitPlan(plan) : plan;
        }
        if (statement instanceof UtilityStatement.Explain explain) {
            return ExplainPlan.of(planning.resolved(explain.statement()), planning);
        }
        if (statement instanceof UtilityStatement.Call call) {
            return CallPlan.of(call);
        }
        boolean ofSession = statement instanceof UtilityStatement.SetSchema
                || statement instanceof UtilityStatement.SetSetting setting && !setting.system();
        return ofSession ? new SettingPlan(statement) : new MaintenancePlan(statement);
    }
}
