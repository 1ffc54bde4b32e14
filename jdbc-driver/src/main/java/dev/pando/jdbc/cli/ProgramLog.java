package dev.pando.jdbc.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Logging of the program, as opposed to that of an application which uses the driver: warnings, a line each, on the
 * error output. {@code -Djava.util.logging.config.file} or {@code .class} replaces all of it.
 */
final class ProgramLog {
    private static final String FORMAT = "%1$tF %1$tT %4$s %3$s: %5$s%6$s%n";

    private ProgramLog() {}

    static void configure() {
        if (System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null) {
            return;
        }
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", FORMAT);
        }
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        for (Handler handler : root.getHandlers()) {
            handler.setLevel(Level.WARNING);
        }
    }
}
