package dev.pando.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Callbacks that are told when something changed. Thread-safe. */
final class Listeners {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** The result ends the listening. */
    Runnable add(Runnable listener) {
        /* Wrapped: the same callback added twice is two listeners. */
        Runnable own = listener::run;
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    void fire() {
        listeners.forEach(Runnable::run);
    }
}
