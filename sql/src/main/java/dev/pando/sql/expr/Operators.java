package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.Assign;
import dev.pando.sql.types.Values;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/** The operators that the interpreter knows, with SQL's logic of three values. */
public final class Operators {
    private Operators() {}

    private static boolean all(List<Expression> parts) {
        return parts.stream().allMatch(Expression::deterministic);
    }

    public record Parameter(int index, ColumnType type) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            return Assign.exactly(type, scope.parameter(index), "parameter " + (index + 1));
        }
    }

    public record Logical(boolean and, List<Expression> parts) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }

        @Override
        public boolean deterministic() {
            return all(parts);
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            boolean unknown = false;
            for (Expression part : parts) {
                Object value = part.evaluate(scope);
                if (value == null) {
                    unknown = true;
                } else if ((Boolean) value != and) {
                    return !and;
                }
            }
            return unknown ? null : and;
        }
    }

    public record Not(Expression operand) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }

        @Override
        public boolean deterministic() {
            return operand.deterministic();
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object value = operand.evaluate(scope);
            return value == null ? null : !(Boolean) value;
        }
    }

    public record Comparison(SqlKind kind, Expression left, Expression right, Comparator<Object> order)
            implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }

        @Override
        public boolean deterministic() {
            return left.deterministic() && right.deterministic();
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object first = left.evaluate(scope);
            Object second = right.evaluate(scope);
            if (first == null || second == null) {
                return null;
            }
            int sign = order.compare(first, second);
            return switch (kind) {
                case EQUALS -> sign == 0;
                case NOT_EQUALS -> sign != 0;
                case LESS_THAN -> sign < 0;
                case LESS_THAN_OR_EQUAL -> sign <= 0;
                case GREATER_THAN -> sign > 0;
                default -> sign >= 0;
            };
        }
    }

    public record IsNull(Expression operand, boolean positive) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }

        @Override
        public boolean deterministic() {
            return operand.deterministic();
        }

        @Override
        public Object evaluate(Scope scope) throws SQLException {
            return (operand.evaluate(scope) == null) == positive;
        }
    }

    public record Truth(Expression operand, boolean value, boolean positive) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }

        @Override
        public boolean deterministic() {
            return operand.deterministic();
        }

        @Override
        public Object evaluate(Scope scope) throws SQLException {
            return Boolean.valueOf(value).equals(operand.evaluate(scope)) == positive;
        }
    }

    public record LikeMatch(
            Expression value, Expression pattern, @Nullable Expression escape, boolean ignoreCase, boolean similar)
            implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }

        @Override
        public boolean deterministic() {
            return value.deterministic() && pattern.deterministic();
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object text = value.evaluate(scope);
            Object like = pattern.evaluate(scope);
            Object character = escape == null ? "" : escape.evaluate(scope);
            if (text == null || like == null || character == null) {
                return null;
            }
            if (character.toString().length() > 1) {
                throw PandoSqlState.BAD_PARAMETER_VALUE.exception("ESCAPE takes one character");
            }
            int escapeCharacter =
                    character.toString().isEmpty() ? -1 : character.toString().charAt(0);
            Pattern regex = similar
                    ? Like.similar((String) like, escapeCharacter)
                    : Like.compile((String) like, escapeCharacter, ignoreCase);
            return regex.matcher((String) text).matches();
        }
    }

    /** {@code ~}: whether a regular expression is found in a text. */
    public record Found(Expression value, Expression pattern, boolean ignoreCase) implements Expression {
        @Override
        public ColumnType type() {
            return ColumnType.BOOLEAN;
        }

        @Override
        public boolean deterministic() {
            return value.deterministic() && pattern.deterministic();
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object text = value.evaluate(scope);
            Object regex = pattern.evaluate(scope);
            if (text == null || regex == null) {
                return null;
            }
            return Regex.compile((String) regex, ignoreCase ? "i" : "")
                    .matcher((String) text)
                    .find();
        }
    }

    /** One of the four operators of PostgreSQL's that look for a regular expression. */
    public static Expression found(SqlOperator operator, Expression value, Expression pattern) throws Unsupported {
        Found found = new Found(value, pattern, operator.getKind() == SqlKind.POSIX_REGEX_CASE_INSENSITIVE);
        if (operator == SqlStdOperatorTable.POSIX_REGEX_CASE_SENSITIVE
                || operator == SqlStdOperatorTable.POSIX_REGEX_CASE_INSENSITIVE) {
            return found;
        }
        if (operator == SqlStdOperatorTable.NEGATED_POSIX_REGEX_CASE_SENSITIVE
                || operator == SqlStdOperatorTable.NEGATED_POSIX_REGEX_CASE_INSENSITIVE) {
            return new Not(found);
        }
        throw new Unsupported(operator.getName());
    }

    public record Arithmetic(char operator, ColumnType type, Expression left, Expression right) implements Expression {
        @Override
        public boolean deterministic() {
            return left.deterministic() && right.deterministic();
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object first = left.evaluate(scope);
            Object second = right.evaluate(scope);
            return first == null || second == null ? null : Numbers.apply(operator, type, first, second);
        }
    }

    /** CAST; of a constant, the value itself, unless it cannot be cast: that is said when it is looked at. */
    public static Expression cast(Expression operand, ColumnType type) {
        Cast cast = new Cast(operand, type);
        if (operand instanceof Expression.Constant constant) {
            try {
                return new Expression.Constant(type, cast.of(constant.value()));
            } catch (SQLException e) {
                return cast;
            }
        }
        return cast;
    }

    public record Cast(Expression operand, ColumnType type) implements Expression {
        @Override
        public boolean deterministic() {
            return operand.deterministic();
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            return of(operand.evaluate(scope));
        }

        private @Nullable Object of(@Nullable Object value) throws SQLException {
            ColumnType source = operand.type();
            if (value == null || source == null || source.equals(type)) {
                return value;
            }
            boolean shows = type.family() == Family.TEXT && value instanceof BigDecimal;
            Object given = shows ? withScale((BigDecimal) value, source) : Values.toSession(source, value);
            return Assign.cast(type, given, "CAST");
        }

        /* As its type writes it: what was computed may have fewer digits. */
        private static BigDecimal withScale(BigDecimal value, ColumnType source) {
            return source.family() == Family.DEC && value.scale() < source.scale()
                    ? value.setScale(source.scale())
                    : value;
        }
    }

    public record Case(
            List<Expression> conditions,
            List<Expression> values,
            @Nullable ColumnType type) implements Expression {
        @Override
        public boolean deterministic() {
            return all(conditions) && all(values);
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            int i = 0;
            while (i < conditions.size()
                    && !Boolean.TRUE.equals(conditions.get(i).evaluate(scope))) {
                i++;
            }
            return values.get(i).evaluate(scope);
        }
    }
}
