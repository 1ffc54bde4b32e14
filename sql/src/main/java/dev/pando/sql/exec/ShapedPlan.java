package dev.pando.sql.exec;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a text by the plan of its shape.
 *
 * @param literals what the text has in the places of the shape's parameters
 */
@SuppressWarnings("ArrayRecordComponent")
record ShapedPlan(Plan.OfRows shape, @Nullable Object[] literals) implements Plan.OfRows {
    @Override
    public StatementKind kind() {
        return shape.kind();
    }

    @Override
    public List<ParameterMeta> parameters() {
        return List.of();
    }

    @Override
    public List<ColumnMeta> columns() {
        return shape.columns();
    }

    @Override
    public boolean locks() {
        return shape.locks();
    }

    @Override
    public Result run(ExecutionContext context, @Nullable Object[] parameters, ExecuteOptions options)
            throws SQLException, Changed {
        return shape.run(context, literals, options);
    }
}
