package dev.pando.sql.exec;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.sql.catalog.EngineTable;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.ExpressionBinder;
import dev.pando.sql.expr.Names;
import dev.pando.sql.expr.Numbers;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.SqlType;
import dev.pando.sql.session.StatementKind;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.jspecify.annotations.Nullable;

/** SELECT of columns of one table, without planner and code generation. */
final class ShortQuery implements Plan.OfRows {
    /** A column of the result: one of the table, or the document id for −1. */
    private record Output(int ordinal, ColumnType type) {
        static final Output DOCUMENT_ID = new Output(-1, ColumnType.VARCHAR);

        @Nullable
        Object of(Row row) {
            return ordinal < 0 ? row.id().toString() : Values.toSession(type, row.get(ordinal));
        }
    }

    private final ShortScan scan;
    private final Output[] outputs;
    private final List<ColumnMeta> columns;
    private final List<ParameterMeta> parameters;
    private final @Nullable Expression offset;
    private final @Nullable Expression limit;
    private final boolean locks;
    private final boolean isKeyLookup;

    private ShortQuery(
            ShortScan scan,
            List<Output> outputs,
            List<ColumnMeta> columns,
            List<ParameterMeta> parameters,
            @Nullable Expression offset,
            @Nullable Expression limit,
            boolean locks) {
        this.scan = scan;
        this.outputs = outputs.toArray(new Output[0]);
        this.columns = columns;
        this.parameters = parameters;
        this.offset = offset;
        this.limit = limit;
        this.locks = locks;
        this.isKeyLookup = scan.isKeyLookup();
    }

    /**
     * Binds a query.
     *
     * @param literals the types of the literals that parameters stand for; null when they are parameters
     * @param locks whether its rows are locked: FOR UPDATE
     * @throws Unsupported when it is for the planner
     */
    static ShortQuery bind(SqlNode query, TableFinder finder, @Nullable List<ColumnType> literals, boolean locks)
            throws Unsupported, SQLException {
        SqlNode body = query;
        SqlNode offset = null;
        SqlNode fetch = null;
        if (query instanceof SqlOrderBy ordered) {
            if (!ordered.orderList.isEmpty()) {
                throw new Unsupported("ORDER BY");
            }
            body = ordered.query;
            offset = ordered.offset;
            fetch = ordered.fetch;
        }
        if (!(body instanceof SqlSelect select) || !isPlain(select)) {
            throw new Unsupported("query");
        }
        TableFinder.Named named = finder.single(select.getFrom());
        List<@Nullable ColumnType> types = new ArrayList<>();
        Names names = new Names(named.table(), named.alias());
        ExpressionBinder binder = new ExpressionBinder(names, types, literals);
        List<Output> outputs = new ArrayList<>();
        List<ColumnMeta> columns = new ArrayList<>();
        for (SqlNode item : select.getSelectList()) {
            addOutputs(item, named, names, outputs, columns);
        }
        ShortScan scan = ShortScan.bind(named.table(), names, binder, select.getWhere());
        Expression skipped = offset == null ? null : binder.bind(offset, ColumnType.BIGINT);
        Expression kept = fetch == null ? null : binder.bind(fetch, ColumnType.BIGINT);
        return new ShortQuery(scan, outputs, columns, metas(types), skipped, kept, locks);
    }

    private static boolean isPlain(SqlSelect select) {
        return select.getGroup() == null
                && select.getHaving() == null
                && select.getQualify() == null
                && select.getWindowList().isEmpty()
                && !select.isDistinct()
                && !select.isKeywordPresent(org.apache.calcite.sql.SqlSelectKeyword.STREAM)
                && select.getFrom() != null
                && select.getFetch() == null
                && select.getOffset() == null
                && (select.getOrderList() == null || select.getOrderList().isEmpty());
    }

    private static void addOutputs(
            SqlNode item, TableFinder.Named named, Names names, List<Output> outputs, List<ColumnMeta> columns)
            throws Unsupported {
        Table table = named.table();
        if (item instanceof SqlIdentifier star && star.isStar()) {
            boolean qualified = star.names.size() == 1
                    || star.names.size() == 2
                            && star.names.get(0).equalsIgnoreCase(named.alias() == null ? table.name() : named.alias());
            if (!qualified) {
                throw new Unsupported(star.toString());
            }
            for (Column column : table.columns()) {
                add(column.name(), table, column, outputs, columns);
            }
            return;
        }
        String label = null;
        SqlNode source = item;
        if (item.getKind() == SqlKind.AS) {
            SqlCall as = (SqlCall) item;
            source = as.operand(0);
            label = ((SqlIdentifier) as.operand(1)).getSimple();
        }
        if (!(source instanceof SqlIdentifier identifier)) {
            throw new Unsupported("an expression to select");
        }
        Column column = names.column(identifier).orElse(null);
        if (column == null && identifier.isSimple() && identifier.getSimple().equals(EngineTable.DOCUMENT_ID)) {
            outputs.add(Output.DOCUMENT_ID);
            columns.add(ColumnMeta.of(label == null ? EngineTable.DOCUMENT_ID : label, SqlType.VARCHAR));
            return;
        }
        if (column == null) {
            throw new Unsupported("name " + identifier);
        }
        add(label == null ? column.name() : label, table, column, outputs, columns);
    }

    private static void add(String label, Table table, Column column, List<Output> outputs, List<ColumnMeta> columns) {
        outputs.add(new Output(column.ordinal(), column.type()));
        boolean key = table.primaryKey().contains(column.ordinal());
        columns.add(SqlTypes.meta(label, table.schema(), table.name(), column, key));
    }

    /** What the places of parameters said of them. */
    static List<ParameterMeta> metas(List<@Nullable ColumnType> types) {
        List<ParameterMeta> metas = new ArrayList<>();
        for (ColumnType type : types) {
            SqlType sqlType = type == null ? SqlType.OTHER : SqlTypes.of(type);
            boolean states = type != null && type.precision() >= 0;
            metas.add(new ParameterMeta(
                    sqlType,
                    states ? type.precision() : sqlType.defaultPrecision(),
                    type != null && sqlType == SqlType.DECIMAL ? type.scale() : sqlType.defaultScale()));
        }
        return metas;
    }

    @Override
    public StatementKind kind() {
        return StatementKind.QUERY;
    }

    @Override
    public List<ParameterMeta> parameters() {
        return parameters;
    }

    @Override
    public List<ColumnMeta> columns() {
        return columns;
    }

    @Override
    public boolean locks() {
        return locks;
    }

    /** As EXPLAIN shows it. */
    String describe() {
        return "short: " + scan.describe() + (locks ? ", locked" : "");
    }

    @Override
    public Result run(ExecutionContext context, @Nullable Object[] values, ExecuteOptions options)
            throws SQLException, Changed {
        long skipped = offset == null ? 0 : count(offset, 0, context, values, "OFFSET");
        long kept = limit == null ? Long.MAX_VALUE : count(limit, Long.MAX_VALUE, context, values, "LIMIT");
        long most = options.maxRows() == 0 ? kept : Math.min(kept, options.maxRows());
        if (locks) {
            return locked(context, values, skipped, most);
        }
        if (isKeyLookup) {
            Row row = skipped > 0 || most <= 0 ? null : scan.lookUp(context, values);
            return Results.rows(columns, row == null ? List.of() : List.<@Nullable Object[]>of(output(row)));
        }
        return Results.streaming(columns, new Reading(context, values, skipped, most));
    }

    private static long count(
            Expression expression, long otherwise, ExecutionContext context, @Nullable Object[] values, String what)
            throws SQLException {
        Object value = expression.evaluate(context.scope(null, values));
        if (value == null) {
            return otherwise;
        }
        return Numbers.rows(value, what);
    }

    private Result locked(ExecutionContext context, @Nullable Object[] values, long skipped, long most)
            throws SQLException, Changed {
        RowWriter writer = new RowWriter(context, scan.table());
        List<@Nullable Object[]> rows = new ArrayList<>();
        long skip = skipped;
        for (Row seen : scan.read(context, values)) {
            if (rows.size() >= most) {
                break;
            }
            if (skip-- > 0) {
                continue;
            }
            Row row = writer.lock(seen);
            if (row != null) {
                rows.add(output(row));
            }
        }
        return Results.rows(columns, rows);
    }

    private @Nullable Object[] output(Row row) {
        @Nullable Object[] output = new Object[outputs.length];
        for (int i = 0; i < output.length; i++) {
            output[i] = outputs[i].of(row);
        }
        return output;
    }

    private final class Reading implements Results.Source {
        private final ExecutionContext context;
        private final @Nullable Object[] values;
        private final RowCursor cursor;
        private long skip;
        private long left;

        Reading(ExecutionContext context, @Nullable Object[] values, long skip, long left) throws SQLException {
            this.context = context;
            this.values = values;
            this.skip = skip;
            this.left = left;
            /* All rows, and pages of some, come in the order of the key, as people expect; others in any order. */
            boolean anyOrder = scan.condition() != null && skip == 0 && left == Long.MAX_VALUE;
            this.cursor = anyOrder ? scan.openBriefly(context, values) : scan.open(context, values);
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            while (left > 0) {
                context.query().checkRow();
                Row row = cursor.next();
                if (row == null) {
                    return null;
                }
                if (scan.matches(context, values, row) && skip-- <= 0) {
                    left--;
                    return output(row);
                }
            }
            return null;
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
