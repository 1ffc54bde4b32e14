package dev.pando.sql.exec;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.Table;
import dev.pando.sql.catalog.EngineTable;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.ExpressionBinder;
import dev.pando.sql.expr.Names;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.parser.PandoParser;
import dev.pando.sql.plan.CompiledQuery;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ParameterMeta;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlMerge;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Makes plans of INSERT, UPDATE, DELETE and MERGE: through the interpreter where it can, else over planned queries. */
final class DmlBinder {
    private static final SqlParserPos NOWHERE = SqlParserPos.ZERO;

    private final PlanningContext planning;
    private final List<@Nullable ColumnType> parameterTypes = new ArrayList<>();
    private final List<CompiledQuery> queries = new ArrayList<>();

    DmlBinder(PlanningContext planning) {
        this.planning = planning;
    }

    Plan.OfRows bind(SqlNode node) throws SQLException {
        return switch (node.getKind()) {
            case INSERT -> insert((SqlInsert) node);
            case UPDATE -> update((SqlUpdate) node);
            case DELETE -> delete((SqlDelete) node);
            default -> merge((SqlMerge) node);
        };
    }

    /** INSERT … DEFAULT VALUES. */
    Plan.OfRows insertDefaults(SqlIdentifier name) throws SQLException {
        InsertPlan.Listed one = new InsertPlan.Listed(List.of(new InsertPlan.ListedRow(List.of(), null)));
        return new InsertPlan(planning.table(name), List.of(), one, false, List.of());
    }

    /** UPDATE of all rows to a column's default: what ADD COLUMN does to rows that are there. */
    static Plan.OfRows fill(Table table, Column column) throws SQLException {
        ShortScan everything = new ShortScan(table, null, List.of(), null, null, null);
        return new ChangePlan(table, new ChangePlan.Short(everything), Map.of(column, byDefault(column)), List.of());
    }

    /** TRUNCATE: the rows go as DELETE takes them, for other nodes to see. */
    Plan.OfRows deleteAll(SqlIdentifier name) throws SQLException {
        Table table = planning.table(name);
        ShortScan everything = new ShortScan(table, null, List.of(), null, null, null);
        return new ChangePlan(table, new ChangePlan.Short(everything), null, List.of());
    }

    private Plan.OfRows insert(SqlInsert insert) throws SQLException {
        Table table = planning.table((SqlIdentifier) insert.getTargetTable());
        List<Column> columns = targets(insert.getTargetColumnList(), table);
        SqlNode source = insert.getSource();
        InsertPlan.Source rows;
        if (source.getKind() == SqlKind.VALUES) {
            rows = listed((SqlCall) source, columns, table);
        } else {
            Plan.OfRows plan = planning.query(source);
            if (plan.columns().size() != columns.size()) {
                throw count(table, columns.size(), plan.columns().size());
            }
            rows = new InsertPlan.Query(plan);
            return new InsertPlan(table, columns, rows, insert.isUpsert(), plan.parameters());
        }
        return new InsertPlan(table, columns, rows, insert.isUpsert(), metas());
    }

    private static SQLException count(Table table, int expected, int given) {
        return PandoSqlState.SYNTAX.exception(
                table.qualifiedName() + ": " + expected + " values are expected, " + given + " are given");
    }

    private static List<Column> targets(@Nullable SqlNodeList names, Table table) throws SQLException {
        if (names == null) {
            return table.columns();
        }
        List<Column> columns = new ArrayList<>();
        for (SqlNode name : names) {
            Column column = NameResolver.column((SqlIdentifier) name, table);
            if (columns.contains(column)) {
                throw PandoSqlState.DUPLICATE_COLUMN.exception(
                        NameResolver.place((SqlIdentifier) name) + "column " + column.name() + " is named twice");
            }
            columns.add(column);
        }
        return columns;
    }

    private InsertPlan.Source listed(SqlCall values, List<Column> columns, Table table) throws SQLException {
        List<InsertPlan.ListedRow> rows = new ArrayList<>();
        for (SqlNode row : values.getOperandList()) {
            List<SqlNode> nodes =
                    row.getKind() == SqlKind.ROW ? ((SqlCall) row).getOperandList() : List.<SqlNode>of(row);
            if (nodes.size() != columns.size()) {
                throw count(table, columns.size(), nodes.size());
            }
            List<SqlNode> planned = new ArrayList<>();
            List<Cell> cells = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                cells.add(cell(nodes.get(i), columns.get(i), Names.NONE, planned, 0));
            }
            CompiledQuery query = planned.isEmpty() ? null : compile(select(planned, null, null));
            rows.add(new InsertPlan.ListedRow(cells, query));
        }
        return new InsertPlan.Listed(rows);
    }

    /**
     * The cell of an expression. One that the interpreter cannot do joins {@code planned}, whose first column is number
     * {@code offset}.
     */
    private Cell cell(SqlNode node, Column column, Names names, List<SqlNode> planned, int offset) throws SQLException {
        if (node instanceof SqlDynamicParam parameter) {
            while (parameterTypes.size() <= parameter.getIndex()) {
                parameterTypes.add(null);
            }
            parameterTypes.set(parameter.getIndex(), column.type());
            return new Cell.Parameter(parameter.getIndex());
        }
        if (node.getKind() == SqlKind.DEFAULT) {
            return new Cell.Default();
        }
        Expression interpreted = interpreted(node, column, names);
        if (interpreted != null) {
            return new Cell.Interpreted(interpreted);
        }
        planned.add(node);
        return new Cell.Planned(offset + planned.size() - 1);
    }

    private @Nullable Expression interpreted(SqlNode node, Column column, Names names) throws SQLException {
        List<@Nullable ColumnType> types = new ArrayList<>(parameterTypes);
        try {
            Expression bound = new ExpressionBinder(names, types, planning.literals()).bind(node, column.type());
            parameterTypes.clear();
            parameterTypes.addAll(types);
            return bound;
        } catch (Unsupported e) {
            return null;
        }
    }

    private Plan.OfRows update(SqlUpdate update) throws SQLException {
        Table table = planning.table((SqlIdentifier) update.getTargetTable());
        String alias = alias(update.getAlias());
        Map<Column, SqlNode> assigned = assigned(update.getTargetColumnList(), update.getSourceExpressionList(), table);
        Plan.OfRows shortPlan = shortChange(table, alias, update.getCondition(), assigned);
        if (shortPlan != null) {
            return shortPlan;
        }
        List<SqlNode> planned = new ArrayList<>();
        planned.add(documentId(table, alias));
        Map<Column, Cell> cells = new LinkedHashMap<>();
        for (Map.Entry<Column, SqlNode> each : assigned.entrySet()) {
            cells.put(each.getKey(), plannedCell(each.getValue(), each.getKey(), planned, false));
        }
        SqlNode from = from(update.getTargetTable(), update.getAlias());
        CompiledQuery query = compile(select(planned, from, update.getCondition()));
        return new ChangePlan(table, new ChangePlan.Planned(query), cells, metas());
    }

    private Plan.OfRows delete(SqlDelete delete) throws SQLException {
        Table table = planning.table((SqlIdentifier) delete.getTargetTable());
        String alias = alias(delete.getAlias());
        Plan.OfRows shortPlan = shortChange(table, alias, delete.getCondition(), null);
        if (shortPlan != null) {
            return shortPlan;
        }
        SqlNode from = from(delete.getTargetTable(), delete.getAlias());
        CompiledQuery query = compile(select(List.of(documentId(table, alias)), from, delete.getCondition()));
        return new ChangePlan(table, new ChangePlan.Planned(query), null, metas());
    }

    private Plan.@Nullable OfRows shortChange(
            Table table, @Nullable String alias, @Nullable SqlNode where, @Nullable Map<Column, SqlNode> assigned)
            throws SQLException {
        Names names = new Names(table, alias);
        List<@Nullable ColumnType> types = new ArrayList<>();
        ExpressionBinder binder = new ExpressionBinder(names, types, planning.literals());
        try {
            ShortScan scan = ShortScan.bind(table, names, binder, where);
            Map<Column, Cell> cells = assigned == null ? null : new LinkedHashMap<>();
            if (assigned != null && cells != null) {
                for (Map.Entry<Column, SqlNode> each : assigned.entrySet()) {
                    Column column = each.getKey();
                    cells.put(
                            column,
                            each.getValue().getKind() == SqlKind.DEFAULT
                                    ? byDefault(column)
                                    : new Cell.Interpreted(binder.bind(each.getValue(), column.type())));
                }
            }
            return new ChangePlan(table, new ChangePlan.Short(scan), cells, ShortQuery.metas(types));
        } catch (Unsupported e) {
            return null;
        }
    }

    /* A bare parameter has no type for the planner: its column gives it one. */
    private Cell plannedCell(SqlNode node, Column column, List<SqlNode> planned, boolean inserts) throws SQLException {
        if (node.getKind() == SqlKind.DEFAULT) {
            return inserts ? new Cell.Default() : byDefault(column);
        }
        if (node instanceof SqlDynamicParam parameter) {
            while (parameterTypes.size() <= parameter.getIndex()) {
                parameterTypes.add(null);
            }
            parameterTypes.set(parameter.getIndex(), column.type());
            return new Cell.Parameter(parameter.getIndex());
        }
        planned.add(node);
        return new Cell.Planned(planned.size() - 1);
    }

    /* What DEFAULT is where a row is there already. */
    private static Cell byDefault(Column column) throws SQLException {
        try {
            String sql = column.defaultSql().orElse("NULL");
            SqlNode node = PandoParser.parseExpression(sql);
            return new Cell.Interpreted(new ExpressionBinder(Names.NONE, new ArrayList<>()).bind(node, column.type()));
        } catch (Unsupported e) {
            throw new IllegalStateException("the DEFAULT of " + column.name() + " was bound when it was made", e);
        }
    }

    private static Map<Column, SqlNode> assigned(SqlNodeList names, SqlNodeList sources, Table table)
            throws SQLException {
        Map<Column, SqlNode> assigned = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            SqlIdentifier name = (SqlIdentifier) names.get(i);
            if (assigned.put(NameResolver.column(name, table), sources.get(i)) != null) {
                throw PandoSqlState.DUPLICATE_COLUMN.exception(
                        NameResolver.place(name) + "column " + name + " is set twice");
            }
        }
        return assigned;
    }

    private Plan.OfRows merge(SqlMerge merge) throws SQLException {
        Table table = planning.table((SqlIdentifier) merge.getTargetTable());
        String alias = alias(merge.getAlias());
        List<SqlNode> planned = new ArrayList<>();
        planned.add(documentId(table, alias));
        Map<Column, Cell> updates = null;
        SqlUpdate update = merge.getUpdateCall();
        if (update != null) {
            updates = new LinkedHashMap<>();
            for (Map.Entry<Column, SqlNode> each : assigned(
                            update.getTargetColumnList(), update.getSourceExpressionList(), table)
                    .entrySet()) {
                updates.put(each.getKey(), plannedCell(each.getValue(), each.getKey(), planned, false));
            }
        }
        SqlInsert insert = merge.getInsertCall();
        Map<Column, Cell> inserts = insert == null ? null : mergeInserts(insert, table, planned);
        SqlNode join = new SqlJoin(
                NOWHERE,
                merge.getSourceTableRef(),
                SqlLiteral.createBoolean(false, NOWHERE),
                JoinType.LEFT.symbol(NOWHERE),
                from(merge.getTargetTable(), merge.getAlias()),
                JoinConditionType.ON.symbol(NOWHERE),
                merge.getCondition());
        CompiledQuery query = compile(select(planned, join, null));
        return new MergePlan(table, query, updates, inserts, metas());
    }

    private Map<Column, Cell> mergeInserts(SqlInsert insert, Table table, List<SqlNode> planned) throws SQLException {
        List<Column> columns = targets(insert.getTargetColumnList(), table);
        SqlNode row = ((SqlCall) insert.getSource()).operand(0);
        List<SqlNode> nodes = row.getKind() == SqlKind.ROW ? ((SqlCall) row).getOperandList() : List.of(row);
        if (nodes.size() != columns.size()) {
            throw count(table, columns.size(), nodes.size());
        }
        Map<Column, Cell> inserts = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            inserts.put(columns.get(i), plannedCell(nodes.get(i), columns.get(i), planned, true));
        }
        return inserts;
    }

    private static @Nullable String alias(@Nullable SqlIdentifier alias) {
        return alias == null ? null : alias.getSimple();
    }

    private static SqlNode from(SqlNode table, @Nullable SqlIdentifier alias) {
        return alias == null ? table : new SqlBasicCall(SqlStdOperatorTable.AS, List.of(table, alias), NOWHERE);
    }

    private static SqlNode documentId(Table table, @Nullable String alias) {
        String qualifier = alias == null ? table.name() : alias;
        return new SqlIdentifier(List.of(qualifier, EngineTable.DOCUMENT_ID), NOWHERE);
    }

    private static SqlSelect select(List<SqlNode> items, @Nullable SqlNode from, @Nullable SqlNode where) {
        List<SqlNode> named = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            SqlIdentifier name = new SqlIdentifier("c" + i, NOWHERE);
            named.add(new SqlBasicCall(SqlStdOperatorTable.AS, List.of(items.get(i), name), NOWHERE));
        }
        SqlNodeList list = new SqlNodeList(named, NOWHERE);
        return new SqlSelect(NOWHERE, null, list, from, where, null, null, null, null, null, null, null, null);
    }

    private CompiledQuery compile(SqlSelect select) throws SQLException {
        CompiledQuery query = planning.compile(select);
        queries.add(query);
        return query;
    }

    /* What cells know of parameters, and what the queries know of the others. */
    private List<ParameterMeta> metas() {
        List<ParameterMeta> metas = new ArrayList<>(ShortQuery.metas(parameterTypes));
        for (CompiledQuery query : queries) {
            List<ParameterMeta> known = query.parameterMetas();
            for (int i = 0; i < known.size(); i++) {
                if (i >= metas.size()) {
                    metas.add(known.get(i));
                } else if (query.parameters().get(i) != null) {
                    metas.set(i, known.get(i));
                }
            }
        }
        return metas;
    }
}
