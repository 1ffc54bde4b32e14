package dev.pando.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time, and the events that happen in it, one at a time: the same seed gives the same events.
 *
 * <p>Code that waits in a blocking call keeps its thread, and another one goes on with the events; the turn is handed
 * over, so never do two of them run. Code under simulation must not hold a monitor while it waits: who then wants it
 * would stop the whole simulation.
 *
 * <p>Events at one instant happen in an order drawn from the seed. What an event changes outside itself must depend on
 * virtual time and on {@link #random} only, else a seed does not repeat.
 */
public final class Simulation {

    /** System property that replaces the seeds of a test by one. */
    public static final String SEED_PROPERTY = "pando.seed";

    /** Prints every event when set. */
    private static final boolean TRACE = Boolean.getBoolean("pando.trace");

    /** Events shown with a failure; older ones are forgotten. */
    private static final int RECENT_MAX = 40;

    /** Virtual time that a blocking call may take; beyond, it is a deadlock that timers keep alive. */
    private static final Duration AWAIT_MAX = Duration.ofHours(2);

    /** The one that this thread last began, or goes on with: several may run side by side. */
    private static final ThreadLocal<@Nullable Simulation> CURRENT = new ThreadLocal<>();

    private final long seed;
    private final SplittableRandom ties;
    private final PriorityQueue<SimEvent> queue = new PriorityQueue<>();
    private final Deque<SimEvent> recent = new ArrayDeque<>();
    private boolean failingDisks;
    private long nowNanos;
    private long scheduled;
    private long happened;
    private long traceHash;
    private long activityNanos;
    private @Nullable Throwable failure;
    private final List<SimWait> waits = new ArrayList<>();

    public Simulation(long seed) {
        this.seed = seed;
        this.ties = random("ties");
        enter();
    }

    /** The simulation whose code runs on this thread; null when there is none. */
    static @Nullable Simulation current() {
        return CURRENT.get();
    }

    /** What this thread does from now on belongs to this simulation. */
    void enter() {
        CURRENT.set(this);
    }

    /** Whether disks fail on purpose. */
    boolean mayFailDisks() {
        return failingDisks;
    }

    void expectFailingDisks() {
        failingDisks = true;
    }

    public long seed() {
        return seed;
    }

    /** Virtual time since the beginning. */
    public Duration now() {
        return Duration.ofNanos(nowNanos);
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Events that have happened. */
    public long events() {
        return happened;
    }

    /** A digest of all that has happened: equal for two runs that went the same way. */
    public long traceHash() {
        return traceHash;
    }

    /** A source of randomness of its own for {@code purpose}, the same for each run of the seed. */
    public SplittableRandom random(String purpose) {
        long mixed = seed;
        for (int i = 0; i < purpose.length(); i++) {
            mixed = mix(mixed, purpose.charAt(i));
        }
        return new SplittableRandom(mixed);
    }

    /** Has {@code task} happen after {@code delay}, to no node in particular. */
    public void schedule(Duration delay, String what, Runnable task) {
        schedule(delay.toNanos(), SimLife.WORLD, what, task);
    }

    SimEvent schedule(long delayNanos, SimLife life, String what, Runnable task) {
        var event = new SimEvent(nowNanos + Math.max(0, delayNanos), ties.nextLong(), scheduled++, life, what, task);
        queue.add(event);
        return event;
    }

    /** Adds a fact, such as the hash of bytes that were sent, to {@link #traceHash}. */
    void note(long fact) {
        traceHash = mix(traceHash, fact);
    }

    /** Tells that something happened that is not only waiting: {@link #quietFor} begins anew. */
    void active() {
        activityNanos = nowNanos;
    }

    /** Virtual time since nodes last had something to say. */
    public Duration quietFor() {
        return Duration.ofNanos(nowNanos - activityNanos);
    }

    /** Has the next event happen; false when there is none. */
    boolean step() {
        SimEvent event = queue.poll();
        while (event != null && !event.isDue()) {
            event = queue.poll();
        }
        if (event == null) {
            return false;
        }
        happen(event);
        return true;
    }

    private void happen(SimEvent event) {
        nowNanos = Math.max(nowNanos, event.atNanos);
        happened++;
        note(event.atNanos);
        note(event.what.hashCode());
        recent.add(event);
        if (recent.size() > RECENT_MAX) {
            recent.remove();
        }
        if (TRACE) {
            System.out.println(event);
        }
        try {
            event.run();
        } catch (NodeCrashed e) {
            note(e.hashCodeOfNode());
        } catch (RuntimeException | AssertionError e) {
            failed(e);
        }
    }

    /** Remembers the first fault; whoever runs the simulation is told as soon as it has control again. */
    void failed(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** @throws SimulationFailure when an event has failed */
    public void check() {
        if (failure != null) {
            throw fail("an event failed: " + failure, failure);
        }
    }

    /** A failure that names the seed and what happened last; to be thrown. */
    public SimulationFailure fail(String message, @Nullable Throwable cause) {
        String events = recent.stream().map(SimEvent::toString).collect(Collectors.joining("\n    "));
        return new SimulationFailure(seed, message + "\n  last events:\n    " + events, cause);
    }

    /** Lets {@code duration} of virtual time pass. */
    public void runFor(Duration duration) {
        long until = nowNanos + duration.toNanos();
        runWhile(() -> nextAt() <= until);
        nowNanos = Math.max(nowNanos, until);
    }

    /**
     * Runs until {@code condition} holds.
     *
     * @throws SimulationFailure when it does not within {@code max} of virtual time
     */
    public void runUntil(BooleanSupplier condition, Duration max, String what) {
        long until = nowNanos + max.toNanos();
        while (!condition.getAsBoolean()) {
            letOthersGoOn();
            if (nextAt() > until || !step()) {
                throw fail("not within " + max + ": " + what, null);
            }
            letOthersGoOn();
            check();
        }
    }

    private void runWhile(BooleanSupplier condition) {
        letOthersGoOn();
        while (condition.getAsBoolean() && step()) {
            letOthersGoOn();
            check();
            letOthersGoOn();
        }
        check();
    }

    /** Hands the turn to each call whose wait is over: it was begun by an event, and nobody else looks after it. */
    private void letOthersGoOn() {
        for (SimWait over = firstOver(); over != null; over = firstOver()) {
            var here = new SimWait(SimLife.WORLD, () -> true, Long.MAX_VALUE);
            waits.remove(over);
            waits.add(here);
            over.goOn();
            here.standStill();
        }
    }

    private @Nullable SimWait firstOver() {
        for (SimWait wait : waits) {
            if (failure != null || wait.isOver()) {
                return wait;
            }
        }
        return null;
    }

    private long nextAt() {
        SimEvent next = queue.peek();
        while (next != null && !next.isDue()) {
            queue.remove();
            next = queue.peek();
        }
        return next == null ? Long.MAX_VALUE : next.atNanos;
    }

    /**
     * Waits on behalf of a blocking call of {@code life} until {@code done}, while events happen. The caller's thread
     * stands still; the turn is handed to another one and comes back.
     */
    void await(SimLife life, BooleanSupplier done) {
        life.checkAlive();
        if (!done.getAsBoolean()) {
            var wait = new SimWait(life, done, nowNanos + AWAIT_MAX.toNanos());
            waits.add(wait);
            SimRunner.take(this);
            wait.standStill();
            life.checkAlive();
            if (!done.getAsBoolean()) {
                throw fail("a blocking call of " + life + " cannot end: " + failure, failure);
            }
        }
    }

    /** Has events happen until a waiting call can go on, and returns that. */
    SimWait runUntilSomebodyGoesOn() {
        while (true) {
            SimWait over = firstOver();
            if (over != null) {
                waits.remove(over);
                return over;
            }
            long next = nextAt();
            if (next == Long.MAX_VALUE) {
                failed(new IllegalStateException("deadlock: nothing is left to happen"));
            } else if (waits.stream().anyMatch(w -> w.deadlineNanos < next)) {
                failed(new IllegalStateException("deadlock: no end after " + AWAIT_MAX));
            } else {
                step();
            }
        }
    }

    /** Ends every life that still waits for something, so that no thread is left standing. */
    void endWaits() {
        while (!waits.isEmpty()) {
            SimWait ending = waits.remove(0);
            ending.life.end();
            var here = new SimWait(SimLife.WORLD, () -> true, Long.MAX_VALUE);
            waits.add(here);
            ending.goOn();
            here.standStill();
        }
    }

    private static long mix(long hash, long fact) {
        long mixed = (hash ^ fact) * 0x9E3779B97F4A7C15L;
        return (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L + 1;
    }
}
