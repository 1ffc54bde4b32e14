package dev.pando.libp2p.mdns;

import dev.pando.libp2p.Host;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells the local network where a {@link Host} listens, and learns where others do: every {@link #INTERVAL} it asks, and
 * it answers when it is asked. What it learns goes to the host as addresses to try. Anybody on the network can answer
 * for anybody: who a peer is, only its connection proves. Thread-safe; has a thread of its own.
 */
public final class MdnsDiscovery implements AutoCloseable {
    /** The port of multicast DNS. */
    public static final int PORT = 5353;

    /** Between two questions. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Answers at once; further questions wait for the next {@link #ANSWER_EVERY}, and one that finds none is asked again. */
    private static final int ANSWERS_BURST = 16;

    private static final Duration ANSWER_EVERY = Duration.ofMillis(250);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final int POLL_MILLIS = 200;
    private static final Logger LOG = System.getLogger(MdnsDiscovery.class.getName());

    private final Host host;
    private final Consumer<PeerId> found;
    private final MdnsProtocol protocol;
    private final InetSocketAddress group;
    private final MulticastSocket socket;
    private final Thread thread;
    private final Set<NetworkInterface> joined = new HashSet<>();
    private int answersLeft = ANSWERS_BURST;
    private long lastAnswerNanos = System.nanoTime();
    private volatile boolean closed;

    /**
     * Begins to ask and to answer.
     *
     * @param found told of each peer that answered, on the thread of this; the host knows its addresses by then
     * @param port {@link #PORT}, or another one for a network of one's own
     * @throws IOException when the port cannot be had
     */
    public static MdnsDiscovery start(
            Host host, SecureRandom random, int port, String threadPrefix, Consumer<PeerId> found) throws IOException {
        var discovery = new MdnsDiscovery(host, random, port, threadPrefix, found);
        discovery.thread.start();
        return discovery;
    }

    private MdnsDiscovery(Host host, SecureRandom random, int port, String threadPrefix, Consumer<PeerId> found)
            throws IOException {
        this.host = host;
        this.found = found;
        this.protocol = new MdnsProtocol(host.peerId(), random);
        this.group = new InetSocketAddress(
                InetAddress.getByAddress("mdns", new byte[] {(byte) 224, 0, 0, (byte) 251}), port);
        this.socket = new MulticastSocket(port);
        socket.setSoTimeout(POLL_MILLIS);
        socket.setTimeToLive(255);
        this.thread = new Thread(this::run, threadPrefix + "pando-net-mdns");
        thread.setDaemon(true);
    }

    private void run() {
        long nextQuery = System.nanoTime();
        while (!closed) {
            try {
                if (System.nanoTime() - nextQuery >= 0) {
                    nextQuery += INTERVAL.toNanos();
                    joinNew();
                    send(protocol.query());
                }
                var packet = new DatagramPacket(new byte[MdnsPacket.BYTES_MAX], MdnsPacket.BYTES_MAX);
                socket.receive(packet);
                receive(MdnsPacket.decode(Arrays.copyOf(packet.getData(), packet.getLength())));
            } catch (SocketTimeoutException e) {
                continue; // nobody said anything
            } catch (IllegalArgumentException e) {
                LOG.log(Level.TRACE, "not for us: " + e.getMessage());
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    LOG.log(Level.WARNING, "cannot look for peers on the local network for a moment", e);
                    nextQuery = System.nanoTime() + INTERVAL.toNanos();
                }
            }
        }
    }

    /* Interfaces come and go: a laptop that joins a network finds its peers there. */
    private void joinNew() throws SocketException {
        var present = Collections.list(NetworkInterface.getNetworkInterfaces());
        joined.retainAll(present);
        for (var network : present) {
            if (network.isUp() && network.supportsMulticast() && !network.isLoopback() && !joined.contains(network)) {
                try {
                    socket.joinGroup(group, network);
                    joined.add(network);
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, () -> "no multicast on " + network.getName() + ": " + e);
                }
            }
        }
    }

    private void send(MdnsPacket packet) {
        byte[] bytes = packet.encode();
        for (var network : joined) {
            try {
                socket.setNetworkInterface(network);
                socket.send(new DatagramPacket(bytes, bytes.length, group));
            } catch (IOException e) {
                LOG.log(Level.DEBUG, () -> "cannot ask on " + network.getName() + ": " + e);
            }
        }
    }

    private void receive(MdnsPacket packet) {
        if (packet.response()) {
            protocol.found(packet).ifPresent(this::onFound);
        } else if (mayAnswer()) {
            var addresses = host.addresses().stream()
                    .filter(address -> !address.isLoopback())
                    .map(Multiaddr::withoutPeerId)
                    .toList();
            protocol.answer(packet, addresses).ifPresent(answer -> {
                answersLeft--;
                send(answer);
            });
        }
    }

    private boolean mayAnswer() {
        long refilled = (System.nanoTime() - lastAnswerNanos) / ANSWER_EVERY.toNanos();
        if (refilled > 0) {
            answersLeft = (int) Math.min(ANSWERS_BURST, answersLeft + refilled);
            lastAnswerNanos += refilled * ANSWER_EVERY.toNanos();
        }
        return answersLeft > 0;
    }

    private void onFound(MdnsProtocol.Found peer) {
        peer.addresses().forEach(address -> host.addAddress(peer.peer(), address));
        found.accept(peer.peer());
    }

    /** Ends when its thread has. */
    @Override
    public void close() {
        closed = true;
        socket.close();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
