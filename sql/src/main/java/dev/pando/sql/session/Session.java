package dev.pando.sql.session;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with a database: its transaction, its settings, its statements. One thread at a time, except
 * {@link #cancel()}, {@link #isValid} and {@link #close()}, which any thread may call.
 *
 * <p>Autocommit is on at first, the schema is {@code PUBLIC}, the isolation READ COMMITTED. A statement that fails
 * leaves the transaction as it was before that statement; an error of class 40 has rolled the whole transaction back.
 */
public interface Session extends AutoCloseable {
    /**
     * Parses and validates one statement. A trailing semicolon and the JDBC escape <code>{call …}</code> are accepted.
     * The statement stays valid over changes of the schema: it is validated again when they concern it.
     *
     * @throws SQLException 42601 with the position and what was expected, or another state of class 42
     */
    Prepared prepare(String sql) throws SQLException;

    /**
     * Runs a statement. The previous result of this session stays open; a result is closed by its owner, by
     * {@link #close()}, and, for rows read under READ COMMITTED, survives commit.
     *
     * @param parameters one value for each parameter, in the representation of {@link SqlType}; other Java types that
     *     convert without loss are taken too
     */
    Result execute(Prepared statement, @Nullable Object[] parameters, ExecuteOptions options) throws SQLException;

    /** Prepares, runs and forgets a statement without parameters. */
    default Result execute(String sql) throws SQLException {
        return execute(sql, ExecuteOptions.DEFAULT);
    }

    /** Prepares, runs and forgets a statement without parameters. */
    default Result execute(String sql, ExecuteOptions options) throws SQLException {
        return execute(prepare(sql), new Object[0], options);
    }

    /**
     * Runs a statement once for each row of parameters. In autocommit all of it is one transaction.
     *
     * @throws java.sql.BatchUpdateException when one fails: its update counts are those of the rows before it, and its
     *     cause the error. In autocommit nothing of the batch was kept.
     */
    BatchResult executeBatch(Prepared statement, List<@Nullable Object[]> parameterRows, ExecuteOptions options)
            throws SQLException;

    /** Whether each statement is a transaction of its own. */
    boolean autoCommit() throws SQLException;

    /** Changes autocommit; a change commits the open transaction, as JDBC wants it. */
    void setAutoCommit(boolean autoCommit) throws SQLException;

    /** Commits the open transaction; durable on return, as the database's durability setting says. No-op without one. */
    void commit() throws SQLException;

    /** Rolls the open transaction back. No-op without one. */
    void rollback() throws SQLException;

    /** Sets a savepoint; one of the same name is replaced. 25000 in autocommit. */
    void setSavepoint(String name) throws SQLException;

    /** Undoes what came after the savepoint, which stays. 3B001 when there is none of that name. */
    void rollbackTo(String name) throws SQLException;

    /** Forgets the savepoint and those after it. 3B001 when there is none of that name. */
    void releaseSavepoint(String name) throws SQLException;

    boolean readOnly() throws SQLException;

    /** Whether later transactions may write; 25006 answers a write in a read-only one. 25001 inside a transaction. */
    void setReadOnly(boolean readOnly) throws SQLException;

    Isolation isolation() throws SQLException;

    /** The isolation of later transactions. 25001 inside a transaction. */
    void setIsolation(Isolation isolation) throws SQLException;

    /** The schema in which unqualified names are looked up. */
    String schema() throws SQLException;

    /** Changes the schema for unqualified names. 3F000 when there is no such schema. */
    void setSchema(String schema) throws SQLException;

    /** Whether a transaction is open, that is, a statement ran since the last commit or rollback. */
    boolean inTransaction() throws SQLException;

    /** Who this session acts as. */
    SessionUser user();

    /** Warnings since they were last cleared; at most {@value SqlWarningInfo#KEPT_MAX} are kept, the oldest ones. */
    List<SqlWarningInfo> warnings() throws SQLException;

    void clearWarnings() throws SQLException;

    /** Ends the running statement with 57014; no-op when none runs. Any thread. */
    void cancel() throws SQLException;

    /** Whether the session still answers within {@code timeout}. Any thread. */
    boolean isValid(Duration timeout) throws SQLException;

    /** Rolls back, closes open results, frees everything. Idempotent; any thread. */
    @Override
    void close() throws SQLException;
}
