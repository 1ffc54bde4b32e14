package dev.pando.engine;

import java.io.PrintStream;
import java.util.Locale;

/** Prints one line of JSON for each measure. A figure with a rival is measured in the same run as its rival. */
final class BenchReport {

    private final PrintStream out;

    BenchReport(PrintStream out) {
        this.out = out;
    }

    void line(String measure, double value, String unit) {
        print(start(measure, value, unit));
    }

    /** @param rivalName whatever the value is held against, in the same unit */
    void against(String measure, double value, String unit, String rivalName, double rival) {
        print(start(measure, value, unit)
                + String.format(
                        Locale.ROOT,
                        ",\"against\":\"%s\",\"its value\":%s,\"ratio\":%.3f",
                        rivalName,
                        number(rival),
                        value / rival));
    }

    /** @param cpuMicros of all threads of Java code for each operation: what a busy machine blurs least */
    void withCpu(String measure, double value, String unit, String rivalName, double rival, double cpuMicros) {
        print(start(measure, value, unit)
                + String.format(
                        Locale.ROOT,
                        ",\"against\":\"%s\",\"its value\":%s,\"ratio\":%.3f,\"cpu us\":%.2f",
                        rivalName,
                        number(rival),
                        value / rival,
                        cpuMicros));
    }

    private static String start(String measure, double value, String unit) {
        return String.format(
                Locale.ROOT, "{\"measure\":\"%s\",\"value\":%s,\"unit\":\"%s\"", measure, number(value), unit);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.3f" : "%.0f", value);
    }

    private void print(String line) {
        out.println(line + "}");
        out.flush();
    }
}
