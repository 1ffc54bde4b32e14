package dev.pando.libp2p.crypto;

import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** A key pair for Diffie-Hellman over Curve25519 (RFC 7748). Immutable. */
public final class X25519Pair {
    public static final int KEY_BYTES = 32;

    private final byte[] secret;
    private final byte[] publicKey;

    private X25519Pair(byte[] secret) {
        this.secret = secret;
        this.publicKey = new byte[KEY_BYTES];
        X25519.generatePublicKey(secret, 0, publicKey, 0);
    }

    public static X25519Pair generate(SecureRandom random) {
        byte[] secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        return new X25519Pair(secret);
    }

    public static X25519Pair of(byte[] secret) {
        if (secret.length != KEY_BYTES) {
            throw new IllegalArgumentException("expected a secret of 32 bytes, got " + secret.length);
        }
        return new X25519Pair(secret.clone());
    }

    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** The secret shared with the owner of {@code other}; empty when that key is one of small order, which shares none. */
    public Optional<byte[]> agree(byte[] other) {
        byte[] shared = new byte[KEY_BYTES];
        return X25519.calculateAgreement(secret, 0, other, 0, shared, 0) ? Optional.of(shared) : Optional.empty();
    }
}
