package dev.pando.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.jdbc.client.RemoteDatabase;
import dev.pando.jdbc.connection.ConnectionInfo;
import dev.pando.jdbc.connection.PandoConnection;
import dev.pando.jdbc.server.SqlServer;
import dev.pando.jdbc.tls.NodeTls;
import dev.pando.jdbc.wire.Frames;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.session.Session;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RemoteTransportTest extends TransportContract {
    private final KeyPair key = KeyPair.generate(new SecureRandom());
    private final SqlServer server;

    RemoteTransportTest() throws SQLException {
        server = SqlServer.start(
                database, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.of(NodeTls.server(key)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Who must answer, over TLS; empty for a connection in the clear. */
    Optional<PeerId> peerId(KeyPair serverKey) {
        return Optional.empty();
    }

    private RemoteDatabase remote() {
        return remote(peerId(key));
    }

    private RemoteDatabase remote(Optional<PeerId> peerId) {
        return new RemoteDatabase(
                "127.0.0.1", server.address().getPort(), Duration.ofSeconds(10), Duration.ofSeconds(30), peerId);
    }

    @Test
    void someoneElseIsRefusedByTheirKey() {
        PeerId other = KeyPair.generate(new SecureRandom()).peerId();
        assertThatThrownBy(() -> remote(Optional.of(other)).openSession("ada", "pencil"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"))
                .hasMessageContaining(other.toString())
                .hasMessageContaining(key.peerId().toString());
    }

    @Override
    Connection connect() throws Exception {
        RemoteDatabase.RemoteLogin login = remote().openSession("ada", "pencil");
        ConnectionInfo info =
                new ConnectionInfo("jdbc:pando://" + remote(), login.serverVersion(), "0.1", 0, Duration.ofSeconds(5));
        return new PandoConnection(login.session(), info, () -> {});
    }

    private static void assertState(String state, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.toString()).isEqualTo(state));
    }

    @Test
    void aWrongPasswordOrNameIsRefusedAlike() {
        assertThatThrownBy(() -> remote().openSession("ada", "pen"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"))
                .hasMessage("wrong user name or password");
        assertThatThrownBy(() -> remote().openSession("nobody", "pencil"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"))
                .hasMessage("wrong user name or password");
    }

    @Test
    void nobodyThereIs08001() throws Exception {
        int port;
        try (java.net.ServerSocket free = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        RemoteDatabase nowhere =
                new RemoteDatabase("127.0.0.1", port, Duration.ofSeconds(2), Duration.ZERO, peerId(key));
        assertState("08001", () -> nowhere.openSession("ada", "pencil"));
    }

    @Test
    void aPortInUseAndAForeignAddressAreRefused() {
        assertState("08004", () -> SqlServer.start(database, server.address(), Optional.empty()));
        assertState("0A000", () -> SqlServer.start(database, new InetSocketAddress("0.0.0.0", 0), Optional.empty()));
    }

    @Test
    void sessionsAreCountedAndFreed() throws Exception {
        List<Session> open = new ArrayList<>();
        try {
            for (int i = 1; i < SqlServer.SESSIONS_MAX; i++) {
                open.add(remote().openSession("ada", "pencil").session());
            }
            assertThat(server.sessionCount()).isEqualTo(SqlServer.SESSIONS_MAX);
            assertState("53300", () -> remote().openSession("ada", "pencil"));
        } finally {
            for (Session session : open) {
                session.close();
            }
        }
        eventually(() -> server.sessionCount() == 1);
        remote().openSession("ada", "pencil").session().close();
    }

    @Test
    void aStoppedServerEndsItsConnections() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            server.close();
            assertState("08006", () -> statement.execute("COUNT 1"));
            assertState("08003", () -> statement.execute("COUNT 1"));
            assertThat(connection.isValid(1)).isFalse();
        }
        eventually(() -> database.sessions.get() == 0);
    }

    @Test
    void anAnswerThatDoesNotComeInTimeEndsTheConnection() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(connection.getNetworkTimeout()).isEqualTo(30_000);
            connection.setNetworkTimeout(Runnable::run, 50);
            assertState("08006", () -> statement.execute("BLOCK"));
            assertThat(connection.isValid(1)).isFalse();
            /* And the statement that nobody waits for ends. */
            eventually(() -> database.sessions.get() == 1);
        }
    }

    @Test
    void aFaultInTheServerIsAnErrorAndNotTheEnd() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertState("XX000", () -> statement.execute("BUG"));
            assertThat(statement.executeUpdate("COUNT 1")).isEqualTo(1);
        }
    }

    @Test
    void tooLargeIsAnErrorAndNotTheEnd() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertState("54000", () -> statement.executeQuery("BIG " + (Frames.MESSAGE_BYTES_MAX + 1)));
            assertState("54000", () -> statement.execute("COUNT 1 " + "x".repeat(Frames.MESSAGE_BYTES_MAX)));
            assertThat(statement.executeUpdate("COUNT 1")).isEqualTo(1);
        }
    }

    @Test
    void garbageEndsOnlyItsOwnConnection() throws Exception {
        for (byte[] garbage : List.of(
                "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "PANDOSQ1\u007f\u007f\u007f\u007f".getBytes(StandardCharsets.US_ASCII),
                "PANDOSQ1\u0000\u0000\u0000\u0004aaaa".getBytes(StandardCharsets.US_ASCII),
                "PANDOSQ1\u0000\u0000\u0000\u0000".getBytes(StandardCharsets.US_ASCII))) {
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), server.address().getPort())) {
                socket.setSoTimeout(10_000);
                new DataOutputStream(socket.getOutputStream()).write(garbage);
                while (socket.getInputStream().read() >= 0) {
                    assertThat(socket.isConnected()).isTrue();
                }
            } catch (java.net.SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
        remote().openSession("ada", "pencil").session().close();
    }
}
