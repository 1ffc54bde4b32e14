package dev.pando.jdbc.server;

import com.google.protobuf.ByteString;
import dev.pando.jdbc.tls.NodeTls;
import dev.pando.jdbc.wire.Frames;
import dev.pando.jdbc.wire.Messages;
import dev.pando.jdbc.wire.ScramServer;
import dev.pando.jdbc.wire.proto.Command;
import dev.pando.jdbc.wire.proto.Done;
import dev.pando.jdbc.wire.proto.LoggedIn;
import dev.pando.jdbc.wire.proto.Request;
import dev.pando.jdbc.wire.proto.Response;
import dev.pando.jdbc.wire.proto.ScramChallenge;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Session;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One connection of the SQL port: login, then requests one after the other, on the thread that runs it. */
final class ServerConnection implements Runnable {
    /** Version of the protocol that this server speaks. */
    static final int VERSION = 1;

    /** Milliseconds from the connection to the end of its login; it is closed then. */
    static final int LOGIN_TIMEOUT_MS = 10_000;

    /** Milliseconds to wait for the end of a stream that has not ended; the answer waits for as long at most. */
    private static final int LOOK_TIMEOUT_MS = 1;

    /** Bytes of the key that lets another connection cancel this one's statement. */
    private static final int CANCEL_KEY_BYTES = 16;

    /** The first byte of a TLS client: its record type. */
    private static final int TLS_HANDSHAKE = 0x16;

    private static final int SERVER_NONCE_BYTES = 18;
    private static final int READ_BUFFER_BYTES = 8 * 1024;
    private static final System.Logger LOG = System.getLogger(ServerConnection.class.getName());

    private final SqlServer server;
    private final Socket socket;
    private final byte[] cancelKey = new byte[CANCEL_KEY_BYTES];
    private volatile @Nullable Session session;

    /** Held by who looks whether the client is still there; then nobody reads requests. */
    private final Object looking = new Object();

    /** Where the next request will come from while one is handled. */
    private @Nullable InputStream awaited;

    ServerConnection(SqlServer server, Socket socket) {
        this.server = server;
        this.socket = socket;
        server.random().nextBytes(cancelKey);
    }

    byte[] cancelKey() {
        return cancelKey;
    }

    @Override
    public void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.setSoTimeout(LOGIN_TIMEOUT_MS);
            PushbackInputStream plain = new PushbackInputStream(socket.getInputStream());
            int first = plain.read();
            if (first < 0) {
                return;
            }
            if (first == TLS_HANDSHAKE && server.tls().isPresent()) {
                try (SSLSocket secure = secure(server.tls().get(), first)) {
                    serve(secure.getInputStream(), secure.getOutputStream(), true);
                }
            } else {
                plain.unread(first);
                serve(plain, socket.getOutputStream(), socket.getInetAddress().isLoopbackAddress());
            }
        } catch (EOFException e) {
            LOG.log(Level.DEBUG, "a SQL client went away");
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a SQL connection ended", e);
        }
    }

    private SSLSocket secure(SSLContext tls, int first) throws IOException {
        ByteArrayInputStream consumed = new ByteArrayInputStream(new byte[] {(byte) first});
        SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, consumed, true);
        NodeTls.restrict(secure);
        secure.startHandshake();
        return secure;
    }

    /* @param safe whether nobody else can listen in */
    private void serve(InputStream raw, OutputStream out, boolean safe) throws IOException {
        InputStream in = new BufferedInputStream(raw, READ_BUFFER_BYTES);
        Frames.readPreface(in);
        Request first = Frames.readRequest(in, Frames.LOGIN_BYTES_MAX);
        if (!safe) {
            Frames.write(
                    out,
                    failure(PandoSqlState.CONNECTION_REFUSED.exception(
                            "this node takes SQL from other machines over TLS only: give its Peer ID by the option"
                                    + " peerid")));
            return;
        }
        switch (first.getBodyCase()) {
            case CANCEL -> cancelOther(first, out);
            case HELLO -> login(first, in, out);
            default -> Frames.write(out, failure(PandoSqlState.PROTOCOL_VIOLATION.exception("log in first")));
        }
    }

    private void cancelOther(Request request, OutputStream out) throws IOException {
        try {
            server.cancel(request.getCancel());
            Frames.write(out, done());
        } catch (SQLException e) {
            Frames.write(out, failure(e));
        }
    }

    private void login(Request hello, InputStream in, OutputStream out) throws IOException {
        long id;
        ScramServer.Accepted accepted;
        try {
            if (hello.getHello().getVersion() != VERSION) {
                throw PandoSqlState.PROTOCOL_VIOLATION.exception("this server speaks version " + VERSION
                        + " of the SQL protocol, the client " + hello.getHello().getVersion());
            }
            accepted = authenticate(hello, in, out);
            id = server.register(this);
        } catch (SQLException e) {
            Frames.write(out, failure(e));
            return;
        }
        try (Session opened = open(accepted, out)) {
            if (opened != null) {
                Frames.write(out, loggedIn(id, accepted, opened));
                socket.setSoTimeout(0);
                requestLoop(new RequestHandler(opened), in, out);
            }
        } catch (SQLException e) {
            LOG.log(Level.WARNING, "a SQL session did not close cleanly", e);
        } finally {
            session = null;
            server.unregister(id);
        }
    }

    private ScramServer.Accepted authenticate(Request hello, InputStream in, OutputStream out)
            throws SQLException, IOException {
        byte[] nonce = new byte[SERVER_NONCE_BYTES];
        server.random().nextBytes(nonce);
        ScramServer scram = ScramServer.begin(
                hello.getHello().getScramClientFirst(),
                server.database()::credentials,
                Base64.getEncoder().encodeToString(nonce),
                server.decoySecret());
        Frames.write(
                out,
                Response.newBuilder()
                        .setScramChallenge(ScramChallenge.newBuilder().setScramServerFirst(scram.first()))
                        .build());
        Request proof = Frames.readRequest(in, Frames.LOGIN_BYTES_MAX);
        if (!proof.hasScramProof()) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("log in first");
        }
        return scram.finish(proof.getScramProof().getScramClientFinal());
    }

    private @Nullable Session open(ScramServer.Accepted accepted, OutputStream out) throws IOException {
        try {
            Session opened = server.database().openSession(accepted.user());
            session = opened;
            return opened;
        } catch (SQLException e) {
            Frames.write(out, failure(e));
            return null;
        }
    }

    private Response loggedIn(long id, ScramServer.Accepted accepted, Session opened) throws SQLException {
        return Response.newBuilder()
                .setState(Messages.state(opened))
                .setLoggedIn(LoggedIn.newBuilder()
                        .setScramServerFinal(accepted.serverFinal())
                        .setSessionId(id)
                        .setCancelKey(ByteString.copyFrom(cancelKey))
                        .setUser(accepted.user().name())
                        .setRole(accepted.user().role().name())
                        .setServerVersion(server.database().version()))
                .build();
    }

    private void requestLoop(RequestHandler handler, InputStream in, OutputStream out) throws IOException {
        try (handler) {
            while (true) {
                Request request = Frames.readRequest(in, Frames.MESSAGE_BYTES_MAX);
                if (request.hasCommand() && request.getCommand().getKind() == Command.Kind.CLOSE) {
                    Frames.write(out, done());
                    return;
                }
                await(in);
                try {
                    answer(handler.handle(request), out);
                } finally {
                    await(null);
                }
            }
        }
    }

    private void await(@Nullable InputStream next) {
        synchronized (looking) {
            awaited = next;
        }
    }

    /**
     * Cancels what runs when the client has gone meanwhile: nobody reads its answer, and its locks and session are wanted.
     * Any thread; called again and again.
     */
    void endIfDeserted() {
        synchronized (looking) {
            InputStream in = awaited;
            if (in == null || isThere(in)) {
                return;
            }
            try {
                cancel();
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "the statement of a client that has gone could not be cancelled", e);
            }
        }
    }

    /* A client that waits sends nothing; what comes before its time all the same is left to be read as the next request. */
    private boolean isThere(InputStream in) {
        try {
            socket.setSoTimeout(LOOK_TIMEOUT_MS);
            try {
                in.mark(1);
                if (in.read() < 0) {
                    return false;
                }
                in.reset();
                return true;
            } finally {
                socket.setSoTimeout(0);
            }
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a SQL client went away", e);
            return false;
        }
    }

    private static void answer(Response response, OutputStream out) throws IOException {
        try {
            Frames.write(out, response);
        } catch (Frames.MessageTooLargeException e) {
            Frames.write(
                    out,
                    failure(PandoSqlState.TOO_LARGE.exception("the answer is too large: " + e.getMessage(), e))
                            .toBuilder()
                            .setState(response.getState())
                            .build());
        }
    }

    static Response done() {
        return Response.newBuilder().setDone(Done.getDefaultInstance()).build();
    }

    static Response failure(SQLException e) {
        return Response.newBuilder().setError(Messages.error(e)).build();
    }

    void cancel() throws SQLException {
        Session running = session;
        if (running != null) {
            running.cancel();
        }
    }

    /** Cancels what runs and cuts the connection, so that its thread ends. Any thread. */
    void end() {
        try {
            cancel();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a session could not be cancelled at the end", e);
        }
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a SQL connection did not close cleanly", e);
        }
    }
}
