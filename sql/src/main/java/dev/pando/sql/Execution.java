package dev.pando.sql;

import dev.pando.Cancellation;
import dev.pando.Transaction;
import dev.pando.sql.plan.CancelCheck;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One run of a statement, from its text on: where others find it who look at it or end it. */
final class Execution {
    private final String sql;
    private final long startedAtMillis;
    private final CancelCheck cancel = new CancelCheck(new AtomicBoolean());
    private @Nullable StatementKind kind;
    private boolean running = true;
    private boolean streaming;
    private volatile boolean timeIsOver;
    /* Written after the others: who reads it first sees them. */
    private volatile @Nullable Transaction within;
    private volatile @Nullable Cancellation waiting;

    /** @param startedAtMillis what the clock showed, in ms since 1970 */
    Execution(String sql, long startedAtMillis) {
        this.sql = sql;
        this.startedAtMillis = startedAtMillis;
    }

    String sql() {
        return sql;
    }

    long startedAtMillis() {
        return startedAtMillis;
    }

    /** The text for others to look at: without what may be a password. */
    String shownSql() {
        boolean open = within != null || kind != null && kind != StatementKind.CONTROL;
        boolean secret = !open && sql.toUpperCase(Locale.ROOT).contains("PASSWORD");
        return secret ? "(a statement with a password)" : sql;
    }

    /** Whether it runs; rows may be fetched of it when it does no more. */
    boolean running() {
        Transaction ordered = within;
        return ordered == null ? running : running;
    }

    /** Whether it is to end. */
    CancelCheck cancelCheck() {
        return cancel;
    }

    /** @throws SQLException 57014 when it is to end */
    void check() throws SQLException {
        cancel.check();
    }

    void planned(StatementKind found) {
        kind = found;
    }

    /** Says which transaction its calls go to from now on. */
    void runsIn(Transaction transaction) {
        within = transaction;
        if (cancel.cancelled().get()) {
            transaction.cancel();
        }
    }

    /** What ends the waits of it that are not its transaction's. On its own thread. */
    Cancellation cancellation() {
        Cancellation made = waiting;
        if (made == null) {
            made = new Cancellation();
            waiting = made;
        }
        if (cancel.cancelled().get()) {
            made.cancel();
        }
        return made;
    }

    /** Its rows will be read after it has run. */
    void setStreaming() {
        streaming = true;
    }

    /** It has run; when it streams it can still be cancelled. */
    void ran() {
        running = false;
        within = streaming ? within : null;
    }

    /** Nothing of it is left that could be cancelled. */
    void over() {
        streaming = false;
        within = null;
    }

    /** Ends it because it took too long. From any thread. */
    void timeIsOver() {
        timeIsOver = true;
        cancel();
    }

    /** What a user is told of an error that ended it. */
    SQLException asEnded(SQLException error) {
        return timeIsOver && PandoSqlState.CANCELLED.code().equals(error.getSQLState())
                ? PandoSqlState.CANCELLED.exception("the statement's time is over", error)
                : error;
    }

    /** From any thread. */
    void cancel() {
        cancel.cancelled().set(true);
        Transaction transaction = within;
        if (transaction != null) {
            transaction.cancel();
        }
        Cancellation others = waiting;
        if (others != null) {
            others.cancel();
        }
    }
}
