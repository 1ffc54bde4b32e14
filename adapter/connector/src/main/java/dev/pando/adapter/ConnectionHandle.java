package dev.pando.adapter;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the physical connection for one {@code getConnection()} of an application. Closing it gives the
 * physical connection back to the server's pool; what was made from the handle is closed with it, and each further
 * call is refused with 08003.
 */
final class ConnectionHandle implements InvocationHandler {

    private final Connection proxy;
    private volatile @Nullable PandoManagedConnection managed;

    /* Weak: an application that lets go of open statements must not fill a handle that it keeps. */
    private final Set<Statement> statements =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    ConnectionHandle(PandoManagedConnection managed) {
        this.managed = managed;
        this.proxy = (Connection) Proxy.newProxyInstance(
                ConnectionHandle.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
    }

    /** What the application holds. */
    Connection proxy() {
        return proxy;
    }

    boolean isClosed() {
        return managed == null;
    }

    PandoManagedConnection requireOpen() throws SQLException {
        PandoManagedConnection current = managed;
        if (current == null) {
            throw new SQLException("the connection was closed", "08003");
        }
        return current;
    }

    /** Moves the handle to another physical connection, as servers do that share connections in a transaction. */
    void moveTo(PandoManagedConnection other) {
        managed = other;
    }

    /** Ends the handle: it refuses from now on. Returns the statements that are to be closed. */
    List<Statement> invalidate() {
        managed = null;
        synchronized (statements) {
            var open = new ArrayList<>(statements);
            statements.clear();
            return open;
        }
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] args) throws Throwable {
        switch (method.getName()) {
            case "equals", "hashCode", "toString", "unwrap", "isWrapperFor" -> {
                return HandleIdentity.answer(self, "Pando connection", method, args);
            }
            case "close" -> {
                PandoManagedConnection current = managed;
                if (current != null) {
                    current.closeHandle(this);
                }
                return null;
            }
            case "isClosed", "isValid" -> {
                if (managed == null) {
                    return method.getName().equals("isClosed");
                }
            }
            case "setAutoCommit" -> {
                requireOpen().setAutoCommit((Boolean) argument(args));
                return null;
            }
            case "commit" -> {
                requireOpen().commitOfApplication();
                return null;
            }
            case "rollback" -> {
                if (args == null) {
                    requireOpen().rollbackOfApplication();
                    return null;
                }
            }
            case "abort" -> {
                PandoManagedConnection current = managed;
                if (current != null) {
                    current.abort();
                }
                return null;
            }
            default -> {}
        }
        Object result = call(requireOpen().physical(), method, args);
        if (result instanceof Statement statement) {
            statements.add(statement);
        }
        return ObjectHandle.wrap(result, this, self);
    }

    /**
     * Calls {@code method} of the driver's object {@code target}. An SQLException that tells of a broken connection is
     * told to the server too, which then removes it from its pool.
     */
    @Nullable
    Object call(Object target, Method method, Object @Nullable [] args) throws Throwable {
        PandoManagedConnection current = requireOpen();
        current.beforeWork(method);
        try {
            return reflect(target, method, plain(args));
        } catch (SQLException failed) {
            current.noteFailure(failed);
            throw failed;
        }
    }

    private static @Nullable Object reflect(Object target, Method method, @Nullable Object[] args) throws Exception {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (thrown.getCause() instanceof Error error) {
                throw error;
            }
            throw thrown;
        }
    }

    private static @Nullable Object[] plain(Object @Nullable [] args) {
        if (args == null) {
            return new Object[0];
        }
        var plain = new @Nullable Object[args.length];
        for (int i = 0; i < args.length; i++) {
            plain[i] = ObjectHandle.unwrap(args[i]);
        }
        return plain;
    }

    private static Object argument(Object @Nullable [] args) {
        if (args == null) {
            throw new IllegalStateException("called without its argument");
        }
        return args[0];
    }
}
