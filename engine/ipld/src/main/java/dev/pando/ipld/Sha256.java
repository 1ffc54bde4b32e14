package dev.pando.ipld;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256. Safe for use by several threads. */
public final class Sha256 {

    /** Bytes of a digest. */
    public static final int BYTES = 32;

    private Sha256() {}

    public static byte[] digest(byte[] bytes) {
        return digest(bytes, 0, bytes.length);
    }

    public static byte[] digest(byte[] bytes, int offset, int length) {
        MessageDigest sha = create();
        sha.update(bytes, offset, length);
        return sha.digest();
    }

    /* A new one each time: on blocks of 300 bytes a pool saved 5 % of the time and thread-locals would outlive an
     * undeployed application on its server's threads. */
    private static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
