package dev.pando.sql.exec;

import dev.pando.sql.plan.CompiledQuery;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A query that the planner took. */
record QueryPlan(CompiledQuery query) implements Plan.OfRows {
    @Override
    public StatementKind kind() {
        return StatementKind.QUERY;
    }

    @Override
    public List<ParameterMeta> parameters() {
        return query.parameterMetas();
    }

    @Override
    public List<ColumnMeta> columns() {
        return query.columns();
    }

    @Override
    public Result run(ExecutionContext context, @Nullable Object[] parameters, ExecuteOptions options)
            throws SQLException {
        CompiledQuery.Running running = query.run(context.query(), parameters);
        return Results.streaming(query.columns(), new Results.Source() {
            private long left = options.maxRows() == 0 ? Long.MAX_VALUE : options.maxRows();

            @Override
            public @Nullable Object @Nullable [] next() throws SQLException {
                return left-- > 0 ? running.next() : null;
            }

            @Override
            public void close() {
                running.close();
            }
        });
    }
}
