package dev.pando.sql.plan;

import dev.pando.sql.Errors;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.SqlType;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.runtime.Bindable;
import org.jspecify.annotations.Nullable;

/**
 * A planned query: run any number of times, by any number of sessions.
 *
 * @param kept what the generated code refers to
 * @param parameters types by index; null where the query has no parameter of that index
 */
public record CompiledQuery(
        Bindable<?> bindable,
        Map<String, Object> kept,
        List<@Nullable RelDataType> parameters,
        List<RelDataType> types,
        List<ColumnMeta> columns) {

    /** What the parameters are, for those who set them. */
    public List<ParameterMeta> parameterMetas() {
        List<ParameterMeta> metas = new ArrayList<>();
        for (RelDataType type : parameters) {
            ColumnMeta meta = type == null ? ColumnMeta.of("", SqlType.OTHER) : SqlTypes.meta("", type);
            metas.add(new ParameterMeta(meta.type(), meta.precision(), meta.scale()));
        }
        return metas;
    }

    /** Begins an execution. */
    public Running run(QueryContext context, @Nullable Object[] values) throws SQLException {
        if (values.length < parameters.size()) {
            throw PandoSqlState.PARAMETER_COUNT.exception(
                    "the statement has " + parameters.size() + " parameters, " + values.length + " were given");
        }
        @Nullable Object[] runtime = new Object[values.length];
        for (int i = 0; i < parameters.size(); i++) {
            RelDataType type = parameters.get(i);
            runtime[i] = type == null ? values[i] : Values.toRuntime(type, values[i], "parameter " + (i + 1));
        }
        context.bind(values, runtime, kept);
        try {
            return new Running(bindable.bind(context).enumerator());
        } catch (RuntimeException | Error e) {
            throw Errors.of(e);
        }
    }

    /** Rows one after the other, as the session gives them out. */
    public final class Running implements AutoCloseable {
        private final Enumerator<?> rows;

        Running(Enumerator<?> rows) {
            this.rows = rows;
        }

        /** The next row, or null at the end. */
        public @Nullable Object @Nullable [] next() throws SQLException {
            try {
                return rows.moveNext() ? row(rows.current()) : null;
            } catch (RuntimeException | Error e) {
                throw Errors.of(e);
            }
        }

        private @Nullable Object[] row(@Nullable Object current) {
            @Nullable Object[] values = new Object[types.size()];
            if (current instanceof Object[] array) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Values.toSession(types.get(i), array[i]);
                }
            } else {
                values[0] = Values.toSession(types.get(0), current);
            }
            return values;
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
