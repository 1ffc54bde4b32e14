package dev.pando.jdbc.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transaction that nobody uses gives its locks back after {@code idle_timeout}. */
class IdleTimeoutTest {
    private static final int IDLE_MILLIS = 100;

    /** Longer than a busy machine holds a thread up. */
    private static final int LONG_MILLIS = 2_500;

    private TwoSessions sessions;

    @BeforeEach
    void open() throws SQLException {
        sessions = new TwoSessions(Connection.TRANSACTION_READ_COMMITTED);
    }

    @AfterEach
    void close() throws Exception {
        sessions.close();
    }

    private void letOneIdle() throws Exception {
        TwoSessions.run(sessions.one, "UPDATE t SET v = 11 WHERE id = 1");
        /* Last: this thread may be held up for longer between two statements. */
        TwoSessions.run(sessions.one, "SET idle_timeout = " + IDLE_MILLIS);
        /* Waits until the lock is given back. */
        assertThat(TwoSessions.run(sessions.other, "UPDATE t SET v = 12 WHERE id = 1"))
                .isEqualTo(1);
        sessions.other.commit();
    }

    private static void assertExpired(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P03"));
    }

    @Test
    void theNextStatementIsToldAndTheOneAfterItBeginsAnew() throws Exception {
        letOneIdle();
        assertExpired(() -> TwoSessions.value(sessions.one, "SELECT v FROM t WHERE id = 1"));
        assertThat(TwoSessions.value(sessions.one, "SELECT v FROM t WHERE id = 1"))
                .isEqualTo(12);
    }

    @Test
    void aCommitIsTold() throws Exception {
        letOneIdle();
        assertExpired(() -> sessions.one.commit());
        sessions.one.commit();
    }

    @Test
    void aTransactionThatWasBegunInAutocommitIsTooAndItsNextStatementDoesNotRunAlone() throws Exception {
        sessions.one.setAutoCommit(true);
        TwoSessions.run(sessions.one, "START TRANSACTION");
        letOneIdle();
        assertExpired(() -> TwoSessions.run(sessions.one, "UPDATE t SET v = 13 WHERE id = 1"));
        assertThat(TwoSessions.value(sessions.one, "SELECT v FROM t WHERE id = 1"))
                .isEqualTo(12);
        sessions.one.setAutoCommit(false);
    }

    @Test
    void aRollbackIsWhatHappenedAnyway() throws Exception {
        letOneIdle();
        sessions.one.rollback();
        assertThat(TwoSessions.value(sessions.one, "SELECT v FROM t WHERE id = 1"))
                .isEqualTo(12);
    }

    @Test
    void oneThatIsUsedGoesOn() throws Exception {
        TwoSessions.run(sessions.one, "SET idle_timeout = " + LONG_MILLIS);
        TwoSessions.run(sessions.one, "UPDATE t SET v = 11 WHERE id = 1");
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONG_MILLIS * 5L / 4);
        while (System.nanoTime() - end < 0) {
            assertThat(TwoSessions.value(sessions.one, "SELECT v FROM t WHERE id = 1"))
                    .isEqualTo(11);
        }
        sessions.one.commit();
        assertThat(TwoSessions.value(sessions.other, "SELECT v FROM t WHERE id = 1"))
                .isEqualTo(11);
    }

    @Test
    void oneWhoseRowsAreReadGoesOn() throws Exception {
        TwoSessions.run(sessions.one, "SET idle_timeout = " + LONG_MILLIS);
        TwoSessions.run(sessions.one, "UPDATE t SET v = 11 WHERE id = 1");
        try (Statement statement = sessions.one.createStatement()) {
            statement.setFetchSize(1);
            try (ResultSet rows = statement.executeQuery("WITH RECURSIVE r (n) AS"
                    + " (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM r) SELECT n FROM r")) {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONG_MILLIS * 5L / 4);
                while (System.nanoTime() - end < 0) {
                    assertThat(rows.next()).isTrue();
                    /* Something else between two rows: the session is mostly at rest. */
                    TwoSessions.value(sessions.other, "SELECT SUM(v) FROM t");
                }
            }
        }
        sessions.one.commit();
        assertThat(TwoSessions.value(sessions.other, "SELECT v FROM t WHERE id = 1"))
                .isEqualTo(11);
    }

    @Test
    void withoutOneItWaitsForEver() throws Exception {
        TwoSessions.run(sessions.one, "SET idle_timeout = " + IDLE_MILLIS);
        TwoSessions.run(sessions.one, "SET idle_timeout = DEFAULT");
        TwoSessions.run(sessions.one, "UPDATE t SET v = 11 WHERE id = 1");
        TwoSessions.run(sessions.other, "SET lock_timeout = " + 3 * IDLE_MILLIS);
        assertThatThrownBy(() -> TwoSessions.run(sessions.other, "UPDATE t SET v = 12 WHERE id = 1"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("HYT00"));
        sessions.one.commit();
    }
}
