package dev.pando.jdbc.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A forwarder on loopback in front of a port: the demo's network cable, which can be pulled and put back. */
final class CuttableLink implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int BACKLOG = 16;

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = Collections.newSetFromMap(new ConcurrentHashMap<>());
    private volatile boolean cut;

    CuttableLink(int targetPort) throws IOException {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        start("accept", this::acceptLoop);
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "pando-demo-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptLoop() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                forward(near);
            } catch (IOException e) {
                /* The listener was closed: the demo is over. */
                return;
            }
        }
    }

    private void forward(Socket near) throws IOException {
        sockets.add(near);
        if (cut) {
            end(near);
            return;
        }
        Socket far = new Socket();
        try {
            far.connect(target);
        } catch (IOException e) {
            end(near);
            end(far);
            return;
        }
        sockets.add(far);
        if (cut) {
            end(near);
            end(far);
            return;
        }
        start("out", () -> pump(near, far));
        start("in", () -> pump(far, near));
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            /* One side went: the other is closed below, which is all that a cable can do. */
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            /* A socket that does not close is closed already. */
        }
    }

    /** Ends what goes through, and lets nothing more. */
    void cut() {
        cut = true;
        sockets.forEach(this::end);
    }

    /** Lets new connections through. */
    void mend() {
        cut = false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
