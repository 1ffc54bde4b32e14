package dev.pando.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Environment;
import dev.pando.sql.expr.SqlExpressionCompiler;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Two nodes in memory, each with a session, over loopback sockets. */
final class TwoNodes implements AutoCloseable {

    private static final Environment ENVIRONMENT = Environment.system();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final Node a = new Node();
    final Node b = new Node();

    TwoNodes() throws SQLException {}

    /** One of them. */
    static final class Node implements AutoCloseable {
        final Engine engine = Engine.open(EngineOptions.inMemory()
                .withExpressions(new SqlExpressionCompiler(ENVIRONMENT))
                .withNetwork(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0")));
        private final Session session = SqlDatabase.over(engine, ENVIRONMENT).openSession(SessionUser.ADMIN);

        private Node() throws SQLException {}

        String id() {
            return engine.peerId().toString();
        }

        String address() {
            return engine.network().addresses().get(0).toString();
        }

        void run(String... statements) throws SQLException {
            for (String sql : statements) {
                session.execute(sql).close();
            }
        }

        List<List<Object>> rows(String sql) throws SQLException {
            var rows = new ArrayList<List<Object>>();
            try (Result result = session.execute(sql)) {
                for (var page = result.fetch(1_000); !page.isEmpty(); page = result.fetch(1_000)) {
                    page.forEach(row -> rows.add(Arrays.asList(row)));
                }
            }
            return rows;
        }

        /** The first column. */
        List<Object> column(String sql) throws SQLException {
            return rows(sql).stream().map(row -> row.get(0)).toList();
        }

        /** Reads again and again until {@code wanted} holds. */
        void await(String sql, Predicate<List<List<Object>>> wanted) throws SQLException, InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            List<List<Object>> rows = rows(sql);
            while (!wanted.test(rows)) {
                assertThat(System.nanoTime() - deadline)
                        .as("%s still gives %s", sql, rows)
                        .isNegative();
                java.util.concurrent.locks.LockSupport.parkNanos(
                        Duration.ofMillis(20).toNanos());
                rows = rows(sql);
            }
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    /** The same statements on both. */
    void both(String... statements) throws SQLException {
        a.run(statements);
        b.run(statements);
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
