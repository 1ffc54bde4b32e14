package dev.pando.jdbc.server;

import dev.pando.jdbc.wire.proto.Cancel;
import dev.pando.sql.session.Database;
import dev.pando.sql.session.PandoSqlState;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/**
 * A SQL port: listens from {@link #start} to {@link #close}, with a thread for each connection. Thread-safe.
 */
public final class SqlServer implements AutoCloseable {
    /** Sessions at once; one more is refused with 53300. */
    public static final int SESSIONS_MAX = 100;

    /** Connections above {@link #SESSIONS_MAX} that may be at their login or carry a cancel; one more is closed unheard. */
    static final int HANDSHAKES_MAX = 32;

    /** Connections that the operating system may keep waiting for {@code accept}; further ones are refused by it. */
    private static final int BACKLOG_MAX = 64;

    /** Milliseconds that {@link #close} waits for sessions to end. */
    private static final long CLOSE_WAIT_MS = 5_000;

    /** Milliseconds between two looks for clients that have gone while a statement of theirs runs. */
    private static final long WATCH_MS = 1_000;

    private static final System.Logger LOG = System.getLogger(SqlServer.class.getName());

    private final Database database;
    private final Optional<SSLContext> tls;
    private final ServerSocket listener;
    private final ThreadPoolExecutor threads;
    private final SecureRandom random = new SecureRandom();
    private final byte[] decoySecret = new byte[32];
    private final AtomicLong nextSession = new AtomicLong(1);
    private final AtomicInteger sessions = new AtomicInteger();
    private final Map<Long, ServerConnection> bySession = new ConcurrentHashMap<>();
    private final Map<ServerConnection, Boolean> connections = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean closed;

    private SqlServer(Database database, ServerSocket listener, Optional<SSLContext> tls) {
        this.database = database;
        this.tls = tls;
        this.listener = listener;
        random.nextBytes(decoySecret);
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                0, SESSIONS_MAX + HANDSHAKES_MAX + 2, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "pando-sql-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Listens.
     *
     * @param address where; port 0 takes a free one
     * @param tls for clients that ask for it, and for all from other machines; when empty, passwords and rows would go
     *     in the clear, so an address that is not of this machine alone is refused
     * @throws SQLException 08004 when the port is in use, 0A000 when the address is not loopback, 22023 when it is no
     *     address of this machine
     */
    public static SqlServer start(Database database, InetSocketAddress address, Optional<SSLContext> tls)
            throws SQLException {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                    "cannot listen at " + address.getHostString() + ": the name has no address");
        }
        if (!ip.isLoopbackAddress() && tls.isEmpty()) {
            throw PandoSqlState.NOT_SUPPORTED.exception("cannot listen for SQL at "
                    + address.getHostString() + ":" + address.getPort()
                    + ": a node without a directory has no key for TLS, and opens its SQL port on loopback only, such as"
                    + " 127.0.0.1:9181");
        }
        ServerSocket listener = bind(address);
        SqlServer server = new SqlServer(database, listener, tls);
        server.threads.execute(server::acceptLoop);
        server.threads.execute(server::watchLoop);
        return server;
    }

    private static ServerSocket bind(InetSocketAddress address) throws SQLException {
        try {
            ServerSocket listener = new ServerSocket();
            try {
                listener.setReuseAddress(true);
                listener.bind(address, BACKLOG_MAX);
                return listener;
            } catch (IOException e) {
                listener.close();
                throw e;
            }
        } catch (IOException e) {
            throw PandoSqlState.CONNECTION_REFUSED.exception(
                    "cannot listen for SQL at " + address.getHostString() + ":" + address.getPort() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Where it listens, with the port that was taken. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Sessions that are logged in. */
    public int sessionCount() {
        return bySession.size();
    }

    private void acceptLoop() {
        while (!closed) {
            try {
                Socket socket = listener.accept();
                serve(socket);
            } catch (IOException e) {
                if (!closed) {
                    LOG.log(Level.WARNING, "the SQL port could not take a connection", e);
                }
            }
        }
    }

    private void watchLoop() {
        try {
            while (!stopped.await(WATCH_MS, TimeUnit.MILLISECONDS)) {
                bySession.values().forEach(ServerConnection::endIfDeserted);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket socket) throws IOException {
        ServerConnection connection = new ServerConnection(this, socket);
        connections.put(connection, true);
        try {
            threads.execute(() -> {
                try {
                    connection.run();
                } finally {
                    connections.remove(connection);
                }
            });
        } catch (RejectedExecutionException e) {
            connections.remove(connection);
            socket.close();
        }
    }

    Database database() {
        return database;
    }

    Optional<SSLContext> tls() {
        return tls;
    }

    SecureRandom random() {
        return random;
    }

    byte[] decoySecret() {
        return decoySecret;
    }

    /** Counts a session in; 53300 when there are {@link #SESSIONS_MAX}. */
    long register(ServerConnection connection) throws SQLException {
        if (sessions.incrementAndGet() > SESSIONS_MAX) {
            sessions.decrementAndGet();
            throw PandoSqlState.TOO_MANY_CONNECTIONS.exception("all " + SESSIONS_MAX + " SQL connections are taken");
        }
        long id = nextSession.getAndIncrement();
        bySession.put(id, connection);
        return id;
    }

    void unregister(long id) {
        if (bySession.remove(id) != null) {
            sessions.decrementAndGet();
        }
    }

    /** Ends the running statement of the session whose key it is; nothing, and no answer why, when there is none. */
    void cancel(Cancel cancel) throws SQLException {
        ServerConnection connection = bySession.get(cancel.getSessionId());
        if (connection != null
                && MessageDigest.isEqual(
                        connection.cancelKey(), cancel.getCancelKey().toByteArray())) {
            connection.cancel();
        }
    }

    /** Stops listening, ends every session with its open transaction rolled back, and waits for their threads. */
    @Override
    public void close() {
        closed = true;
        stopped.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the SQL port did not close cleanly", e);
        }
        connections.keySet().forEach(ServerConnection::end);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "SQL sessions still run {0} ms after the port was closed", CLOSE_WAIT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
