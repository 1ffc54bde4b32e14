package dev.pando.jdbc;

import dev.pando.sql.session.PandoSqlState;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.PooledConnection;
import javax.sql.StatementEventListener;
import org.jspecify.annotations.Nullable;

/** A physical connection and at most one handle to it that is in use. */
final class PandoPooledConnection implements PooledConnection {
    private final Connection physical;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Handle handle;

    PandoPooledConnection(Connection physical) {
        this.physical = physical;
    }

    /** A new handle; an older one is closed. */
    @Override
    public synchronized Connection getConnection() throws SQLException {
        Handle old = handle;
        if (old != null) {
            old.closed = true;
            recycle();
        }
        Handle fresh = new Handle();
        handle = fresh;
        return (Connection) Proxy.newProxyInstance(
                PandoPooledConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, fresh);
    }

    /* What the next user must not find: an open transaction. */
    private void recycle() throws SQLException {
        if (!physical.getAutoCommit()) {
            physical.rollback();
            physical.setAutoCommit(true);
        }
        physical.clearWarnings();
    }

    private synchronized void closed(Handle which) throws SQLException {
        if (handle != which) {
            return;
        }
        handle = null;
        try {
            recycle();
        } catch (SQLException e) {
            listeners.forEach(listener -> listener.connectionErrorOccurred(new ConnectionEvent(this, e)));
            throw e;
        }
        listeners.forEach(listener -> listener.connectionClosed(new ConnectionEvent(this)));
    }

    private void failed(SQLException e) {
        String state = e.getSQLState();
        if (state != null && state.startsWith("08")) {
            listeners.forEach(listener -> listener.connectionErrorOccurred(new ConnectionEvent(this, e)));
        }
    }

    @Override
    public void close() throws SQLException {
        physical.close();
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        listeners.remove(listener);
    }

    /** Never told anything: statements are not pooled. */
    @Override
    public void addStatementEventListener(StatementEventListener listener) {}

    @Override
    public void removeStatementEventListener(StatementEventListener listener) {}

    /** Passes calls on to the physical connection until it is closed. */
    private final class Handle implements InvocationHandler {
        private volatile boolean closed;

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            switch (method.getName()) {
                case "close" -> {
                    if (!closed) {
                        closed = true;
                        closed(this);
                    }
                    return null;
                }
                case "isClosed" -> {
                    return closed || physical.isClosed();
                }
                case "equals" -> {
                    return arguments != null && proxy == arguments[0];
                }
                case "hashCode" -> {
                    return System.identityHashCode(proxy);
                }
                default -> {
                    return pass(method, arguments);
                }
            }
        }

        private @Nullable Object pass(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
            if (closed && !method.getName().equals("isValid")) {
                throw PandoSqlState.CONNECTION_CLOSED.exception("the connection was given back to its pool");
            }
            try {
                return closed ? Boolean.FALSE : method.invoke(physical, arguments);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof SQLException failure) {
                    failed(failure);
                }
                throw e.getCause() == null ? e : e.getCause();
            }
        }
    }
}
