package dev.pando.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** Statements that look after the database or the session, and those that wrap a query. */
public sealed interface UtilityStatement extends Statement {
    /** A query whose rows are locked until the transaction ends. */
    record ForUpdate(SqlNode query, boolean noWait) implements UtilityStatement {
        @Override
        public String toSql() {
            return SqlText.of(query) + " FOR UPDATE" + (noWait ? " NOWAIT" : "");
        }
    }

    /** EXPLAIN of a query or of DML. */
    record Explain(SqlNode statement) implements UtilityStatement {
        @Override
        public String toSql() {
            return "EXPLAIN " + SqlText.of(statement);
        }
    }

    /** INSERT … DEFAULT VALUES. */
    record InsertDefaults(SqlIdentifier table) implements UtilityStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("INSERT INTO")
                    .name(table)
                    .words("DEFAULT VALUES")
                    .toString();
        }
    }

    /** A setting; {@code value} is null for DEFAULT. System settings say {@code ALTER SYSTEM SET}. */
    record SetSetting(
            boolean system, SqlIdentifier name, @Nullable String value) implements UtilityStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words(system ? "ALTER SYSTEM SET" : "SET")
                    .name(name)
                    .words("=")
                    .words(value == null ? "DEFAULT" : SqlText.quote(value))
                    .toString();
        }
    }

    record SetSchema(SqlIdentifier schema) implements UtilityStatement {
        @Override
        public String toSql() {
            return new SqlText().words("SET SCHEMA").name(schema).toString();
        }
    }

    record CheckDatabase() implements UtilityStatement {
        @Override
        public String toSql() {
            return "CHECK DATABASE";
        }
    }

    record CompactDatabase() implements UtilityStatement {
        @Override
        public String toSql() {
            return "COMPACT DATABASE";
        }
    }

    record Backup(String path) implements UtilityStatement {
        @Override
        public String toSql() {
            return "BACKUP TO " + SqlText.quote(path);
        }
    }

    /** CALL; arguments are positional or {@code name => value}. */
    record Call(SqlIdentifier procedure, List<Argument> arguments) implements UtilityStatement {
        @Override
        public String toSql() {
            StringBuilder text = new StringBuilder("CALL ")
                    .append(new SqlText().name(procedure))
                    .append('(');
            for (int i = 0; i < arguments.size(); i++) {
                text.append(i == 0 ? "" : ", ").append(arguments.get(i).toSql());
            }
            return text.append(')').toString();
        }
    }

    /** An argument of CALL; {@code name} is null for a positional one. */
    record Argument(@Nullable SqlIdentifier name, SqlNode value) {
        String toSql() {
            return (name == null ? "" : new SqlText().name(name) + " => ") + SqlText.of(value);
        }
    }
}
