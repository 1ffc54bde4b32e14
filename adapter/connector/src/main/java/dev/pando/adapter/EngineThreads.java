package dev.pando.adapter;

import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The adapter's own threads, on which all runs that enters the engine.
 *
 * <p>An application server lends its pooled threads to applications and keeps them for its whole life. Calcite,
 * BouncyCastle and Netty leave thread-locals on threads that run them, and each would hold the class loader of the
 * undeployed resource adapter. So a session's work happens on a thread of its own, which ends with the session.
 * A thread for each session, rather than a few for all: a session that waits for a row lock must never keep from
 * running the one that holds the lock.
 *
 * <p>One more thread, {@code control}, makes the others and runs the calls that must pass a running one, as {@code
 * Statement.cancel}. It makes them, so that no session thread inherits the security context of an application.
 *
 * <p>Safe for use by many threads.
 */
final class EngineThreads {

    /** Sessions at one time; the next is refused with 53300. Pools of servers hold 20 to 100 connections. */
    static final int SESSIONS_MAX = 256;

    /** How long a stop waits for calls under way before it interrupts them, and then again until it gives up. */
    private static final long STOP_WAIT_MILLIS = 10_000;

    private static final System.Logger LOG = System.getLogger(EngineThreads.class.getName());

    private final String name;
    private final ClassLoader contextLoader;
    private final Set<SessionThread> sessions = new LinkedHashSet<>();
    private final SessionThread control;
    private int made;
    private boolean closed;

    /** Starts the control thread. {@code contextLoader} becomes the context class loader of all of them. */
    EngineThreads(String name, ClassLoader contextLoader) {
        this.name = name;
        this.contextLoader = contextLoader;
        this.control = new SessionThread(name + "-control", contextLoader, ended -> {});
        control.start();
    }

    /**
     * Starts the thread of a new session.
     *
     * @throws SQLException 53300 when {@link #SESSIONS_MAX} are open, 08003 after {@link #close}
     */
    SessionThread open() throws SQLException {
        SessionThread session;
        synchronized (this) {
            if (closed) {
                throw new SQLException("the resource adapter was stopped", "08003");
            }
            if (sessions.size() >= SESSIONS_MAX) {
                throw new SQLException(
                        "the resource adapter has " + SESSIONS_MAX + " sessions open: make the connection pool smaller",
                        "53300");
            }
            session = new SessionThread(name + "-session-" + ++made, contextLoader, this::forget);
            sessions.add(session);
        }
        try {
            control(() -> {
                session.start();
                return null;
            });
        } catch (SQLException | Error failed) {
            /* Closed meanwhile, or the system gives no more threads. */
            forget(session);
            throw failed;
        }
        return session;
    }

    /** Runs {@code work} beside the session threads; it must be short. */
    <T extends @Nullable Object> T control(Callable<T> work) throws SQLException {
        return run(control, work);
    }

    /** Runs {@code work} on a thread that is made for it and ends with it. */
    <T extends @Nullable Object> T once(Callable<T> work) throws SQLException {
        SessionThread session = open();
        try {
            return run(session, work);
        } finally {
            session.close();
        }
    }

    /** Runs {@code work} on {@code thread}; its exceptions come out as they are, checked others as SQLException. */
    static <T extends @Nullable Object> T run(SessionThread thread, Callable<T> work) throws SQLException {
        try {
            return thread.call(work);
        } catch (SQLException | RuntimeException thrown) {
            throw thrown;
        } catch (Exception thrown) {
            throw new SQLException(String.valueOf(thrown.getMessage()), "58000", thrown);
        }
    }

    /**
     * Ends all threads and waits for them: calls under way may finish, after 10 s they are interrupted. One that does
     * not end within 10 s more is named in the log.
     */
    void close() {
        SessionThread[] open;
        synchronized (this) {
            closed = true;
            open = sessions.toArray(new SessionThread[0]);
        }
        for (SessionThread session : open) {
            session.close();
        }
        control.close();
        try {
            long deadline = System.nanoTime() + STOP_WAIT_MILLIS * 1_000_000;
            for (SessionThread session : open) {
                session.join(millisUntil(deadline));
            }
            deadline = System.nanoTime() + STOP_WAIT_MILLIS * 1_000_000;
            for (SessionThread session : open) {
                if (!session.ended()) {
                    session.interrupt();
                }
            }
            for (SessionThread session : open) {
                if (!session.join(millisUntil(deadline))) {
                    LOG.log(System.Logger.Level.ERROR, "{0} did not end after an interrupt", session);
                }
            }
            control.join(STOP_WAIT_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized int openSessions() {
        return sessions.size();
    }

    private synchronized void forget(SessionThread session) {
        sessions.remove(session);
    }

    private static long millisUntil(long deadlineNanos) {
        return Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000);
    }
}
