package dev.pando.sql.exec;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** FOR UPDATE NOWAIT: what another transaction has locked is an error at once. */
record NoWaitPlan(Plan.OfRows plan) implements Plan.OfRows {
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
    public boolean locks() {
        return true;
    }

    /* The session sets the wait anew before each statement. */
    @Override
    public Result run(ExecutionContext context, @Nullable Object[] parameters, ExecuteOptions options)
            throws SQLException, Changed {
        context.transaction().setLockTimeout(Duration.ZERO);
        return plan.run(context, parameters, options);
    }
}
