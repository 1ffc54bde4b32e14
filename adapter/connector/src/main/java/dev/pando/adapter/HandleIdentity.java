package dev.pando.adapter;

import java.lang.reflect.Method;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What every handle answers by itself: who it is, and what it stands before. */
final class HandleIdentity {

    private HandleIdentity() {}

    /** Answers {@code equals}, {@code hashCode}, {@code toString}, {@code isWrapperFor} and {@code unwrap}. */
    static Object answer(Object proxy, Object target, Method method, @Nullable Object @Nullable [] args)
            throws SQLException {
        Object argument = args == null ? null : args[0];
        return switch (method.getName()) {
            case "equals" -> proxy == argument;
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "handle of " + target;
            case "isWrapperFor" -> argument instanceof Class<?> type && type.isInstance(proxy);
            default -> {
                /* The driver's own objects stay behind their handles: past them, calls would run on any thread. */
                if (argument instanceof Class<?> type && type.isInstance(proxy)) {
                    yield proxy;
                }
                throw new SQLException("this object is not a wrapper of " + argument, "0A000");
            }
        };
    }
}
