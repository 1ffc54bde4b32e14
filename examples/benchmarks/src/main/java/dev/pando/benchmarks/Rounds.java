package dev.pando.benchmarks;

import java.sql.SQLException;

/** Rounds of the same short operations, counted when the compiler has had time to make the best of them. */
final class Rounds {

    private static final int ROUNDS = 7;

    /** The same for each subject, and enough for a few hundred thousand operations of the quick ones. */
    private static final long WARM_UP_NANOS = 4_000_000_000L;

    /** Of inserts that wait for the disk each: a few ten thousand, which is when the compiler has made the best of them. */
    static final int WARM_UP_SECONDS_SINGLE = 12;

    /** Of inserts in batches. */
    static final int WARM_UP_SECONDS_BATCH = 6;

    /** One operation; what it returns is added up, so that none can be left out. */
    @FunctionalInterface
    interface Operation {
        long run(int number) throws SQLException;
    }

    /** Some operations that are counted together. */
    @FunctionalInterface
    interface Round {
        void run() throws Exception;
    }

    private Rounds() {}

    /** Reports the operations in a second, by rounds of {@code operations}. */
    static void reportRate(
            Report report, String measure, Subject subject, int warmUpSeconds, int operations, Round round)
            throws Exception {
        long warm = System.nanoTime() + warmUpSeconds * 1_000_000_000L;
        while (System.nanoTime() < warm) {
            round.run();
        }
        double[] perSecond = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            round.run();
            perSecond[i] = operations / ((System.nanoTime() - start) / 1e9);
        }
        report.line(
                measure,
                subject.name(),
                "rows/s",
                perSecond,
                subject.durability() + "; after " + warmUpSeconds + " s of warming up");
    }

    /** Reports the microseconds of one operation, by rounds of {@code operations}. */
    static void report(Report report, String measure, Subject subject, int operations, Operation operation)
            throws SQLException {
        long checksum = 0;
        long warm = System.nanoTime() + WARM_UP_NANOS;
        while (System.nanoTime() < warm) {
            checksum += run(operations, operation);
        }
        double[] micros = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            checksum += run(operations, operation);
            micros[round] = (System.nanoTime() - start) / 1e3 / operations;
        }
        report.line(
                measure,
                subject.name(),
                "us/op",
                micros,
                "after " + WARM_UP_NANOS / 1_000_000_000 + " s of warming up; checksum " + checksum);
    }

    private static long run(int operations, Operation operation) throws SQLException {
        long checksum = 0;
        for (int i = 0; i < operations; i++) {
            checksum += operation.run(i);
        }
        return checksum;
    }
}
