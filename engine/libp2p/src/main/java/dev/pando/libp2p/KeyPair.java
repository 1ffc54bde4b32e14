package dev.pando.libp2p;

import dev.pando.libp2p.crypto.Ed25519Keys;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** An Ed25519 identity with its private half. Immutable; {@link #toString} shows the public half only. */
public final class KeyPair {
    public static final int SEED_BYTES = 32;

    /** Type = Ed25519, Data of 64 bytes: private ‖ public. */
    private static final byte[] PREFIX_64 = {0x08, 0x01, 0x12, 0x40};

    /** As above with the public half once more, as old versions wrote it. */
    private static final byte[] PREFIX_96 = {0x08, 0x01, 0x12, 0x60};

    private final byte[] seed;
    private final byte[] raw;
    private final PublicKey publicKey;
    private final PeerId peerId;
    private final Ed25519Keys.Signer signer;

    private KeyPair(byte[] seed) {
        this.seed = seed;
        this.raw = new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
        this.publicKey = PublicKey.of(KeyType.ED25519, raw);
        this.peerId = PeerId.of(publicKey);
        this.signer = Ed25519Keys.signer(seed, raw);
    }

    public static KeyPair generate(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new KeyPair(seed);
    }

    /** The pair that RFC 8032 derives from {@code seed}, the same each time. */
    public static KeyPair fromSeed(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("expected a seed of " + SEED_BYTES + " bytes, got " + seed.length);
        }
        return new KeyPair(seed.clone());
    }

    /**
     * Reads the protobuf form {@code PrivateKey{Type = 1, Data = 2}} that libp2p programs keep keys in.
     *
     * @throws IllegalArgumentException when it is not one of an Ed25519 key, or its halves do not belong together
     */
    public static KeyPair fromBytes(byte[] bytes) {
        boolean known = bytes.length == 68 && startsWith(bytes, PREFIX_64)
                || bytes.length == 100 && startsWith(bytes, PREFIX_96);
        if (!known) {
            throw new IllegalArgumentException(
                    "not a protobuf Ed25519 private key of 68 or 100 bytes (got " + bytes.length + ")");
        }
        var pair = new KeyPair(Arrays.copyOfRange(bytes, 4, 36));
        for (int at = 36; at < bytes.length; at += 32) {
            if (!Arrays.equals(pair.raw, Arrays.copyOfRange(bytes, at, at + 32))) {
                throw new IllegalArgumentException("the private and the public half of the key do not belong together");
            }
        }
        return pair;
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return Arrays.equals(prefix, Arrays.copyOf(bytes, prefix.length));
    }

    /** The protobuf form that {@link #fromBytes} reads. Secret. */
    public byte[] toBytes() {
        byte[] bytes = Arrays.copyOf(PREFIX_64, 68);
        System.arraycopy(seed, 0, bytes, 4, 32);
        System.arraycopy(raw, 0, bytes, 36, 32);
        return bytes;
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    public PeerId peerId() {
        return peerId;
    }

    /** The 64-byte Ed25519 signature over {@code message}. */
    public byte[] sign(byte[] message) {
        return signer.sign(message);
    }

    /** Secret. */
    public byte[] seed() {
        return seed.clone();
    }

    @Override
    public String toString() {
        return "KeyPair[" + peerId + "]";
    }
}
