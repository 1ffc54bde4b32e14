package dev.pando.jdbc.client;

import dev.pando.jdbc.tls.NodeTls;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.session.PandoSqlState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * Where a server is, and how long to wait for it.
 *
 * @param peerId who must answer there, over TLS; empty for a connection in the clear
 */
record Endpoint(String host, int port, Duration connectTimeout, Duration readTimeout, Optional<PeerId> peerId) {

    /** A connected socket whose reads wait for {@link #connectTimeout} at most. */
    Socket connect() throws SQLException {
        Socket socket = new Socket();
        try {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new UnknownHostException("the host name has no address");
            }
            socket.connect(address, millis(connectTimeout));
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.setSoTimeout(millis(connectTimeout));
            return peerId.isPresent() ? secure(socket, peerId.get()) : socket;
        } catch (IOException e) {
            try {
                socket.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw PandoSqlState.CONNECTION_FAILED.exception(
                    "cannot reach a Pando node at " + this + ": " + e.getMessage(), e);
        }
    }

    private Socket secure(Socket plain, PeerId expected) throws IOException {
        SSLSocket socket =
                (SSLSocket) NodeTls.client(expected).getSocketFactory().createSocket(plain, host, port, true);
        NodeTls.restrict(socket);
        socket.startHandshake();
        return socket;
    }

    static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
