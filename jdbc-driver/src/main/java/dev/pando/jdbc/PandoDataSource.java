package dev.pando.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source without a pool: each connection is a new one. Thread-safe once it is configured. */
public class PandoDataSource implements DataSource {
    private String url = "jdbc:pando:mem:";
    private @Nullable String user;
    private @Nullable String password;
    private int loginTimeoutSeconds;
    private @Nullable PrintWriter logWriter;

    /** To be configured by its setters. */
    public PandoDataSource() {}

    /** Of a URL, options after {@code ;}. */
    public PandoDataSource(String url) {
        this.url = url;
    }

    public String getUrl() {
        return url;
    }

    public void setUrl(String url) {
        this.url = url;
    }

    /** As {@link #getUrl()}: frameworks look for both spellings. */
    public String getURL() {
        return url;
    }

    /** As {@link #setUrl(String)}: frameworks look for both spellings. */
    public void setURL(String url) {
        this.url = url;
    }

    public @Nullable String getUser() {
        return user;
    }

    public void setUser(@Nullable String user) {
        this.user = user;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return open(user, password);
    }

    @Override
    public Connection getConnection(@Nullable String userName, @Nullable String userPassword) throws SQLException {
        return open(userName, userPassword);
    }

    private Connection open(@Nullable String userName, @Nullable String userPassword) throws SQLException {
        Properties options = new Properties();
        if (userName != null) {
            options.setProperty(PandoProperty.USER.key(), userName);
        }
        if (userPassword != null) {
            options.setProperty(PandoProperty.PASSWORD.key(), userPassword);
        }
        if (loginTimeoutSeconds > 0 && url.startsWith(PandoUrl.PREFIX + "//")) {
            options.setProperty(PandoProperty.CONNECTTIMEOUT.key(), Integer.toString(loginTimeoutSeconds));
        }
        if (!url.startsWith(PandoUrl.PREFIX)) {
            throw new SQLException("the data source's URL is '" + url + "', which is no Pando URL", "08001");
        }
        return Connections.open(url, options);
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }

    /** Kept and not written to: Pando logs by {@link System.Logger}. */
    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        logWriter = out;
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeoutSeconds = seconds;
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeoutSeconds;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return Logger.getLogger("dev.pando");
    }

    @Override
    public <T> T unwrap(Class<T> wanted) throws SQLException {
        if (wanted.isInstance(this)) {
            return wanted.cast(this);
        }
        throw new SQLException("a Pando data source wraps no " + wanted.getName(), "22023");
    }

    @Override
    public boolean isWrapperFor(Class<?> wanted) {
        return wanted.isInstance(this);
    }
}
