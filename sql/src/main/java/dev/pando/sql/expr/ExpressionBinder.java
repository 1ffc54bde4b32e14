package dev.pando.sql.expr;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.types.Assign;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Times;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.fun.SqlBetweenOperator;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.apache.calcite.sql.fun.SqlPosixRegexOperator;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** Makes {@link Expression}s of parsed text, for what the interpreter knows to do as the planner does it. */
public final class ExpressionBinder {
    /** What the parser calls TIMESTAMP WITH TIME ZONE and WITH LOCAL TIME ZONE. */
    public static final Set<String> ZONED = Set.of("TIMESTAMP WITH TIME ZONE", "TIMESTAMP WITH LOCAL TIME ZONE");

    private static final Set<String> MOMENTS = Set.of("DATE", "TIME", "TIMESTAMP");

    private final Names names;
    private final List<@Nullable ColumnType> parameterTypes;
    private final @Nullable List<ColumnType> literals;

    /**
     * @param parameterTypes grows to hold what the places of parameters say of their types
     */
    public ExpressionBinder(Names names, List<@Nullable ColumnType> parameterTypes) {
        this(names, parameterTypes, null);
    }

    /**
     * @param literals the types of the literals that parameters stand for: then their places say nothing of them
     */
    public ExpressionBinder(
            Names names, List<@Nullable ColumnType> parameterTypes, @Nullable List<ColumnType> literals) {
        this.literals = literals;
        this.names = names;
        this.parameterTypes = parameterTypes;
    }

    /** Binds an expression whose value is to become one of {@code target}; null for any. */
    public Expression bind(SqlNode node, @Nullable ColumnType target) throws Unsupported, SQLException {
        if (node instanceof SqlDynamicParam parameter) {
            return parameter(parameter.getIndex(), target);
        }
        if (node instanceof SqlLiteral literal) {
            return literal(literal);
        }
        if (node instanceof SqlIdentifier identifier) {
            return identifier(identifier);
        }
        if (node instanceof SqlCase switched) {
            return switched(switched, target);
        }
        if (node instanceof SqlCall call) {
            return call(call, target);
        }
        throw new Unsupported(node.getKind().toString());
    }

    /** Binds a condition. */
    public Expression condition(SqlNode node) throws Unsupported, SQLException {
        Expression bound = bind(node, ColumnType.BOOLEAN);
        ColumnType type = bound.type();
        if (type != null && type.family() != Family.BOOL) {
            throw new Unsupported("a condition of type " + type.name());
        }
        return bound;
    }

    private Expression parameter(int index, @Nullable ColumnType type) throws Unsupported {
        if (literals != null) {
            return new Operators.Parameter(index, literals.get(index));
        }
        if (type == null) {
            throw new Unsupported("a parameter of no type");
        }
        while (parameterTypes.size() <= index) {
            parameterTypes.add(null);
        }
        parameterTypes.set(index, type);
        return new Operators.Parameter(index, type);
    }

    private Expression identifier(SqlIdentifier identifier) throws Unsupported {
        Column column = names.column(identifier).orElse(null);
        if (column != null) {
            return new Expression.ColumnReference(column.ordinal(), column.type());
        }
        if (identifier.isSimple()) {
            Expression moment = Functions.niladic(identifier.getSimple());
            if (moment != null) {
                return moment;
            }
        }
        throw new Unsupported("name " + identifier);
    }

    /** The value of a literal. */
    public static Expression.Constant literal(SqlLiteral literal) throws Unsupported, SQLException {
        return switch (literal.getTypeName()) {
            case NULL -> new Expression.Constant(null, null);
            case BOOLEAN ->
                literal.getValue() == null
                        ? new Expression.Constant(null, null)
                        : new Expression.Constant(ColumnType.BOOLEAN, literal.booleanValue());
            case DECIMAL -> number(literal.bigDecimalValue());
            case DOUBLE -> {
                BigDecimal value = literal.bigDecimalValue();
                yield new Expression.Constant(
                        ColumnType.DOUBLE, Assign.to(ColumnType.DOUBLE, value, String.valueOf(literal.toValue())));
            }
            case CHAR -> new Expression.Constant(ColumnType.VARCHAR, text(literal));
            case BINARY ->
                new Expression.Constant(
                        SqlTypes.named("VARBINARY", -1, 0),
                        literal.getValueAs(org.apache.calcite.util.BitString.class)
                                .getAsByteArray());
            case DATE, TIME, TIMESTAMP -> moment(literal.getTypeName().name(), String.valueOf(literal.getValue()));
            case UNKNOWN -> unresolved(literal);
            default -> throw new Unsupported("literal " + literal.getTypeName());
        };
    }

    /* The parser leaves what follows DATE, TIME and TIMESTAMP unread. */
    private static Expression.Constant unresolved(SqlLiteral literal) throws Unsupported, SQLException {
        if (literal instanceof SqlUnknownLiteral unknown && MOMENTS.contains(unknown.tag)) {
            return moment(unknown.tag, String.valueOf(literal.getValue()));
        }
        if (literal instanceof SqlUnknownLiteral unknown && ZONED.contains(unknown.tag)) {
            ColumnType type = SqlTypes.named("TIMESTAMP WITH TIME ZONE", -1, 0);
            return new Expression.Constant(type, Assign.to(type, literal.getValue(), "literal"));
        }
        throw new Unsupported("literal " + literal);
    }

    private static String text(SqlLiteral literal) throws Unsupported {
        if (literal instanceof SqlCharStringLiteral) {
            return literal.getValueAs(NlsString.class).getValue();
        }
        throw new Unsupported("literal " + literal);
    }

    private static Expression.Constant moment(String typeName, String value) throws SQLException {
        ColumnType type = SqlTypes.named(typeName, -1, 0);
        Object converted = switch (type.family()) {
            case DATE -> Times.parseDate(value).toEpochDay();
            case TIME -> Times.micros(Times.parseTime(value));
            default -> Times.micros(Times.parseTimestamp(value));
        };
        return new Expression.Constant(type, converted);
    }

    private static Expression.Constant number(@Nullable BigDecimal value) throws Unsupported {
        if (value == null || value.precision() > 38) {
            throw new Unsupported("number " + value);
        }
        if (value.scale() > 0) {
            return new Expression.Constant(ColumnType.decimal(38, value.scale()), value);
        }
        try {
            long exact = value.longValueExact();
            boolean small = exact == (int) exact;
            return new Expression.Constant(small ? ColumnType.INTEGER : ColumnType.BIGINT, exact);
        } catch (ArithmeticException e) {
            return new Expression.Constant(ColumnType.decimal(38, 0), value.setScale(0));
        }
    }

    private Expression call(SqlCall call, @Nullable ColumnType target) throws Unsupported, SQLException {
        switch (call.getKind()) {
            case AND, OR -> {
                List<Expression> parts = new ArrayList<>();
                for (SqlNode operand : call.getOperandList()) {
                    parts.add(condition(operand));
                }
                return new Operators.Logical(call.getKind() == SqlKind.AND, parts);
            }
            case NOT -> {
                return new Operators.Not(condition(call.operand(0)));
            }
            case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> {
                return comparison(call.getKind(), call.operand(0), call.operand(1));
            }
            case IS_NULL, IS_NOT_NULL -> {
                return new Operators.IsNull(bind(call.operand(0), null), call.getKind() == SqlKind.IS_NULL);
            }
            case IS_TRUE, IS_FALSE, IS_NOT_TRUE, IS_NOT_FALSE -> {
                boolean value = call.getKind() == SqlKind.IS_TRUE || call.getKind() == SqlKind.IS_NOT_TRUE;
                boolean positive = call.getKind() == SqlKind.IS_TRUE || call.getKind() == SqlKind.IS_FALSE;
                return new Operators.Truth(condition(call.operand(0)), value, positive);
            }
            case BETWEEN -> {
                return between(call);
            }
            case IN, NOT_IN -> {
                return in(call);
            }
            case LIKE -> {
                return like(call);
            }
            case PLUS -> {
                return arithmetic('+', call, target);
            }
            case MINUS -> {
                return arithmetic('-', call, target);
            }
            case TIMES -> {
                return arithmetic('*', call, target);
            }
            case DIVIDE -> {
                return arithmetic('/', call, target);
            }
            case MOD -> {
                return arithmetic('%', call, target);
            }
            case MINUS_PREFIX -> {
                Expression operand = bind(call.operand(0), target);
                Expression zero = new Expression.Constant(ColumnType.INTEGER, 0L);
                return arithmetic('-', zero, operand);
            }
            case PLUS_PREFIX -> {
                return bind(call.operand(0), target);
            }
            case CAST -> {
                return cast(call);
            }
            case NEXT_VALUE -> {
                return Functions.bind("NEXT VALUE FOR", List.of());
            }
            default -> {
                return function(call, target);
            }
        }
    }

    private Expression function(SqlCall call, @Nullable ColumnType target) throws Unsupported, SQLException {
        if (!(call instanceof SqlBasicCall) || call.getFunctionQuantifier() != null) {
            throw new Unsupported(call.getKind().toString());
        }
        String name = call.getOperator().getName();
        if (call.getOperator() instanceof SqlPosixRegexOperator) {
            return found(call);
        }
        List<Expression> arguments = new ArrayList<>();
        for (SqlNode operand : call.getOperandList()) {
            arguments.add(bind(operand, Functions.argumentType(name, target)));
        }
        return Functions.bind(name, arguments);
    }

    private Expression comparison(SqlKind kind, SqlNode left, SqlNode right) throws Unsupported, SQLException {
        boolean parameterFirst = left instanceof SqlDynamicParam;
        Expression first = parameterFirst ? null : bind(left, null);
        Expression second = bind(right, first == null ? null : first.type());
        if (first == null) {
            first = bind(left, second.type());
        }
        return compare(kind, first, second);
    }

    private Expression compare(SqlKind kind, Expression left, Expression right) throws Unsupported, SQLException {
        Expression first = adapted(left, right.type());
        Expression second = adapted(right, left.type());
        ColumnType firstType = first.type();
        ColumnType secondType = second.type();
        if (firstType == null || secondType == null) {
            return new Expression.Constant(ColumnType.BOOLEAN, null);
        }
        if (!Comparisons.comparable(firstType, secondType)) {
            throw new Unsupported(firstType.name() + " compared with " + secondType.name());
        }
        return new Operators.Comparison(kind, first, second, Comparisons.order(firstType, secondType));
    }

    /* A text beside a date is a date. */
    private Expression adapted(Expression expression, @Nullable ColumnType other) throws Unsupported, SQLException {
        if (literals != null && expression instanceof Operators.Parameter parameter && other != null) {
            boolean sameKind = Numbers.isNumeric(parameter.type()) == Numbers.isNumeric(other)
                    && (parameter.type().family() != Family.TEXT || other.family() == Family.TEXT);
            if (!sameKind) {
                throw new Unsupported("a literal that becomes another type");
            }
            return expression;
        }
        boolean text = expression instanceof Expression.Constant constant && constant.value() instanceof String;
        if (!text || other == null || other.family() == Family.TEXT || other.family() == Family.JSON) {
            return expression;
        }
        if (Numbers.isNumeric(other)) {
            throw new Unsupported("a text compared with a number");
        }
        Object value = ((Expression.Constant) expression).value();
        return new Expression.Constant(other, Assign.to(other, value, "literal"));
    }

    private Expression between(SqlCall call) throws Unsupported, SQLException {
        SqlBetweenOperator operator = (SqlBetweenOperator) call.getOperator();
        if (operator.flag == SqlBetweenOperator.Flag.SYMMETRIC) {
            throw new Unsupported("BETWEEN SYMMETRIC");
        }
        Expression low = comparison(SqlKind.GREATER_THAN_OR_EQUAL, call.operand(0), call.operand(1));
        Expression high = comparison(SqlKind.LESS_THAN_OR_EQUAL, call.operand(0), call.operand(2));
        Expression both = new Operators.Logical(true, List.of(low, high));
        return operator.isNegated() ? new Operators.Not(both) : both;
    }

    private Expression in(SqlCall call) throws Unsupported, SQLException {
        if (!(call.operand(1) instanceof SqlNodeList list)) {
            throw new Unsupported("IN of a query");
        }
        List<Expression> parts = new ArrayList<>();
        for (SqlNode element : list) {
            parts.add(comparison(SqlKind.EQUALS, call.operand(0), element));
        }
        Expression any = new Operators.Logical(false, parts);
        return call.getKind() == SqlKind.NOT_IN ? new Operators.Not(any) : any;
    }

    private Expression like(SqlCall call) throws Unsupported, SQLException {
        SqlLikeOperator operator = (SqlLikeOperator) call.getOperator();
        Expression value = bind(call.operand(0), ColumnType.VARCHAR);
        Expression pattern = bind(call.operand(1), ColumnType.VARCHAR);
        Expression escape = call.operandCount() > 2 ? bind(call.operand(2), ColumnType.VARCHAR) : null;
        requireText(value);
        requireText(pattern);
        boolean ignoreCase = !operator.isCaseSensitive();
        Expression like = new Operators.LikeMatch(value, pattern, escape, ignoreCase, false);
        return operator.isNegated() ? new Operators.Not(like) : like;
    }

    private Expression found(SqlCall call) throws Unsupported, SQLException {
        Expression value = bind(call.operand(0), ColumnType.VARCHAR);
        Expression pattern = bind(call.operand(1), ColumnType.VARCHAR);
        requireText(value);
        requireText(pattern);
        return Operators.found(call.getOperator(), value, pattern);
    }

    private static void requireText(Expression expression) throws Unsupported {
        ColumnType type = expression.type();
        if (type != null && type.family() != Family.TEXT) {
            throw new Unsupported("LIKE of " + type.name());
        }
    }

    private Expression arithmetic(char operator, SqlCall call, @Nullable ColumnType target)
            throws Unsupported, SQLException {
        boolean parameterFirst = call.operand(0) instanceof SqlDynamicParam;
        Expression right = parameterFirst ? bind(call.operand(1), target) : null;
        Expression left = bind(call.operand(0), right == null ? target : wider(right.type(), target));
        if (right == null) {
            right = bind(call.operand(1), wider(left.type(), target));
        }
        return arithmetic(operator, left, right);
    }

    /* A parameter beside an integer may have a fraction when the column that it goes to has. */
    private static @Nullable ColumnType wider(@Nullable ColumnType beside, @Nullable ColumnType target) {
        boolean widens = beside != null
                && beside.family() == Family.INT
                && target != null
                && (target.family() == Family.DEC || target.family() == Family.FLOAT);
        return widens ? target : beside;
    }

    private static Expression arithmetic(char operator, Expression left, Expression right) throws Unsupported {
        ColumnType leftType = left.type();
        ColumnType rightType = right.type();
        if (leftType == null || rightType == null) {
            return new Expression.Constant(null, null);
        }
        if (!Numbers.isNumeric(leftType) || !Numbers.isNumeric(rightType)) {
            throw new Unsupported(leftType.name() + " " + operator + " " + rightType.name());
        }
        return new Operators.Arithmetic(operator, Numbers.resultType(operator, leftType, rightType), left, right);
    }

    private Expression cast(SqlCall call) throws Unsupported, SQLException {
        if (call.operandCount() != 2) {
            throw new Unsupported("CAST with a format");
        }
        ColumnType type = TypeNames.columnType((org.apache.calcite.sql.SqlDataTypeSpec) call.operand(1));
        Expression operand = bind(call.operand(0), type);
        return operand.type() == null ? new Expression.Constant(type, null) : Operators.cast(operand, type);
    }

    private Expression switched(SqlCase node, @Nullable ColumnType target) throws Unsupported, SQLException {
        if (node.getValueOperand() != null) {
            throw new Unsupported("CASE of a value");
        }
        List<Expression> conditions = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        for (int i = 0; i < node.getWhenOperands().size(); i++) {
            conditions.add(condition(node.getWhenOperands().get(i)));
            values.add(bind(node.getThenOperands().get(i), target));
        }
        SqlNode otherwise = node.getElseOperand();
        values.add(otherwise == null ? new Expression.Constant(null, null) : bind(otherwise, target));
        return new Operators.Case(conditions, values, Functions.commonType(values));
    }
}
