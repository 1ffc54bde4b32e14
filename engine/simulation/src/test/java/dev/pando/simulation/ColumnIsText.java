package dev.pando.simulation;

import dev.pando.Column;
import dev.pando.ExpressionCompiler;
import dev.pando.PandoException;
import dev.pando.Table;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Of SQL's conditions the one that scenarios need: {@code column = 'text'}. SQL's own compiler is a module above. */
final class ColumnIsText implements ExpressionCompiler {

    private static final Pattern CONDITION = Pattern.compile("(\\w+) = '([^']*)'");

    @Override
    public RowFunction compile(String sql, Table table) {
        Matcher matcher = CONDITION.matcher(sql);
        if (!matcher.matches()) {
            throw new PandoException(
                    PandoException.Kind.INVALID_DEFINITION, "not a condition of scenarios, column = 'text': " + sql);
        }
        int ordinal = table.column(matcher.group(1))
                .map(Column::ordinal)
                .orElseThrow(() -> new PandoException(
                        PandoException.Kind.INVALID_DEFINITION,
                        table.qualifiedName() + " has no column " + matcher.group(1)));
        String text = matcher.group(2);
        return row -> {
            Object value = row.get(ordinal);
            return value == null ? null : text.equals(value);
        };
    }
}
