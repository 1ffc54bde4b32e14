package dev.pando.sql.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** Statements on what stands beside tables: indexes, views, schemas, sequences, comments. */
public sealed interface ObjectStatement extends Statement {
    /** CREATE INDEX; {@code name} is null when the text leaves it to the database. */
    record CreateIndex(
            @Nullable SqlIdentifier name,
            SqlIdentifier table,
            List<IndexColumn> columns,
            boolean unique,
            boolean ifNotExists)
            implements ObjectStatement {
        @Override
        public String toSql() {
            List<String> parts = new ArrayList<>();
            columns.forEach(column ->
                    parts.add(SqlText.name(column.column().getSimple()) + (column.descending() ? " DESC" : "")));
            return new SqlText()
                    .words(unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX")
                    .wordsIf(ifNotExists, "IF NOT EXISTS")
                    .nameIf(name)
                    .words("ON")
                    .name(table)
                    .words("(" + String.join(", ", parts) + ")")
                    .toString();
        }
    }

    record IndexColumn(SqlIdentifier column, boolean descending) {}

    record CreateView(
            SqlIdentifier name, boolean replace, boolean ifNotExists, List<SqlIdentifier> columns, SqlNode query)
            implements ObjectStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words(replace ? "CREATE OR REPLACE VIEW" : "CREATE VIEW")
                    .wordsIf(ifNotExists, "IF NOT EXISTS")
                    .name(name)
                    .namesInParentheses(columns)
                    .words("AS")
                    .node(query)
                    .toString();
        }
    }

    record CreateSchema(SqlIdentifier name, boolean ifNotExists) implements ObjectStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("CREATE SCHEMA")
                    .wordsIf(ifNotExists, "IF NOT EXISTS")
                    .name(name)
                    .toString();
        }
    }

    record CreateSequence(SqlIdentifier name, int increment, boolean ifNotExists) implements ObjectStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("CREATE SEQUENCE")
                    .wordsIf(ifNotExists, "IF NOT EXISTS")
                    .name(name)
                    .wordsIf(increment != 1, "INCREMENT BY " + increment)
                    .toString();
        }
    }

    record Drop(Kind kind, List<SqlIdentifier> names, boolean ifExists, boolean cascade) implements ObjectStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("DROP " + kind)
                    .wordsIf(ifExists, "IF EXISTS")
                    .names(names)
                    .wordsIf(cascade, "CASCADE")
                    .toString();
        }
    }

    /** What DROP and COMMENT ON name. */
    enum Kind {
        TABLE,
        VIEW,
        INDEX,
        SCHEMA,
        SEQUENCE,
        USER,
        COLUMN
    }

    /** COMMENT ON; {@code text} is null for IS NULL, which removes it. */
    record Comment(Kind kind, SqlIdentifier name, @Nullable String text) implements ObjectStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("COMMENT ON " + kind)
                    .name(name)
                    .words(text == null ? "IS NULL" : "IS " + SqlText.quote(text))
                    .toString();
        }
    }
}
