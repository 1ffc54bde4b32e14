package dev.pando.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A machine: it has a clock, a disk and a place in the network, and outlives the processes that run on it. */
final class SimMachine {

    /** Physical time at the beginning of every simulation. */
    private static final long EPOCH_MILLIS =
            Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

    private final Simulation simulation;
    private final int index;
    private final SplittableRandom random;
    private long clockOffsetMillis;
    private SimLife life;
    private int lives;
    private long diskBytes;
    private @Nullable SimLife diskHolder;
    private long diskCallsUntilCrash = -1;
    private Runnable onDiskCrash = () -> {};

    SimMachine(Simulation simulation, int index) {
        this.simulation = simulation;
        this.index = index;
        this.random = simulation.random("machine " + index);
        this.life = new SimLife("node " + index);
    }

    Simulation simulation() {
        return simulation;
    }

    int index() {
        return index;
    }

    /** The process that runs now. */
    SimLife life() {
        return life;
    }

    /** Ends the running process where it stands. */
    void crash() {
        life.end();
    }

    /** Begins another process; the one before must have ended. */
    void restart() {
        life.end();
        lives++;
        life = new SimLife("node " + index + "." + lives);
    }

    void diskBytes(int count) {
        diskBytes += Math.max(0, count);
    }

    /** Bytes read from the disk and written to it. */
    long diskBytes() {
        return diskBytes;
    }

    @Nullable
    SimLife diskHolder() {
        return diskHolder;
    }

    void diskHolder(@Nullable SimLife holder) {
        diskHolder = holder;
    }

    /** Has {@code crash} happen when the disk is written to for the {@code calls}th time from now, in its place. */
    void crashAtDiskCall(long calls, Runnable crash) {
        diskCallsUntilCrash = calls;
        onDiskCrash = crash;
    }

    /** Called before each change of the disk. */
    void reachedDisk() {
        if (diskCallsUntilCrash > 0 && --diskCallsUntilCrash == 0) {
            diskCallsUntilCrash = -1;
            onDiskCrash.run();
        }
    }

    SplittableRandom random() {
        return random;
    }

    long currentTimeMillis() {
        return EPOCH_MILLIS + simulation.nowNanos() / 1_000_000 + clockOffsetMillis;
    }

    /** Has the clock jump, ahead or back. */
    void jump(Duration by) {
        clockOffsetMillis += by.toMillis();
    }

    void correctClock() {
        clockOffsetMillis = 0;
    }

    /** Where this machine listens. */
    String address() {
        return "/ip4/10.0." + (index >> 8) + "." + (index & 0xff) + "/tcp/9171";
    }

    @Override
    public String toString() {
        return "node " + index;
    }
}
