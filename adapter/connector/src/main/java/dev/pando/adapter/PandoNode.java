package dev.pando.adapter;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * A node in this process, by way of Pando's JDBC driver: the driver runs one engine for a directory as long as a
 * connection to it is open, so the node is the connection that stays open.
 */
final class PandoNode implements Node {

    private final Driver driver;
    private final String url;
    private final Connection keeper;

    private PandoNode(Driver driver, String url, Connection keeper) {
        this.driver = driver;
        this.url = url;
        this.keeper = keeper;
    }

    /** Starts the node, or joins it where the driver runs it already. */
    static Node start(NodeConfig config) throws SQLException {
        String url = "jdbc:pando:file:" + config.directory();
        Driver driver = driverOf(url);
        return new PandoNode(driver, url, connected(driver, url, config.driverOptions()));
    }

    /* Looked up in the archive itself: DriverManager asks the caller's loader and might find another version. */
    private static Driver driverOf(String url) throws SQLException {
        for (Driver driver : ServiceLoader.load(Driver.class, PandoNode.class.getClassLoader())) {
            if (driver.acceptsURL(url)) {
                return driver;
            }
        }
        throw new SQLException("Pando's JDBC driver is missing beside the resource adapter", "08001");
    }

    private static Connection connected(Driver driver, String url, Properties options) throws SQLException {
        Connection connection = driver.connect(url, options);
        if (connection == null) {
            throw new SQLException("Pando's JDBC driver refused " + url, "08001");
        }
        return connection;
    }

    @Override
    public Connection connect(@Nullable String user, @Nullable String password) throws SQLException {
        var login = new Properties();
        if (user != null) {
            login.setProperty("user", user);
            login.setProperty("password", password == null ? "" : password);
        }
        return connected(driver, url, login);
    }

    @Override
    public void stop() throws SQLException {
        keeper.close();
    }
}
