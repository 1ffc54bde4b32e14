package dev.pando.libp2p.transport.tcp;

import static dev.pando.libp2p.HostException.Kind.HANDSHAKE_FAILED;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.multistream.Negotiation;
import dev.pando.libp2p.noise.NoiseChannel;
import dev.pando.libp2p.noise.NoiseHandshake;
import dev.pando.libp2p.noise.NoiseIdentity;
import dev.pando.libp2p.yamux.YamuxSession;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a raw connection into an encrypted one with a muxer agreed on, without I/O: agree on Noise, shake hands, and,
 * unless the handshake settled it, agree on Yamux. Not thread-safe.
 */
final class Upgrade {
    /** How far it has come; each stage has a deadline. */
    enum Stage {
        SECURITY,
        HANDSHAKE,
        MUXER,
        DONE
    }

    /** Longer messages of a peer that has proven nothing yet end the handshake. One with an RSA-4096 key has 1,200 bytes. */
    static final int HANDSHAKE_BYTES_MAX = 8_192;

    private final boolean dialer;
    private final Negotiation security;
    private final NoiseHandshake noise;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Stage stage = Stage.SECURITY;
    private @Nullable NoiseChannel channel;
    private @Nullable Negotiation muxer;
    private ByteBuffer early = ByteBuffer.allocate(0);

    Upgrade(boolean dialer, NoiseIdentity identity, @Nullable PeerId expected, SecureRandom random) {
        this.dialer = dialer;
        this.noise = new NoiseHandshake(identity, dialer, expected, random);
        this.security = dialer
                ? Negotiation.dialer(List.of(NoiseHandshake.PROTOCOL))
                : Negotiation.listener(NoiseHandshake.PROTOCOL::equals);
        put(security.output());
        if (dialer) {
            /* Behind the proposal, without waiting for the answer: there is no other, and it saves a round trip. */
            speakFirst();
        }
    }

    private void speakFirst() {
        try {
            speak();
        } catch (HostException e) {
            throw new IllegalStateException("nothing can be wrong before the first word", e);
        }
    }

    Stage stage() {
        return stage;
    }

    /** What is to be sent now. Call after creation and after each {@link #receive}. */
    byte[] output() {
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }

    /** Takes whole messages from {@code bytes}; what remains is to be given again, with more behind it. */
    void receive(ByteBuffer bytes) throws HostException {
        if (stage == Stage.SECURITY) {
            security.receive(bytes);
            put(security.output());
            if (security.agreed().isPresent()) {
                stage = Stage.HANDSHAKE;
                speak();
            }
        }
        while (stage == Stage.HANDSHAKE || stage == Stage.MUXER) {
            Optional<byte[]> frame = frame(bytes);
            if (frame.isEmpty()) {
                return;
            }
            if (stage == Stage.HANDSHAKE) {
                noise.receive(frame.get());
                speak();
            } else {
                onMuxerFrame(frame.get());
            }
        }
    }

    private Optional<byte[]> frame(ByteBuffer bytes) throws HostException {
        if (bytes.remaining() < NoiseChannel.LENGTH_BYTES) {
            return Optional.empty();
        }
        int length = bytes.getShort(bytes.position()) & 0xffff;
        if (length > HANDSHAKE_BYTES_MAX && stage == Stage.HANDSHAKE) {
            throw new HostException(
                    HANDSHAKE_FAILED,
                    "a handshake message of " + length + " bytes; at most " + HANDSHAKE_BYTES_MAX + " are taken");
        }
        if (bytes.remaining() < NoiseChannel.LENGTH_BYTES + length) {
            return Optional.empty();
        }
        byte[] frame = new byte[length];
        bytes.getShort();
        bytes.get(frame);
        return Optional.of(frame);
    }

    private void speak() throws HostException {
        Optional<byte[]> message = noise.next();
        if (message.isPresent()) {
            int length = message.get().length;
            out.write(length >>> 8);
            out.write(length);
            out.writeBytes(message.get());
        }
        if (!noise.isComplete()) {
            return;
        }
        channel = noise.channel();
        if (noise.muxer().isPresent()) {
            stage = Stage.DONE;
        } else {
            stage = Stage.MUXER;
            muxer = dialer
                    ? Negotiation.dialer(List.of(YamuxSession.PROTOCOL))
                    : Negotiation.listener(YamuxSession.PROTOCOL::equals);
            seal(channel, muxer.output());
        }
    }

    private void onMuxerFrame(byte[] frame) throws HostException {
        if (channel == null || muxer == null) {
            throw new IllegalStateException("the muxer is agreed on after the handshake");
        }
        var plain = ByteBuffer.wrap(channel.open(frame, 0, frame.length));
        muxer.receive(plain);
        seal(channel, muxer.output());
        if (muxer.agreed().isPresent()) {
            stage = Stage.DONE;
            early = plain;
        }
    }

    private void seal(NoiseChannel channel, ByteBuffer plain) {
        if (plain.hasRemaining()) {
            byte[] bytes = new byte[plain.remaining()];
            plain.get(bytes);
            byte[] frame = new byte[bytes.length + NoiseChannel.FRAME_OVERHEAD];
            channel.seal(bytes, bytes.length, frame);
            out.writeBytes(frame);
        }
    }

    private void put(ByteBuffer bytes) {
        out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    /** The encrypted channel, once done. */
    NoiseChannel channel() {
        if (channel == null) {
            throw new IllegalStateException("the handshake is not complete");
        }
        return channel;
    }

    PublicKey remoteKey() {
        return noise.remoteKey();
    }

    /** What the peer sent to the muxer already. */
    ByteBuffer early() {
        return early;
    }
}
