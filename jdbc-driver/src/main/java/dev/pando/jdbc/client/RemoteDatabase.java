package dev.pando.jdbc.client;

import dev.pando.jdbc.wire.ScramClient;
import dev.pando.jdbc.wire.proto.Hello;
import dev.pando.jdbc.wire.proto.LoggedIn;
import dev.pando.jdbc.wire.proto.Request;
import dev.pando.jdbc.wire.proto.Response;
import dev.pando.jdbc.wire.proto.ScramProof;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** A server's address, and how to open sessions there. Immutable. */
public final class RemoteDatabase {
    private static final int NONCE_BYTES = 18;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Endpoint endpoint;

    /**
     * @param connectTimeout how long to wait for the connection and for each answer of the login
     * @param readTimeout how long to wait for any later answer; {@link Duration#ZERO} waits without end
     * @param peerId who must answer there, over TLS; empty for a connection in the clear, which nodes take from their
     *     own machine only
     */
    public RemoteDatabase(
            String host, int port, Duration connectTimeout, Duration readTimeout, Optional<PeerId> peerId) {
        endpoint = new Endpoint(host, port, connectTimeout, readTimeout, peerId);
    }

    /**
     * Connects and logs in.
     *
     * @throws SQLException 08001 when nobody answers there, 28P01 when name or password is wrong, 53300 when the server
     *     is full
     */
    public RemoteLogin openSession(String user, String password) throws SQLException {
        ServerLink link = ServerLink.open(endpoint);
        try {
            RemoteLogin login = login(link, user, password);
            link.established();
            return login;
        } catch (SQLException | RuntimeException e) {
            link.cut();
            throw e;
        }
    }

    private RemoteLogin login(ServerLink link, String user, String password) throws SQLException {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        ScramClient scram = new ScramClient(user, password, Base64.getEncoder().encodeToString(nonce));
        Response challenge = link.call(Request.newBuilder()
                .setHello(Hello.newBuilder()
                        .setVersion(ServerLink.VERSION)
                        .setClient("pando-jdbc")
                        .setScramClientFirst(scram.first())));
        if (!challenge.hasScramChallenge()) {
            throw ServerLink.unexpected(challenge);
        }
        Response answer = link.call(Request.newBuilder()
                .setScramProof(ScramProof.newBuilder()
                        .setScramClientFinal(
                                scram.answer(challenge.getScramChallenge().getScramServerFirst()))));
        if (!answer.hasLoggedIn()) {
            throw ServerLink.unexpected(answer);
        }
        LoggedIn loggedIn = answer.getLoggedIn();
        scram.verify(loggedIn.getScramServerFinal());
        SessionUser who = new SessionUser(loggedIn.getUser(), role(loggedIn.getRole()));
        return new RemoteLogin(new RemoteSession(link, who, loggedIn), loggedIn.getServerVersion());
    }

    /** A session, and the version of the server that it runs on. */
    public record RemoteLogin(Session session, String serverVersion) {}

    private static Role role(String name) throws SQLException {
        for (Role role : Role.values()) {
            if (role.name().equals(name)) {
                return role;
            }
        }
        throw PandoSqlState.PROTOCOL_VIOLATION.exception("the server knows a role that this client does not: " + name);
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }
}
