package dev.pando.sql;

import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.exec.Plan;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.List;

/** A statement of one session, planned again when definitions change. */
final class SqlPrepared implements Prepared {
    private final SqlSession session;
    private final String sql;
    private final String schema;
    private SchemaSnapshot snapshot;
    private Plan plan;

    SqlPrepared(SqlSession session, String sql, String schema, SchemaSnapshot snapshot, Plan plan) {
        this.session = session;
        this.sql = sql;
        this.schema = schema;
        this.snapshot = snapshot;
        this.plan = plan;
    }

    boolean belongsTo(SqlSession other) {
        return session == other;
    }

    /** Where it looks for names without a schema, whatever the session's is now. */
    String schema() {
        return schema;
    }

    /** The plan as it was made last. */
    Plan plan() {
        return plan;
    }

    /** The plan at the present definitions, made in {@code execution} when there is none. */
    Plan plan(SqlDatabase database, Execution execution) throws SQLException {
        SchemaSnapshot now = database.snapshot();
        if (now != snapshot) {
            plan = database.plan(sql, schema, now, execution.cancelCheck());
            snapshot = now;
        }
        return plan;
    }

    @Override
    public String sql() {
        return sql;
    }

    @Override
    public StatementKind kind() {
        return plan.kind();
    }

    @Override
    public List<ParameterMeta> parameters() {
        return plan.parameters();
    }

    @Override
    public List<ColumnMeta> columns() {
        return plan.columns();
    }

    @Override
    public void close() {}
}
