package dev.pando.sql.exec;

import dev.pando.Column;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.sql.plan.CompiledQuery;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import dev.pando.sql.types.Assign;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE, or DELETE when there are no assignments.
 *
 * @param selection which rows
 * @param assignments by column; null for DELETE
 */
record ChangePlan(
        Table table, Selection selection, @Nullable Map<Column, Cell> assignments, List<ParameterMeta> parameters)
        implements Plan.OfRows {
    /** Which rows a statement changes. */
    sealed interface Selection {}

    /** Found by the interpreter, and looked at again when they changed before they were locked. */
    record Short(ShortScan scan) implements Selection {}

    /** Found by the planner: document ids, and after them what cells refer to. */
    record Planned(CompiledQuery query) implements Selection {}

    @Override
    public StatementKind kind() {
        return assignments == null ? StatementKind.DELETE : StatementKind.UPDATE;
    }

    @Override
    public List<ColumnMeta> columns() {
        return List.of();
    }

    @Override
    public Result run(ExecutionContext context, @Nullable Object[] values, ExecuteOptions options)
            throws SQLException, Changed {
        return Results.count(
                selection instanceof Short found
                        ? runShort(found.scan, context, values)
                        : runPlanned(((Planned) selection).query, context, values));
    }

    /** One row by its key: what executions of a batch have in common is the session's, and nothing is read ahead. */
    @Override
    public boolean repeats() {
        return selection instanceof Short found && found.scan.isKeyLookup();
    }

    @Override
    public Repetition repeat(ExecutionContext context, ExecuteOptions options) {
        ShortScan scan = ((Short) selection).scan;
        return new Repetition() {
            @Override
            public long run(@Nullable Object[] values) throws SQLException {
                return runShort(scan, context, values);
            }

            @Override
            public @Nullable Result generatedKeys() {
                return null;
            }
        };
    }

    private long runShort(ShortScan scan, ExecutionContext context, @Nullable Object[] values) throws SQLException {
        if (scan.isKeyLookup()) {
            Row seen = scan.lookUp(context, values);
            return seen == null ? 0 : changeSeen(seen, scan, context, values);
        }
        long count = 0;
        for (Row seen : scan.read(context, values)) {
            context.query().checkRow();
            count += changeSeen(seen, scan, context, values);
        }
        return count;
    }

    private int changeSeen(Row seen, ShortScan scan, ExecutionContext context, @Nullable Object[] values)
            throws SQLException {
        Row row = context.transaction().lock(seen);
        if (row == null || row != seen && !scan.matches(context, values, row)) {
            return 0;
        }
        change(row, new Cell.Input(context, values, row, null));
        return 1;
    }

    private long runPlanned(CompiledQuery query, ExecutionContext context, @Nullable Object[] values)
            throws SQLException, Changed {
        RowWriter writer = new RowWriter(context, table);
        Map<String, @Nullable Object[]> found = new LinkedHashMap<>();
        try (CompiledQuery.Running running = query.run(context.query(), values)) {
            for (@Nullable Object[] row = running.next(); row != null; row = running.next()) {
                found.put(String.valueOf(row[0]), row);
            }
        }
        long count = 0;
        for (Map.Entry<String, @Nullable Object[]> each : found.entrySet()) {
            Row row = writer.lock(each.getKey());
            if (row != null) {
                change(row, new Cell.Input(context, values, row, each.getValue()));
                count++;
            }
        }
        return count;
    }

    private void change(Row row, Cell.Input input) throws SQLException {
        if (assignments == null) {
            input.context().transaction().delete(row);
        } else {
            RowWriter.update(input.context(), row, changed(row, assignments, input));
        }
    }

    /** The row's values with the assigned ones in their places. */
    static @Nullable Object[] changed(Row row, Map<Column, Cell> assignments, Cell.Input input) throws SQLException {
        @Nullable Object[] values = RowWriter.values(row);
        for (Map.Entry<Column, Cell> assignment : assignments.entrySet()) {
            Column column = assignment.getKey();
            values[column.ordinal()] =
                    Assign.to(column.type(), assignment.getValue().value(input), column.name());
        }
        return values;
    }
}
