package dev.pando.libp2p.kad;

/** What one peer may ask: a bucket of requests that refills with time. Not thread-safe. */
final class RequestBudget {
    /** Requests at once. */
    static final int BURST = 256;

    /** Requests a second to go on with; further ones wait unread. */
    static final int PER_SECOND = 100;

    private double left = BURST;
    private long lastMillis;

    RequestBudget(long nowMillis) {
        this.lastMillis = nowMillis;
    }

    /** Milliseconds until one more may be answered; 0 when it may be now, and is counted. */
    long take(long nowMillis) {
        left = Math.min(BURST, left + (nowMillis - lastMillis) * 1e-3 * PER_SECOND);
        lastMillis = nowMillis;
        if (left >= 1) {
            left--;
            return 0;
        }
        return (long) Math.ceil((1 - left) * 1e3 / PER_SECOND);
    }
}
