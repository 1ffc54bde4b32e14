package dev.pando.engine;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Environment;

/** The door of this package: how {@link Engine#open} and {@link Environment#system} get theirs. */
public final class Engines {

    private Engines() {}

    /** @see Engine#open */
    public static Engine open(EngineOptions options) {
        return new EngineStart(options).open();
    }

    /** @see Environment#system */
    public static Environment system() {
        return SystemEnvironment.INSTANCE;
    }
}
