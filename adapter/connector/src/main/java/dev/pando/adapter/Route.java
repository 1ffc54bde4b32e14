package dev.pando.adapter;

import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where a call of a JDBC object runs. */
enum Route {
    /** On the caller's thread: it reads the fetched row or notes a parameter, and never enters the engine. */
    CALLER,
    /** On the session's thread, in turn. */
    SESSION,
    /** Beside the session's thread, for what must reach a call that is under way. */
    CONTROL;

    private static final Map<Method, Route> KNOWN = new ConcurrentHashMap<>();

    private static final Set<String> ROW = Set.of("wasNull", "findColumn", "isClosed");
    private static final Set<String> ROW_NOT = Set.of("getMetaData", "getStatement", "getWarnings", "getCursorName");
    private static final Set<String> PARAMETERS = Set.of("clearParameters", "registerOutParameter", "wasNull");

    static Route of(Method method) {
        return KNOWN.computeIfAbsent(method, Route::decide);
    }

    private static Route decide(Method method) {
        Class<?> type = method.getDeclaringClass();
        String name = method.getName();
        if (type == Statement.class && name.equals("cancel")) {
            return CONTROL;
        }
        if (type == ResultSet.class) {
            return ROW.contains(name) || isGetter(method) && !ROW_NOT.contains(name) ? CALLER : SESSION;
        }
        if (type == PreparedStatement.class) {
            return name.startsWith("set") || PARAMETERS.contains(name) ? CALLER : SESSION;
        }
        if (type == CallableStatement.class) {
            return name.startsWith("set") || name.startsWith("get") || PARAMETERS.contains(name) ? CALLER : SESSION;
        }
        return SESSION;
    }

    /* Those of columns take a column; getRow, getType and the like are answered by the cursor. */
    private static boolean isGetter(Method method) {
        return method.getName().startsWith("get") && method.getParameterCount() > 0;
    }
}
