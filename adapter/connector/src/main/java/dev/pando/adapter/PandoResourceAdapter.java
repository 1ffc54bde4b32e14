package dev.pando.adapter;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * Pando in an application server. With a {@code rootdir} its node starts with the resource adapter; without one, the
 * node of a connection definition starts with the first connection. Nodes are shared by all instances of this class in
 * one deployment and run until the last user has stopped. After {@link #stop} no thread of Pando is left.
 */
public final class PandoResourceAdapter extends ConfiguredBean implements ResourceAdapter {

    private static final SharedNodes NODES = new SharedNodes(PandoNode::start);

    /* Instances of this class loader that run: what belongs to all of them is cleared by the last. */
    private static final AtomicInteger RUNNING = new AtomicInteger();

    private final SharedNodes nodes;
    private final Set<PandoManagedConnection> connections = ConcurrentHashMap.newKeySet();
    private final Map<Path, SharedNodes.Lease> leases = new LinkedHashMap<>();
    private @Nullable EngineThreads threads;

    /** As servers make it. */
    public PandoResourceAdapter() {
        this(NODES);
    }

    PandoResourceAdapter(SharedNodes nodes) {
        this.nodes = nodes;
    }

    @Override
    public synchronized void start(BootstrapContext context) throws ResourceAdapterInternalException {
        if (threads != null) {
            throw new ResourceAdapterInternalException("the resource adapter was started already");
        }
        threads = new EngineThreads("pando-adapter", PandoResourceAdapter.class.getClassLoader());
        RUNNING.incrementAndGet();
        if (config().rootdir() == null) {
            return;
        }
        try {
            lease(config(), threads);
        } catch (SQLException failed) {
            stop();
            throw Failures.start("cannot start the node", failed);
        }
    }

    @Override
    public synchronized void stop() {
        EngineThreads running = threads;
        if (running == null) {
            return;
        }
        threads = null;
        for (PandoManagedConnection connection : connections) {
            try {
                connection.destroy();
            } catch (ResourceException failed) {
                Stopping.warn("a connection did not close", failed);
            }
        }
        List<SharedNodes.Lease> held = new ArrayList<>(leases.values());
        leases.clear();
        try {
            running.once(() -> {
                Stopping.nodes(held);
                return null;
            });
        } catch (SQLException failed) {
            Stopping.warn("the nodes did not stop", failed);
        } finally {
            running.close();
            if (RUNNING.decrementAndGet() == 0) {
                Stopping.drivers();
                Stopping.caches();
                Stopping.contexts();
            }
        }
    }

    /** Opens a connection to the node of {@code config}, starting the node when this is its first one. */
    PandoManagedConnection open(NodeConfig config, Login login) throws SQLException {
        EngineThreads running;
        SharedNodes.Lease lease;
        synchronized (this) {
            running = threads;
            if (running == null) {
                throw new SQLException("the resource adapter is not started", "08003");
            }
            if (config.rootdir() == null) {
                throw new SQLException(
                        "no data directory: set the configuration property rootdir on the resource adapter or on the"
                                + " connection definition",
                        "08001");
            }
            lease = lease(config, running);
        }
        PandoManagedConnection connection = PandoManagedConnection.open(
                running, thread -> lease.connect(login, thread, running), login, connections::remove);
        connections.add(connection);
        return connection;
    }

    private SharedNodes.Lease lease(NodeConfig config, EngineThreads running) throws SQLException {
        SharedNodes.Lease lease = leases.get(config.directory());
        if (lease == null) {
            lease = running.once(() -> nodes.join(config));
            leases.put(config.directory(), lease);
        }
        lease.requireSettings(config);
        return lease;
    }

    @Override
    public void endpointActivation(MessageEndpointFactory factory, ActivationSpec spec) throws ResourceException {
        throw new NotSupportedException("Pando's resource adapter has no message endpoints");
    }

    @Override
    public void endpointDeactivation(MessageEndpointFactory factory, ActivationSpec spec) {}

    /** None: without distributed transactions there is nothing to recover. */
    @Override
    public XAResource @Nullable [] getXAResources(ActivationSpec[] specs) {
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
