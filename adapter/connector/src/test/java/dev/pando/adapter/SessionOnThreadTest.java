package dev.pando.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.sql.session.BatchResult;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Session;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every method of a session is called once: none may enter the session on the caller's thread. */
@Timeout(120)
class SessionOnThreadTest {

    private static final String SESSION = "hop-session-1";
    private static final String CONTROL = "hop-control";

    private final EngineThreads threads = new EngineThreads("hop", SessionOnThreadTest.class.getClassLoader());
    private final Map<String, String> calledOn = new TreeMap<>();
    private final List<Object> passed = new ArrayList<>();
    private final Prepared prepared = recording(Prepared.class);
    private final Result keys = recording(Result.class);
    private final Result result = recording(Result.class);

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void nothingEntersTheEngineOnTheCallersThread() throws Exception {
        Session session = new SessionOnThread(recording(Session.class), threads.open(), threads);
        callAll(Session.class, session, "close");
        callAll(Prepared.class, session.prepare("SELECT 1"), "close");
        Result rows = session.execute("SELECT 1");
        callAll(Result.class, rows, "close");
        rows.close();
        session.prepare("SELECT 1").close();
        session.close();

        assertThat(calledOn)
                .containsEntry("Session.execute", SESSION)
                .containsEntry("Session.executeBatch", SESSION)
                .containsEntry("Session.close", SESSION)
                .containsEntry("Session.cancel", CONTROL)
                .containsEntry("Session.isValid", CONTROL)
                .containsEntry("Prepared.close", SESSION)
                .containsEntry("Result.fetch", SESSION)
                .containsEntry("Result.close", SESSION);
        calledOn.keySet()
                .removeAll(List.of(
                        "Session.user",
                        "Session.cancel",
                        "Session.isValid",
                        "Prepared.sql",
                        "Result.columns",
                        "Result.updateCount",
                        "Result.warnings",
                        "Result.generatedKeys"));
        assertThat(calledOn.values()).containsOnly(SESSION);
    }

    @Test
    void statementsAndKeysGoThroughAsTheyCame() throws Exception {
        Session session = new SessionOnThread(recording(Session.class), threads.open(), threads);
        Prepared own = session.prepare("SELECT 1");
        session.execute(own, new Object[0], dev.pando.sql.session.ExecuteOptions.DEFAULT);
        assertThat(passed).contains(prepared).doesNotContain(own);

        BatchResult batch = session.executeBatch(own, List.of(), dev.pando.sql.session.ExecuteOptions.DEFAULT);
        calledOn.clear();
        batch.generatedKeys().fetch(1);
        assertThat(calledOn).containsEntry("Result.fetch", SESSION);
    }

    @Test
    void aClosedSessionEndsItsThread() throws Exception {
        SessionThread thread = threads.open();
        Session session = new SessionOnThread(recording(Session.class), thread, threads);
        session.close();
        assertThat(thread.join(30_000)).isTrue();
        assertThatThrownBy(session::commit).isInstanceOf(SQLException.class);
    }

    private static void callAll(Class<?> type, Object target, String but) throws Exception {
        for (Method method : type.getMethods()) {
            if (!method.getName().equals(but)) {
                Object[] arguments = new Object[method.getParameterCount()];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = zero(method.getParameterTypes()[i]);
                }
                method.invoke(target, arguments);
            }
        }
    }

    private static Object zero(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 0;
        }
        if (type == Duration.class) {
            return Duration.ZERO;
        }
        return null;
    }

    /** Notes each call and its thread; answers with the like. */
    private <T> T recording(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("equals") ? proxy == args[0] : (Object) System.identityHashCode(proxy);
            }
            calledOn.put(
                    type.getSimpleName() + "." + method.getName(),
                    Thread.currentThread().getName());
            if (args != null) {
                passed.addAll(java.util.Arrays.asList(args));
            }
            Class<?> answer = method.getReturnType();
            if (answer == Prepared.class) {
                return prepared;
            }
            if (answer == Result.class) {
                return method.getName().equals("generatedKeys") ? null : result;
            }
            if (answer == BatchResult.class) {
                return new BatchResult(new long[0], keys, List.of());
            }
            if (answer == List.class) {
                return List.of();
            }
            return answer == long.class ? (Object) 0L : zero(answer);
        }));
    }
}
