package dev.pando.simulation;

import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Code that waits for something to happen, on a thread of its own that stands still meanwhile. */
final class SimWait {

    final SimLife life;
    final BooleanSupplier done;
    final long deadlineNanos;
    private final Semaphore turn = new Semaphore(0);

    SimWait(SimLife life, BooleanSupplier done, long deadlineNanos) {
        this.life = life;
        this.done = done;
        this.deadlineNanos = deadlineNanos;
    }

    boolean isOver() {
        return !life.isAlive() || done.getAsBoolean();
    }

    void goOn() {
        turn.release();
    }

    void standStill() {
        turn.acquireUninterruptibly();
    }
}
