package dev.pando.benchmarks;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/** One JSON line for each measure: the median of its rounds, with the least and the greatest. */
final class Report {

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    /** @param values one for each round */
    double line(String measure, String subject, String unit, double[] values, String note) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        out.println(String.format(
                Locale.ROOT,
                "{\"measure\":\"%s\",\"subject\":\"%s\",\"unit\":\"%s\",\"median\":%s,\"min\":%s,\"max\":%s,\"rounds\":%d,"
                        + "\"note\":\"%s\"}",
                measure,
                subject.toLowerCase(Locale.ROOT),
                unit,
                number(median),
                number(sorted[0]),
                number(sorted[sorted.length - 1]),
                sorted.length,
                note));
        out.flush();
        return median;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
    }
}
