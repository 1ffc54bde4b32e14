package dev.pando.simulation;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A thread that has the events of a simulation happen while the code that did so before waits. Never do two of them run
 * at once for one simulation: the turn is handed over.
 *
 * <p>Idle ones are kept for the next simulation: a run of a thousand seeds makes no more of them than wait at once.
 */
final class SimRunner {

    private static final ConcurrentLinkedDeque<SimRunner> IDLE = new ConcurrentLinkedDeque<>();

    private final Semaphore turn = new Semaphore(0);
    private volatile @Nullable Simulation simulation;

    private SimRunner() {
        var thread = new Thread(this::run, "simulation");
        thread.setDaemon(true);
        thread.start();
    }

    /** Hands the turn to an idle thread. */
    static void take(Simulation simulation) {
        SimRunner runner = IDLE.poll();
        if (runner == null) {
            runner = new SimRunner();
        }
        runner.simulation = simulation;
        runner.turn.release();
    }

    private void run() {
        while (true) {
            turn.acquireUninterruptibly();
            Simulation mine = simulation;
            if (mine != null) {
                mine.enter();
                SimWait next = mine.runUntilSomebodyGoesOn();
                simulation = null;
                IDLE.add(this);
                next.goOn();
            }
        }
    }
}
