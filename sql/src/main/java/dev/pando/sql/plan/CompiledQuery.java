package dev.pando.sql.plan;

import dev.pando.ColumnType;
import dev.pando.sql.Errors;
import dev.pando.sql.run.Operator;
import dev.pando.sql.run.RunState;
import dev.pando.sql.run.Tuples;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.SqlType;
import dev.pando.sql.types.Assign;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Values;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * A planned query: run any number of times, by any number of sessions.
 *
 * @param parameters types by index; null where the query has no parameter of that index
 */
public record CompiledQuery(
        Body body, List<@Nullable RelDataType> parameters, List<RelDataType> types, List<ColumnMeta> columns) {

    /** What runs. */
    public sealed interface Body {}

    /**
     * Code that Calcite generated.
     *
     * @param kept what it refers to
     * @param holdsRows whether it sorts, joins or looks through windows
     */
    public record Generated(Bindable<?> bindable, Map<String, Object> kept, boolean holdsRows) implements Body {}

    /**
     * Operators.
     *
     * @param fields which columns of theirs are the query's
     */
    public record Interpreted(Operator operator, List<Integer> fields, int outerRows, int subqueries) implements Body {}

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
        try {
            return body instanceof Interpreted interpreted
                    ? new Operating(interpreted, context, values)
                    : new Enumerating((Generated) body, context, values);
        } catch (RuntimeException | Error e) {
            throw Errors.of(e);
        }
    }

    /** Rows one after the other, as the session gives them out. */
    public interface Running extends AutoCloseable {
        /** The next row, or null at the end. */
        @Nullable
        Object @Nullable [] next() throws SQLException;

        @Override
        void close();
    }

    private final class Operating implements Running {
        private final List<@Nullable ColumnType> engineTypes = new ArrayList<>();
        private final int[] fields;
        private final Tuples rows;

        Operating(Interpreted interpreted, QueryContext context, @Nullable Object[] values) throws SQLException {
            fields = interpreted.fields.stream().mapToInt(Integer::intValue).toArray();
            for (int field : fields) {
                engineTypes.add(interpreted.operator.types().get(field));
            }
            context.bind(values, values, Map.of());
            RunState state = new RunState(context, engineValues(values), interpreted.outerRows, interpreted.subqueries);
            rows = interpreted.operator.openLending(state);
        }

        private @Nullable Object[] engineValues(@Nullable Object[] values) throws SQLException {
            @Nullable Object[] engine = new Object[values.length];
            for (int i = 0; i < parameters.size(); i++) {
                RelDataType type = parameters.get(i);
                ColumnType column = type == null ? null : Values.columnType(type);
                engine[i] = column == null ? values[i] : Assign.exactly(column, values[i], "parameter " + (i + 1));
            }
            return engine;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            try {
                @Nullable Object[] row = rows.next();
                if (row == null) {
                    return null;
                }
                @Nullable Object[] given = new Object[fields.length];
                for (int i = 0; i < given.length; i++) {
                    ColumnType type = engineTypes.get(i);
                    given[i] = type == null ? null : session(type, types.get(i), row[fields[i]]);
                }
                return given;
            } catch (RuntimeException | Error e) {
                throw Errors.of(e);
            }
        }

        private static @Nullable Object session(ColumnType type, RelDataType declared, @Nullable Object value) {
            if (value instanceof Long count && SqlTypeName.INTERVAL_TYPES.contains(declared.getSqlTypeName())) {
                return Values.shownInterval(declared, count);
            }
            return value instanceof BigDecimal number && number.scale() < declared.getScale()
                    ? number.setScale(declared.getScale())
                    : Values.toSession(type, value);
        }

        @Override
        public void close() {
            rows.close();
        }
    }

    private final class Enumerating implements Running {
        private final Enumerator<?> rows;

        Enumerating(Generated generated, QueryContext context, @Nullable Object[] values) throws SQLException {
            @Nullable Object[] runtime = new Object[values.length];
            for (int i = 0; i < parameters.size(); i++) {
                RelDataType type = parameters.get(i);
                runtime[i] = type == null ? values[i] : Values.toRuntime(type, values[i], "parameter " + (i + 1));
            }
            context.bind(values, runtime, generated.kept);
            context.holdsRows(generated.holdsRows);
            rows = generated.bindable.bind(context).enumerator();
        }

        @Override
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
