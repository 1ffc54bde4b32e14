package dev.pando.libp2p.noise;

import dev.pando.libp2p.crypto.X25519Pair;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * {@code Noise_XX_25519_ChaChaPoly_SHA256}, one side of it. Not thread-safe.
 *
 * <pre>
 *   -&gt; e
 *   &lt;- e, ee, s, es
 *   -&gt; s, se
 * </pre>
 */
final class XxHandshake {
    private static final String NAME = "Noise_XX_25519_ChaChaPoly_SHA256";
    private static final int KEY_BYTES = X25519Pair.KEY_BYTES;

    private final boolean initiator;
    private final X25519Pair statics;
    private final X25519Pair ephemeral;
    private final SymmetricState symmetric;
    private byte @Nullable [] remoteStatic;
    private byte @Nullable [] remoteEphemeral;
    private int message;

    XxHandshake(boolean initiator, byte[] prologue, X25519Pair statics, X25519Pair ephemeral) {
        this.initiator = initiator;
        this.statics = statics;
        this.ephemeral = ephemeral;
        this.symmetric = new SymmetricState(NAME, prologue);
    }

    /** Whether it is this side's turn to write. */
    boolean mayWrite() {
        return message < 3 && initiator == (message != 1);
    }

    boolean isComplete() {
        return message == 3;
    }

    byte[] write(byte[] payload) throws AEADBadTagException {
        checkTurn(mayWrite());
        byte[] head = switch (message++) {
            case 0 -> writeEphemeral();
            case 1 -> {
                byte[] e = writeEphemeral();
                mix(ephemeral, remoteEphemeral);
                byte[] s = symmetric.encryptAndHash(statics.publicKey());
                mix(statics, remoteEphemeral);
                yield concat(e, s);
            }
            default -> {
                byte[] s = symmetric.encryptAndHash(statics.publicKey());
                mix(statics, remoteEphemeral);
                yield s;
            }
        };
        return concat(head, symmetric.encryptAndHash(payload));
    }

    /**
     * The payload of the other side's next message.
     *
     * @throws AEADBadTagException when it is too short, or not what belongs here
     */
    byte[] read(byte[] bytes) throws AEADBadTagException {
        checkTurn(message < 3 && !mayWrite());
        int at = 0;
        if (message < 2) {
            remoteEphemeral = slice(bytes, at, at += KEY_BYTES);
            symmetric.mixHash(remoteEphemeral);
        }
        if (message == 1) {
            mix(ephemeral, remoteEphemeral);
        }
        if (message > 0) {
            byte[] s = symmetric.decryptAndHash(slice(bytes, at, at += KEY_BYTES + symmetric.overhead()));
            remoteStatic = s;
            mix(ephemeral, s);
        }
        message++;
        return symmetric.decryptAndHash(slice(bytes, at, bytes.length));
    }

    private byte[] writeEphemeral() {
        byte[] e = ephemeral.publicKey();
        symmetric.mixHash(e);
        return e;
    }

    private void mix(X25519Pair ours, byte @Nullable [] theirs) throws AEADBadTagException {
        if (theirs == null) {
            throw new IllegalStateException("their key comes first");
        }
        symmetric.mixKey(ours.agree(theirs).orElseThrow(() -> new AEADBadTagException("a key of small order")));
    }

    private static byte[] slice(byte[] bytes, int from, int to) throws AEADBadTagException {
        if (to > bytes.length) {
            throw new AEADBadTagException("a handshake message of only " + bytes.length + " bytes");
        }
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static void checkTurn(boolean ours) {
        if (!ours) {
            throw new IllegalStateException("it is the other side's turn");
        }
    }

    /** Known once their message with it was read. */
    byte[] remoteStatic() {
        if (remoteStatic == null) {
            throw new IllegalStateException("their static key is not known yet");
        }
        return remoteStatic.clone();
    }

    /** The ciphers to send and to receive with. */
    CipherState[] split() {
        if (!isComplete()) {
            throw new IllegalStateException("the handshake is not complete");
        }
        CipherState[] both = symmetric.split();
        return initiator ? both : new CipherState[] {both[1], both[0]};
    }

    byte[] hash() {
        return symmetric.hash();
    }
}
