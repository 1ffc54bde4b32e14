package dev.pando.sql.session;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A database that sessions are opened on. Safe for use by many threads. */
public interface Database extends AutoCloseable {
    /**
     * Opens a session that acts as {@code user}, who is taken as already authenticated.
     *
     * @throws SQLException 08004 when the database is closed or refuses more sessions
     */
    Session openSession(SessionUser user) throws SQLException;

    /**
     * The stored credentials of {@code userName}, for a transport that authenticates by SCRAM-SHA-256; null when there
     * is no such user. Names match without regard to case.
     */
    @Nullable
    ScramCredentials credentials(String userName) throws SQLException;

    /** The product's version, such as {@code 0.1.0}. */
    String version();

    /** Closes every session, rolling back what was not committed. The engine below stays open: its owner closes it. */
    @Override
    void close() throws SQLException;
}
