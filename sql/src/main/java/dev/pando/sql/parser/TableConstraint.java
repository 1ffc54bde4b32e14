package dev.pando.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** A constraint of a table, wherever the text put it. */
public sealed interface TableConstraint {
    @Nullable
    SqlIdentifier name();

    /** The constraint without its name. */
    String body();

    default String toSql() {
        SqlText text = new SqlText();
        if (name() != null) {
            text.words("CONSTRAINT").nameIf(name());
        }
        return text.words(body()).toString();
    }

    record PrimaryKey(@Nullable SqlIdentifier name, List<SqlIdentifier> columns) implements TableConstraint {
        @Override
        public String body() {
            return new SqlText()
                    .words("PRIMARY KEY")
                    .namesInParentheses(columns)
                    .toString();
        }
    }

    record Unique(@Nullable SqlIdentifier name, List<SqlIdentifier> columns) implements TableConstraint {
        @Override
        public String body() {
            return new SqlText().words("UNIQUE").namesInParentheses(columns).toString();
        }
    }

    record Check(@Nullable SqlIdentifier name, SqlNode condition) implements TableConstraint {
        @Override
        public String body() {
            return "CHECK (" + SqlText.of(condition) + ")";
        }
    }

    /** {@code targetColumns} is empty when the text names none: the target's primary key. */
    record ForeignKey(
            @Nullable SqlIdentifier name,
            List<SqlIdentifier> columns,
            SqlIdentifier target,
            List<SqlIdentifier> targetColumns,
            Action onDelete,
            Action onUpdate)
            implements TableConstraint {
        @Override
        public String body() {
            return new SqlText()
                    .words("FOREIGN KEY")
                    .namesInParentheses(columns)
                    .words("REFERENCES")
                    .name(target)
                    .namesInParentheses(targetColumns)
                    .wordsIf(onDelete != Action.NO_ACTION, "ON DELETE " + onDelete.sql())
                    .wordsIf(onUpdate != Action.NO_ACTION, "ON UPDATE " + onUpdate.sql())
                    .toString();
        }
    }

    /** What happens to the rows that refer. */
    enum Action {
        NO_ACTION,
        RESTRICT,
        CASCADE,
        SET_NULL,
        SET_DEFAULT;

        String sql() {
            return name().replace('_', ' ');
        }
    }
}
