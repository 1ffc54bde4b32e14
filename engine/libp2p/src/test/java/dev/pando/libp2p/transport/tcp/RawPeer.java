package dev.pando.libp2p.transport.tcp;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.noise.NoiseChannel;
import dev.pando.libp2p.noise.NoiseIdentity;
import dev.pando.libp2p.yamux.YamuxSession;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** A peer that says what the test wants, over a plain blocking socket: it keeps no rule that the test does not. */
final class RawPeer implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private NoiseChannel channel;
    private int lastStream = -1;

    RawPeer(Multiaddr address) throws IOException {
        this(address, new InetSocketAddress(0));
    }

    /** One that comes from the address {@code local} of this machine. */
    static RawPeer from(String local, Multiaddr address) throws IOException {
        return new RawPeer(address, new InetSocketAddress(local, 0));
    }

    private RawPeer(Multiaddr address, InetSocketAddress local) throws IOException {
        socket.bind(local);
        int port = Integer.parseInt(address.components().get(1).value());
        socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** One that has come through the handshake. */
    static RawPeer secured(Multiaddr address, KeyPair identity) throws IOException {
        var peer = new RawPeer(address);
        peer.shakeHands(identity, Upgrade.Stage.DONE);
        return peer;
    }

    /** Goes on with the handshake until {@code end} is reached. */
    void shakeHands(KeyPair identity, Upgrade.Stage end) throws IOException {
        boolean early = end == Upgrade.Stage.DONE;
        var muxers = early ? List.of(YamuxSession.PROTOCOL) : List.<String>of();
        var upgrade = new Upgrade(true, NoiseIdentity.create(identity, muxers, RANDOM), null, RANDOM);
        var received = new ByteArrayOutputStream();
        send(upgrade.output());
        while (upgrade.stage().compareTo(end) < 0) {
            received.write(in.readByte());
            var bytes = ByteBuffer.wrap(received.toByteArray());
            upgrade.receive(bytes);
            received.reset();
            received.write(bytes.array(), bytes.position(), bytes.remaining());
            send(end == Upgrade.Stage.MUXER && upgrade.stage() == end ? new byte[0] : upgrade.output());
        }
        channel = upgrade.stage() == Upgrade.Stage.DONE ? upgrade.channel() : null;
    }

    /** Whether the other side has not closed yet. What it says is lost. */
    boolean isOpen() {
        try {
            socket.setSoTimeout(1);
            return in.read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends one byte, then reads what comes within {@code pace}. Throws when the other side has closed. */
    void drip(byte b, Duration pace) throws IOException {
        send(b);
        socket.setSoTimeout((int) pace.toMillis());
        try {
            if (in.read(new byte[1_024]) < 0) {
                throw new IOException("closed");
            }
        } catch (SocketTimeoutException e) {
            return; // nothing came: time for the next byte
        }
    }

    /** Sends {@code plain} over the encrypted channel. */
    synchronized void sendSealed(byte[] plain) throws IOException {
        for (int at = 0; at < plain.length; at += NoiseChannel.PLAIN_BYTES_MAX) {
            int n = Math.min(plain.length - at, NoiseChannel.PLAIN_BYTES_MAX);
            byte[] part = Arrays.copyOfRange(plain, at, at + n);
            byte[] frame = new byte[n + NoiseChannel.FRAME_OVERHEAD];
            channel.seal(part, n, frame);
            send(frame);
        }
    }

    static byte[] frame(int type, int flags, int stream, int length, byte... payload) {
        return ByteBuffer.allocate(12 + payload.length)
                .put((byte) 0)
                .put((byte) type)
                .putShort((short) flags)
                .putInt(stream)
                .putInt(length)
                .put(payload)
                .array();
    }

    static byte[] data(int flags, int stream, byte... payload) {
        return frame(0, flags, stream, payload.length, payload);
    }

    /** What proposes {@code protocol} on a new stream. */
    static byte[] proposal(String protocol) {
        return ("\u0013/multistream/1.0.0\n" + (char) (protocol.length() + 1) + protocol + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Opens a stream and proposes {@code protocol} on it; its number. */
    int open(String protocol) throws IOException {
        lastStream += 2;
        sendSealed(data(1, lastStream, proposal(protocol)));
        return lastStream;
    }

    /** The next plaintext from the channel. */
    byte[] receiveSealed() throws IOException {
        byte[] frame = new byte[in.readUnsignedShort()];
        in.readFully(frame);
        try {
            return channel.open(frame, 0, frame.length);
        } catch (HostException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads and drops what comes until the other side closes; how long that took. */
    Duration untilClosed() throws IOException {
        long start = System.nanoTime();
        try {
            while (in.read(new byte[65_536]) >= 0) {
                if (System.nanoTime() - start
                        > Duration.ofMillis(TIMEOUT_MILLIS).toNanos()) {
                    throw new AssertionError("the connection stays open");
                }
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection stays open", e);
        } catch (IOException e) {
            return Duration.ofNanos(System.nanoTime() - start); // closed with a reset
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    // ---- keeping the rules of the muxer, so as to break those of a protocol

    private static final int WINDOW = 256 << 10;
    private static final Duration HELD_BACK = Duration.ofMillis(500);

    private final Map<Integer, Integer> windows = new ConcurrentHashMap<>();
    private final Set<Integer> agreed = new HashSet<>();
    private volatile long received;

    /** From now on reads all that comes, in a thread of its own; agrees to {@code protocol} on streams opened to it. */
    void serves(String protocol) {
        var reader = new Thread(() -> {
            var bytes = ByteBuffer.allocate(1 << 20).flip();
            try {
                while (true) {
                    bytes.compact().put(receiveSealed()).flip();
                    while (bytes.remaining() >= 12) {
                        int length = bytes.get(bytes.position() + 1) == 0 ? bytes.getInt(bytes.position() + 8) : 0;
                        if (bytes.remaining() < 12 + length) {
                            break;
                        }
                        onFrame(bytes, protocol);
                    }
                }
            } catch (IOException e) {
                return; // thrown out, or closed
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    private void onFrame(ByteBuffer bytes, String protocol) throws IOException {
        int type = bytes.getShort();
        int flags = bytes.getShort();
        int stream = bytes.getInt();
        int length = bytes.getInt();
        if (type == 2 && (flags & 1) != 0) {
            sendSealed(frame(2, 2, 0, length));
        } else if (type == 1) {
            windows.merge(stream, length, Integer::sum);
        } else if (type == 0 && length > 0) {
            byte[] payload = new byte[length];
            bytes.get(payload);
            received += length;
            sendSealed(frame(1, 0, stream, length));
            if (stream % 2 == 0 && agreed.add(stream)) {
                boolean ours = new String(payload, StandardCharsets.ISO_8859_1).contains(protocol);
                sendSealed(ours ? data(2, stream, proposal(protocol)) : frame(1, 8, stream, 0));
            }
        }
    }

    /** Bytes of streams that have come in since it {@link #serves}. */
    long received() {
        return received;
    }

    /** Sends {@code message} when the stream's window has room for it, or gets it soon; whether it did. */
    boolean sendData(int stream, byte[] message) throws IOException {
        long end = System.nanoTime() + HELD_BACK.toNanos();
        windows.putIfAbsent(stream, 0);
        /* What proposed the protocol is in the window as well. */
        while (WINDOW - 256 + windows.get(stream) < message.length) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(100_000);
        }
        windows.merge(stream, -message.length, Integer::sum);
        for (int at = 0; at < message.length; at += 16 << 10) {
            sendSealed(data(0, stream, Arrays.copyOfRange(message, at, Math.min(message.length, at + (16 << 10)))));
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
