package dev.pando.sql.parser;

import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** Statements on the transaction. */
public sealed interface TransactionStatement extends Statement {
    /** Level as the text says it; SERIALIZABLE and READ UNCOMMITTED are refused or raised when executed. */
    enum Level {
        READ_UNCOMMITTED,
        READ_COMMITTED,
        REPEATABLE_READ,
        SERIALIZABLE
    }

    /** Modes; null is unchanged. */
    record Modes(@Nullable Level level, @Nullable Boolean readOnly) {
        String toSql() {
            return new SqlText()
                    .words(
                            level == null
                                    ? ""
                                    : "ISOLATION LEVEL " + level.name().replace('_', ' '))
                    .words(level != null && readOnly != null ? "," : "")
                    .words(readOnly == null ? "" : readOnly ? "READ ONLY" : "READ WRITE")
                    .toString()
                    .trim();
        }
    }

    record Commit() implements TransactionStatement {
        @Override
        public String toSql() {
            return "COMMIT";
        }
    }

    /** ROLLBACK, of everything when {@code savepoint} is null. */
    record Rollback(@Nullable SqlIdentifier savepoint) implements TransactionStatement {
        @Override
        public String toSql() {
            return savepoint == null
                    ? "ROLLBACK"
                    : new SqlText()
                            .words("ROLLBACK TO SAVEPOINT")
                            .name(savepoint)
                            .toString();
        }
    }

    record Savepoint(SqlIdentifier name) implements TransactionStatement {
        @Override
        public String toSql() {
            return new SqlText().words("SAVEPOINT").name(name).toString();
        }
    }

    record Release(SqlIdentifier name) implements TransactionStatement {
        @Override
        public String toSql() {
            return new SqlText().words("RELEASE SAVEPOINT").name(name).toString();
        }
    }

    /** START TRANSACTION or BEGIN. */
    record Start(Modes modes) implements TransactionStatement {
        @Override
        public String toSql() {
            return ("START TRANSACTION " + modes.toSql()).trim();
        }
    }

    /** SET TRANSACTION, or SET SESSION CHARACTERISTICS when {@code session}. */
    record SetModes(boolean session, Modes modes) implements TransactionStatement {
        @Override
        public String toSql() {
            return (session ? "SET SESSION CHARACTERISTICS AS TRANSACTION " : "SET TRANSACTION ") + modes.toSql();
        }
    }
}
