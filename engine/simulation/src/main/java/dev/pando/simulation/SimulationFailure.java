package dev.pando.simulation;

import org.jspecify.annotations.Nullable;

/** A simulation that went wrong. The message begins with the seed that repeats it. */
public final class SimulationFailure extends AssertionError {

    private static final long serialVersionUID = 1L;

    SimulationFailure(long seed, String message, @Nullable Throwable cause) {
        super(message + "\n  repeat with -D" + Simulation.SEED_PROPERTY + "=" + seed, cause);
    }
}
