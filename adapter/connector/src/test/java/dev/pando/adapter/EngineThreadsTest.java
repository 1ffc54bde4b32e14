package dev.pando.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EngineThreadsTest {

    private final EngineThreads threads = new EngineThreads("test", EngineThreadsTest.class.getClassLoader());

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void resultsAndExceptionsComeBackAsTheyAre() throws Exception {
        SessionThread session = threads.open();
        assertThat(EngineThreads.run(session, () -> Thread.currentThread().getName()))
                .isEqualTo("test-session-1");
        var sql = new SQLException("no", "42000");
        assertThatThrownBy(() -> EngineThreads.run(session, failing(sql))).isSameAs(sql);
        var runtime = new IllegalArgumentException("no");
        assertThatThrownBy(() -> EngineThreads.run(session, failing(runtime))).isSameAs(runtime);
        assertThatThrownBy(() -> EngineThreads.run(session, failing(new IOException("disk"))))
                .isInstanceOf(SQLException.class)
                .hasMessage("disk");
        assertThatThrownBy(() -> EngineThreads.run(session, () -> {
                    throw new AssertionError("ours");
                }))
                .isInstanceOf(AssertionError.class);
        assertThat(EngineThreads.run(session, () -> 1)).isEqualTo(1);
    }

    private static Callable<Object> failing(Exception exception) {
        return () -> {
            throw exception;
        };
    }

    @Test
    void manyCallersTakeTurns() throws Exception {
        SessionThread session = threads.open();
        int[] counter = new int[1];
        ExecutorService callers = Executors.newFixedThreadPool(8);
        List<Future<?>> all = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            all.add(callers.submit(() -> {
                for (int i = 0; i < 1_000; i++) {
                    session.call(() -> counter[0]++);
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get(30, TimeUnit.SECONDS);
        }
        callers.shutdown();
        assertThat(session.call(() -> counter[0])).isEqualTo(8_000);
    }

    @Test
    void aCallMadeOnTheSessionThreadRunsAtOnce() throws Exception {
        SessionThread session = threads.open();
        assertThat(session.call(() -> session.call(() -> 7))).isEqualTo(7);
    }

    @Test
    void anInterruptedCallerStillGetsItsResult() throws Exception {
        SessionThread session = threads.open();
        Thread.currentThread().interrupt();
        assertThat(session.call(() -> 7)).isEqualTo(7);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void closeLetsTheRunningCallFinishAndRefusesLaterOnes() throws Exception {
        SessionThread session = threads.open();
        var inside = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        ExecutorService caller = Executors.newSingleThreadExecutor();
        Future<Integer> running = caller.submit(() -> session.call(() -> {
            inside.countDown();
            go.await();
            return 7;
        }));
        inside.await();
        session.close();
        go.countDown();
        assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(7);
        caller.shutdown();
        assertThat(session.join(30_000)).isTrue();
        assertThatThrownBy(() -> session.call(() -> 1)).isInstanceOf(SQLException.class);
        assertThat(threads.openSessions()).isZero();
    }

    @Test
    void sessionsAreBounded() throws Exception {
        var open = new ArrayList<SessionThread>();
        for (int i = 0; i < EngineThreads.SESSIONS_MAX; i++) {
            open.add(threads.open());
        }
        assertThatThrownBy(threads::open)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("256")
                .satisfies(thrown ->
                        assertThat(((SQLException) thrown).getSQLState()).isEqualTo("53300"));
        SessionThread last = open.get(0);
        last.close();
        last.join(30_000);
        threads.open();
    }

    @Test
    void threadsCarryTheGivenContextLoaderAndNothingOfTheirCallers() throws Exception {
        var inherited = new InheritableThreadLocal<String>();
        inherited.set("the application's");
        SessionThread session = threads.open();
        assertThat(session.call(inherited::get)).isNull();
        assertThat(session.call(() -> Thread.currentThread().getContextClassLoader()))
                .isSameAs(EngineThreadsTest.class.getClassLoader());
        inherited.remove();
    }
}
