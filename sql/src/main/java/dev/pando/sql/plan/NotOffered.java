package dev.pando.sql.plan;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * What the validator would take and should not. Mostly what Calcite's grammar has and Pando's types and operators have not: refused where it stands, with what there is
 * instead. Left to the planner, it would run by generated code, which cuts times to milliseconds.
 */
final class NotOffered extends SqlBasicVisitor<@Nullable Void> {
    private @Nullable SqlParserPos place;
    private PandoSqlState state = PandoSqlState.NOT_SUPPORTED;
    private String message = "";

    private NotOffered() {}

    static void check(SqlNode query) throws SQLException {
        NotOffered found = new NotOffered();
        query.accept(found);
        SqlParserPos place = found.place;
        if (place != null) {
            throw found.state.exception(
                    "line " + place.getLineNum() + ", column " + place.getColumnNum() + ": " + found.message);
        }
    }

    private void refuse(SqlNode node, String what) {
        refuse(node, PandoSqlState.NOT_SUPPORTED, what);
    }

    private void refuse(SqlNode node, PandoSqlState why, String what) {
        if (place == null) {
            place = node.getParserPosition();
            state = why;
            message = what;
        }
    }

    @Override
    public @Nullable Void visit(SqlCall call) {
        String refusal = refusal(call);
        if (refusal != null) {
            refuse(call, refusal);
            return null;
        }
        if (call instanceof SqlSelect select) {
            for (SqlNode item : select.getSelectList()) {
                SqlNode value = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
                if (value.getKind() == SqlKind.ROW) {
                    refuse(value, "a row is no value of a column: name its fields one by one");
                }
            }
        }
        if (call instanceof SqlJoin join
                && (join.getJoinType() == JoinType.ASOF || join.getJoinType() == JoinType.LEFT_ASOF)) {
            refuse(
                    join.getRight(),
                    "ASOF JOIN is not offered: expected JOIN LATERAL (SELECT … ORDER BY … DESC LIMIT 1) AS x ON TRUE");
        }
        if (call instanceof SqlWith with) {
            Set<String> names = new HashSet<>();
            for (SqlNode item : with.withList) {
                String name = ((SqlWithItem) item).name.getSimple();
                if (!names.add(name.toUpperCase(Locale.ROOT))) {
                    refuse(item, PandoSqlState.INVALID_DEFINITION, "WITH names '" + name + "' twice");
                }
            }
        }
        return super.visit(call);
    }

    private static @Nullable String refusal(SqlCall call) {
        return switch (call.getKind()) {
            case MAP_VALUE_CONSTRUCTOR, MAP_QUERY_CONSTRUCTOR ->
                "there is no MAP: expected an ARRAY, or JSON such as JSON_OBJECT('a': 1)";
            case MULTISET_VALUE_CONSTRUCTOR, MULTISET_QUERY_CONSTRUCTOR ->
                "there is no MULTISET: expected ARRAY[…] or ARRAY(SELECT …)";
            case EXTEND -> "a table has the columns that it was made with: expected no columns behind its name";
            case CURRENT_VALUE -> "CURRENT VALUE FOR is not offered: expected the value that NEXT VALUE FOR gave";
            case MATCH_RECOGNIZE -> "MATCH_RECOGNIZE is not offered: expected window functions such as LAG";
            case TUMBLE, HOP, SESSION -> ofTime(call.getKind().toString());
            default -> call instanceof SqlBasicCall basic ? byName(basic) : null;
        };
    }

    private static @Nullable String byName(SqlBasicCall call) {
        String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
        return switch (name) {
            case "TUMBLE",
                    "HOP",
                    "SESSION",
                    "TUMBLE_START",
                    "TUMBLE_END",
                    "HOP_START",
                    "HOP_END",
                    "SESSION_START",
                    "SESSION_END" -> call.operandCount() > 1 ? ofTime(name) : null;
            case "COLLECT", "FUSION", "INTERSECTION" ->
                name + " gives a MULTISET, which is not offered: expected ARRAY_AGG";
            default -> null;
        };
    }

    private static String ofTime(String name) {
        return name + " is not offered: expected GROUP BY FLOOR(time TO MINUTE) or DATE_TRUNC('minute', time)";
    }

    @Override
    public @Nullable Void visit(SqlDataTypeSpec type) {
        if (type.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec named) {
            refuse(type, PandoSqlState.NO_OBJECT, "there is no type " + named.getTypeName());
            return null;
        }
        String text = type.toString().toUpperCase(Locale.ROOT);
        if (text.endsWith("MULTISET") || text.startsWith("ROW(") || text.startsWith("MAP<")) {
            refuse(type, "there is no type " + text + ": expected a type of columns, such as INTEGER ARRAY or JSON");
        }
        return null;
    }
}
