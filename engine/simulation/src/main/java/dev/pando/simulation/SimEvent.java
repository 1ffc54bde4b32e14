package dev.pando.simulation;

/** Something that happens at a point of virtual time. Ordered by time, then by the seed. */
final class SimEvent implements Comparable<SimEvent> {

    final long atNanos;
    final SimLife life;
    final String what;

    private final long tie;
    private final long number;
    private final Runnable task;
    private boolean cancelled;

    SimEvent(long atNanos, long tie, long number, SimLife life, String what, Runnable task) {
        this.atNanos = atNanos;
        this.tie = tie;
        this.number = number;
        this.life = life;
        this.what = what;
        this.task = task;
    }

    void cancel() {
        cancelled = true;
    }

    /** Whether it still happens: what a crashed node had in mind does not. */
    boolean isDue() {
        return !cancelled && life.isAlive();
    }

    void run() {
        task.run();
    }

    @Override
    public int compareTo(SimEvent other) {
        if (atNanos != other.atNanos) {
            return Long.compare(atNanos, other.atNanos);
        }
        return tie == other.tie ? Long.compare(number, other.number) : Long.compare(tie, other.tie);
    }

    @Override
    public String toString() {
        return String.format("%12.6f s  %-8s %s", atNanos / 1e9, life, what);
    }
}
