package dev.pando.adapter;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * One physical connection in a server's pool, with the session thread that does its work and the handles through
 * which applications use it. A transaction is the server's (between {@link LocalTransaction#begin} and its end: then
 * the application may not end it), or the application's own, by {@code setAutoCommit(false)}.
 */
final class PandoManagedConnection implements ManagedConnection {

    private final SessionThread thread;
    private final Connection physical;
    private final SessionState initial;
    private final Login login;
    private final Consumer<PandoManagedConnection> whenDestroyed;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private final Set<ConnectionHandle> handles = ConcurrentHashMap.newKeySet();
    private volatile boolean transactionOfServer;
    private volatile boolean autoCommit = true;
    private volatile boolean workOfApplication;
    private volatile boolean broken;
    private volatile boolean destroyed;
    private volatile @Nullable PrintWriter log;

    private PandoManagedConnection(
            SessionThread thread,
            Connection physical,
            SessionState initial,
            Login login,
            Consumer<PandoManagedConnection> whenDestroyed) {
        this.thread = thread;
        this.physical = physical;
        this.initial = initial;
        this.login = login;
        this.whenDestroyed = whenDestroyed;
    }

    /** How a connection is opened on the thread that does its work. */
    @FunctionalInterface
    interface Opening {
        Connection on(SessionThread thread) throws SQLException;
    }

    /** Opens a connection on a session thread of its own; {@code whenDestroyed} is told once, after its end. */
    static PandoManagedConnection open(
            EngineThreads threads, Opening opening, Login login, Consumer<PandoManagedConnection> whenDestroyed)
            throws SQLException {
        SessionThread thread = threads.open();
        try {
            return EngineThreads.run(thread, () -> {
                Connection physical = opening.on(thread);
                try {
                    SessionState initial = SessionState.of(physical);
                    return new PandoManagedConnection(thread, physical, initial, login, whenDestroyed);
                } catch (SQLException | RuntimeException failed) {
                    physical.close();
                    throw failed;
                }
            });
        } catch (SQLException | RuntimeException | Error failed) {
            thread.close();
            throw failed;
        }
    }

    Login login() {
        return login;
    }

    Connection physical() {
        return physical;
    }

    /** Several calls of the connection at once: on the session's thread they need no trip each. */
    <T extends @Nullable Object> T onSession(Callable<T> work) throws SQLException {
        return EngineThreads.run(thread, work);
    }

    @Override
    public Object getConnection(@Nullable Subject subject, @Nullable ConnectionRequestInfo request)
            throws ResourceException {
        if (destroyed) {
            throw new IllegalStateException("the managed connection was destroyed");
        }
        var handle = new ConnectionHandle(this);
        handles.add(handle);
        return handle.proxy();
    }

    @Override
    public void associateConnection(Object connection) throws ResourceException {
        if (!(connection instanceof java.lang.reflect.Proxy)
                || !(java.lang.reflect.Proxy.getInvocationHandler(connection) instanceof ConnectionHandle handle)) {
            throw new ResourceException("not a connection of this resource adapter: " + connection);
        }
        PandoManagedConnection before;
        try {
            before = handle.requireOpen();
        } catch (SQLException closed) {
            throw Failures.resource("cannot move a connection handle", closed);
        }
        before.handles.remove(handle);
        handles.add(handle);
        handle.moveTo(this);
    }

    /** The application closed its handle: its statements end, and the server is told that the pool may have this. */
    void closeHandle(ConnectionHandle handle) throws SQLException {
        if (!handles.remove(handle)) {
            return;
        }
        List<Statement> open = handle.invalidate();
        try {
            closeAll(open);
        } finally {
            fire(ConnectionEvent.CONNECTION_CLOSED, null, handle.proxy());
        }
    }

    private void closeAll(List<Statement> open) throws SQLException {
        if (open.isEmpty()) {
            return;
        }
        onSession(() -> {
            for (Statement statement : open) {
                statement.close();
            }
            return null;
        });
    }

    /** Ends whatever the last user left: handles, an open transaction, changed settings. */
    @Override
    public void cleanup() throws ResourceException {
        try {
            dropHandles();
            onSession(() -> {
                initial.restore(physical);
                return null;
            });
            autoCommit = true;
            workOfApplication = false;
            transactionOfServer = false;
        } catch (SQLException failed) {
            throw Failures.resource("cannot clean up a connection", failed);
        }
    }

    private void dropHandles() throws SQLException {
        for (ConnectionHandle handle : handles) {
            closeAll(handle.invalidate());
            handles.remove(handle);
        }
    }

    @Override
    public void destroy() throws ResourceException {
        synchronized (this) {
            if (destroyed) {
                return;
            }
            destroyed = true;
        }
        for (ConnectionHandle handle : handles) {
            handle.invalidate();
        }
        handles.clear();
        try {
            physical.close();
        } catch (SQLException failed) {
            throw Failures.resource("cannot close a connection", failed);
        } finally {
            thread.close();
            whenDestroyed.accept(this);
        }
    }

    /** Ends the session at once, past the call that it runs. */
    void abort() throws SQLException {
        physical.abort(Runnable::run);
        noteBroken(new SQLException("the application aborted the connection", "08003"));
    }

    /* Transactions */

    /** The application's {@code setAutoCommit}; refused within the server's transaction, unless it changes nothing. */
    void setAutoCommit(boolean value) throws SQLException {
        if (transactionOfServer) {
            if (value) {
                throw notYours("setAutoCommit(true)");
            }
            return;
        }
        physical.setAutoCommit(value);
        autoCommit = value;
        if (value) {
            endOfApplicationsWork(ConnectionEvent.LOCAL_TRANSACTION_COMMITTED);
        }
    }

    void commitOfApplication() throws SQLException {
        if (transactionOfServer) {
            throw notYours("commit");
        }
        physical.commit();
        endOfApplicationsWork(ConnectionEvent.LOCAL_TRANSACTION_COMMITTED);
    }

    void rollbackOfApplication() throws SQLException {
        if (transactionOfServer) {
            throw notYours("rollback");
        }
        physical.rollback();
        endOfApplicationsWork(ConnectionEvent.LOCAL_TRANSACTION_ROLLEDBACK);
    }

    /** Tells the server of a transaction that the application begins by its first call after a commit. */
    void beforeWork(Method method) {
        if (!autoCommit
                && !transactionOfServer
                && !workOfApplication
                && method.getName().startsWith("execute")) {
            workOfApplication = true;
            fire(ConnectionEvent.LOCAL_TRANSACTION_STARTED, null, null);
        }
    }

    private void endOfApplicationsWork(int event) {
        if (workOfApplication) {
            workOfApplication = false;
            fire(event, null, null);
        }
    }

    private static SQLException notYours(String what) {
        return new SQLException(what + " is not allowed here: the server began this transaction and ends it", "2D000");
    }

    @Override
    public LocalTransaction getLocalTransaction() {
        return new ServersTransaction(this);
    }

    /** What happens on the session thread at the bounds of the server's transaction. */
    void bound(boolean begins, Callable<@Nullable Void> work) throws SQLException {
        try {
            onSession(work);
        } catch (SQLException failed) {
            noteFailure(failed);
            throw failed;
        } finally {
            transactionOfServer = begins;
        }
    }

    /** Distributed transactions need a durable prepare, which the engine does not have. */
    @Override
    public XAResource getXAResource() throws ResourceException {
        throw new NotSupportedException("Pando takes part in local transactions only");
    }

    /* Events */

    /** Tells the server when {@code failed} means that the session is gone. */
    void noteFailure(SQLException failed) {
        String state = failed.getSQLState();
        if (state != null && state.startsWith("08")) {
            noteBroken(failed);
        }
    }

    private void noteBroken(SQLException failed) {
        synchronized (this) {
            if (broken || destroyed) {
                return;
            }
            broken = true;
        }
        fire(ConnectionEvent.CONNECTION_ERROR_OCCURRED, failed, null);
    }

    boolean isUsable() {
        if (broken || destroyed) {
            return false;
        }
        try {
            return physical.isValid(VALID_SECONDS);
        } catch (SQLException failed) {
            return false;
        }
    }

    /** How long the server's check of a pooled connection waits for the engine. */
    private static final int VALID_SECONDS = 5;

    private void fire(int type, @Nullable Exception cause, @Nullable Object handle) {
        var event = new ConnectionEvent(this, type, cause);
        event.setConnectionHandle(handle);
        for (ConnectionEventListener listener : listeners) {
            switch (type) {
                case ConnectionEvent.CONNECTION_CLOSED -> listener.connectionClosed(event);
                case ConnectionEvent.CONNECTION_ERROR_OCCURRED -> listener.connectionErrorOccurred(event);
                case ConnectionEvent.LOCAL_TRANSACTION_STARTED -> listener.localTransactionStarted(event);
                case ConnectionEvent.LOCAL_TRANSACTION_COMMITTED -> listener.localTransactionCommitted(event);
                case ConnectionEvent.LOCAL_TRANSACTION_ROLLEDBACK -> listener.localTransactionRolledback(event);
                default -> throw new AssertionError("unknown event " + type);
            }
        }
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        listeners.remove(listener);
    }

    @Override
    public ManagedConnectionMetaData getMetaData() throws ResourceException {
        try {
            return onSession(() -> {
                DatabaseMetaData data = physical.getMetaData();
                return new Product(data.getDatabaseProductName(), data.getDatabaseProductVersion(), data.getUserName());
            });
        } catch (SQLException failed) {
            throw Failures.resource("cannot read the metadata", failed);
        }
    }

    private record Product(String getEISProductName, String getEISProductVersion, String getUserName)
            implements ManagedConnectionMetaData {
        @Override
        public int getMaxConnections() {
            return EngineThreads.SESSIONS_MAX;
        }
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        log = out;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return log;
    }

    @Override
    public String toString() {
        return "Pando connection of " + login + " on " + thread;
    }
}
