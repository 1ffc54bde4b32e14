package dev.pando.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for what must be told its port: below those that systems give to connections, which might take it meanwhile. */
final class UnusedPort {
    private static final int FIRST = 20_000;
    private static final int END = 32_000;

    private UnusedPort() {}

    static int find() throws IOException {
        for (int attempt = 1; ; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (var socket = new ServerSocket(candidate, 1, InetAddress.getByName("127.0.0.1"))) {
                return socket.getLocalPort();
            } catch (BindException e) {
                assertThat(attempt).as("ports that are in use").isLessThan(100);
            }
        }
    }
}
