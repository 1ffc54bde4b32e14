package dev.pando.adapter;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread on which all calls of one session run. A call is handed over through one slot: the caller puts it there
 * and waits, the thread takes it, runs it and wakes the caller. Both look at the slot for a few microseconds before
 * they park, because the next step of a result set usually comes at once. Safe for use by many threads; calls run one
 * at a time, in the order in which they get their turn.
 */
final class SessionThread {

    /** Turns of the waiting loop before a thread parks: some 10 µs. More would take a core from those who work. */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 300 : 0;

    private static final Handoff CLOSED = new Handoff(() -> null, null);

    private final AtomicReference<@Nullable Handoff> slot = new AtomicReference<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final Thread thread;
    private final Consumer<SessionThread> whenEnded;
    private volatile boolean parked;
    private volatile boolean closing;

    /** Makes the thread; {@code whenEnded} is told as its last act. */
    SessionThread(String name, ClassLoader contextLoader, Consumer<SessionThread> whenEnded) {
        this.whenEnded = whenEnded;
        /* Without inherited thread-locals: they would be those of the application that asked first. */
        this.thread = new Thread(null, this::run, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(contextLoader);
    }

    void start() {
        thread.start();
    }

    /**
     * Runs {@code work} on the thread and returns its result or throws what it threw. A call made on the thread itself
     * runs at once. An interrupt of the caller does not end the wait; the flag stays set.
     *
     * @throws SQLException 08003 when the thread was closed
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the handoff returns what this very work returned
    <T extends @Nullable Object> T call(Callable<T> work) throws Exception {
        if (Thread.currentThread() == thread) {
            return work.call();
        }
        Handoff handoff = new Handoff(work, Thread.currentThread());
        turn.lock();
        try {
            if (!slot.compareAndSet(null, handoff)) {
                throw new SQLException("the session was closed", "08003");
            }
            if (parked) {
                LockSupport.unpark(thread);
            }
            handoff.await();
        } finally {
            turn.unlock();
        }
        return (T) handoff.result();
    }

    /** Ends the thread after the call that it runs, if any; later calls are refused. Returns at once. */
    void close() {
        closing = true;
        endIfIdle();
        LockSupport.unpark(thread);
    }

    /** Interrupts the call under way, for a stop that waits no longer. */
    void interrupt() {
        thread.interrupt();
    }

    /** Waits until the thread has ended, {@code millis} (more than 0) at most; true when it has. */
    boolean join(long millis) throws InterruptedException {
        thread.join(millis);
        return ended();
    }

    boolean ended() {
        return !thread.isAlive();
    }

    @Override
    public String toString() {
        return thread.getName();
    }

    private void run() {
        try {
            for (Handoff handoff = take(); handoff != CLOSED; handoff = take()) {
                handoff.run();
                /* Free before the caller wakes: its next call finds the slot empty. */
                slot.set(null);
                if (closing) {
                    endIfIdle();
                }
                handoff.finish();
            }
        } finally {
            whenEnded.accept(this);
        }
    }

    /* Whoever closes sets the flag first and the thread frees the slot first: one of the two sees the other. */
    private void endIfIdle() {
        slot.compareAndSet(null, CLOSED);
    }

    private Handoff take() {
        Handoff handoff = slot.get();
        for (int spin = 0; handoff == null && spin < SPINS; spin++) {
            Thread.onSpinWait();
            handoff = slot.get();
        }
        while (handoff == null) {
            parked = true;
            handoff = slot.get();
            if (handoff == null) {
                LockSupport.park(this);
                handoff = slot.get();
            }
            parked = false;
        }
        return handoff;
    }

    /** One call on its way: written by the thread, then, after {@code done}, read by the caller. */
    private static final class Handoff {
        private final Callable<?> work;
        private final @Nullable Thread caller;
        private @Nullable Object value;
        private @Nullable Throwable failure;
        private volatile boolean done;
        private volatile boolean waiting;

        Handoff(Callable<?> work, @Nullable Thread caller) {
            this.work = work;
            this.caller = caller;
        }

        void run() {
            try {
                value = work.call();
            } catch (Throwable thrown) {
                failure = thrown;
            }
        }

        void finish() {
            done = true;
            if (waiting) {
                LockSupport.unpark(caller);
            }
        }

        void await() {
            for (int spin = 0; !done && spin < SPINS; spin++) {
                Thread.onSpinWait();
            }
            boolean interrupted = false;
            waiting = true;
            while (!done) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Nullable
        Object result() throws Exception {
            if (failure instanceof Exception exception) {
                throw exception;
            }
            if (failure instanceof Error error) {
                throw error;
            }
            return value;
        }
    }
}
