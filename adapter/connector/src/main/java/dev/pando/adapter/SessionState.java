package dev.pando.adapter;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an application may change about a session, as it was when the session was opened. */
record SessionState(
        boolean readOnly, int isolation, @Nullable String schema) {

    static SessionState of(Connection connection) throws SQLException {
        return new SessionState(connection.isReadOnly(), connection.getTransactionIsolation(), connection.getSchema());
    }

    /** Rolls back what is open and sets everything back, touching only what differs. */
    void restore(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        if (connection.isReadOnly() != readOnly) {
            connection.setReadOnly(readOnly);
        }
        if (connection.getTransactionIsolation() != isolation) {
            connection.setTransactionIsolation(isolation);
        }
        if (!Objects.equals(connection.getSchema(), schema)) {
            connection.setSchema(schema);
        }
        connection.clearWarnings();
    }
}
