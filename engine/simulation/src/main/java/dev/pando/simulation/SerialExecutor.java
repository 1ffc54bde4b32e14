package dev.pando.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/** Tasks one at a time and in order, each in an event of its own. */
final class SerialExecutor implements Executor {

    private final Simulation simulation;
    private final SimLife life;
    private final SplittableRandom random;
    private final String what;
    private final long taskNanosMax;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean scheduled;
    private boolean running;

    SerialExecutor(Simulation simulation, SimLife life, SplittableRandom random, String what, long taskNanosMax) {
        this.simulation = simulation;
        this.life = life;
        this.random = random;
        this.what = what;
        this.taskNanosMax = taskNanosMax;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        schedule();
    }

    boolean isIdle() {
        return tasks.isEmpty() && !running;
    }

    private void schedule() {
        if (!scheduled && !running && !tasks.isEmpty()) {
            scheduled = true;
            simulation.schedule(1 + random.nextLong(taskNanosMax), life, what, this::runNext);
        }
    }

    private void runNext() {
        scheduled = false;
        running = true;
        try {
            tasks.remove().run();
        } finally {
            running = false;
            schedule();
        }
    }
}
