package dev.pando.sql.expr;

import dev.pando.Column;
import dev.pando.Table;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** Which names mean columns of one table. */
public record Names(@Nullable Table table, @Nullable String alias) {
    /** No names at all. */
    public static final Names NONE = new Names(null, null);

    /** The column that an identifier means; empty when none. */
    public Optional<Column> column(SqlIdentifier identifier) {
        List<String> names = identifier.names;
        if (table == null || identifier.isStar() || !qualifies(names)) {
            return Optional.empty();
        }
        return table.column(names.get(names.size() - 1));
    }

    private boolean qualifies(List<String> names) {
        if (table == null) {
            return false;
        }
        String known = alias == null ? table.name() : alias;
        return switch (names.size()) {
            case 1 -> true;
            case 2 -> names.get(0).equalsIgnoreCase(known);
            case 3 ->
                alias == null
                        && names.get(0).equalsIgnoreCase(table.schema())
                        && names.get(1).equalsIgnoreCase(known);
            default -> false;
        };
    }
}
