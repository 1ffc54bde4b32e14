package dev.pando.ipld;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** SHA-256. Safe for use by several threads. */
public final class Sha256 {

    /** Bytes of a digest. */
    public static final int BYTES = 32;

    /**
     * Digests kept for reuse, each in the slot of the threads that map to it. A thread that finds its slot empty makes
     * a new one, and one that finds it taken again when it returns its own drops it. Not thread-locals: those would
     * outlive an undeployed application on the server's threads.
     */
    private static final int POOL_SLOTS = 64;

    private static final AtomicReferenceArray<MessageDigest> POOL = new AtomicReferenceArray<>(POOL_SLOTS);

    private Sha256() {}

    public static byte[] digest(byte[] bytes) {
        return digest(bytes, 0, bytes.length);
    }

    public static byte[] digest(byte[] bytes, int offset, int length) {
        int slot = (int) Thread.currentThread().getId() & (POOL_SLOTS - 1);
        MessageDigest sha = POOL.getAndSet(slot, null);
        if (sha == null) {
            sha = create();
        }
        sha.update(bytes, offset, length);
        byte[] digest = sha.digest();
        POOL.setRelease(slot, sha);
        return digest;
    }

    private static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
