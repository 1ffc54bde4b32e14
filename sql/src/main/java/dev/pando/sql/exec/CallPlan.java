package dev.pando.sql.exec;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.ExpressionBinder;
import dev.pando.sql.expr.Names;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.parser.UtilityStatement;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** CALL of one of the {@link Procedures}. */
record CallPlan(Procedures.Procedure procedure, @Nullable Expression[] arguments, List<ParameterMeta> parameters)
        implements Plan.OfSession {
    /** A parameter of a procedure; those that are not required are NULL when left out. */
    record Parameter(String name, ColumnType type, boolean required) {}

    static CallPlan of(UtilityStatement.Call call) throws SQLException {
        Procedures.Procedure procedure = Procedures.find(call.procedure());
        @Nullable Expression[] arguments = new Expression[procedure.parameters().size()];
        List<@Nullable ColumnType> types = new ArrayList<>();
        boolean named = false;
        for (int i = 0; i < call.arguments().size(); i++) {
            UtilityStatement.Argument argument = call.arguments().get(i);
            named |= argument.name() != null;
            if (named && argument.name() == null) {
                throw PandoSqlState.SYNTAX.exception(
                        procedure.signature() + ": an argument after a named one needs its name");
            }
            int index = argument.name() == null ? i : index(procedure, argument);
            if (index >= arguments.length || arguments[index] != null) {
                throw PandoSqlState.NO_FUNCTION.exception("wrong arguments; expected " + procedure.signature());
            }
            arguments[index] = bind(procedure, procedure.parameters().get(index), argument, types);
        }
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] == null && procedure.parameters().get(i).required()) {
                throw PandoSqlState.NO_FUNCTION.exception("an argument is missing; expected " + procedure.signature());
            }
        }
        return new CallPlan(procedure, arguments, ShortQuery.metas(types));
    }

    private static int index(Procedures.Procedure procedure, UtilityStatement.Argument argument) throws SQLException {
        String name = argument.name() == null ? "" : argument.name().getSimple();
        for (int i = 0; i < procedure.parameters().size(); i++) {
            if (procedure.parameters().get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw PandoSqlState.NO_FUNCTION.exception(
                "there is no argument '" + name + "'; expected " + procedure.signature());
    }

    private static Expression bind(
            Procedures.Procedure procedure,
            Parameter parameter,
            UtilityStatement.Argument argument,
            List<@Nullable ColumnType> types)
            throws SQLException {
        try {
            return new ExpressionBinder(Names.NONE, types).bind(argument.value(), parameter.type());
        } catch (Unsupported e) {
            throw PandoSqlState.NOT_SUPPORTED.exception(
                    procedure.name() + ": an argument is a constant or a parameter, not " + e.getMessage(), e);
        }
    }

    @Override
    public StatementKind kind() {
        return StatementKind.CALL;
    }

    @Override
    public Result run(SessionControl session, @Nullable Object[] given) throws SQLException {
        if (!session.user().role().includes(procedure.role())) {
            throw PandoSqlState.NO_PRIVILEGE.exception(procedure.name() + " needs the role " + procedure.role() + "; "
                    + session.user().name() + " is " + session.user().role());
        }
        Expression.Scope scope = new CallScope(session, given);
        @Nullable Object[] values = new Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            Expression argument = arguments[i];
            if (argument != null) {
                Object value = argument.evaluate(scope);
                ColumnType type = argument.type();
                Object plain = type == null ? value : Values.toSession(type, value);
                values[i] = dev.pando.sql.types.Assign.to(
                        procedure.parameters().get(i).type(),
                        plain,
                        procedure.parameters().get(i).name());
            }
        }
        procedure.body().run(session, new Arguments(procedure.name(), procedure.parameters(), values));
        return Results.NONE;
    }

    private record CallScope(
            SessionControl session, @Nullable Object[] given) implements Expression.Scope {
        @Override
        public @Nullable Object column(int ordinal) {
            throw new IllegalStateException("CALL has no row");
        }

        @Override
        public @Nullable Object parameter(int index) {
            return given[index];
        }

        @Override
        public Instant now() {
            return Instant.ofEpochMilli(session.environment().currentTimeMillis());
        }

        @Override
        public long nextKey() {
            return session.engine().keys().next();
        }

        @Override
        public long nextBlock() {
            return session.engine().keys().nextBlock();
        }

        @Override
        public UUID randomUuid() {
            byte[] random = new byte[16];
            session.environment().randomBytes(random);
            return Values.uuidOf(random);
        }
    }
}
