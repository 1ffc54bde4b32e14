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

    private static final String MAC = "HmacSHA256";

    /* One of each for the whole handshake: to find an implementation takes longer than to use it. */
    private final Mac mac;
    private final MessageDigest digest;
    private byte[] hash;
    private byte[] chainingKey;
    private @Nullable CipherState cipher;

    SymmetricState(String protocolName, byte[] prologue) {
        try {
            mac = Mac.getInstance(MAC);
            digest = MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256 and its HMAC", e);
        }
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
        cipher = cipher == null ? new CipherState(keys[1]) : cipher.withKey(keys[1]);
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

    /** The ciphers of both directions: the initiator's first. Nothing is encrypted here any more. */
    CipherState[] split() {
        byte[][] keys = derive(new byte[0]);
        CipherState first = cipher == null ? new CipherState(keys[0]) : cipher.withKey(keys[0]);
        return new CipherState[] {first, new CipherState(keys[1])};
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

    private byte[] hmac(byte[] key, byte[]... parts) {
        try {
            mac.init(new SecretKeySpec(key, MAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("any bytes are a key", e);
        }
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private byte[] sha256(byte[]... parts) {
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
