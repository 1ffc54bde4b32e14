package dev.pando.jdbc;

import java.sql.SQLException;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.PooledConnection;
import org.jspecify.annotations.Nullable;

/** Makes the physical connections of a pool that another keeps. Thread-safe once it is configured. */
public final class PandoConnectionPoolDataSource extends PandoDataSource implements ConnectionPoolDataSource {

    /** To be configured by its setters. */
    public PandoConnectionPoolDataSource() {}

    /** Of a URL, options after {@code ;}. */
    public PandoConnectionPoolDataSource(String url) {
        super(url);
    }

    @Override
    public PooledConnection getPooledConnection() throws SQLException {
        return new PandoPooledConnection(getConnection());
    }

    @Override
    public PooledConnection getPooledConnection(@Nullable String user, @Nullable String password) throws SQLException {
        return new PandoPooledConnection(getConnection(user, password));
    }
}
