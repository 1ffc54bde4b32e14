package dev.pando.libp2p.noise;

import static dev.pando.libp2p.HostException.Kind.HANDSHAKE_FAILED;
import static dev.pando.libp2p.HostException.Kind.WRONG_IDENTITY;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.crypto.X25519Pair;
import dev.pando.libp2p.pb.NoiseHandshakePayload;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * The {@code /noise} handshake of libp2p, one side of it: {@link XxHandshake} with payloads that bind the Noise keys to
 * the peers' identities and carry the muxers they speak. Not thread-safe.
 */
public final class NoiseHandshake {
    /** What multistream-select calls it. */
    public static final String PROTOCOL = "/noise";

    /** A peer that announces more than this is refused: nobody speaks so many. */
    private static final int MUXERS_MAX = 16;

    private final NoiseIdentity identity;
    private final boolean initiator;
    private final @Nullable PeerId expected;
    private final XxHandshake xx;
    private @Nullable PublicKey remoteKey;
    private Optional<String> muxer = Optional.empty();

    /** @param expected who must answer; null when anybody may */
    public NoiseHandshake(NoiseIdentity identity, boolean initiator, @Nullable PeerId expected, SecureRandom random) {
        this.identity = identity;
        this.initiator = initiator;
        this.expected = expected;
        this.xx = new XxHandshake(initiator, new byte[0], identity.statics(), X25519Pair.generate(random));
    }

    /** The next message to send, or empty when it is the other side's turn or all is said. */
    public Optional<byte[]> next() throws HostException {
        if (!xx.mayWrite()) {
            return Optional.empty();
        }
        try {
            boolean first = initiator && remoteKey == null;
            return Optional.of(xx.write(first ? new byte[0] : identity.payload()));
        } catch (AEADBadTagException e) {
            throw failed(e);
        }
    }

    /** Takes the other side's next message. */
    public void receive(byte[] message) throws HostException {
        if (xx.mayWrite() || xx.isComplete()) {
            throw new HostException(HANDSHAKE_FAILED, "a handshake message too many");
        }
        byte[] payload;
        try {
            payload = xx.read(message);
        } catch (AEADBadTagException e) {
            throw failed(e);
        }
        boolean firstOfInitiator = !initiator && !xx.isComplete();
        if (!firstOfInitiator) {
            readPayload(payload);
        }
    }

    private static HostException failed(AEADBadTagException e) {
        return new HostException(HANDSHAKE_FAILED, "the Noise handshake was spoiled: " + e.getMessage(), e);
    }

    private void readPayload(byte[] bytes) throws HostException {
        NoiseHandshakePayload payload;
        PublicKey key;
        try {
            payload = NoiseHandshakePayload.parseFrom(bytes);
            key = PublicKey.fromBytes(payload.getIdentityKey().toByteArray());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new HostException(HANDSHAKE_FAILED, "a malformed Noise payload: " + e.getMessage(), e);
        }
        if (!identity.proven()
                .verify(key, xx.remoteStatic(), payload.getIdentitySig().toByteArray())) {
            throw new HostException(
                    WRONG_IDENTITY, "the Noise key is not signed by the identity that it is shown with");
        }
        var peer = PeerId.of(key);
        if (expected != null && !expected.equals(peer)) {
            throw new HostException(WRONG_IDENTITY, "expected " + expected + " but " + peer + " answered");
        }
        var theirs = payload.getExtensions().getStreamMuxersList();
        if (theirs.size() > MUXERS_MAX) {
            throw new HostException(
                    HANDSHAKE_FAILED, theirs.size() + " muxers announced; at most " + MUXERS_MAX + " are taken");
        }
        var firsts = initiator ? identity.muxers() : theirs;
        var others = initiator ? theirs : identity.muxers();
        muxer = firsts.stream().filter(others::contains).findFirst();
        remoteKey = key;
    }

    public boolean isComplete() {
        return xx.isComplete();
    }

    /** Whose handshake this was, proven; only when it is complete. */
    public PublicKey remoteKey() {
        if (remoteKey == null) {
            throw new IllegalStateException("the handshake is not complete");
        }
        return remoteKey;
    }

    /** The muxer agreed on by the way; empty leaves it to multistream-select. */
    public Optional<String> muxer() {
        return muxer;
    }

    /** The channel that follows; only when the handshake is complete. */
    public NoiseChannel channel() {
        CipherState[] ciphers = xx.split();
        return new NoiseChannel(ciphers[0], ciphers[1]);
    }
}
