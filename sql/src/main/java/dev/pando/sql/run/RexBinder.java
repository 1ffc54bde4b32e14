package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.expr.Comparisons;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Functions;
import dev.pando.sql.expr.Numbers;
import dev.pando.sql.expr.Operators;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.types.Assign;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Values;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.Sarg;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/** Makes {@link Expression}s of the planner's expressions, as the interpreter of texts does of texts. */
final class RexBinder {
    /** Values of IN that are looked through one by one; more are hashed. */
    private static final int POINTS_LISTED = 3;

    /** Digits of a second that times have at most. */
    private static final int MICRO_DIGITS = 6;

    private final OperatorBuilder builder;
    private final Set<CorrelationId> own;
    private final int @Nullable [] positions;

    /**
     * @param own the names under which subqueries know the row that the expressions are over
     * @param positions where the columns that expressions number stand in the row; null for the same places
     */
    RexBinder(OperatorBuilder builder, Set<CorrelationId> own, int @Nullable [] positions) {
        this.builder = builder;
        this.own = own;
        this.positions = positions;
    }

    Expression bind(RexNode node) throws Unsupported, SQLException {
        if (node instanceof RexInputRef reference) {
            return column(reference.getIndex(), reference.getType());
        }
        if (node instanceof RexLiteral literal) {
            return literal(literal);
        }
        if (node instanceof RexDynamicParam parameter) {
            if (Intervals.is(parameter.getType())) {
                throw new Unsupported("a parameter that is an interval");
            }
            return new Parameter(parameter.getIndex(), type(parameter.getType()));
        }
        if (node instanceof RexFieldAccess access && access.getReferenceExpr() instanceof RexCorrelVariable variable) {
            int field = access.getField().getIndex();
            return new Outer(builder.slot(variable.id), field, type(access.getType()));
        }
        if (node instanceof RexSubQuery query) {
            return builder.subquery(query, this, own);
        }
        if (node instanceof RexCall call && node.getClass() == RexCall.class) {
            return call(call);
        }
        throw new Unsupported(node.toString());
    }

    private Expression column(int index, RelDataType type) throws Unsupported {
        return new Expression.ColumnReference(positions == null ? index : positions[index], type(type));
    }

    /** All of the conditions. */
    Expression all(List<RexNode> conditions) throws Unsupported, SQLException {
        List<Expression> parts = new ArrayList<>();
        for (RexNode condition : conditions) {
            parts.add(bind(condition));
        }
        return parts.size() == 1 ? parts.get(0) : new Operators.Logical(true, parts);
    }

    static ColumnType type(RelDataType type) throws Unsupported {
        ColumnType column = Values.operatorType(type);
        if (column == null) {
            throw new Unsupported("type " + type);
        }
        return column;
    }

    private record Parameter(int index, ColumnType type) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            return scope.parameter(index);
        }
    }

    /** Whether a value is surely the same for all rows that are read. */
    static boolean isSame(Expression value) {
        return value instanceof Expression.Constant || value instanceof Parameter;
    }

    private record Outer(int slot, int field, ColumnType type) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            return ((RunState) scope).outer(slot)[field];
        }
    }

    static Expression literal(RexLiteral literal) throws Unsupported, SQLException {
        if (literal.isNull()) {
            return new Expression.Constant(Values.operatorType(literal.getType()), null);
        }
        /* The runtime's value of a time has no microseconds; its text does. */
        Object written = switch (literal.getType().getSqlTypeName()) {
            case TIMESTAMP -> literal.getValueAs(TimestampString.class);
            case TIME -> literal.getValueAs(TimeString.class);
            default -> null;
        };
        if (written != null) {
            ColumnType column = type(literal.getType());
            return new Expression.Constant(column, Assign.to(column, written.toString(), "literal"));
        }
        if (Intervals.is(literal.getType()) && literal.getValue() instanceof BigDecimal number) {
            return new Expression.Constant(ColumnType.BIGINT, Intervals.ofPlanner(literal.getType(), number));
        }
        return constant(literal.getType(), literal.getValue3());
    }

    private static Expression.Constant constant(RelDataType type, @Nullable Object runtime)
            throws Unsupported, SQLException {
        ColumnType column = type(type);
        return new Expression.Constant(column, Assign.to(column, Values.toSession(type, runtime), "literal"));
    }

    private Expression call(RexCall call) throws Unsupported, SQLException {
        List<RexNode> operands = call.getOperands();
        switch (call.getKind()) {
            case AND, OR -> {
                List<Expression> parts = new ArrayList<>();
                for (RexNode operand : operands) {
                    parts.add(bind(operand));
                }
                return new Operators.Logical(call.getKind() == SqlKind.AND, parts);
            }
            case NOT -> {
                return new Operators.Not(bind(operands.get(0)));
            }
            case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> {
                return comparison(call.getKind(), bind(operands.get(0)), bind(operands.get(1)));
            }
            case IS_NULL, IS_UNKNOWN -> {
                return new Operators.IsNull(bind(operands.get(0)), true);
            }
            case IS_NOT_NULL -> {
                return new Operators.IsNull(bind(operands.get(0)), false);
            }
            case IS_TRUE, IS_NOT_TRUE -> {
                return new Operators.Truth(bind(operands.get(0)), true, call.getKind() == SqlKind.IS_TRUE);
            }
            case IS_FALSE, IS_NOT_FALSE -> {
                return new Operators.Truth(bind(operands.get(0)), false, call.getKind() == SqlKind.IS_FALSE);
            }
            case IS_DISTINCT_FROM, IS_NOT_DISTINCT_FROM -> {
                boolean distinct = call.getKind() == SqlKind.IS_DISTINCT_FROM;
                return distinct(bind(operands.get(0)), bind(operands.get(1)), distinct);
            }
            case SEARCH -> {
                return search(call);
            }
            case CASE -> {
                return switched(call);
            }
            case CAST -> {
                return cast(call);
            }
            case LIKE, SIMILAR -> {
                return like(call);
            }
            case POSIX_REGEX_CASE_SENSITIVE, POSIX_REGEX_CASE_INSENSITIVE -> {
                return Operators.found(call.getOperator(), text(operands.get(0)), text(operands.get(1)));
            }
            case GREATEST, LEAST, GREATEST_PG, LEAST_PG -> {
                return extreme(call);
            }
            case PLUS -> {
                return ofTime(call) ? time(call, 1) : arithmetic('+', call);
            }
            case MINUS -> {
                return ofTime(call) ? time(call, -1) : arithmetic('-', call);
            }
            case TIMES -> {
                return ofTime(call) ? scaled(call, false) : arithmetic('*', call);
            }
            case DIVIDE -> {
                return ofTime(call) ? scaled(call, true) : arithmetic('/', call);
            }
            case MOD -> {
                return arithmetic('%', call);
            }
            case MINUS_PREFIX -> {
                Expression operand = bind(operands.get(0));
                if (isInterval(operands.get(0))) {
                    return Intervals.sum(new Expression.Constant(ColumnType.BIGINT, 0L), operand, true);
                }
                numeric(operand);
                return new Operators.Arithmetic(
                        '-', type(call.getType()), new Expression.Constant(ColumnType.INTEGER, 0L), operand);
            }
            case PLUS_PREFIX -> {
                return bind(operands.get(0));
            }
            case REINTERPRET -> {
                return Intervals.reinterpreted(
                        bind(operands.get(0)), operands.get(0).getType(), call.getType());
            }
            case ARRAY_VALUE_CONSTRUCTOR -> {
                return array(call);
            }
            case ITEM -> {
                return ArrayCalls.item(bind(operands.get(0)), bind(operands.get(1)));
            }
            case SOME, ALL -> {
                if (call.getOperator() instanceof SqlQuantifyOperator quantified && operands.size() == 2) {
                    return ArrayCalls.quantified(
                            quantified.comparisonKind,
                            call.getKind() == SqlKind.ALL,
                            bind(operands.get(0)),
                            bind(operands.get(1)));
                }
                return function(call);
            }
            default -> {
                return function(call);
            }
        }
    }

    private Expression array(RexCall call) throws Unsupported, SQLException {
        ColumnType type = type(call.getType());
        if (type.family() != Family.ARRAY) {
            throw new Unsupported(call.toString());
        }
        ColumnType element = SqlTypes.element(type);
        List<Expression> elements = new ArrayList<>();
        for (RexNode operand : call.getOperands()) {
            elements.add(as(bind(operand), element));
        }
        return ArrayCalls.listed(type, elements);
    }

    private static Expression comparison(SqlKind kind, Expression left, Expression right) throws Unsupported {
        ColumnType leftType = left.type();
        ColumnType rightType = right.type();
        if (leftType == null || rightType == null) {
            return new Expression.Constant(ColumnType.BOOLEAN, null);
        }
        if (leftType.family() == Family.TSTZ && rightType.family() == Family.TS) {
            return comparison(kind, left, Operators.cast(right, leftType));
        }
        if (leftType.family() == Family.TS && rightType.family() == Family.TSTZ) {
            return comparison(kind, Operators.cast(left, rightType), right);
        }
        if (!Comparisons.comparable(leftType, rightType)) {
            throw new Unsupported(leftType.name() + " compared with " + rightType.name());
        }
        return new Operators.Comparison(kind, left, right, Comparisons.order(leftType, rightType));
    }

    private static Expression distinct(Expression left, Expression right, boolean distinct) throws Unsupported {
        ColumnType leftType = left.type();
        ColumnType rightType = right.type();
        if (leftType != null && rightType != null) {
            if (leftType.family() == Family.TSTZ && rightType.family() == Family.TS) {
                return new Distinct(left, Operators.cast(right, leftType), distinct);
            }
            if (leftType.family() == Family.TS && rightType.family() == Family.TSTZ) {
                return new Distinct(Operators.cast(left, rightType), right, distinct);
            }
            if (!Comparisons.comparable(leftType, rightType)) {
                throw new Unsupported(leftType.name() + " compared with " + rightType.name());
            }
        }
        return new Distinct(left, right, distinct);
    }

    private record Distinct(Expression left, Expression right, boolean distinct) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }

        @Override
        public Object evaluate(Scope scope) throws SQLException {
            Object first = left.evaluate(scope);
            Object second = right.evaluate(scope);
            ColumnType leftType = left.type();
            ColumnType rightType = right.type();
            boolean same = first == null || second == null || leftType == null || rightType == null
                    ? first == second
                    : Comparisons.order(leftType, rightType).compare(first, second) == 0;
            return same != distinct;
        }
    }

    private Expression search(RexCall call) throws Unsupported, SQLException {
        Sarg<?> sarg = ((RexLiteral) call.getOperands().get(1)).getValueAs(Sarg.class);
        Expression value = bind(call.getOperands().get(0));
        ColumnType type = value.type();
        if (sarg != null
                && type != null
                && sarg.isPoints()
                && sarg.pointCount > POINTS_LISTED
                && type.family() != Family.FLOAT) {
            List<Expression> points = points(call);
            Set<Object> keys = new HashSet<>();
            for (Expression point : points) {
                ColumnType pointType = point.type();
                Object constant = point instanceof Expression.Constant literal ? literal.value() : null;
                if (constant == null) {
                    return expanded(call);
                }
                if (pointType == null || pointType.family() != type.family()) {
                    return expanded(call);
                }
                Object key = HashKeys.key(constant);
                if (key != null) {
                    keys.add(key);
                }
            }
            return new Among(value, keys, sarg.nullAs);
        }
        return expanded(call);
    }

    private Expression expanded(RexCall call) throws Unsupported, SQLException {
        return bind(RexUtil.expandSearch(builder.rexBuilder(), null, call));
    }

    /** The values of a search of points. */
    List<Expression> points(RexCall search) throws Unsupported, SQLException {
        RexNode expanded = RexUtil.expandSearch(builder.rexBuilder(), null, search);
        List<Expression> points = new ArrayList<>();
        for (RexNode part : org.apache.calcite.plan.RelOptUtil.disjunctions(expanded)) {
            if (part.getKind() == SqlKind.EQUALS) {
                points.add(bind(((RexCall) part).getOperands().get(1)));
            }
        }
        return points;
    }

    private record Among(Expression value, Set<Object> keys, RexUnknownAs nullAs) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object key = HashKeys.key(value.evaluate(scope));
            if (key == null) {
                return nullAs == RexUnknownAs.UNKNOWN ? null : (Object) (nullAs == RexUnknownAs.TRUE);
            }
            return keys.contains(key);
        }
    }

    private Expression switched(RexCall call) throws Unsupported, SQLException {
        List<Expression> conditions = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        ColumnType type = call.getType().getSqlTypeName() == SqlTypeName.NULL ? null : type(call.getType());
        List<RexNode> operands = call.getOperands();
        for (int i = 0; i + 1 < operands.size(); i += 2) {
            conditions.add(bind(operands.get(i)));
            values.add(as(bind(operands.get(i + 1)), type));
        }
        values.add(as(bind(operands.get(operands.size() - 1)), type));
        return new Operators.Case(conditions, values, type);
    }

    private static Expression as(Expression value, @Nullable ColumnType type) {
        ColumnType source = value.type();
        if (source == null || type == null) {
            return value;
        }
        boolean same =
                source.family() == type.family() && (type.family() != Family.DEC || source.scale() == type.scale());
        return same ? value : Operators.cast(value, type);
    }

    private Expression cast(RexCall call) throws Unsupported, SQLException {
        RelDataType from = call.getOperands().get(0).getType();
        if (Intervals.is(from) || Intervals.is(call.getType())) {
            return castInterval(call, from);
        }
        Expression operand = bind(call.getOperands().get(0));
        ColumnType source = operand.type();
        ColumnType target = castTarget(call.getType());
        if (source == null) {
            return new Expression.Constant(target, null);
        }
        if (source.family() == Family.TEXT && target.family() == Family.TEXT) {
            int length = call.getType().getPrecision();
            return length < 0 || length == Integer.MAX_VALUE ? operand : new Shortened(operand, length);
        }
        if (source.family() == Family.BYTES && target.family() == Family.BYTES) {
            int length = call.getType().getPrecision();
            boolean pads = call.getType().getSqlTypeName() == SqlTypeName.BINARY;
            return length < 0 || length == Integer.MAX_VALUE ? operand : new Resized(operand, target, length, pads);
        }
        if (source.family() == target.family()
                && (source.family() == Family.BOOL
                        || source.family() == Family.DATE
                        || source.family() == Family.UUID)) {
            return operand;
        }
        if (source.family() == Family.ARRAY && target.family() == Family.ARRAY) {
            return ArrayCalls.cast(operand, target);
        }
        if (source.family() == Family.ARRAY || target.family() == Family.ARRAY) {
            throw new Unsupported("CAST of an array");
        }
        if (source.family() == Family.INT && target.equals(ColumnType.BIGINT)) {
            return new Retyped(operand, target);
        }
        Expression converted = Operators.cast(operand, target);
        if (target.family() == Family.TEXT) {
            if (source.family() == Family.BYTES) {
                throw new Unsupported("CAST to text");
            }
            int length = call.getType().getPrecision();
            return length < 0 || length == Integer.MAX_VALUE ? converted : new Shortened(converted, length);
        }
        return converted;
    }

    /* An interval is cut to whole ones of its last field when it becomes a number; another interval it is as it is. */
    private Expression castInterval(RexCall call, RelDataType from) throws Unsupported, SQLException {
        RelDataType to = call.getType();
        Expression operand = bind(call.getOperands().get(0));
        if (Intervals.is(from) && Intervals.is(to) && Intervals.isOfMonths(from) == Intervals.isOfMonths(to)) {
            return operand;
        }
        ColumnType target = type(to);
        if (Intervals.is(from) && !Intervals.is(to) && target.family() == Family.INT) {
            BigDecimal unit = from.getIntervalQualifier() == null
                    ? BigDecimal.ONE
                    : from.getIntervalQualifier().getEndUnit() == null
                            ? from.getIntervalQualifier().getUnit().multiplier
                            : from.getIntervalQualifier().getEndUnit().multiplier;
            Expression count = new Expression.Constant(ColumnType.BIGINT, Intervals.ofPlanner(from, unit));
            Expression whole = new Operators.Arithmetic('/', ColumnType.BIGINT, operand, count);
            return Operators.cast(whole, target);
        }
        throw new Unsupported(call.toString());
    }

    /* Times with the digits that they are cast to: fewer cut the value. With a zone, none given looks like none wanted. */
    private static ColumnType castTarget(RelDataType type) throws Unsupported {
        ColumnType column = type(type);
        int digits = type.getPrecision();
        return switch (column.family()) {
            case TIME, TS -> digits >= 0 && digits < MICRO_DIGITS ? SqlTypes.named(column.name(), digits, 0) : column;
            default -> column;
        };
    }

    private record Retyped(Expression operand, ColumnType type) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            return operand.evaluate(scope);
        }
    }

    private record Resized(Expression operand, ColumnType type, int length, boolean pads) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object value = operand.evaluate(scope);
            boolean differs = value instanceof byte[] bytes && (pads ? bytes.length != length : bytes.length > length);
            return differs ? Arrays.copyOf((byte[]) value, length) : value;
        }
    }

    private record Shortened(Expression operand, int length) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.VARCHAR;
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object value = operand.evaluate(scope);
            if (value == null) {
                return null;
            }
            String text = (String) value;
            return text.codePointCount(0, text.length()) <= length
                    ? text
                    : text.substring(0, text.offsetByCodePoints(0, length));
        }
    }

    private Expression like(RexCall call) throws Unsupported, SQLException {
        SqlLikeOperator operator = (SqlLikeOperator) call.getOperator();
        List<Expression> operands = new ArrayList<>();
        for (RexNode operand : call.getOperands()) {
            Expression bound = bind(operand);
            ColumnType type = bound.type();
            if (type != null && type.family() != Family.TEXT) {
                throw new Unsupported("LIKE of " + type.name());
            }
            operands.add(bound);
        }
        boolean similar = operator.getKind() == SqlKind.SIMILAR;
        if (!similar
                && !operator.getName().equals("LIKE")
                && !operator.getName().equals("ILIKE")) {
            throw new Unsupported(operator.getName());
        }
        Expression escape = operands.size() > 2 ? operands.get(2) : null;
        return new Operators.LikeMatch(operands.get(0), operands.get(1), escape, !operator.isCaseSensitive(), similar);
    }

    private Expression arithmetic(char operator, RexCall call) throws Unsupported, SQLException {
        Expression left = bind(call.getOperands().get(0));
        Expression right = bind(call.getOperands().get(1));
        ColumnType type = type(call.getType());
        if (left.type() == null || right.type() == null) {
            return new Expression.Constant(type, null);
        }
        numeric(left);
        numeric(right);
        if (!Numbers.isNumeric(type)) {
            throw new Unsupported(call.toString());
        }
        return new Operators.Arithmetic(operator, type, left, right);
    }

    private static void numeric(Expression expression) throws Unsupported {
        ColumnType type = expression.type();
        if (type == null || !Numbers.isNumeric(type)) {
            throw new Unsupported("arithmetic on " + type);
        }
    }

    private Expression text(RexNode node) throws Unsupported, SQLException {
        Expression bound = bind(node);
        ColumnType type = bound.type();
        if (type != null && type.family() != Family.TEXT) {
            throw new Unsupported("a text function of " + type.name());
        }
        return bound;
    }

    private Expression extreme(RexCall call) throws Unsupported, SQLException {
        ColumnType type = type(call.getType());
        List<Expression> values = new ArrayList<>();
        for (RexNode operand : call.getOperands()) {
            values.add(as(bind(operand), type));
        }
        SqlKind kind = call.getKind();
        int sign = kind == SqlKind.GREATEST || kind == SqlKind.GREATEST_PG ? 1 : -1;
        return Functions.extreme(type, values, sign, kind == SqlKind.GREATEST_PG || kind == SqlKind.LEAST_PG);
    }

    private static boolean isInterval(RexNode node) {
        return Intervals.is(node.getType());
    }

    private static boolean ofTime(RexCall call) {
        return Intervals.is(call.getType()) || call.getOperands().stream().anyMatch(RexBinder::isInterval);
    }

    /* A time and an interval, two intervals, or two times. */
    private Expression time(RexCall call, int sign) throws Unsupported, SQLException {
        RexNode first = call.getOperands().get(0);
        RexNode second = call.getOperands().get(1);
        if (isInterval(first) && isInterval(second)) {
            return Intervals.sum(bind(first), bind(second), sign < 0);
        }
        if (Intervals.is(call.getType())) {
            return Intervals.between(bind(first), bind(second), Intervals.isOfMonths(call.getType()));
        }
        boolean turned = isInterval(first);
        Expression time = bind(turned ? second : first);
        RexNode interval = turned ? first : second;
        ColumnType type = type(call.getType());
        boolean ofTime = switch (type.family()) {
            case DATE, TIME, TS, TSTZ -> time.type() != null && time.type().family() == type.family();
            default -> false;
        };
        if (!ofTime) {
            throw new Unsupported(call.toString());
        }
        return Functions.plus(type, time, bind(interval), Intervals.isOfMonths(interval.getType()), sign);
    }

    private Expression scaled(RexCall call, boolean divides) throws Unsupported, SQLException {
        RexNode first = call.getOperands().get(0);
        RexNode second = call.getOperands().get(1);
        Expression interval = bind(isInterval(first) ? first : second);
        Expression number = bind(isInterval(first) ? second : first);
        ColumnType type = number.type();
        if (!Intervals.is(call.getType()) || type == null || !Numbers.isNumeric(type)) {
            throw new Unsupported(call.toString());
        }
        return Intervals.scaled(interval, number, divides);
    }

    private Expression function(RexCall call) throws Unsupported, SQLException {
        String name = call.getOperator().getName();
        Expression json = new JsonCalls(this).bind(call);
        if (json != null) {
            return json;
        }
        Expression ofArray = ofArray(call);
        if (ofArray != null) {
            return ofArray;
        }
        Expression ofSession = call.getOperands().isEmpty() ? Functions.ofSession(name) : null;
        if (ofSession != null) {
            return ofSession;
        }
        List<Expression> arguments = new ArrayList<>();
        for (RexNode operand : call.getOperands()) {
            arguments.add(argument(operand));
        }
        Expression bound = name.equals("CONCAT") || name.equals("CONCAT_WS")
                ? Functions.concatenation(arguments, name.equals("CONCAT_WS"))
                : Functions.bind(name, arguments);
        ColumnType type = bound.type();
        if (type != null && type.family() != type(call.getType()).family()) {
            throw new Unsupported(call.toString());
        }
        return as(bound, type(call.getType()));
    }

    private @Nullable Expression ofArray(RexCall call) throws Unsupported, SQLException {
        List<RexNode> operands = call.getOperands();
        String name = call.getOperator().getName();
        boolean joins = (name.equals("||") || name.equals("ARRAY_CONCAT"))
                && operands.size() == 2
                && call.getType().getSqlTypeName() == SqlTypeName.ARRAY;
        if (joins) {
            return ArrayCalls.joined(type(call.getType()), bind(operands.get(0)), bind(operands.get(1)));
        }
        if (name.equals("CARDINALITY")) {
            return ArrayCalls.cardinality(bind(operands.get(0)));
        }
        if (name.equals("ELEMENT")) {
            return ArrayCalls.only(bind(operands.get(0)));
        }
        boolean ofInterval = name.equals("EXTRACT") && operands.size() == 2 && isInterval(operands.get(1));
        if (ofInterval && operands.get(0) instanceof RexLiteral unit) {
            boolean months = Intervals.isOfMonths(operands.get(1).getType());
            return Intervals.part(String.valueOf(unit.getValue()), bind(operands.get(1)), months);
        }
        if (operands.stream().anyMatch(RexBinder::isInterval) && !name.equals("COALESCE") && !name.equals("ABS")) {
            throw new Unsupported(call.toString());
        }
        return null;
    }

    /* A word of the syntax, such as a unit of time, is a text. */
    private Expression argument(RexNode node) throws Unsupported, SQLException {
        return node instanceof RexLiteral literal && literal.getType().getSqlTypeName() == SqlTypeName.SYMBOL
                ? new Expression.Constant(ColumnType.VARCHAR, String.valueOf(literal.getValue()))
                : bind(node);
    }
}
