package dev.pando.sql.exec;

import dev.pando.Cancellation;
import dev.pando.Engine;
import dev.pando.Environment;
import dev.pando.Table;
import dev.pando.sql.catalog.LocalObjects;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.parser.TransactionStatement;
import dev.pando.sql.session.SessionUser;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What statements about the session and the node may do to it. */
public interface SessionControl {
    Engine engine();

    Environment environment();

    LocalObjects objects();

    /** The names as they stand now. */
    SchemaSnapshot snapshot();

    Statements statements();

    SessionUser user();

    /** The schema of unqualified names. */
    String schema();

    void setSchema(String schema) throws SQLException;

    void commit() throws SQLException;

    void rollback() throws SQLException;

    void setSavepoint(String name) throws SQLException;

    void rollbackTo(String name) throws SQLException;

    void releaseSavepoint(String name) throws SQLException;

    /** Begins a transaction that autocommit does not end. */
    void start(TransactionStatement.Modes modes) throws SQLException;

    /** Sets the modes of the next transaction, or of the session's when {@code session}. */
    void setModes(boolean session, TransactionStatement.Modes modes) throws SQLException;

    /** Sets a setting of the session; a null value restores the default. */
    void set(String name, @Nullable String value) throws SQLException;

    /** Whether the table has no rows now. */
    boolean isEmpty(Table table) throws SQLException;

    /** Runs a statement as a transaction of its own; none may be open. */
    void runAlone(Plan.OfRows plan) throws SQLException;

    /** Ends what the running statement waits for once it is cancelled, or its time is over. */
    Cancellation cancellation();

    void warn(String message, String sqlState);
}
