package dev.pando.jdbc.client;

import dev.pando.sql.session.PandoSqlState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;

/** Where a server is, and how long to wait for it. */
record Endpoint(String host, int port, Duration connectTimeout, Duration readTimeout) {

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
            return socket;
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

    static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
