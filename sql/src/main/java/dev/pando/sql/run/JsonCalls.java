package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.Assign;
import dev.pando.sql.types.SessionJson;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.runtime.JsonFunctions;
import org.apache.calcite.sql.SqlJsonConstructorNullClause;
import org.apache.calcite.sql.SqlJsonEmptyOrError;
import org.apache.calcite.sql.SqlJsonExistsErrorBehavior;
import org.apache.calcite.sql.SqlJsonQueryEmptyOrErrorBehavior;
import org.apache.calcite.sql.SqlJsonQueryWrapperBehavior;
import org.apache.calcite.sql.SqlJsonValueEmptyOrErrorBehavior;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/** The JSON functions of standard SQL, over texts: what they do is Calcite's library, the values are the engine's. */
final class JsonCalls {
    private final RexBinder binder;

    JsonCalls(RexBinder binder) {
        this.binder = binder;
    }

    private interface Body {
        @Nullable
        Object of(@Nullable Object[] values) throws SQLException;
    }

    private record Call(ColumnType type, List<Expression> arguments, boolean takesNull, Body body)
            implements Expression {
        @Override
        public boolean deterministic() {
            return arguments.stream().allMatch(Expression::deterministic);
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            @Nullable Object[] values = new Object[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments.get(i).evaluate(scope);
                if (values[i] == null && !takesNull) {
                    return null;
                }
            }
            return guarded(() -> body.of(values));
        }
    }

    private interface Work {
        @Nullable
        Object run() throws SQLException;
    }

    /* The library throws what it likes of texts that are no JSON and of paths that are none. */
    private static @Nullable Object guarded(Work work) throws SQLException {
        try {
            return work.run();
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null && cause.getCause() != cause) {
                cause = cause.getCause();
            }
            String message =
                    String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
            throw PandoSqlState.DATA_EXCEPTION.exception("JSON: " + message, e);
        }
    }

    /** The call of a JSON function; null when it is none. */
    @Nullable
    Expression bind(RexCall call) throws Unsupported, SQLException {
        SqlOperator operator = call.getOperator();
        if (operator == SqlStdOperatorTable.JSON_TYPE_OPERATOR
                || operator.getName().equals("FORMAT JSON")) {
            /* Only says that the text is JSON: who puts it into JSON asks for it. */
            return binder.bind(call.getOperands().get(0));
        }
        return switch (operator.getName()) {
            case "JSON_VALUE" -> value(call);
            case "JSON_QUERY" -> query(call);
            case "JSON_EXISTS" -> exists(call);
            case "JSON_OBJECT" -> object(call);
            case "JSON_ARRAY" -> array(call);
            case "JSON_PRETTY", "JSON_TYPE", "JSON_DEPTH", "JSON_LENGTH", "JSON_KEYS", "JSON_STORAGE_SIZE" ->
                of(call, takesPath(operator) ? 2 : 1);
            case "JSON_REMOVE" -> removed(call);
            case "JSON_SET", "JSON_INSERT", "JSON_REPLACE" -> changed(call);
            case "IS JSON VALUE", "IS JSON OBJECT", "IS JSON ARRAY", "IS JSON SCALAR" -> is(call, false);
            case "IS NOT JSON VALUE", "IS NOT JSON OBJECT", "IS NOT JSON ARRAY", "IS NOT JSON SCALAR" -> is(call, true);
            default -> null;
        };
    }

    private static boolean takesPath(SqlOperator operator) {
        return operator.getName().equals("JSON_LENGTH") || operator.getName().equals("JSON_KEYS");
    }

    private List<Expression> texts(RexCall call, int most) throws Unsupported, SQLException {
        List<Expression> texts = new ArrayList<>();
        for (RexNode operand :
                call.getOperands().subList(0, Math.min(most, call.getOperands().size()))) {
            texts.add(text(binder.bind(operand)));
        }
        return texts;
    }

    private static Expression text(Expression bound) throws Unsupported {
        ColumnType type = bound.type();
        if (type == null || type.family() != Family.TEXT) {
            throw new Unsupported("a JSON function of " + type);
        }
        return bound;
    }

    private static @Nullable Object flag(RexNode node) {
        return node instanceof RexLiteral literal ? literal.getValue() : null;
    }

    /** What JSON_VALUE gives in place of a value. */
    private record Instead(SqlJsonValueEmptyOrErrorBehavior behavior, Expression value) {
        static final Instead NOTHING =
                new Instead(SqlJsonValueEmptyOrErrorBehavior.NULL, new Expression.Constant(null, null));
    }

    private Expression value(RexCall call) throws Unsupported, SQLException {
        Instead onEmpty = Instead.NOTHING;
        Instead onError = Instead.NOTHING;
        List<RexNode> operands = call.getOperands();
        int at = 2;
        while (at + 1 < operands.size()) {
            if (!(flag(operands.get(at)) instanceof SqlJsonValueEmptyOrErrorBehavior behavior)) {
                throw new Unsupported(call.toString());
            }
            boolean defaults = behavior == SqlJsonValueEmptyOrErrorBehavior.DEFAULT;
            Instead found = new Instead(behavior, defaults ? binder.bind(operands.get(at + 1)) : Instead.NOTHING.value);
            at += defaults ? 2 : 1;
            if (flag(operands.get(at)) == SqlJsonEmptyOrError.EMPTY) {
                onEmpty = found;
            } else {
                onError = found;
            }
            at++;
        }
        SqlJsonValueEmptyOrErrorBehavior whenEmpty = onEmpty.behavior;
        SqlJsonValueEmptyOrErrorBehavior whenWrong = onError.behavior;
        ColumnType type = RexBinder.type(call.getType());
        List<Expression> arguments = new ArrayList<>(texts(call, 2));
        arguments.add(onEmpty.value);
        arguments.add(onError.value);
        return new Call(type, arguments, true, v -> {
            if (v[0] == null || v[1] == null) {
                return null;
            }
            Object found = new JsonFunctions.StatefulFunction()
                    .jsonValue((String) v[0], (String) v[1], whenEmpty, v[2], whenWrong, v[3]);
            if (found == null || found == v[2] || found == v[3]) {
                return found;
            }
            return Assign.cast(type, type.family() == Family.TEXT ? found.toString() : found, "JSON_VALUE");
        });
    }

    private Expression query(RexCall call) throws Unsupported, SQLException {
        List<RexNode> operands = call.getOperands();
        boolean known = operands.size() >= 5
                && flag(operands.get(2)) instanceof SqlJsonQueryWrapperBehavior
                && flag(operands.get(3)) instanceof SqlJsonQueryEmptyOrErrorBehavior
                && flag(operands.get(4)) instanceof SqlJsonQueryEmptyOrErrorBehavior;
        if (!known || RexBinder.type(call.getType()).family() != Family.TEXT) {
            throw new Unsupported(call.toString());
        }
        SqlJsonQueryWrapperBehavior wrapper = (SqlJsonQueryWrapperBehavior) flag(operands.get(2));
        SqlJsonQueryEmptyOrErrorBehavior onEmpty = (SqlJsonQueryEmptyOrErrorBehavior) flag(operands.get(3));
        SqlJsonQueryEmptyOrErrorBehavior onError = (SqlJsonQueryEmptyOrErrorBehavior) flag(operands.get(4));
        return new Call(
                ColumnType.VARCHAR,
                texts(call, 2),
                false,
                v -> new JsonFunctions.StatefulFunction()
                        .jsonQuery((String) v[0], (String) v[1], wrapper, onEmpty, onError, true));
    }

    private Expression exists(RexCall call) throws Unsupported, SQLException {
        Object given = call.getOperands().size() > 2 ? flag(call.getOperands().get(2)) : null;
        SqlJsonExistsErrorBehavior onError =
                given instanceof SqlJsonExistsErrorBehavior behavior ? behavior : SqlJsonExistsErrorBehavior.FALSE;
        return new Call(
                ColumnType.BOOLEAN,
                texts(call, 2),
                false,
                v -> new JsonFunctions.StatefulFunction().jsonExists((String) v[0], (String) v[1], onError));
    }

    private static SqlJsonConstructorNullClause nulls(RexCall call) throws Unsupported {
        if (flag(call.getOperands().get(0)) instanceof SqlJsonConstructorNullClause clause) {
            return clause;
        }
        throw new Unsupported(call.toString());
    }

    /** A value as JSON has it: what a text says that is JSON, or the value itself. */
    private Expression element(RexNode node) throws Unsupported, SQLException {
        boolean isJson = node instanceof RexCall call
                && (call.getOperator() == SqlStdOperatorTable.JSON_TYPE_OPERATOR
                        || call.getOperator().getName().equals("FORMAT JSON"));
        RelDataType planned = node.getType();
        if (Intervals.is(planned)) {
            throw new Unsupported("an interval in JSON");
        }
        Expression bound = isConstantNull(node) ? new Expression.Constant(null, null) : binder.bind(node);
        ColumnType type = bound.type();
        return new Call(
                ColumnType.VARCHAR,
                List.of(bound),
                false,
                v -> isJson ? JsonFunctions.dejsonize((String) v[0]) : SessionJson.of(type, v[0]));
    }

    private static boolean isConstantNull(RexNode node) {
        return node instanceof RexLiteral literal && literal.isNull();
    }

    private Expression object(RexCall call) throws Unsupported, SQLException {
        SqlJsonConstructorNullClause nulls = nulls(call);
        List<Expression> parts = new ArrayList<>();
        for (int i = 1; i < call.getOperands().size(); i++) {
            RexNode operand = call.getOperands().get(i);
            parts.add(i % 2 == 1 ? text(binder.bind(operand)) : element(operand));
        }
        return new Call(ColumnType.VARCHAR, parts, true, v -> {
            for (int i = 0; i < v.length; i += 2) {
                if (v[i] == null) {
                    throw PandoSqlState.DATA_EXCEPTION.exception("JSON_OBJECT: a key is NULL");
                }
            }
            return JsonFunctions.jsonObject(nulls, v);
        });
    }

    private Expression array(RexCall call) throws Unsupported, SQLException {
        SqlJsonConstructorNullClause nulls = nulls(call);
        List<Expression> parts = new ArrayList<>();
        for (RexNode operand : call.getOperands().subList(1, call.getOperands().size())) {
            parts.add(element(operand));
        }
        return new Call(ColumnType.VARCHAR, parts, true, v -> JsonFunctions.jsonArray(nulls, v));
    }

    private Expression of(RexCall call, int most) throws Unsupported, SQLException {
        if (call.getOperands().size() > most) {
            throw new Unsupported(call.toString());
        }
        String name = call.getOperator().getName();
        ColumnType type = RexBinder.type(call.getType());
        return new Call(type, texts(call, most), false, v -> {
            String json = (String) v[0];
            String path = v.length > 1 ? (String) v[1] : null;
            Object found = switch (name) {
                case "JSON_PRETTY" -> JsonFunctions.jsonPretty(json);
                case "JSON_TYPE" -> JsonFunctions.jsonType(json);
                case "JSON_DEPTH" -> JsonFunctions.jsonDepth(json);
                case "JSON_STORAGE_SIZE" -> JsonFunctions.jsonStorageSize(json);
                case "JSON_LENGTH" ->
                    path == null ? JsonFunctions.jsonLength(json) : JsonFunctions.jsonLength(json, path);
                default -> path == null ? JsonFunctions.jsonKeys(json) : JsonFunctions.jsonKeys(json, path);
            };
            return found instanceof Integer number ? (Object) number.longValue() : found;
        });
    }

    private Expression removed(RexCall call) throws Unsupported, SQLException {
        return new Call(ColumnType.VARCHAR, texts(call, Integer.MAX_VALUE), false, v -> {
            String[] paths = Arrays.copyOfRange(v, 1, v.length, String[].class);
            return JsonFunctions.jsonRemove((String) v[0], paths);
        });
    }

    private Expression changed(RexCall call) throws Unsupported, SQLException {
        List<Expression> arguments = new ArrayList<>();
        List<RexNode> operands = call.getOperands();
        for (int i = 0; i < operands.size(); i++) {
            arguments.add(i == 0 || i % 2 == 1 ? text(binder.bind(operands.get(i))) : element(operands.get(i)));
        }
        String name = call.getOperator().getName();
        return new Call(ColumnType.VARCHAR, arguments, true, v -> {
            String json = (String) v[0];
            if (json == null) {
                return null;
            }
            Object[] changes = Arrays.copyOfRange(v, 1, v.length);
            return switch (name) {
                case "JSON_SET" -> JsonFunctions.jsonSet(json, changes);
                case "JSON_INSERT" -> JsonFunctions.jsonInsert(json, changes);
                default -> JsonFunctions.jsonReplace(json, changes);
            };
        });
    }

    private Expression is(RexCall call, boolean negated) throws Unsupported, SQLException {
        String name = call.getOperator().getName();
        return new Call(ColumnType.BOOLEAN, texts(call, 1), false, v -> {
            String json = (String) v[0];
            boolean found;
            if (name.endsWith("OBJECT")) {
                found = JsonFunctions.isJsonObject(json);
            } else if (name.endsWith("ARRAY")) {
                found = JsonFunctions.isJsonArray(json);
            } else if (name.endsWith("SCALAR")) {
                found = JsonFunctions.isJsonScalar(json);
            } else {
                found = JsonFunctions.isJsonValue(json);
            }
            return found != negated;
        });
    }
}
