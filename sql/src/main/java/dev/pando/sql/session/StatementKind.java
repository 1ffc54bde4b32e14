package dev.pando.sql.session;

/** What a statement does, as far as those who carry it must know. */
public enum StatementKind {
    /** Has rows: SELECT, VALUES, TABLE, WITH. */
    QUERY,
    INSERT,
    UPDATE,
    DELETE,
    /** MERGE and UPSERT. */
    MERGE,
    /** A procedure; may have rows. */
    CALL,
    /** Has rows: one text column. */
    EXPLAIN,
    /** CREATE, ALTER, DROP, TRUNCATE, COMMENT: commits the open transaction before and after. */
    DDL,
    /** GRANT, REVOKE, users, settings, maintenance: at once, durably, without committing the transaction. */
    CONTROL,
    /** COMMIT, ROLLBACK, SAVEPOINT, START TRANSACTION, SET TRANSACTION. */
    TRANSACTION,
    /** Settings of the session. */
    SESSION;

    /** Whether it changes rows of tables, and so has an update count that means rows. */
    public boolean isDml() {
        return this == INSERT || this == UPDATE || this == DELETE || this == MERGE;
    }
}
