package dev.pando.sql.exec;

import dev.pando.ColumnType;
import dev.pando.Table;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.plan.CancelCheck;
import dev.pando.sql.plan.CompiledQuery;
import dev.pando.sql.plan.QueryPlanner;
import dev.pando.sql.plan.Sequences;
import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/**
 * What making a plan needs: the names as they stand, and the planner.
 *
 * @param literals the types of the literals that parameters stand for, when a shape is planned; such a plan is short or
 *     it is none
 * @param cancel whether to go on
 */
record PlanningContext(
        QueryPlanner planner,
        SchemaSnapshot snapshot,
        String defaultSchema,
        @Nullable List<ColumnType> literals,
        CancelCheck cancel) {
    /** Says that a shape is not for the short way. */
    static final class NotShort extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotShort() {
            super("not short", null, false, false);
        }
    }

    /** The plan of a query: the short one where it can be. */
    Plan.OfRows query(SqlNode query) throws SQLException {
        try {
            return ShortQuery.bind(query, finder(), literals, false);
        } catch (Unsupported e) {
            return new QueryPlan(compile(query));
        }
    }

    /** The statement with its sequences found. */
    SqlNode resolved(SqlNode statement) throws SQLException {
        return Sequences.resolved(statement, snapshot, defaultSchema);
    }

    CompiledQuery compile(SqlNode query) throws SQLException {
        if (literals != null) {
            throw new NotShort();
        }
        return planner.compile(query, snapshot, defaultSchema, cancel);
    }

    TableFinder finder() {
        return new TableFinder(snapshot, defaultSchema);
    }

    Table table(SqlIdentifier name) throws SQLException {
        return NameResolver.table(name, snapshot, defaultSchema);
    }
}
