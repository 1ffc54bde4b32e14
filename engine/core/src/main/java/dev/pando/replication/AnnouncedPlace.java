package dev.pando.replication;

import java.time.Duration;

/**
 * Up to which commit of the log has been announced. While no peer follows anything, nothing is read to be announced:
 * decoding and encoding again what nobody hears cost a third of what merging it did. Used from one mailbox.
 */
final class AnnouncedPlace {

    /** Commits by which announcing may lag behind the log; older ones are left to the pulls of those who missed them. */
    static final int LAG_MAX = 1_024;

    /**
     * What came while nobody listened is announced when somebody begins to, if it is not older than this, or twice this:
     * the pull of who begins may have passed it by.
     */
    static final Duration UNHEARD_KEPT = Duration.ofSeconds(5);

    private long place;

    /** Where {@link #place} goes next while nobody listens, and when that was set. */
    private long next;

    private long nextSetNanos;
    private boolean unheard;

    AnnouncedPlace(long last, long nowNanos) {
        place = last;
        next = last;
        nextSetNanos = nowNanos;
    }

    /** From where to announce now, when the log ends at {@code last}. */
    long from(long last) {
        unheard = false;
        place = Math.max(place, last - LAG_MAX);
        return place;
    }

    /** All up to here is announced, or never will be. */
    void reached(long sequence) {
        place = Math.max(place, sequence);
    }

    /** The log has grown to {@code last}, and nobody listens. */
    void passed(long last, long nowNanos) {
        unheard = true;
        if (nowNanos - nextSetNanos >= UNHEARD_KEPT.toNanos()) {
            reached(next);
            next = last;
            nextSetNanos = nowNanos;
        }
    }

    /** Somebody begins to listen. */
    void heard(long last, long nowNanos) {
        if (unheard && nowNanos - nextSetNanos >= 2 * UNHEARD_KEPT.toNanos()) {
            reached(last);
        }
    }

    boolean isAt(long last) {
        return place >= last;
    }
}
