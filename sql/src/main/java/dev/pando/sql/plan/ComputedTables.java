package dev.pando.sql.plan;

import dev.pando.Table;
import dev.pando.sql.catalog.AsOfTable;
import dev.pando.sql.catalog.EngineTable;
import dev.pando.sql.catalog.HistoryTable;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * What a query names as tables and the planner has none for: {@code FOR SYSTEM_TIME AS OF} and {@code TABLE(history(…))}.
 * Each becomes a table of this query alone, whose rows are made when they are read; the rest of the query stays.
 */
public final class ComputedTables {
    /** The schema of such tables; no name of a user can be equal to it. */
    public static final String SCHEMA = "\u0000computed";

    private static final String HISTORY = "history";

    private final QueryPlanner planner;
    private final SchemaSnapshot schema;
    private final String defaultSchema;
    private final Map<String, org.apache.calcite.schema.Table> tables = new LinkedHashMap<>();
    private final List<RuntimeValue> values = new ArrayList<>();

    ComputedTables(QueryPlanner planner, SchemaSnapshot schema, String defaultSchema) {
        this.planner = planner;
        this.schema = schema;
        this.defaultSchema = defaultSchema;
    }

    Map<String, org.apache.calcite.schema.Table> tables() {
        return tables;
    }

    /** What the tables depend on, to be asked for its parameters. */
    List<RuntimeValue> values() {
        return values;
    }

    /** The query with names of {@link #tables} in the places of what they stand for. */
    SqlNode rewrite(SqlNode query, boolean withIds) throws SQLException {
        if (!isNeeded(query)) {
            return query;
        }
        try {
            SqlNode rewritten = query.accept(new Rewriting(withIds));
            return rewritten == null ? query : rewritten;
        } catch (ScanHandle.QueryFailure e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static boolean isNeeded(SqlNode query) {
        boolean[] found = {false};
        query.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                found[0] |= call.getKind() == SqlKind.SNAPSHOT || call.getKind() == SqlKind.COLLECTION_TABLE;
                return super.visit(call);
            }
        });
        return found[0];
    }

    private final class Rewriting extends SqlShuttle {
        private final boolean withIds;

        Rewriting(boolean withIds) {
            this.withIds = withIds;
        }

        @Override
        public @Nullable SqlNode visit(SqlCall call) {
            try {
                if (call.getKind() == SqlKind.AS) {
                    SqlNode replaced = replaced(call.operand(0));
                    return replaced == null ? super.visit(call) : withFirst(call, replaced);
                }
                SqlNode replaced = replaced(call);
                return replaced == null ? super.visit(call) : as(replaced, aliasOf(call));
            } catch (SQLException e) {
                throw new ScanHandle.QueryFailure(e);
            }
        }

        private @Nullable SqlNode replaced(SqlNode node) throws SQLException {
            if (node instanceof SqlSnapshot snapshot) {
                return asOf(snapshot, withIds);
            }
            if (node.getKind() == SqlKind.COLLECTION_TABLE
                    && ((SqlCall) node).operand(0) instanceof SqlCall function
                    && function.getOperator().getName().equalsIgnoreCase(HISTORY)) {
                return history(function);
            }
            return null;
        }
    }

    private static SqlNode withFirst(SqlCall as, SqlNode first) {
        List<SqlNode> operands = new ArrayList<>(as.getOperandList());
        operands.set(0, first);
        return new SqlBasicCall(as.getOperator(), operands, as.getParserPosition());
    }

    private static SqlNode as(SqlNode table, String alias) {
        SqlParserPos place = table.getParserPosition();
        return new SqlBasicCall(SqlStdOperatorTable.AS, List.of(table, new SqlIdentifier(alias, place)), place);
    }

    private static String aliasOf(SqlCall call) {
        if (call instanceof SqlSnapshot snapshot && snapshot.getTableRef() instanceof SqlIdentifier name) {
            return name.names.get(name.names.size() - 1);
        }
        return HISTORY;
    }

    private SqlNode asOf(SqlSnapshot snapshot, boolean withIds) throws SQLException {
        if (!(snapshot.getTableRef() instanceof SqlIdentifier name)) {
            throw PandoSqlState.NOT_SUPPORTED.exception(
                    place(snapshot) + "FOR SYSTEM_TIME AS OF follows the name of a table");
        }
        if (!(find(name) instanceof EngineTable table)) {
            throw PandoSqlState.NOT_SUPPORTED.exception(
                    place(name) + "FOR SYSTEM_TIME AS OF is for tables, not for views and system tables: " + name);
        }
        RuntimeValue moment = RuntimeValue.of(snapshot.getPeriod(), planner, schema, defaultSchema);
        return add(name, name + " AS OF", moment, new AsOfTable(table.table(), moment, withIds));
    }

    private SqlNode history(SqlCall function) throws SQLException {
        if (function.operandCount() != 2) {
            throw PandoSqlState.NO_FUNCTION.exception(
                    place(function) + "wrong arguments; expected history(collection, document)");
        }
        RuntimeValue collection = RuntimeValue.of(function.operand(0), planner, schema, defaultSchema);
        RuntimeValue document = RuntimeValue.of(function.operand(1), planner, schema, defaultSchema);
        values.add(document);
        return add(function, HISTORY, collection, new HistoryTable(collection, document, this::tableNamed));
    }

    private SqlNode add(SqlNode place, String title, RuntimeValue value, org.apache.calcite.schema.Table table) {
        values.add(value);
        String name = title + " " + (tables.size() + 1);
        tables.put(name, table);
        return new SqlIdentifier(List.of(SCHEMA, name), place.getParserPosition());
    }

    private Table tableNamed(String text) throws SQLException {
        SqlIdentifier name = new SqlIdentifier(List.of(text.strip().split("\\.", 2)), SqlParserPos.ZERO);
        if (find(name) instanceof EngineTable table) {
            return table.table();
        }
        throw PandoSqlState.NO_TABLE.exception("history: '" + text + "' has no history: expected the name of a table");
    }

    private org.apache.calcite.schema.Table find(SqlIdentifier name) throws SQLException {
        int parts = name.names.size();
        String schemaName = parts == 2 ? name.names.get(0) : defaultSchema;
        return (parts > 2
                        ? java.util.Optional.<org.apache.calcite.schema.Table>empty()
                        : schema.find(schemaName, name.names.get(parts - 1)))
                .orElseThrow(() -> PandoSqlState.NO_TABLE.exception(place(name) + "there is no table '" + name + "'"));
    }

    private static String place(SqlNode node) {
        SqlParserPos position = node.getParserPosition();
        return position.getLineNum() <= 0
                ? ""
                : "line " + position.getLineNum() + ", column " + position.getColumnNum() + ": ";
    }
}
