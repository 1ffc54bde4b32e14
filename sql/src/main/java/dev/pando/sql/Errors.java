package dev.pando.sql;

import dev.pando.PandoException;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.validate.SqlValidatorException;

/** Makes one {@link SQLException} of whatever the layers below throw. */
public final class Errors {
    private record Known(Pattern message, PandoSqlState state) {
        static Known of(String regex, PandoSqlState state) {
            return new Known(Pattern.compile(regex, Pattern.DOTALL), state);
        }
    }

    private static final List<Known> VALIDATION = List.of(
            Known.of("Object '.*' not found.*", PandoSqlState.NO_TABLE),
            Known.of("Table '.*' not found.*", PandoSqlState.NO_TABLE),
            Known.of("Column '.*' not found in any table.*", PandoSqlState.NO_COLUMN),
            Known.of("Column '.*' not found in table.*", PandoSqlState.NO_COLUMN),
            Known.of("Unknown target column.*", PandoSqlState.NO_COLUMN),
            Known.of("Unknown field.*", PandoSqlState.NO_COLUMN),
            Known.of("Column '.*' is ambiguous.*", PandoSqlState.AMBIGUOUS_COLUMN),
            Known.of("No match found for function signature.*", PandoSqlState.NO_FUNCTION),
            Known.of("Invalid number of arguments.*", PandoSqlState.NO_FUNCTION),
            Known.of("Cannot apply.*", PandoSqlState.WRONG_TYPE),
            Known.of("Values passed to .* must have compatible types.*", PandoSqlState.WRONG_TYPE),
            Known.of(".*[Tt]ype mismatch.*", PandoSqlState.WRONG_TYPE),
            Known.of("Illegal use of dynamic parameter.*", PandoSqlState.WRONG_TYPE),
            Known.of("Cannot infer return type.*", PandoSqlState.WRONG_TYPE),
            Known.of("Cast function cannot convert.*", PandoSqlState.WRONG_TYPE),
            Known.of(".* clause must be a condition", PandoSqlState.WRONG_TYPE),
            Known.of("Expected a boolean type", PandoSqlState.WRONG_TYPE),
            Known.of("Unknown identifier '.*'.*", PandoSqlState.NO_TABLE),
            Known.of(".*literal '.*' out of range.*|Numeric literal.*", PandoSqlState.OUT_OF_RANGE),
            Known.of("Illegal (DATE|TIME|TIMESTAMP).* literal.*", PandoSqlState.BAD_DATETIME));

    private static final List<Known> EXECUTION = List.of(
            Known.of(".*more than one value in agg SINGLE_VALUE.*", PandoSqlState.CARDINALITY),
            Known.of(".*field is out of range in.*", PandoSqlState.BAD_DATETIME),
            Known.of(".*logarithm.*", PandoSqlState.DATA_EXCEPTION),
            Known.of(".*[Dd]ivision by zero.*|.*/ by zero.*|.*Division undefined.*", PandoSqlState.DIVISION_BY_ZERO),
            Known.of(".*[Oo]verflow.*|.*out of range.*|.*cannot be represented.*", PandoSqlState.OUT_OF_RANGE),
            Known.of(
                    ".*[Ii]nvalid (character|DATE|TIME|TIMESTAMP).*|.*not a valid.*|.*[Ii]nvalid UUID.*",
                    PandoSqlState.BAD_CAST));

    private Errors() {}

    /** The one exception that {@code thrown} is to a user. */
    public static SQLException of(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause() == e ? null : e.getCause()) {
            if (e instanceof SQLException sql) {
                return sql;
            }
            if (e instanceof PandoException pando) {
                return PandoSqlState.exception(String.valueOf(pando.getMessage()), pando.sqlState(), thrown);
            }
            if (e instanceof CalciteContextException context) {
                return validation(context);
            }
        }
        return execution(thrown);
    }

    private static SQLException validation(CalciteContextException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String message = String.valueOf(cause.getMessage());
        String place = e.getPosLine() > 0 ? "line " + e.getPosLine() + ", column " + e.getPosColumn() + ": " : "";
        PandoSqlState state = find(VALIDATION, message);
        if (state == null && !(cause instanceof SqlValidatorException)) {
            state = find(EXECUTION, message);
        }
        return (state == null ? PandoSqlState.INVALID_DEFINITION : state).exception(place + readable(message), e);
    }

    /* Calcite's words, without its names for what a text does not show, on one line. */
    private static String readable(String message) {
        if (message.startsWith("Expression '") && message.endsWith("._docid' is not being grouped")) {
            return "an aggregate has no place in SET: expected a subquery such as (SELECT MAX(c) FROM t)";
        }
        if (message.startsWith("Cannot apply '$SCALAR_QUERY'")) {
            return "a subquery that is a value has one column";
        }
        return message.strip().replaceAll("\\s*\n\\s*", ", ");
    }

    /* Generated code evaluates constants when its class is made: what fails there is an expression of the text. */
    private static SQLException constant(LinkageError error) {
        Throwable cause = error;
        while (cause instanceof LinkageError && cause.getCause() != null) {
            cause = cause.getCause();
        }
        SQLException made = cause == error ? null : execution(cause);
        boolean known = made != null && !PandoSqlState.INTERNAL.code().equals(made.getSQLState());
        return made != null && known
                ? made
                : PandoSqlState.DATA_EXCEPTION.exception("a constant of the statement: " + cause.getMessage(), error);
    }

    private static SQLException execution(Throwable thrown) {
        if (thrown instanceof StackOverflowError) {
            return PandoSqlState.TOO_LARGE.exception("the statement is nested too deeply", thrown);
        }
        if (thrown instanceof ExceptionInInitializerError || thrown instanceof NoClassDefFoundError) {
            return constant((LinkageError) thrown);
        }
        if (thrown instanceof OutOfMemoryError) {
            return PandoSqlState.OUT_OF_MEMORY.exception("the statement needs more memory than there is", thrown);
        }
        for (Throwable e = thrown; e != null; e = e.getCause() == e ? null : e.getCause()) {
            String message = String.valueOf(e.getMessage());
            boolean data = e instanceof ArithmeticException
                    || e instanceof CalciteException
                    || e instanceof IllegalArgumentException
                    || e instanceof IllegalStateException;
            PandoSqlState state = data ? find(EXECUTION, message) : null;
            if (message.startsWith("Unable to implement")) {
                return PandoSqlState.NOT_SUPPORTED.exception("not supported: " + operator(message), thrown);
            }
            if (e instanceof NumberFormatException) {
                return PandoSqlState.BAD_CAST.exception("not a number: " + message, thrown);
            }
            if (state != null) {
                String text = state == PandoSqlState.DIVISION_BY_ZERO ? "division by zero" : message;
                return state.exception(text, thrown);
            }
            if (e instanceof ArithmeticException) {
                return PandoSqlState.OUT_OF_RANGE.exception(message, thrown);
            }
            if (e instanceof CalciteException) {
                return PandoSqlState.DATA_EXCEPTION.exception(message, thrown);
            }
            if (e instanceof UnsupportedOperationException) {
                return PandoSqlState.NOT_SUPPORTED.exception("not supported: " + message, thrown);
            }
        }
        return PandoSqlState.INTERNAL.exception("internal error: " + thrown, thrown);
    }

    /** The operator that the planner names, without guessed costs and the number it happens to have. */
    private static String operator(String message) {
        String line = message.lines().findFirst().orElse(message);
        int costs = line.indexOf(": rowcount");
        return costs < 0 ? line : line.substring(0, costs);
    }

    private static @org.jspecify.annotations.Nullable PandoSqlState find(List<Known> known, String message) {
        for (Known each : known) {
            Matcher matcher = each.message.matcher(message);
            if (matcher.matches()) {
                return each.state;
            }
        }
        return null;
    }
}
