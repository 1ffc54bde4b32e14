package dev.pando.adapter;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** What an application server does with a resource adapter, in a few lines: a pool that listens to its connections. */
final class Server implements ConnectionManager, ConnectionEventListener, AutoCloseable {

    private static final long serialVersionUID = 1L;

    final transient PandoResourceAdapter adapter;
    final PandoManagedConnectionFactory factory = new PandoManagedConnectionFactory();
    final transient Set<ManagedConnection> idle = new LinkedHashSet<>();
    final transient Set<ManagedConnection> used = new LinkedHashSet<>();
    final transient List<String> events = new ArrayList<>();

    Server(SharedNodes nodes, String rootdir) throws ResourceException {
        adapter = new PandoResourceAdapter(nodes);
        adapter.start(null);
        factory.setRootdir(rootdir);
        factory.setResourceAdapter(adapter);
    }

    static Server withH2(String database) throws ResourceException {
        return new Server(new SharedNodes(H2Node::start), "/nowhere/" + database);
    }

    DataSource dataSource() {
        return (DataSource) factory.createConnectionFactory(this);
    }

    /** The only connection that is in use. */
    PandoManagedConnection only() {
        return (PandoManagedConnection) used.iterator().next();
    }

    @Override
    public synchronized Object allocateConnection(ManagedConnectionFactory from, ConnectionRequestInfo request)
            throws ResourceException {
        ManagedConnection connection = from.matchManagedConnections(idle, null, request);
        if (connection == null) {
            connection = from.createManagedConnection(null, request);
            connection.addConnectionEventListener(this);
        }
        idle.remove(connection);
        used.add(connection);
        return connection.getConnection(null, request);
    }

    @Override
    public synchronized void connectionClosed(ConnectionEvent event) {
        events.add("closed");
        ManagedConnection connection = (ManagedConnection) event.getSource();
        try {
            connection.cleanup();
        } catch (ResourceException failed) {
            throw new IllegalStateException(failed);
        }
        used.remove(connection);
        idle.add(connection);
    }

    @Override
    public synchronized void connectionErrorOccurred(ConnectionEvent event) {
        events.add("error");
        used.remove((ManagedConnection) event.getSource());
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {
        events.add("started");
    }

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {
        events.add("committed");
    }

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {
        events.add("rolled back");
    }

    @Override
    public void close() {
        adapter.stop();
    }
}
