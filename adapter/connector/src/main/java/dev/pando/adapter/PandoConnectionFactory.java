package dev.pando.adapter;

import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.io.PrintWriter;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.naming.NamingException;
import javax.naming.Reference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The data source that applications look up: each connection comes out of the server's pool. */
final class PandoConnectionFactory implements DataSource, Serializable, Referenceable {

    private static final long serialVersionUID = 1L;

    private final PandoManagedConnectionFactory factory;
    private final ConnectionManager manager;
    private @Nullable Reference reference;
    private transient @Nullable PrintWriter log;

    PandoConnectionFactory(PandoManagedConnectionFactory factory, ConnectionManager manager) {
        this.factory = factory;
        this.manager = manager;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return allocate(null);
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        return allocate(new Login(user, password));
    }

    private Connection allocate(@Nullable Login login) throws SQLException {
        try {
            return (Connection) manager.allocateConnection(factory, login);
        } catch (ResourceException failed) {
            throw Failures.sql(failed);
        }
    }

    @Override
    public void setReference(Reference reference) {
        this.reference = reference;
    }

    @Override
    public Reference getReference() throws NamingException {
        Reference current = reference;
        if (current == null) {
            throw new NamingException("the server did not set a reference");
        }
        return current;
    }

    /** No limit of its own: how long a caller waits for a connection is a setting of the server's pool. */
    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        if (seconds != 0) {
            throw new SQLFeatureNotSupportedException("set the waiting time of the server's pool instead", "0A000");
        }
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return log;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        log = out;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("dev.pando");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("this data source is not a wrapper of " + type.getName(), "0A000");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
