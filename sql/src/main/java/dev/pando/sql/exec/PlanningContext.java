package dev.pando.sql.exec;

import dev.pando.Table;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.plan.CompiledQuery;
import dev.pando.sql.plan.QueryPlanner;
import java.sql.SQLException;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;

/** What making a plan needs: the names as they stand, and the planner. */
record PlanningContext(QueryPlanner planner, SchemaSnapshot snapshot, String defaultSchema) {
    /** The plan of a query: the short one where it can be. */
    Plan.OfRows query(SqlNode query) throws SQLException {
        try {
            return ShortQuery.bind(query, finder(), false);
        } catch (Unsupported e) {
            return new QueryPlan(compile(query));
        }
    }

    CompiledQuery compile(SqlNode query) throws SQLException {
        return planner.compile(query, snapshot, defaultSchema);
    }

    TableFinder finder() {
        return new TableFinder(snapshot, defaultSchema);
    }

    Table table(SqlIdentifier name) throws SQLException {
        return NameResolver.table(name, snapshot, defaultSchema);
    }
}
