package dev.pando.sql.plan;

import dev.pando.sql.expr.ExpressionBinder;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * What the planner does in another way than Pando is said to it in other words.
 *
 * <ul>
 *   <li>A plus sign leaves what follows as it is, also a text: the validator would make a number of it.
 *   <li>CHAR(n) has no padding, so CAST to it takes trailing spaces away.
 *   <li>{@code ? IN (1, 2)} compares: the validator finds no type for the parameter.
 *   <li>DATE_TRUNC is PostgreSQL's.
 *   <li>A literal with a zone is cast: the validator's own keeps milliseconds and takes names of zones only.
 * </ul>
 */
final class Rewrites {
    private Rewrites() {}

    static SqlNode of(SqlNode query) {
        if (!isNeeded(query)) {
            return query;
        }
        SqlNode rewritten = query.accept(new SqlShuttle() {
            @Override
            public @Nullable SqlNode visit(SqlCall call) {
                if (call.getKind() == SqlKind.PLUS_PREFIX) {
                    return call.operand(0).accept(this);
                }
                if (call.getOperator() == SqlLibraryOperators.DATE_TRUNC) {
                    return truncation((SqlCall) super.visit(call));
                }
                if (isCastToChar(call)) {
                    return castToChar(call, call.operand(0).accept(this));
                }
                return isParameterIn(call) ? comparisons(call) : super.visit(call);
            }

            @Override
            public @Nullable SqlNode visit(SqlLiteral literal) {
                return isZoned(literal) ? zoned(literal) : literal;
            }
        });
        return rewritten == null ? query : rewritten;
    }

    private static boolean isNeeded(SqlNode query) {
        boolean[] found = {false};
        query.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                found[0] |= call.getKind() == SqlKind.PLUS_PREFIX
                        || call.getOperator() == SqlLibraryOperators.DATE_TRUNC
                        || isCastToChar(call)
                        || isParameterIn(call);
                return super.visit(call);
            }

            @Override
            public @Nullable Void visit(SqlLiteral literal) {
                found[0] |= isZoned(literal);
                return null;
            }
        });
        return found[0];
    }

    private static @Nullable SqlNode truncation(@Nullable SqlCall call) {
        if (call == null) {
            return null;
        }
        SqlParserPos place = call.getParserPosition();
        if (call.operand(1) instanceof SqlIntervalQualifier unit) {
            SqlNode name = SqlLiteral.createCharString(unit.getUnit().name(), place);
            return OwnFunctions.DATE_TRUNC.createCall(place, name, call.operand(0));
        }
        return OwnFunctions.DATE_TRUNC.createCall(place, call.getOperandList());
    }

    private static boolean isCastToChar(SqlCall call) {
        return call.getKind() == SqlKind.CAST
                && call.operandCount() == 2
                && call.operand(1) instanceof SqlDataTypeSpec type
                && type.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic
                && basic.getTypeName().getSimple().equalsIgnoreCase("CHAR");
    }

    private static SqlNode castToChar(SqlCall cast, @Nullable SqlNode value) {
        SqlParserPos place = cast.getParserPosition();
        SqlDataTypeSpec type = cast.operand(1);
        int length = Math.max(1, ((SqlBasicTypeNameSpec) type.getTypeNameSpec()).getPrecision());
        SqlDataTypeSpec varying =
                new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, length, place), place);
        SqlNode cut = SqlStdOperatorTable.CAST.createCall(place, value == null ? cast.operand(0) : value, varying);
        return SqlStdOperatorTable.TRIM.createCall(
                place, SqlTrimFunction.Flag.TRAILING.symbol(place), SqlLiteral.createCharString(" ", place), cut);
    }

    private static boolean isParameterIn(SqlCall call) {
        return (call.getKind() == SqlKind.IN || call.getKind() == SqlKind.NOT_IN)
                && call.operand(0) instanceof SqlDynamicParam
                && call.operand(1) instanceof SqlNodeList;
    }

    private static SqlNode comparisons(SqlCall in) {
        SqlParserPos place = in.getParserPosition();
        List<SqlNode> equals = new ArrayList<>();
        for (SqlNode element : (SqlNodeList) in.operand(1)) {
            equals.add(SqlStdOperatorTable.EQUALS.createCall(place, in.operand(0), element));
        }
        SqlNode any = equals.get(0);
        for (SqlNode each : equals.subList(1, equals.size())) {
            any = SqlStdOperatorTable.OR.createCall(place, any, each);
        }
        return in.getKind() == SqlKind.IN ? any : SqlStdOperatorTable.NOT.createCall(place, any);
    }

    private static boolean isZoned(SqlLiteral literal) {
        return literal instanceof SqlUnknownLiteral unknown && ExpressionBinder.ZONED.contains(unknown.tag);
    }

    private static SqlNode zoned(SqlLiteral literal) {
        SqlParserPos place = literal.getParserPosition();
        SqlDataTypeSpec type = new SqlDataTypeSpec(
                new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6, place), place);
        SqlNode text = SqlLiteral.createCharString(String.valueOf(literal.getValue()), place);
        return SqlStdOperatorTable.CAST.createCall(place, text, type);
    }
}
