package dev.pando.libp2p.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Signs with one Ed25519 key, as RFC 8032 says: the same message gets the same signature each time, whichever way it was
 * made. BouncyCastle makes the first ones; who signs on gets a table of multiples of the base point, with which a
 * signature costs about half. In constant time. Thread-safe.
 */
public final class SigningKey {

    /** Signatures before the table is worth its making. */
    private static final int SIGNATURES_BEFORE_TABLE = 64;

    private static final int SEED_BYTES = 32;

    private final byte[] seed;
    private final byte[] publicKey;
    private final byte[] scalar;

    /** SHA-512 that has read what makes the one-time scalar of this key; cloned for each message. */
    private final MessageDigest prefixed;

    private final AtomicInteger signatures = new AtomicInteger();

    /** @param publicKey that belongs to {@code seed} */
    public SigningKey(byte[] seed, byte[] publicKey) {
        if (seed.length != SEED_BYTES || publicKey.length != Ed25519.PUBLIC_KEY_SIZE) {
            throw new IllegalArgumentException("a seed and a public key have 32 bytes each");
        }
        this.seed = seed.clone();
        this.publicKey = publicKey.clone();
        byte[] expanded = sha512().digest(seed);
        scalar = Arrays.copyOf(expanded, GroupOrder.BYTES);
        scalar[0] &= (byte) 0xf8;
        scalar[31] &= 0x7f;
        scalar[31] |= 0x40;
        prefixed = sha512();
        prefixed.update(expanded, GroupOrder.BYTES, GroupOrder.BYTES);
    }

    /** The signature of {@code message}, 64 bytes. */
    public byte[] sign(byte[] message) {
        if (signatures.get() >= SIGNATURES_BEFORE_TABLE) {
            return signWithTable(message);
        }
        signatures.incrementAndGet();
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, publicKey, 0, null, message, 0, message.length, signature, 0);
        return signature;
    }

    byte[] signWithTable(byte[] message) {
        byte[] once = GroupOrder.reduce(copyOf(prefixed).digest(message));
        byte[] r = BasePoint.multiply(once);
        MessageDigest challenge = sha512();
        challenge.update(r);
        challenge.update(publicKey);
        byte[] k = GroupOrder.reduce(challenge.digest(message));
        byte[] signature = Arrays.copyOf(r, Ed25519.SIGNATURE_SIZE);
        System.arraycopy(GroupOrder.multiplyAdd(k, scalar, once), 0, signature, r.length, GroupOrder.BYTES);
        return signature;
    }

    private static MessageDigest copyOf(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-512 of the JDK can be cloned", e);
        }
    }

    private static MessageDigest sha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-512", e);
        }
    }
}
