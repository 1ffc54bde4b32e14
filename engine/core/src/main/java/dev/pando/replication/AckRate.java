package dev.pando.replication;

/** Commits a second over the last seconds. */
final class AckRate {

    private static final int SECONDS = 10;

    private final long[] counts = new long[SECONDS];
    private final long[] seconds = new long[SECONDS];

    void acknowledged(int commits, long nowMillis) {
        long second = nowMillis / 1_000;
        int at = (int) Math.floorMod(second, SECONDS);
        if (seconds[at] != second) {
            seconds[at] = second;
            counts[at] = 0;
        }
        counts[at] += commits;
    }

    double perSecond(long nowMillis) {
        long now = nowMillis / 1_000;
        long sum = 0;
        for (int i = 0; i < SECONDS; i++) {
            sum += now - seconds[i] < SECONDS ? counts[i] : 0;
        }
        return (double) sum / SECONDS;
    }
}
