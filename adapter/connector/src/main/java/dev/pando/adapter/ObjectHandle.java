package dev.pando.adapter;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLXML;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a statement, result set or other object that came out of a connection, and before what comes out of it
 * in turn: all of them end with the connection's handle. Knows the object that it came from, so that {@code
 * getStatement} and {@code getConnection} lead back to the handles that the application holds.
 */
final class ObjectHandle implements InvocationHandler {

    /* The first that fits is what the application gets: more special ones come first. */
    private static final List<Class<?>> TYPES = List.of(
            CallableStatement.class,
            PreparedStatement.class,
            Statement.class,
            ResultSet.class,
            ResultSetMetaData.class,
            ParameterMetaData.class,
            DatabaseMetaData.class,
            Blob.class,
            NClob.class,
            Clob.class,
            Array.class,
            SQLXML.class);

    private final Object target;
    private final ConnectionHandle connection;
    private final Object parent;

    private ObjectHandle(Object target, ConnectionHandle connection, Object parent) {
        this.target = target;
        this.connection = connection;
        this.parent = parent;
    }

    /** What the application gets for {@code result}: itself when it is a value, a handle when it is an object. */
    static @Nullable Object wrap(@Nullable Object result, ConnectionHandle connection, Object parent) {
        for (Class<?> type : TYPES) {
            if (type.isInstance(result)) {
                return Proxy.newProxyInstance(
                        ObjectHandle.class.getClassLoader(),
                        new Class<?>[] {type},
                        new ObjectHandle(result, connection, parent));
            }
        }
        return result;
    }

    /** The driver's object behind {@code value} when that is a handle, as a Blob passed to a parameter may be. */
    static @Nullable Object unwrap(@Nullable Object value) {
        if (value != null
                && Proxy.isProxyClass(value.getClass())
                && Proxy.getInvocationHandler(value) instanceof ObjectHandle handle) {
            return handle.target;
        }
        return value;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
        switch (method.getName()) {
            case "equals", "hashCode", "toString", "unwrap", "isWrapperFor" -> {
                return HandleIdentity.answer(proxy, target, method, args);
            }
            case "getConnection" -> {
                return connection.proxy();
            }
            case "getStatement" -> {
                connection.requireOpen();
                return parent instanceof Statement ? parent : null;
            }
            case "close" -> {
                if (connection.isClosed()) {
                    return null;
                }
            }
            case "isClosed" -> {
                if (connection.isClosed()) {
                    return true;
                }
            }
            default -> {}
        }
        return wrap(connection.call(target, method, args), connection, proxy);
    }
}
