package dev.pando.dag;

import dev.pando.ipld.Cid;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Commits whose signature this process made, or found to be right: one that comes by several ways at once, or to several
 * nodes of a process, is checked on the curve once. A CID covers the author, what is signed and the signature, so there
 * is nothing to agree on but the CID, which must have been computed from the bytes. Thread-safe.
 */
final class KnownCommits {

    /** Places, a power of two. Who needs one that is taken gets it; the signature of the other is checked again. */
    private static final int PLACES = 4_096;

    private static final AtomicReferenceArray<Cid> PLACED = new AtomicReferenceArray<>(PLACES);

    private KnownCommits() {}

    static boolean contains(Cid commit) {
        return commit.equals(PLACED.getAcquire(place(commit)));
    }

    static void add(Cid commit) {
        PLACED.setRelease(place(commit), commit);
    }

    private static int place(Cid commit) {
        return commit.hashCode() & PLACES - 1;
    }
}
