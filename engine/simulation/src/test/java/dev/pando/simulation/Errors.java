package dev.pando.simulation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What engines log as an error, which no engine has reason to: but for those that were killed in that moment. */
final class Errors extends Handler implements AutoCloseable {

    private final Logger root = Logger.getLogger("dev.pando");

    /** The first of each simulation; several run side by side. */
    private final Map<Simulation, LogRecord> first = new ConcurrentHashMap<>();

    Errors() {
        root.addHandler(this);
        root.setUseParentHandlers(false);
    }

    @Override
    public void publish(LogRecord entry) {
        Simulation simulation = Simulation.current();
        if (simulation != null
                && entry.getLevel().intValue() >= Level.SEVERE.intValue()
                && !isCrash(entry.getThrown())
                && !(simulation.mayFailDisks() && isOfDisk(entry))) {
            first.putIfAbsent(simulation, entry);
        }
    }

    private static boolean isOfDisk(LogRecord entry) {
        return entry.getThrown() == null && entry.getMessage().startsWith("writing has ended");
    }

    private static boolean isCrash(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof NodeCrashed) {
                return true;
            }
        }
        return false;
    }

    /** @throws SimulationFailure when there was one since the last call */
    void check(Simulation simulation) {
        LogRecord found = first.remove(simulation);
        if (found != null) {
            throw simulation.fail("a node logged an error: " + found.getMessage(), found.getThrown());
        }
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        root.removeHandler(this);
        root.setUseParentHandlers(true);
    }
}
