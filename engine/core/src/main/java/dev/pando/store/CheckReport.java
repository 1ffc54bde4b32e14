package dev.pando.store;

import java.util.List;

/**
 * What {@link Store#check} found.
 *
 * @param transactions that were read
 * @param blocks in them
 * @param bytes of these blocks
 * @param problems each with its place; empty when all is well. At most {@link #PROBLEMS_MAX}, then it stops
 */
public record CheckReport(long transactions, long blocks, long bytes, List<String> problems) {

    /** A check that found this many ends. */
    public static final int PROBLEMS_MAX = 100;

    public CheckReport {
        problems = List.copyOf(problems);
    }

    public boolean isSound() {
        return problems.isEmpty();
    }
}
