package dev.pando.sql.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** Statements on tables. */
public sealed interface TableStatement extends Statement {
    /**
     * CREATE TABLE.
     *
     * @param local never announced or replicated
     * @param query of {@code CREATE TABLE … AS}; {@code columnNames} then renames its columns when not empty
     */
    record CreateTable(
            SqlIdentifier name,
            boolean local,
            boolean ifNotExists,
            List<ColumnDefinition> columns,
            List<TableConstraint> constraints,
            long generation,
            List<SqlIdentifier> columnNames,
            @Nullable SqlNode query)
            implements TableStatement {
        @Override
        public String toSql() {
            SqlText text = new SqlText()
                    .words(local ? "CREATE LOCAL TABLE" : "CREATE TABLE")
                    .wordsIf(ifNotExists, "IF NOT EXISTS")
                    .name(name);
            if (query != null) {
                return text.namesInParentheses(columnNames)
                        .words("AS")
                        .node(query)
                        .toString();
            }
            List<String> elements = new ArrayList<>();
            columns.forEach(column -> elements.add(column.toSql()));
            constraints.forEach(constraint -> elements.add(constraint.toSql()));
            return text.words("(" + String.join(", ", elements) + ")")
                    .wordsIf(generation != 0, "GENERATION " + generation)
                    .toString();
        }
    }

    /** ALTER TABLE, one change. */
    record AlterTable(SqlIdentifier name, boolean ifExists, Change change) implements TableStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("ALTER TABLE")
                    .wordsIf(ifExists, "IF EXISTS")
                    .name(name)
                    .words(change.toSql())
                    .toString();
        }
    }

    /** TRUNCATE TABLE. */
    record Truncate(SqlIdentifier name) implements TableStatement {
        @Override
        public String toSql() {
            return new SqlText().words("TRUNCATE TABLE").name(name).toString();
        }
    }

    /** What ALTER TABLE changes. */
    sealed interface Change {
        String toSql();
    }

    record AddColumn(ColumnDefinition column, List<TableConstraint> constraints, boolean ifNotExists)
            implements Change {
        @Override
        public String toSql() {
            return "ADD COLUMN " + (ifNotExists ? "IF NOT EXISTS " : "") + column.toSql();
        }
    }

    record DropColumn(SqlIdentifier column, boolean ifExists, boolean cascade) implements Change {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("DROP COLUMN")
                    .wordsIf(ifExists, "IF EXISTS")
                    .name(column)
                    .wordsIf(cascade, "CASCADE")
                    .toString();
        }
    }

    record RenameColumn(SqlIdentifier column, SqlIdentifier newName) implements Change {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("RENAME COLUMN")
                    .name(column)
                    .words("TO")
                    .name(newName)
                    .toString();
        }
    }

    record RenameTable(SqlIdentifier newName) implements Change {
        @Override
        public String toSql() {
            return new SqlText().words("RENAME TO").name(newName).toString();
        }
    }

    /** SET DEFAULT, or DROP DEFAULT when {@code value} is null. */
    record ColumnDefault(SqlIdentifier column, @Nullable SqlNode value) implements Change {
        @Override
        public String toSql() {
            SqlText text = new SqlText().words("ALTER COLUMN").name(column);
            return value == null
                    ? text.words("DROP DEFAULT").toString()
                    : text.words("SET DEFAULT").node(value).toString();
        }
    }

    record ColumnNullable(SqlIdentifier column, boolean nullable) implements Change {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("ALTER COLUMN")
                    .name(column)
                    .words(nullable ? "DROP NOT NULL" : "SET NOT NULL")
                    .toString();
        }
    }

    record ColumnType(SqlIdentifier column, SqlDataTypeSpec type) implements Change {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("ALTER COLUMN")
                    .name(column)
                    .words("SET DATA TYPE")
                    .node(type)
                    .toString();
        }
    }

    record AddConstraint(TableConstraint constraint) implements Change {
        @Override
        public String toSql() {
            return "ADD " + constraint.toSql();
        }
    }

    record DropConstraint(SqlIdentifier constraint, boolean ifExists) implements Change {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("DROP CONSTRAINT")
                    .wordsIf(ifExists, "IF EXISTS")
                    .name(constraint)
                    .toString();
        }
    }
}
