package dev.pando.collection;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a merge left in a row that no local write would have been allowed: it is shown to people, never mended.
 *
 * @param kind {@code NOT_NULL_VIOLATION}, {@code NUMERIC_OUT_OF_RANGE}, {@code VALUE_TOO_LONG}, …
 */
public record RowViolation(Column column, Kind kind, String message) {

    /** Those of one row, without the constraints that take an expression or other rows to test. */
    public static List<RowViolation> of(RowView row) {
        List<RowViolation> violations = new ArrayList<>();
        if (!row.live()) {
            return violations;
        }
        for (Column column : row.table().columns()) {
            RowViolation violation = of(row, column);
            if (violation != null) {
                violations.add(violation);
            }
        }
        return violations;
    }

    private static @Nullable RowViolation of(RowView row, Column column) {
        try {
            Object value = row.get(column.ordinal());
            if (value == null) {
                return column.nullable()
                        ? null
                        : new RowViolation(column, Kind.NOT_NULL_VIOLATION, "column " + column.name() + " is NULL");
            }
            ColumnType type = column.type();
            boolean sized = type.family() == ColumnType.Family.TEXT || type.family() == ColumnType.Family.BYTES;
            if (sized && type.precision() >= 0) {
                Types.convert(type, value, column.name());
            }
            return null;
        } catch (PandoException e) {
            return new RowViolation(column, e.kind(), String.valueOf(e.getMessage()));
        }
    }
}
