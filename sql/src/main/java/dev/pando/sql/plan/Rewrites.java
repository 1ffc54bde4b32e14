package dev.pando.sql.plan;

import dev.pando.sql.expr.ExpressionBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlJdbcFunctionCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
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
 *   <li>{@code (a, b) IN ((?, ?))} too: the validator knows no type for what rows are made of.
 *   <li>{@code f(x) FILTER (WHERE c) OVER w} is {@code f(CASE WHEN c THEN x END) OVER w}, which the validator takes.
 *   <li>COALESCE of a parameter is a function, which is not rewritten before types are looked for.
 *   <li>DATE_TRUNC is PostgreSQL's.
 *   <li>TIMESTAMPDIFF counts any unit down to microseconds; the planner's counts whole seconds, in an INTEGER.
 *   <li>{@code (a, b) < (c, d)} is {@code a < c OR a = c AND b < d}: rows are no values.
 *   <li>PERCENTILE_CONT lies between values, so it is of DOUBLEs.
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
                if (isCoalesceOfParameter(call)) {
                    SqlNode visited = super.visit(call);
                    List<SqlNode> operands = ((SqlCall) (visited == null ? call : visited)).getOperandList();
                    return OwnFunctions.COALESCE.createCall(call.getParserPosition(), operands);
                }
                if (call.getOperator() == SqlLibraryOperators.DATE_TRUNC) {
                    return truncation((SqlCall) super.visit(call));
                }
                if (isTimeBetween(call)) {
                    return timeBetween((SqlCall) super.visit(call));
                }
                if (isComparisonOfRows(call)) {
                    return comparison(call).accept(this);
                }
                if (isPercentileBetween(call)) {
                    return super.visit(percentileOfDoubles(call));
                }
                if (isCastToChar(call)) {
                    return castToChar(call, call.operand(0).accept(this));
                }
                if (isFilteredOver(call)) {
                    return super.visit(filteredOver(call));
                }
                return isParameterIn(call) ? super.visit(comparisons(call)) : super.visit(call);
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
                        || isTimeBetween(call)
                        || isComparisonOfRows(call)
                        || isPercentileBetween(call)
                        || isCastToChar(call)
                        || isFilteredOver(call)
                        || isCoalesceOfParameter(call)
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

    private static boolean isTimeBetween(SqlCall call) {
        boolean named = call.getOperator() == SqlStdOperatorTable.TIMESTAMP_DIFF
                || call.getOperator() instanceof SqlJdbcFunctionCall
                        && call.getOperator().getName().contains("TIMESTAMPDIFF");
        return named && call.operandCount() == 3 && call.operand(0) instanceof SqlIntervalQualifier;
    }

    private static @Nullable SqlNode timeBetween(@Nullable SqlCall call) {
        if (call == null || !(call.operand(0) instanceof SqlIntervalQualifier unit)) {
            return call;
        }
        SqlParserPos place = call.getParserPosition();
        String frame = unit.timeFrameName == null ? unit.getUnit().name() : unit.timeFrameName;
        String plain = frame.toUpperCase(Locale.ROOT).replace("SQL_TSI_", "").replace("FRAC_SECOND", "MICROSECOND");
        SqlNode name = SqlLiteral.createCharString(plain, place);
        return OwnFunctions.TIMESTAMPDIFF.createCall(place, name, time(call.operand(1)), time(call.operand(2)));
    }

    private static SqlNode time(SqlNode value) {
        boolean text =
                value instanceof SqlLiteral literal && literal.getTypeName().getFamily() == SqlTypeFamily.CHARACTER;
        if (!text) {
            return value;
        }
        SqlParserPos place = value.getParserPosition();
        SqlDataTypeSpec type = new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP, 6, place), place);
        return SqlStdOperatorTable.CAST.createCall(place, value, type);
    }

    private static boolean isPercentileBetween(SqlCall call) {
        return call.getKind() == SqlKind.WITHIN_GROUP
                && call.operand(0).getKind() == SqlKind.PERCENTILE_CONT
                && call.operand(1) instanceof SqlNodeList order
                && order.size() == 1
                && order.get(0).getKind() != SqlKind.CAST;
    }

    private static SqlCall percentileOfDoubles(SqlCall call) {
        SqlNode item = ((SqlNodeList) call.operand(1)).get(0);
        boolean turned = item.getKind() == SqlKind.DESCENDING;
        SqlParserPos place = item.getParserPosition();
        SqlDataTypeSpec type = new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.DOUBLE, place), place);
        SqlNode cast = SqlStdOperatorTable.CAST.createCall(place, turned ? ((SqlCall) item).operand(0) : item, type);
        SqlNode ordered = turned ? SqlStdOperatorTable.DESC.createCall(place, cast) : cast;
        return SqlStdOperatorTable.WITHIN_GROUP.createCall(
                call.getParserPosition(), call.operand(0), SqlNodeList.of(ordered));
    }

    private static boolean isComparisonOfRows(SqlCall call) {
        return call.operandCount() == 2
                && (SqlKind.COMPARISON.contains(call.getKind())
                        || call.getKind() == SqlKind.IS_DISTINCT_FROM
                        || call.getKind() == SqlKind.IS_NOT_DISTINCT_FROM)
                && call.operand(0) instanceof SqlCall a
                && call.operand(1) instanceof SqlCall b
                && isRow(a)
                && isRow(b)
                && a.operandCount() == b.operandCount();
    }

    private static SqlNode comparison(SqlCall call) {
        SqlParserPos place = call.getParserPosition();
        List<SqlNode> left = ((SqlCall) call.operand(0)).getOperandList();
        List<SqlNode> right = ((SqlCall) call.operand(1)).getOperandList();
        return switch (call.getKind()) {
            case EQUALS -> equal(call.operand(0), call.operand(1), place);
            case NOT_EQUALS ->
                SqlStdOperatorTable.NOT.createCall(place, equal(call.operand(0), call.operand(1), place));
            case IS_NOT_DISTINCT_FROM -> same(left, right, place);
            case IS_DISTINCT_FROM -> SqlStdOperatorTable.NOT.createCall(place, same(left, right, place));
            case LESS_THAN -> before(SqlStdOperatorTable.LESS_THAN, SqlStdOperatorTable.LESS_THAN, left, right, place);
            case LESS_THAN_OR_EQUAL ->
                before(SqlStdOperatorTable.LESS_THAN, SqlStdOperatorTable.LESS_THAN_OR_EQUAL, left, right, place);
            case GREATER_THAN ->
                before(SqlStdOperatorTable.GREATER_THAN, SqlStdOperatorTable.GREATER_THAN, left, right, place);
            default ->
                before(SqlStdOperatorTable.GREATER_THAN, SqlStdOperatorTable.GREATER_THAN_OR_EQUAL, left, right, place);
        };
    }

    private static SqlNode same(List<SqlNode> left, List<SqlNode> right, SqlParserPos place) {
        SqlNode all = SqlStdOperatorTable.IS_NOT_DISTINCT_FROM.createCall(place, left.get(0), right.get(0));
        for (int i = 1; i < left.size(); i++) {
            SqlNode each = SqlStdOperatorTable.IS_NOT_DISTINCT_FROM.createCall(place, left.get(i), right.get(i));
            all = SqlStdOperatorTable.AND.createCall(place, all, each);
        }
        return all;
    }

    /* The last field decides by its own operator; one before it when it differs, else those behind it. */
    private static SqlNode before(
            SqlOperator strict, SqlOperator last, List<SqlNode> left, List<SqlNode> right, SqlParserPos place) {
        if (left.size() == 1) {
            return last.createCall(place, left.get(0), right.get(0));
        }
        SqlNode behind = before(strict, last, left.subList(1, left.size()), right.subList(1, right.size()), place);
        SqlNode tied = SqlStdOperatorTable.AND.createCall(
                place, SqlStdOperatorTable.EQUALS.createCall(place, left.get(0), right.get(0)), behind);
        return SqlStdOperatorTable.OR.createCall(place, strict.createCall(place, left.get(0), right.get(0)), tied);
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
                && call.operand(1) instanceof SqlNodeList list
                && (call.operand(0) instanceof SqlDynamicParam
                        || isRow(call.operand(0)) && list.stream().anyMatch(Rewrites::isRowOfParameters));
    }

    private static boolean isRow(@Nullable SqlNode node) {
        return node != null && node.getKind() == SqlKind.ROW;
    }

    private static boolean isRowOfParameters(@Nullable SqlNode node) {
        return node instanceof SqlCall row
                && isRow(row)
                && row.getOperandList().stream().anyMatch(SqlDynamicParam.class::isInstance);
    }

    /* A row equals another when all parts do. */
    private static SqlNode equal(SqlNode left, SqlNode right, SqlParserPos place) {
        boolean rows = left instanceof SqlCall a
                && right instanceof SqlCall b
                && isRow(a)
                && isRow(b)
                && a.operandCount() == b.operandCount();
        if (!rows) {
            return SqlStdOperatorTable.EQUALS.createCall(place, left, right);
        }
        SqlCall first = (SqlCall) left;
        SqlCall second = (SqlCall) right;
        SqlNode all = equal(first.operand(0), second.operand(0), place);
        for (int i = 1; i < first.operandCount(); i++) {
            all = SqlStdOperatorTable.AND.createCall(place, all, equal(first.operand(i), second.operand(i), place));
        }
        return all;
    }

    private static boolean isCoalesceOfParameter(SqlCall call) {
        return call.getOperator().getName().equalsIgnoreCase("COALESCE")
                && call.getOperandList().stream().anyMatch(SqlDynamicParam.class::isInstance)
                && !call.getOperandList().stream().allMatch(SqlDynamicParam.class::isInstance);
    }

    private static boolean isFilteredOver(SqlCall call) {
        return call.getKind() == SqlKind.OVER
                && call.operand(0).getKind() == SqlKind.FILTER
                && ((SqlCall) call.operand(0)).operand(0) instanceof SqlCall function
                && function.operandCount() > 0;
    }

    private static SqlCall filteredOver(SqlCall over) {
        SqlCall filter = over.operand(0);
        SqlCall function = filter.operand(0);
        SqlParserPos place = function.getParserPosition();
        List<SqlNode> arguments = new ArrayList<>(function.getOperandList());
        SqlNode value = arguments.get(0) instanceof SqlIdentifier star && star.isStar()
                ? SqlLiteral.createExactNumeric("1", place)
                : arguments.get(0);
        SqlNode chosen = new SqlCase(
                place, null, SqlNodeList.of(filter.operand(1)), SqlNodeList.of(value), SqlLiteral.createNull(place));
        arguments.set(0, chosen);
        SqlCall called = function.getOperator().createCall(function.getFunctionQuantifier(), place, arguments);
        return SqlStdOperatorTable.OVER.createCall(over.getParserPosition(), called, over.operand(1));
    }

    private static SqlCall comparisons(SqlCall in) {
        SqlParserPos place = in.getParserPosition();
        List<SqlNode> equals = new ArrayList<>();
        for (SqlNode element : (SqlNodeList) in.operand(1)) {
            equals.add(equal(in.operand(0), element, place));
        }
        SqlNode any = equals.get(0);
        for (SqlNode each : equals.subList(1, equals.size())) {
            any = SqlStdOperatorTable.OR.createCall(place, any, each);
        }
        return in.getKind() == SqlKind.IN ? (SqlCall) any : SqlStdOperatorTable.NOT.createCall(place, any);
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
