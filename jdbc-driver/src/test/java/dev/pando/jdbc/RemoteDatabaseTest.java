package dev.pando.jdbc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

class RemoteDatabaseTest extends DatabaseContract {
    private final int port;
    private final Connection keeper;

    RemoteDatabaseTest() throws SQLException, IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        keeper = DriverManager.getConnection("jdbc:pando:mem:" + UUID.randomUUID() + ";sqladdr=127.0.0.1:" + port);
        try (Statement statement = keeper.createStatement()) {
            statement.execute("CREATE USER ada PASSWORD 'pencil' ROLE ADMIN");
        }
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:pando://127.0.0.1:" + port, "ada", "pencil");
    }

    @AfterEach
    void stop() throws SQLException {
        keeper.close();
    }
}
