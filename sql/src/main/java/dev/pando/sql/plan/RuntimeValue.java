package dev.pando.sql.plan;

import dev.pando.ColumnType;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.ExpressionBinder;
import dev.pando.sql.expr.Names;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A value that is the same for all rows of a query: an expression of constants, parameters and the moment. */
public final class RuntimeValue {
    private final int parameter;
    private final @Nullable Expression interpreted;
    private final @Nullable CompiledQuery planned;
    private final int parameterCount;

    private RuntimeValue(
            int parameter, @Nullable Expression interpreted, @Nullable CompiledQuery planned, int parameterCount) {
        this.parameter = parameter;
        this.interpreted = interpreted;
        this.planned = planned;
        this.parameterCount = parameterCount;
    }

    static RuntimeValue of(SqlNode node, QueryPlanner planner, SchemaSnapshot schema, String defaultSchema)
            throws SQLException {
        if (node instanceof SqlDynamicParam dynamic) {
            return new RuntimeValue(dynamic.getIndex(), null, null, dynamic.getIndex() + 1);
        }
        try {
            List<@Nullable ColumnType> types = new ArrayList<>();
            Expression bound = new ExpressionBinder(Names.NONE, types).bind(node, null);
            return new RuntimeValue(-1, bound, null, types.size());
        } catch (Unsupported e) {
            SqlNodeList items = SqlNodeList.of(node);
            SqlSelect select = new SqlSelect(
                    SqlParserPos.ZERO, null, items, null, null, null, null, null, null, null, null, null, null);
            CompiledQuery query = planner.compile(select, schema, defaultSchema, CancelCheck.none());
            return new RuntimeValue(-1, null, query, query.parameters().size());
        }
    }

    /** One more than the greatest index of a parameter in it. */
    int parameterCount() {
        return parameterCount;
    }

    /** The types that the planner found for its parameters, by index; null where it found none. */
    List<@Nullable RelDataType> parameterTypes() {
        return planned == null ? List.of() : planned.parameters();
    }

    /** The value, as the session has values. */
    public @Nullable Object in(QueryContext context) throws SQLException {
        if (interpreted != null) {
            Object value = interpreted.evaluate(new Scope(context));
            ColumnType type = interpreted.type();
            return type == null ? value : Values.toSession(type, value);
        }
        if (planned == null) {
            return context.givenParameter(parameter);
        }
        try (CompiledQuery.Running running = planned.run(context.nested(), context.givenParameters())) {
            @Nullable Object[] row = running.next();
            return row == null ? null : row[0];
        }
    }

    private record Scope(QueryContext context) implements Expression.Scope {
        @Override
        public @Nullable Object column(int ordinal) {
            throw new IllegalStateException("a constant has no row");
        }

        @Override
        public @Nullable Object parameter(int index) {
            return context.givenParameter(index);
        }

        @Override
        public Instant now() {
            return context.now();
        }

        @Override
        public long nextKey() {
            return context.nextKey();
        }

        @Override
        public long nextBlock() {
            return context.nextBlock();
        }

        @Override
        public UUID randomUuid() {
            return context.randomUuid();
        }
    }
}
