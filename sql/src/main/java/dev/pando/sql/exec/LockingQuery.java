package dev.pando.sql.exec;

import dev.pando.Row;
import dev.pando.Table;
import dev.pando.sql.catalog.EngineTable;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.plan.CompiledQuery;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * FOR UPDATE of a query that the planner took: it gives the document ids too, and each row is locked before it is given
 * out. When one changed meanwhile, the query runs again.
 */
record LockingQuery(Table table, CompiledQuery query) implements Plan.OfRows {
    /** The short query where it can be. 0A000 for a query whose rows are not those of one table. */
    static Plan.OfRows of(SqlNode query, PlanningContext planning) throws SQLException {
        try {
            return ShortQuery.bind(query, planning.finder(), null, true);
        } catch (Unsupported e) {
            return planned(query, planning);
        }
    }

    private static Plan.OfRows planned(SqlNode query, PlanningContext planning) throws SQLException {
        SqlNode body = query instanceof SqlOrderBy ordered ? ordered.query : query;
        if (!(body instanceof SqlSelect select)
                || select.getGroup() != null
                || select.getHaving() != null
                || select.isDistinct()
                || select.getFrom() == null) {
            throw notOfOneTable("the query groups, combines or has no table", null);
        }
        TableFinder.Named named;
        try {
            named = planning.finder().single(select.getFrom());
        } catch (Unsupported e) {
            throw notOfOneTable("it reads " + e.getMessage(), e);
        }
        String qualifier = named.alias() == null ? named.table().name() : named.alias();
        List<SqlNode> items = new ArrayList<>(select.getSelectList());
        items.add(new SqlIdentifier(List.of(qualifier, EngineTable.DOCUMENT_ID), SqlParserPos.ZERO));
        SqlSelect locking = (SqlSelect) select.clone(select.getParserPosition());
        locking.setSelectList(new SqlNodeList(items, SqlParserPos.ZERO));
        SqlNode whole = query instanceof SqlOrderBy ordered
                ? new SqlOrderBy(ordered.getParserPosition(), locking, ordered.orderList, ordered.offset, ordered.fetch)
                : locking;
        planning.compile(query);
        try {
            return new LockingQuery(named.table(), planning.compile(whole));
        } catch (SQLException e) {
            /* Without the document id it was well: so it groups. */
            throw notOfOneTable("the query groups", e);
        }
    }

    private static SQLException notOfOneTable(String why, @Nullable Throwable cause) {
        return PandoSqlState.NOT_SUPPORTED.exception("FOR UPDATE locks the rows of one table; " + why, cause);
    }

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
        return query.columns().subList(0, query.columns().size() - 1);
    }

    @Override
    public boolean locks() {
        return true;
    }

    @Override
    public Result run(ExecutionContext context, @Nullable Object[] values, ExecuteOptions options)
            throws SQLException, Changed {
        RowWriter writer = new RowWriter(context, table);
        long left = options.maxRows() == 0 ? Long.MAX_VALUE : options.maxRows();
        List<@Nullable Object[]> found = new ArrayList<>();
        try (CompiledQuery.Running running = query.run(context.query(), values)) {
            for (@Nullable Object[] row = running.next(); row != null && left-- > 0; row = running.next()) {
                found.add(row);
            }
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (@Nullable Object[] row : found) {
            int last = row.length - 1;
            Row locked = writer.lock(String.valueOf(row[last]));
            if (locked != null) {
                rows.add(Arrays.copyOf(row, last));
            }
        }
        return Results.rows(columns(), rows);
    }
}
