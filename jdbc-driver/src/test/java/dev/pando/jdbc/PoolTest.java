package dev.pando.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools keep connections, and hand each on as if it were new. */
@Timeout(120)
class PoolTest {
    private static final int THREADS = 8;
    private static final int INCREMENTS = 50;

    private static void createCounter(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE Counters (id INT PRIMARY KEY, n BIGINT COUNTER)");
            statement.execute("INSERT INTO Counters VALUES (1, 0)");
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    private static void incrementFromManyThreads(DataSource source, boolean autoCommit) throws Exception {
        createCounter(source);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < INCREMENTS; i++) {
                        try (Connection connection = source.getConnection();
                                PreparedStatement update =
                                        connection.prepareStatement("UPDATE Counters SET n = n + ? WHERE id = 1")) {
                            update.setInt(1, 1);
                            assertThat(update.executeUpdate()).isEqualTo(1);
                            if (!autoCommit) {
                                connection.commit();
                            }
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT n FROM Counters WHERE id = 1")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).isEqualTo(THREADS * INCREMENTS);
        }
    }

    private static HikariConfig config(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        return config;
    }

    @Test
    void hikariWorksEmbedded() throws Exception {
        try (HikariDataSource pool = new HikariDataSource(config("jdbc:pando:mem:" + UUID.randomUUID()))) {
            incrementFromManyThreads(pool, true);
        }
    }

    @Test
    void hikariWorksRemoteWithoutAutocommit() throws Exception {
        int port = UnusedPort.find();
        try (Connection keeper = DriverManager.getConnection(
                        "jdbc:pando:mem:" + UUID.randomUUID() + ";sqladdr=127.0.0.1:" + port);
                Statement statement = keeper.createStatement()) {
            statement.execute("CREATE USER ada PASSWORD 'pencil' ROLE WRITER");
            HikariConfig config = config("jdbc:pando://127.0.0.1:" + port);
            config.setUsername("ada");
            config.setPassword("pencil");
            config.setAutoCommit(false);
            config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
            try (HikariDataSource pool = new HikariDataSource(config)) {
                incrementFromManyThreads(pool, false);
            }
        }
    }

    @Test
    void aPooledConnectionIsHandedOnWithoutItsTransaction() throws Exception {
        PandoConnectionPoolDataSource source = new PandoConnectionPoolDataSource("jdbc:pando:mem:" + UUID.randomUUID());
        PooledConnection pooled = source.getPooledConnection();
        List<String> events = new ArrayList<>();
        pooled.addConnectionEventListener(new ConnectionEventListener() {
            @Override
            public void connectionClosed(ConnectionEvent event) {
                events.add("closed");
            }

            @Override
            public void connectionErrorOccurred(ConnectionEvent event) {
                events.add("error");
            }
        });
        createCounter(source);
        Connection first = pooled.getConnection();
        first.setAutoCommit(false);
        try (Statement statement = first.createStatement()) {
            statement.execute("UPDATE Counters SET n = n + 5");
        }
        first.close();
        first.close();
        assertThat(events).containsExactly("closed");
        assertThat(first.isClosed()).isTrue();
        assertThatThrownBy(first::createStatement)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08003"));
        try (Connection second = pooled.getConnection();
                Statement statement = second.createStatement();
                ResultSet row = statement.executeQuery("SELECT n FROM Counters")) {
            assertThat(second.getAutoCommit()).isTrue();
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).isZero();
        }
        pooled.close();
    }
}
