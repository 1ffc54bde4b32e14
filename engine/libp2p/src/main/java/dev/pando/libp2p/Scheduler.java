package dev.pando.libp2p;

import java.time.Duration;
import java.util.concurrent.Executor;

/** Runs tasks one after the other, now or later. Each sees what the ones before it did. */
public interface Scheduler extends Executor {
    /** Runs {@code task} after {@code delay}, unless the returned action is run before. */
    Runnable schedule(Duration delay, Runnable task);
}
