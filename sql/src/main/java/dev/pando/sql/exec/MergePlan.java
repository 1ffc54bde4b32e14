package dev.pando.sql.exec;

import dev.pando.Column;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.sql.plan.CompiledQuery;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MERGE.
 *
 * @param query gives a row for each of the source: the document id of its match or NULL, and what cells refer to
 * @param updates of a match; null to leave it
 * @param inserts when there is no match; null to insert nothing
 */
record MergePlan(
        Table table,
        CompiledQuery query,
        @Nullable Map<Column, Cell> updates,
        @Nullable Map<Column, Cell> inserts,
        List<ParameterMeta> parameters)
        implements Plan.OfRows {
    @Override
    public StatementKind kind() {
        return StatementKind.MERGE;
    }

    @Override
    public List<ColumnMeta> columns() {
        return List.of();
    }

    @Override
    public Result run(ExecutionContext context, @Nullable Object[] values, ExecuteOptions options)
            throws SQLException, Changed {
        GeneratedKeyCollector keys = new GeneratedKeyCollector(table, options.generatedKeys());
        RowWriter writer = new RowWriter(context, table);
        List<@Nullable Object[]> found = new ArrayList<>();
        try (CompiledQuery.Running running = query.run(context.query(), values)) {
            for (@Nullable Object[] row = running.next(); row != null; row = running.next()) {
                found.add(row);
            }
        }
        long count = 0;
        Set<String> changed = new HashSet<>();
        for (@Nullable Object[] each : found) {
            Cell.Input input = new Cell.Input(context, values, null, each);
            if (each[0] == null) {
                count += insert(writer, input, keys);
            } else {
                count += update(writer, input, String.valueOf(each[0]), changed);
            }
        }
        return Results.count(count, keys.result());
    }

    private int insert(RowWriter writer, Cell.Input input, GeneratedKeyCollector keys) throws SQLException {
        if (inserts == null) {
            return 0;
        }
        RowWriter.NewRow row = new RowWriter.NewRow(table);
        for (Map.Entry<Column, Cell> each : inserts.entrySet()) {
            if (!(each.getValue() instanceof Cell.Default)) {
                row.set(each.getKey(), each.getValue().value(input));
            }
        }
        keys.add(writer.insert(row));
        return 1;
    }

    private int update(RowWriter writer, Cell.Input input, String documentId, Set<String> changed)
            throws SQLException, Changed {
        if (updates == null) {
            return 0;
        }
        if (!changed.add(documentId)) {
            throw PandoSqlState.CARDINALITY.exception(
                    "MERGE finds more than one source row for a row of " + table.qualifiedName());
        }
        Row row = writer.lock(documentId);
        if (row == null) {
            return 0;
        }
        RowWriter.update(input.context(), row, ChangePlan.changed(row, updates, input));
        return 1;
    }
}
