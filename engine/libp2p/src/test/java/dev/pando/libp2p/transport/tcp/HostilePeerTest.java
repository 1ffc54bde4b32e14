package dev.pando.libp2p.transport.tcp;

import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.pb.IdentifyMessage;
import dev.pando.libp2p.record.PeerRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strangers may try below the protocols; see {@link UnderAttack} for what is asserted of every attack. */
class HostilePeerTest extends UnderAttack {
    private static final String NEVER_READS = "/test/never-reads/1.0.0";

    private final List<Identify> identified = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serve() {
        victim.handle(NEVER_READS, stream -> {});
        victim.addListener(new HostListener() {
            @Override
            public void onIdentified(PeerId peer, Identify info) {
                identified.add(info);
            }
        });
    }

    @Test
    void throwsOutWhoSaysNothing() throws Exception {
        assertThat(attacker().untilClosed()).isBetween(STAGE.dividedBy(2), HANDSHAKE);
    }

    @Test
    void throwsOutWhoStopsWithinTheNegotiation() throws Exception {
        var peer = attacker();
        peer.send((byte) 19, (byte) '/', (byte) 'm');
        assertThat(peer.untilClosed()).isLessThan(HANDSHAKE);
    }

    @Test
    void throwsOutWhoDripsByteByByte() throws Exception {
        var peer = attacker();
        var text = "\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes();
        long start = System.nanoTime();
        assertThatThrownBy(() -> {
                    for (int i = 0; ; i++) {
                        peer.drip(text[i % text.length], Duration.ofMillis(60));
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(HANDSHAKE.plus(STAGE));
    }

    @Test
    void throwsOutWhoStopsWithinTheHandshake() throws Exception {
        var peer = attacker();
        peer.send("\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes());
        assertThat(peer.untilClosed()).isLessThan(HANDSHAKE);
    }

    @Test
    void throwsOutWhoStopsBeforeTheMuxer() throws Exception {
        var peer = attacker();
        peer.shakeHands(key(9), Upgrade.Stage.MUXER);
        assertThat(peer.untilClosed()).isLessThan(HANDSHAKE);
        assertThat(victim.isConnected(ATTACKER)).isFalse();
    }

    @Test
    void resetsAStreamThatNeverNamesAProtocol() throws Exception {
        var peer = secured();
        peer.sendSealed(RawPeer.data(1, 1, (byte) 19, (byte) '/'));
        until("the stream is reset", () -> {
            try {
                return hasReset(peer.receiveSealed(), 1);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(victim.isConnected(ATTACKER)).isTrue();
    }

    private static boolean hasReset(byte[] plain, int stream) {
        for (var bytes = ByteBuffer.wrap(plain); bytes.remaining() >= 12; ) {
            int type = bytes.getShort();
            int flags = bytes.getShort();
            int id = bytes.getInt();
            int length = bytes.getInt();
            if (id == stream && (flags & 8) != 0) {
                return true;
            }
            if (type == 0) {
                bytes.position(Math.min(bytes.limit(), bytes.position() + length));
            }
        }
        return false;
    }

    @Test
    void throwsOutAtOnceWhoSpeaksSomethingElse() throws Exception {
        var random = new Random(1);
        for (int i = 0; i < 50; i++) {
            try (var peer = new RawPeer(address())) {
                byte[] garbage = new byte[1 + random.nextInt(5_000)];
                random.nextBytes(garbage);
                garbage[0] |= 0x40; // announces a message of 64 bytes or more
                peer.send(i == 0 ? "GET / HTTP/1.1\r\n\r\n".repeat(8).getBytes() : garbage);
                assertThat(peer.untilClosed()).isLessThan(HANDSHAKE.plus(STAGE));
            }
        }
    }

    @Test
    void takesNoGiantHandshakeMessage() throws Exception {
        var peer = attacker();
        peer.send("\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes());
        peer.send((byte) 0xff, (byte) 0xff);
        assertThat(peer.untilClosed()).isLessThan(STAGE);
    }

    @Test
    void throwsOutWhoSendsASpoiledFrame() throws Exception {
        var peer = secured();
        until("it is connected", () -> victim.isConnected(ATTACKER));
        peer.send(new byte[] {0, 32});
        peer.send(new byte[32]);
        assertThat(peer.untilClosed()).isLessThan(HANDSHAKE);
    }

    @Test
    void throwsOutWhoOverrunsAWindow() throws Exception {
        var peer = secured();
        int stream = peer.open(NEVER_READS);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        peer.sendSealed(RawPeer.data(0, stream, new byte[16 << 10]));
                    }
                })
                .as("the connection is closed before all is sent")
                .isInstanceOf(IOException.class);
        until("it is gone", () -> !victim.isConnected(ATTACKER));
    }

    @Test
    void holdsLittleForWhoeverFillsAllTheWindowsItHas() throws Exception {
        var peer = secured();
        long before = heldBytes();
        byte[] chunk = new byte[16 << 10];
        for (int i = 0; i < HostLimits.DEFAULT.inboundStreamsPerProtocolMax(); i++) {
            int stream = peer.open(NEVER_READS);
            for (int j = 0; j < 15; j++) {
                peer.sendSealed(RawPeer.data(0, stream, chunk));
            }
            honestWorks();
        }
        assertThat(heldBytes() - before).isLessThan(HELD_BYTES_MAX);
    }

    @Test
    void holdsLittleForWhoeverDoesNotReadTheAnswers() throws Exception {
        var peer = secured();
        long before = heldBytes();
        for (int i = 0; i < 16; i++) {
            int stream = peer.open(ECHO);
            for (int j = 0; j < 15; j++) {
                peer.sendSealed(RawPeer.data(0, stream, new byte[16 << 10]));
            }
            peer.sendSealed(RawPeer.frame(1, 0, stream, 1 << 24));
            honestWorks();
        }
        assertThat(heldBytes() - before).isLessThan(HELD_BYTES_MAX);
    }

    @Test
    void throwsOutWhoFloodsWithStreams() throws Exception {
        var peer = secured();
        long before = heldBytes();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        var batch = ByteBuffer.allocate(12 * 1_000);
                        for (int j = 0; j < 1_000; j++) {
                            batch.put(RawPeer.frame(1, 1, 2 * (1_000 * i + j) + 1, 0));
                        }
                        peer.sendSealed(batch.array());
                        honestWorks();
                    }
                })
                .isInstanceOf(IOException.class);
        until("it is gone", () -> !victim.isConnected(ATTACKER));
        assertThat(heldBytes() - before).isLessThan(HELD_BYTES_MAX);
    }

    @Test
    void throwsOutWhoFloodsWithPingsAndReadsNoAnswer() throws Exception {
        var peer = secured();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        peer.sendSealed(RawPeer.frame(2, 1, 0, i));
                    }
                })
                .isInstanceOf(IOException.class);
        until("it is gone", () -> !victim.isConnected(ATTACKER));
    }

    @Test
    void livesOnAfterAnOrderlyGoodbye() throws Exception {
        var peer = secured();
        until("it is connected", () -> victim.isConnected(ATTACKER));
        peer.sendSealed(RawPeer.frame(3, 0, 0, 0));
        until("it is gone", () -> !victim.isConnected(ATTACKER));
    }

    @Test
    void believesNoPushedLies() throws Exception {
        var peer = secured();
        until("it is connected", () -> victim.isConnected(ATTACKER));
        var somewhere = Multiaddr.parse("/ip4/192.0.2.1/tcp/1");
        byte[] others = new PeerRecord(key(2).peerId(), 1, List.of(somewhere)).seal(key(2));
        byte[] forged = new PeerRecord(ATTACKER, 1, List.of(somewhere)).seal(key(8));
        var lies = List.of(
                IdentifyMessage.newBuilder()
                        .setPublicKey(ByteString.copyFrom(key(2).publicKey().toBytes()))
                        .build(),
                IdentifyMessage.newBuilder()
                        .setPublicKey(ByteString.copyFrom(new byte[100]))
                        .build(),
                IdentifyMessage.newBuilder()
                        .setSignedPeerRecord(ByteString.copyFrom(others))
                        .build(),
                IdentifyMessage.newBuilder()
                        .setSignedPeerRecord(ByteString.copyFrom(forged))
                        .build());
        for (var lie : lies) {
            push(peer, lengthPrefixed(lie.toByteArray()));
        }
        push(peer, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f});
        push(peer, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x01});
        push(peer, new byte[] {3, 0x12, 0x7f, 0});
        push(peer, lengthPrefixed(new byte[] {0x0b, 0x0b, 0x0b, 0x0b}));
        var truth = IdentifyMessage.newBuilder().addProtocols("/true").build();
        push(peer, lengthPrefixed(truth.toByteArray()));
        until(
                "the truth is heard",
                () -> identified.stream().anyMatch(i -> i.protocols().contains("/true")));
        assertThat(identified.stream().filter(i -> i.peer().equals(ATTACKER))).hasSize(1);
        assertThat(victim.knownAddresses(ATTACKER)).isEmpty();
        assertThat(victim.knownAddresses(key(2).peerId())).doesNotContain(somewhere);
    }

    private static void push(RawPeer peer, byte[] bytes) throws IOException {
        int stream = peer.open("/ipfs/id/push/1.0.0");
        peer.sendSealed(RawPeer.data(0, stream, bytes));
        peer.sendSealed(RawPeer.data(4, stream));
    }

    @Test
    void throwsOutWhoAnnouncesAGiantFrame() throws Exception {
        for (int length : new int[] {1 << 30, -1, HostLimits.DEFAULT.streamWindowMax() + 1}) {
            var peer = secured();
            int stream = peer.open(NEVER_READS);
            peer.sendSealed(RawPeer.frame(0, 0, stream, length));
            assertThat(peer.untilClosed()).isLessThan(HANDSHAKE);
            until("it is gone", () -> !victim.isConnected(ATTACKER));
        }
    }

    @Test
    void throwsOutWhoFloodsStreamsThatAreClosed() throws Exception {
        var peer = secured();
        int stream = peer.open(NEVER_READS);
        peer.sendSealed(RawPeer.frame(1, 8, stream, 0));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        var batch = ByteBuffer.allocate(112 * 500);
                        for (int j = 0; j < 500; j++) {
                            batch.put(RawPeer.data(0, stream, new byte[100]));
                        }
                        peer.sendSealed(batch.array());
                    }
                })
                .isInstanceOf(IOException.class);
        until("it is gone", () -> !victim.isConnected(ATTACKER));
    }

    @Test
    void throwsOutWhoseLengthsOverflow() throws Exception {
        byte[] overflowing = {
            (byte) 0xff,
            (byte) 0xff,
            (byte) 0xff,
            (byte) 0xff,
            (byte) 0xff,
            (byte) 0xff,
            (byte) 0xff,
            (byte) 0xff,
            (byte) 0xff,
            (byte) 0xff,
            0x01
        };
        var peer = attacker();
        peer.send(overflowing);
        assertThat(peer.untilClosed()).isLessThan(STAGE);

        var inside = secured();
        inside.sendSealed(RawPeer.data(1, 1, overflowing));
        until("the stream is reset", () -> {
            try {
                return hasReset(inside.receiveSealed(), 1);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void resetsStreamsWithNestedOrTruncatedMessages() throws Exception {
        var peer = secured();
        byte[] nested = new byte[8_000];
        java.util.Arrays.fill(nested, (byte) 0x0b);
        for (byte[] message : new byte[][] {nested, {0x12, 0x7f}, {0x08}, {(byte) 0xff, (byte) 0xff}}) {
            for (int i = 0; i < 50; i++) {
                push(peer, lengthPrefixed(message));
            }
        }
        byte[] truth =
                IdentifyMessage.newBuilder().addProtocols("/true").build().toByteArray();
        /* Pushes at once are limited too: it is told until it is heard. */
        until("the truth is heard", () -> {
            try {
                push(peer, lengthPrefixed(truth));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return identified.stream().anyMatch(heard -> heard.protocols().contains("/true"));
        });
        assertThat(identified.stream().filter(heard -> heard.peer().equals(ATTACKER)))
                .allSatisfy(heard -> assertThat(heard.protocols()).containsExactly("/true"));
    }

    @Test
    void letsNoAddressHaveAllConnections() throws Exception {
        var all = new ArrayList<RawPeer>();
        for (int i = 0; i < 1_000; i++) {
            all.add(attacker());
        }
        /* Those of one stage, and those that came when its time was up. */
        assertThat(all.stream().filter(RawPeer::isOpen))
                .hasSizeLessThanOrEqualTo(2 * HostLimits.DEFAULT.handshakesPerAddressMax());
        assertThat(victim.connections().size()).isLessThanOrEqualTo(1);
        /* Whoever comes from elsewhere is let in while they hang on. */
        try (var newcomer = RawPeer.from("127.0.0.2", address())) {
            newcomer.shakeHands(key(7), Upgrade.Stage.DONE);
            until("the newcomer is in", () -> victim.isConnected(key(7).peerId()));
        }
    }
}
