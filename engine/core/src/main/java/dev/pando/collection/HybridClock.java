package dev.pando.collection;

/**
 * The hybrid clock of one node (docs/rules.md §4): 48 bits of milliseconds UTC, 16 of counter; a full counter carries.
 * Physical time is passed in. It belongs to the
 * writer; any thread may look at it.
 */
public final class HybridClock {

    public static final int COUNTER_BITS = 16;

    /** How far the node's last hlc, or one from the network, may be ahead of physical time. */
    public static final long AHEAD_MILLIS_MAX = 5 * 60_000;

    private volatile long last;

    /** @param last the greatest hlc of the log; 0 for a new one */
    public HybridClock(long last) {
        this.last = last;
    }

    /**
     * The hlc of the next commit.
     *
     * @param greatestPrev the greatest hlc among the parents of its deltas; −1 when they have none
     */
    public long next(long nowMillis, long greatestPrev) {
        long now = nowMillis << COUNTER_BITS;
        long next = Math.max(now, Math.addExact(greatestPrev, 1));
        if (last <= now + (AHEAD_MILLIS_MAX << COUNTER_BITS)) {
            next = Math.max(next, Math.addExact(last, 1));
        }
        last = next;
        return next;
    }

    /** Learns of an admitted commit. */
    public void observe(long hlc) {
        last = Math.max(last, hlc);
    }

    public long last() {
        return last;
    }

    /** How far the greatest hlc heard of is ahead of physical time; 0 when it is not. */
    public long aheadMillis(long nowMillis) {
        return Math.max(0, millis(last) - nowMillis);
    }

    /** Whether a share from the network must wait: it is ahead of physical time by more than the limit. */
    public static boolean isAhead(long hlc, long nowMillis) {
        return hlc > (nowMillis + AHEAD_MILLIS_MAX) << COUNTER_BITS;
    }

    /** When a share that is ahead may be offered again, in milliseconds UTC. */
    public static long admissibleAtMillis(long hlc) {
        return (hlc >>> COUNTER_BITS) + 1 - AHEAD_MILLIS_MAX;
    }

    /** The greatest hlc that {@code AS OF} a time includes: the same on all nodes. */
    public static long asOf(long epochMillis) {
        return (epochMillis << COUNTER_BITS) + (1 << COUNTER_BITS) - 1;
    }

    /** Milliseconds UTC of an hlc. */
    public static long millis(long hlc) {
        return hlc >>> COUNTER_BITS;
    }
}
