package dev.pando.sql.catalog;

import dev.pando.sql.session.Isolation;
import dev.pando.sql.session.SessionUser;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What goes on in a database, as {@code sys.sessions} and {@code sys.metrics} show it. Thread-safe. */
public interface SqlActivity {
    /** The open sessions, in order of their opening. */
    List<SessionInfo> sessions();

    /** Counters since the start, by name. */
    Map<String, Long> counters();

    /**
     * @param statement what runs now, else what ran last
     * @param statementStartedAt only while it runs
     */
    record SessionInfo(
            long id,
            SessionUser user,
            Instant openedAt,
            String schema,
            boolean autoCommit,
            Isolation isolation,
            boolean inTransaction,
            Optional<String> statement,
            Optional<Instant> statementStartedAt) {}
}
