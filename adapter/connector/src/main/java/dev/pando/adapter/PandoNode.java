package dev.pando.adapter;

import dev.pando.jdbc.PandoDriver;
import dev.pando.jdbc.connection.ConnectionInfo;
import dev.pando.jdbc.connection.PandoConnection;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/**
 * A node in this process, by way of Pando's JDBC driver: the driver runs one engine for a directory as long as a
 * connection to it is open, so the node is the connection that stays open.
 */
final class PandoNode implements Node {

    /** Rows in a page: the driver's default. */
    private static final int FETCH_SIZE = 0;

    private static final Duration VALID_TIMEOUT = Duration.ofSeconds(10);

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
        Driver driver = new PandoDriver();
        return new PandoNode(driver, url, connected(driver, url, config.driverOptions()));
    }

    private static PandoConnection connected(Driver driver, String url, Properties options) throws SQLException {
        if (driver.connect(url, options) instanceof PandoConnection connection) {
            return connection;
        }
        throw new SQLException("Pando's JDBC driver refused " + url, "08001");
    }

    /* Below the driver's objects lies one session: that one moves to its thread, they stay with the caller. */
    @Override
    public Connection connect(Login login, SessionThread thread, EngineThreads threads) throws SQLException {
        var options = new Properties();
        if (login.user() != null) {
            options.setProperty("user", login.user());
            options.setProperty("password", login.password() == null ? "" : login.password());
        }
        PandoConnection direct = connected(driver, url, options);
        DatabaseMetaData about = direct.getMetaData();
        var info = new ConnectionInfo(
                url, about.getDatabaseProductVersion(), about.getDriverVersion(), FETCH_SIZE, VALID_TIMEOUT);
        return new PandoConnection(new SessionOnThread(direct.session(), thread, threads), info, direct::close);
    }

    @Override
    public void stop() throws SQLException {
        keeper.close();
    }
}
