package dev.pando.jdbc.cli;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Logging of the program, as opposed to that of an application which uses the driver: warnings, a line each, on the
 * error output. {@code -Djava.util.logging.config.file} or {@code .class} replaces all of it.
 */
final class ProgramLog {
    private static final String FORMAT = "%1$tF %1$tT %4$s %3$s: %5$s%6$s%n";

    /* Held, because java.util.logging forgets the levels of loggers that nobody holds. */
    private static final List<Logger> CHATTY = Stream.of("net.", "dev.pando.shaded.net.")
            .map(prefix -> Logger.getLogger(prefix + "openhft"))
            .toList();

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
        /* It warns of native libraries that are left out on purpose. */
        CHATTY.forEach(logger -> logger.setLevel(Level.SEVERE));
    }
}
