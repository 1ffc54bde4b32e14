package dev.pando.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RemoteDatabaseTest extends DatabaseContract {
    private final int port;
    private final Connection keeper;

    RemoteDatabaseTest() throws SQLException, IOException {
        port = UnusedPort.find();
        keeper = DriverManager.getConnection("jdbc:pando:mem:" + UUID.randomUUID() + ";sqladdr=127.0.0.1:" + port);
        try (Statement statement = keeper.createStatement()) {
            statement.execute("CREATE USER ada PASSWORD 'pencil' ROLE ADMIN");
        }
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:pando://127.0.0.1:" + port, "ada", "pencil");
    }

    @Test
    void aStatementEndsWhenItsClientHasGone() throws Exception {
        try (Connection gone = connect();
                Statement statement = gone.createStatement()) {
            gone.setNetworkTimeout(Runnable::run, 500);
            assertThatThrownBy(() -> statement.executeQuery("WITH RECURSIVE r (n) AS"
                            + " (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("no answer came in time");
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (sessionsThatRun() > 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    private int sessionsThatRun() throws SQLException {
        try (Statement statement = keeper.createStatement();
                ResultSet count =
                        statement.executeQuery("SELECT COUNT(*) FROM sys.sessions WHERE statement LIKE '%RECURSIVE r%'"
                                + " AND statement NOT LIKE '%sys.sessions%'")) {
            count.next();
            return count.getInt(1);
        }
    }

    @AfterEach
    void stop() throws SQLException {
        keeper.close();
    }
}
