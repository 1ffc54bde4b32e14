package dev.pando.libp2p.noise;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Noise's symmetric state: the hash of all that was said, the chaining key, and the cipher of the handshake. */
final class SymmetricState {
    static final int HASH_BYTES = 32;

    private byte[] hash;
    private byte[] chainingKey;
    private @Nullable CipherState cipher;

    SymmetricState(String protocolName, byte[] prologue) {
        byte[] name = protocolName.getBytes(StandardCharsets.US_ASCII);
        hash = name.length <= HASH_BYTES ? Arrays.copyOf(name, HASH_BYTES) : sha256(name);
        chainingKey = hash;
        mixHash(prologue);
    }

    void mixHash(byte[] data) {
        hash = sha256(hash, data);
    }

    void mixKey(byte[] input) {
        byte[][] keys = derive(input);
        chainingKey = keys[0];
        cipher = new CipherState(keys[1]);
    }

    byte[] encryptAndHash(byte[] plain) {
        byte[] sealed = plain;
        if (cipher != null) {
            sealed = new byte[plain.length + CipherState.TAG_BYTES];
            cipher.seal(hash, plain, 0, plain.length, sealed, 0);
        }
        mixHash(sealed);
        return sealed;
    }

    byte[] decryptAndHash(byte[] sealed) throws AEADBadTagException {
        byte[] plain = sealed;
        if (cipher != null) {
            plain = new byte[Math.max(0, sealed.length - CipherState.TAG_BYTES)];
            cipher.open(hash, sealed, 0, sealed.length, plain, 0);
        }
        mixHash(sealed);
        return plain;
    }

    /** Bytes that encryption adds at this point. */
    int overhead() {
        return cipher == null ? 0 : CipherState.TAG_BYTES;
    }

    /** The ciphers of both directions: the initiator's first. */
    CipherState[] split() {
        byte[][] keys = derive(new byte[0]);
        return new CipherState[] {new CipherState(keys[0]), new CipherState(keys[1])};
    }

    byte[] hash() {
        return hash.clone();
    }

    /** HKDF with two outputs. */
    private byte[][] derive(byte[] input) {
        byte[] secret = hmac(chainingKey, input);
        byte[] first = hmac(secret, new byte[] {1});
        byte[] second = hmac(secret, first, new byte[] {2});
        return new byte[][] {first, second};
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
