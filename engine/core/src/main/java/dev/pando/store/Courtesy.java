package dev.pando.store;

/**
 * Lets other threads have the processor now and then during long work that nobody waits for at once: scans, the filling of
 * large transactions, maps in the background.
 *
 * <p>With fewer processors than busy threads, one who is woken by the disk otherwise waits until the operating system takes
 * the processor from the busy one, which is at its next tick: 4 ms on many servers, and a small commit takes 0.2 ms. When
 * nobody waits, giving way costs less than a microsecond.
 *
 * <p>One thread at a time; a count that is wrong because several use it does no harm.
 */
public final class Courtesy {

    private final int steps;
    private int left;

    /** @param steps after which others come first; about 50 microseconds of work is a good measure */
    public Courtesy(int steps) {
        this.steps = steps;
        this.left = steps;
    }

    /** To be called at each step, where no lock is held that others need. */
    @SuppressWarnings("ThreadPriorityCheck") // Correct without it: only who waits how long depends on it.
    public void step() {
        if (--left <= 0) {
            left = steps;
            Thread.yield();
        }
    }
}
