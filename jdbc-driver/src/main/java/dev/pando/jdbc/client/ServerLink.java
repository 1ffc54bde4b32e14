package dev.pando.jdbc.client;

import dev.pando.jdbc.wire.Frames;
import dev.pando.jdbc.wire.Messages;
import dev.pando.jdbc.wire.proto.Cancel;
import dev.pando.jdbc.wire.proto.Request;
import dev.pando.jdbc.wire.proto.Response;
import dev.pando.jdbc.wire.proto.SessionState;
import dev.pando.sql.session.PandoSqlState;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server: one request at a time, each answered by one response. Thread-safe; a second caller waits.
 */
final class ServerLink {
    /** Version of the protocol that this client speaks. */
    static final int VERSION = 1;

    private static final int READ_BUFFER_BYTES = 16 * 1024;
    private static final System.Logger LOG = System.getLogger(ServerLink.class.getName());

    private final Endpoint endpoint;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final ReentrantLock turn = new ReentrantLock();
    private final List<Long> closedStatements = new ArrayList<>();
    private final List<Long> closedResults = new ArrayList<>();
    private volatile SessionState state = SessionState.getDefaultInstance();
    private volatile Duration readTimeout;
    private volatile @Nullable Cancel cancel;
    private volatile boolean broken;

    private ServerLink(Endpoint endpoint, Socket socket) throws IOException {
        this.endpoint = endpoint;
        this.socket = socket;
        readTimeout = endpoint.readTimeout();
        in = new BufferedInputStream(socket.getInputStream(), READ_BUFFER_BYTES);
        out = socket.getOutputStream();
        Frames.writePreface(out);
    }

    static ServerLink open(Endpoint endpoint) throws SQLException {
        Socket socket = endpoint.connect();
        try {
            return new ServerLink(endpoint, socket);
        } catch (IOException e) {
            close(socket);
            throw PandoSqlState.CONNECTION_FAILED.exception(
                    "the Pando node at " + endpoint + " does not answer: " + e.getMessage(), e);
        }
    }

    Duration readTimeout() {
        return readTimeout;
    }

    /** How long to wait for answers once the login is done; zero waits without end. */
    void setReadTimeout(Duration timeout) throws SQLException {
        readTimeout = timeout;
        established();
    }

    /** The login is done: from now on answers may take as long as their statements. */
    void established() throws SQLException {
        try {
            socket.setSoTimeout(Endpoint.millis(readTimeout));
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** What the server last told of its session. */
    SessionState state() {
        return state;
    }

    boolean broken() {
        return broken;
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @throws SQLException what the server answered as an error; 08006 when the connection is gone, 08003 when it was
     */
    Response call(Request.Builder request) throws SQLException {
        turn.lock();
        try {
            return exchange(request, true);
        } finally {
            turn.unlock();
        }
    }

    /** As {@link #call}, but gives up (false) when another call keeps the connection, or no answer comes in time. */
    boolean tryCall(Request.Builder request, Duration timeout) throws SQLException {
        try {
            if (!turn.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            if (broken) {
                return false;
            }
            socket.setSoTimeout(Math.max(1, Endpoint.millis(timeout)));
            exchange(request, false);
            established();
            return true;
        } catch (IOException e) {
            cut();
            return false;
        } catch (SQLException e) {
            if (broken) {
                return false;
            }
            throw e;
        } finally {
            turn.unlock();
        }
    }

    private Response exchange(Request.Builder request, boolean cancelWhenLate) throws SQLException {
        if (broken) {
            throw PandoSqlState.CONNECTION_CLOSED.exception("the connection to " + endpoint + " is closed");
        }
        synchronized (closedResults) {
            request.addAllReleaseResults(closedResults).addAllReleaseStatements(closedStatements);
            closedResults.clear();
            closedStatements.clear();
        }
        Response response;
        try {
            Frames.write(out, request.build());
            response = Frames.readResponse(in, Frames.MESSAGE_BYTES_MAX);
        } catch (Frames.MessageTooLargeException e) {
            requeue(request);
            throw PandoSqlState.TOO_LARGE.exception(
                    "the statement and its parameters are too large: " + e.getMessage());
        } catch (SocketTimeoutException e) {
            cut();
            if (cancelWhenLate) {
                cancelUnanswered();
            }
            throw lost(e);
        } catch (IOException e) {
            cut();
            throw lost(e);
        }
        if (response.hasState()) {
            state = response.getState();
        }
        if (response.hasError()) {
            throw Messages.exception(response.getError());
        }
        return response;
    }

    private void requeue(Request.Builder request) {
        synchronized (closedResults) {
            closedResults.addAll(request.getReleaseResultsList());
            closedStatements.addAll(request.getReleaseStatementsList());
        }
    }

    private SQLException lost(IOException e) {
        String why = e instanceof SocketTimeoutException
                ? "no answer came in time"
                : e.getMessage() == null ? "the server closed it" : e.getMessage();
        return PandoSqlState.CONNECTION_LOST.exception("the connection to " + endpoint + " was lost: " + why, e);
    }

    /** Lets the server free a statement, with the next request. */
    void releaseStatement(long id) {
        synchronized (closedResults) {
            closedStatements.add(id);
        }
    }

    /** Lets the server free a result, with the next request. */
    void releaseResult(long id) {
        synchronized (closedResults) {
            closedResults.add(id);
        }
    }

    /* Nobody waits any more: else the statement would go on and keep its locks. */
    private void cancelUnanswered() {
        try {
            cancel();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a statement that nobody waits for could not be cancelled", e);
        }
    }

    /** Tells what cancels this connection's statements: nothing can before the login. */
    void cancelledBy(Cancel key) {
        cancel = key;
    }

    /** Sends a cancel on a connection of its own. */
    void cancel() throws SQLException {
        Cancel key = cancel;
        if (key == null) {
            return;
        }
        ServerLink other = open(endpoint);
        try {
            other.call(Request.newBuilder().setCancel(key));
        } finally {
            other.cut();
        }
    }

    /** Whether a call runs now. */
    boolean busy() {
        return turn.isLocked() && !turn.isHeldByCurrentThread();
    }

    /** Closes the socket; a call that waits ends with 08006. */
    void cut() {
        broken = true;
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket did not close cleanly", e);
        }
    }

    static SQLException unexpected(Response response) {
        return PandoSqlState.PROTOCOL_VIOLATION.exception(
                "the server answered with " + response.getBodyCase() + ", which has no place here");
    }
}
