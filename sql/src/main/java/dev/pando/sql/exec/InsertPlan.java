package dev.pando.sql.exec;

import dev.pando.Column;
import dev.pando.Table;
import dev.pando.sql.plan.CompiledQuery;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INSERT and UPSERT.
 *
 * @param targets the columns that the text names, or all of them
 * @param source of the rows
 * @param upsert whether a row whose key exists is changed
 */
record InsertPlan(Table table, List<Column> targets, Source source, boolean upsert, List<ParameterMeta> parameters)
        implements Plan.OfRows {
    /** Where the rows come from. */
    sealed interface Source {}

    /** Rows that the text lists. */
    record Listed(List<ListedRow> rows) implements Source {}

    /**
     * A row that the text lists.
     *
     * @param planned computes the cells that the interpreter cannot; null when there are none
     */
    record ListedRow(List<Cell> cells, @Nullable CompiledQuery planned) {}

    /** Rows of a query. */
    record Query(Plan.OfRows plan) implements Source {}

    @Override
    public StatementKind kind() {
        return upsert ? StatementKind.MERGE : StatementKind.INSERT;
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
        List<RowWriter.NewRow> rows = source instanceof Listed listed
                ? listed(listed, context, values)
                : queried((Query) source, context, values);
        for (RowWriter.NewRow row : rows) {
            keys.add(upsert ? writer.upsert(row) : writer.insert(row));
        }
        return Results.count(rows.size(), keys.result());
    }

    /** One row of values that the interpreter computes. */
    @Override
    public boolean repeats() {
        return source instanceof Listed listed && listed.rows.size() == 1 && listed.rows.get(0).planned == null;
    }

    @Override
    public Repetition repeat(ExecutionContext context, ExecuteOptions options) throws SQLException {
        ListedRow row = ((Listed) source).rows.get(0);
        GeneratedKeyCollector keys = new GeneratedKeyCollector(table, options.generatedKeys());
        RowWriter writer = new RowWriter(context, table);
        return new Repetition() {
            @Override
            public long run(@Nullable Object[] values) throws SQLException, Changed {
                RowWriter.NewRow given = listed(row, new Cell.Input(context, values, null, null));
                keys.add(upsert ? writer.upsert(given) : writer.insert(given));
                return 1;
            }

            @Override
            public @Nullable Result generatedKeys() {
                return keys.result();
            }
        };
    }

    private List<RowWriter.NewRow> listed(Listed listed, ExecutionContext context, @Nullable Object[] values)
            throws SQLException {
        List<RowWriter.NewRow> rows = new ArrayList<>(listed.rows.size());
        for (ListedRow each : listed.rows) {
            @Nullable Object[] planned = each.planned == null ? null : only(each.planned, context, values);
            rows.add(listed(each, new Cell.Input(context, values, null, planned)));
        }
        return rows;
    }

    private RowWriter.NewRow listed(ListedRow from, Cell.Input input) throws SQLException {
        RowWriter.NewRow row = new RowWriter.NewRow(table);
        for (int i = 0; i < targets.size(); i++) {
            Cell cell = from.cells.get(i);
            if (!(cell instanceof Cell.Default)) {
                row.set(targets.get(i), cell.value(input));
            }
        }
        return row;
    }

    private static @Nullable Object @Nullable [] only(
            CompiledQuery query, ExecutionContext context, @Nullable Object[] values) throws SQLException {
        try (CompiledQuery.Running running = query.run(context.query(), values)) {
            return running.next();
        }
    }

    /* All rows are read before the first is written: the query may read the table. */
    private List<RowWriter.NewRow> queried(Query query, ExecutionContext context, @Nullable Object[] values)
            throws SQLException, Changed {
        List<RowWriter.NewRow> rows = new ArrayList<>();
        try (Result result = query.plan.run(context, values, ExecuteOptions.DEFAULT)) {
            for (List<@Nullable Object[]> page = result.fetch(FETCH); !page.isEmpty(); page = result.fetch(FETCH)) {
                for (@Nullable Object[] read : page) {
                    RowWriter.NewRow row = new RowWriter.NewRow(table);
                    for (int i = 0; i < targets.size(); i++) {
                        row.set(targets.get(i), read[i]);
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    /** Rows taken of a query at once. */
    private static final int FETCH = 1_024;
}
