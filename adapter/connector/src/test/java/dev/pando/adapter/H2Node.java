package dev.pando.adapter;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/** A node whose physical connections are H2's: the contract with the server does not depend on the database. */
final class H2Node implements Node {

    static final AtomicInteger RUNNING = new AtomicInteger();

    private final String url;
    private final Connection keeper;

    private H2Node(String url) throws SQLException {
        this.url = url;
        this.keeper = DriverManager.getConnection(url);
        RUNNING.incrementAndGet();
    }

    static Node start(NodeConfig config) throws SQLException {
        return new H2Node("jdbc:h2:mem:" + config.directory().getFileName());
    }

    @Override
    public Connection connect(Login login, SessionThread thread, EngineThreads threads) throws SQLException {
        var options = new Properties();
        if (login.user() != null) {
            options.setProperty("user", login.user());
            options.setProperty("password", login.password() == null ? "" : login.password());
        }
        return DriverManager.getConnection(url, options);
    }

    @Override
    public void stop() throws SQLException {
        RUNNING.decrementAndGet();
        keeper.close();
    }
}
