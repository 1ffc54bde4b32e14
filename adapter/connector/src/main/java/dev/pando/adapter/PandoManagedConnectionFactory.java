package dev.pando.adapter;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * A connection definition: makes the {@link javax.sql.DataSource} that applications look up, and the connections of
 * its pool. Each configuration property that it does not have is taken from the resource adapter.
 */
public final class PandoManagedConnectionFactory extends ConfiguredBean
        implements ManagedConnectionFactory, ResourceAdapterAssociation, ValidatingManagedConnectionFactory {

    private static final long serialVersionUID = 1L;

    private transient volatile @Nullable PandoResourceAdapter adapter;
    private transient volatile @Nullable PrintWriter log;

    @Override
    public Object createConnectionFactory(ConnectionManager manager) {
        return new PandoConnectionFactory(this, manager);
    }

    @Override
    public Object createConnectionFactory() throws ResourceException {
        throw new NotSupportedException(
                "outside of an application server, use the JDBC driver's own data source: dev.pando.jdbc.PandoDataSource");
    }

    @Override
    public ManagedConnection createManagedConnection(@Nullable Subject subject, @Nullable ConnectionRequestInfo request)
            throws ResourceException {
        PandoResourceAdapter owner = owner();
        NodeConfig config = config().orElse(owner.config());
        Login login = Login.of(subject, request, config, this);
        try {
            return owner.open(config, login);
        } catch (SQLException failed) {
            throw Failures.resource("cannot connect to the node", failed);
        }
    }

    @Override
    public @Nullable ManagedConnection matchManagedConnections(
            @SuppressWarnings("rawtypes") Set connections,
            @Nullable Subject subject,
            @Nullable ConnectionRequestInfo request)
            throws ResourceException {
        Login login = Login.of(subject, request, config().orElse(owner().config()), this);
        for (Object candidate : connections) {
            if (candidate instanceof PandoManagedConnection connection
                    && connection.login().equals(login)) {
                return connection;
            }
        }
        return null;
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // as the contract has it
    public Set getInvalidConnections(Set connections) {
        Set invalid = new LinkedHashSet();
        for (Object candidate : connections) {
            if (candidate instanceof PandoManagedConnection connection && !connection.isUsable()) {
                invalid.add(connection);
            }
        }
        return invalid;
    }

    private PandoResourceAdapter owner() throws ResourceException {
        PandoResourceAdapter owner = adapter;
        if (owner == null) {
            throw new IllegalStateException("the server did not associate a resource adapter");
        }
        return owner;
    }

    @Override
    public @Nullable ResourceAdapter getResourceAdapter() {
        return adapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter associated) throws ResourceException {
        if (!(associated instanceof PandoResourceAdapter pando)) {
            throw new ResourceException("not Pando's resource adapter: " + associated);
        }
        if (adapter != null && adapter != pando) {
            throw new IllegalStateException("a resource adapter is associated once");
        }
        adapter = pando;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        log = out;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return log;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PandoManagedConnectionFactory that
                && config().equals(that.config())
                && Objects.equals(adapter, that.adapter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(config(), adapter);
    }
}
