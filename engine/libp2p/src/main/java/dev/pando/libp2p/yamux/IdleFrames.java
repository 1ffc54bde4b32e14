package dev.pando.libp2p.yamux;

/** Counts frames that ask for work and bring nothing, as a bucket that refills with time. */
final class IdleFrames {
    private double tokens = YamuxLimits.IDLE_FRAMES_BURST;
    private long lastNanos;

    IdleFrames(long nowNanos) {
        this.lastNanos = nowNanos;
    }

    /** Whether one more is within bounds. */
    boolean take(long nowNanos) {
        tokens += (nowNanos - lastNanos) * 1e-9 * YamuxLimits.IDLE_FRAMES_PER_SECOND;
        tokens = Math.min(tokens, YamuxLimits.IDLE_FRAMES_BURST);
        lastNanos = nowNanos;
        return --tokens >= 0;
    }
}
