package dev.pando.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Rolls the transaction of a session back when nobody used it for {@code idle_timeout}: it holds locks that others wait
 * for, and a snapshot for whose sake old versions of rows are kept.
 */
final class IdleTimeout {
    private static final System.Logger LOG = System.getLogger(IdleTimeout.class.getName());

    private final SqlDatabase database;
    private final ReentrantLock turn;
    private final TransactionHolder transaction;
    private final SessionSettings settings;
    /* All below are read and written by who has the turn. */
    private long idleSinceNanos;
    private boolean isScheduled;
    private volatile Duration delay = Duration.ZERO;

    /** @param turn of the session, held by who calls {@link #begins} */
    IdleTimeout(SqlDatabase database, ReentrantLock turn, TransactionHolder transaction, SessionSettings settings) {
        this.database = database;
        this.turn = turn;
        this.transaction = transaction;
        this.settings = settings;
    }

    /** Whatever used the transaction is over: a statement, a fetch of rows, a savepoint. */
    void begins() {
        if (!transaction.isOpen()) {
            return;
        }
        Duration timeout = settings.now().idleTimeout();
        if (timeout.isZero()) {
            return;
        }
        idleSinceNanos = database.environment().nanoTime();
        if (!isScheduled) {
            schedule(timeout);
        }
    }

    /* One timer at a time: it looks when it fires how long it is to wait on. */
    private void schedule(Duration after) {
        isScheduled = true;
        delay = after;
        database.schedule(after, this::look);
    }

    private void look() {
        if (!turn.tryLock()) {
            /* A statement runs. Who waited for its end would keep a thread that others need. */
            database.schedule(delay, this::look);
            return;
        }
        try {
            isScheduled = false;
            Duration timeout = settings.now().idleTimeout();
            if (timeout.isZero() || !transaction.isOpen()) {
                return;
            }
            long left = timeout.toNanos() - (database.environment().nanoTime() - idleSinceNanos);
            if (left > 0) {
                schedule(Duration.ofNanos(left));
            } else {
                transaction.expire(timeout);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a transaction that was idle for too long did not end cleanly", e);
        } finally {
            turn.unlock();
        }
    }
}
