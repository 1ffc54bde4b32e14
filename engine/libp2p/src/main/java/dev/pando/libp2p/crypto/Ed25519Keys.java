package dev.pando.libp2p.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Signs and verifies with Ed25519 (RFC 8032): by {@link Conscrypt} where it is, else by BouncyCastle. Both make the same
 * signatures. About those that no honest signer makes they may disagree: what all nodes must judge alike is not
 * verified here. Stateless.
 */
public final class Ed25519Keys {
    /* The DER before the 32 bytes of a key. */
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private Ed25519Keys() {}

    /** Signs with one key. Thread-safe. */
    @FunctionalInterface
    public interface Signer {
        /** The signature of {@code message}, 64 bytes. */
        byte[] sign(byte[] message);
    }

    /**
     * A signer that keeps its key as it is used: to make Conscrypt's of the seed takes as long as a signature.
     *
     * @param raw the public half of {@code seed}; neither is changed afterwards
     */
    public static Signer signer(byte[] seed, byte[] raw) {
        return Conscrypt.provider()
                .map(provider -> signer(provider, seed))
                .orElseGet(() -> message -> signByBouncyCastle(seed, raw, message));
    }

    static boolean verify(byte[] raw, byte[] message, byte[] signature) {
        return signature.length == Ed25519.SIGNATURE_SIZE
                && Conscrypt.provider()
                        .map(provider -> verifyBy(provider, raw, message, signature))
                        .orElseGet(() -> verifyByBouncyCastle(raw, message, signature));
    }

    static byte[] signByBouncyCastle(byte[] seed, byte[] raw, byte[] message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, raw, 0, null, message, 0, message.length, signature, 0);
        return signature;
    }

    static boolean verifyByBouncyCastle(byte[] raw, byte[] message, byte[] signature) {
        return Ed25519.verify(signature, 0, raw, 0, message, 0, message.length);
    }

    static Signer signer(Provider provider, byte[] seed) {
        try {
            PrivateKey key = KeyFactory.getInstance("EdDSA", provider)
                    .generatePrivate(new PKCS8EncodedKeySpec(join(PKCS8, seed)));
            return message -> signBy(provider, key, message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot take the key to sign with", e);
        }
    }

    private static byte[] signBy(Provider provider, PrivateKey key, byte[] message) {
        try {
            var signature = Signature.getInstance(Conscrypt.SIGNATURE, provider);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }

    static boolean verifyBy(Provider provider, byte[] raw, byte[] message, byte[] signature) {
        try {
            PublicKey key =
                    KeyFactory.getInstance("EdDSA", provider).generatePublic(new X509EncodedKeySpec(join(X509, raw)));
            var verifier = Signature.getInstance(Conscrypt.SIGNATURE, provider);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (InvalidKeySpecException | SignatureException e) {
            return false; // no point of the curve, or no signature: nobody signed this
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot verify", e);
        }
    }

    private static byte[] join(byte[] prefix, byte[] key) {
        byte[] both = Arrays.copyOf(prefix, prefix.length + key.length);
        System.arraycopy(key, 0, both, prefix.length, key.length);
        return both;
    }
}
