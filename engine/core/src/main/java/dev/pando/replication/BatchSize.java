package dev.pando.replication;

import java.time.Duration;

/**
 * How much goes into one batch towards a peer. A batch that is lost with its stream is sent again as a whole: over a link
 * that is slow and breaks, batches of the full size would never arrive. So they grow while acknowledgements come soon,
 * and shrink when they come late or not at all.
 */
final class BatchSize {

    /** Never less: acknowledgements would cost more than what they acknowledge. */
    static final int BYTES_MIN = 16 << 10;

    /**
     * Of the first batches of a stream's sender: over a link of 256 kbit/s they are acknowledged within {@link #LATE}. The
     * fifth acknowledgement has brought a quick link to the full size.
     */
    static final int BYTES_FIRST = 32 << 10;

    /** An acknowledgement within this time lets batches grow to twice the size, up to {@link Sender#BATCH_BYTES}. */
    static final Duration SOON = Duration.ofSeconds(1);

    /** One after more time has them shrink to half. */
    static final Duration LATE = Duration.ofSeconds(4);

    private int bytes = BYTES_FIRST;

    /** Bytes of blocks in the next batch, unless one block alone is larger. */
    int bytes() {
        return bytes;
    }

    void acknowledgedAfter(long millis) {
        if (millis <= SOON.toMillis()) {
            bytes = Math.min(Sender.BATCH_BYTES, 2 * bytes);
        } else if (millis > LATE.toMillis()) {
            bytes = Math.max(BYTES_MIN, bytes / 2);
        }
    }

    /** The stream ended before what was under way was acknowledged. */
    void lost() {
        bytes = Math.max(BYTES_MIN, bytes / 4);
    }
}
