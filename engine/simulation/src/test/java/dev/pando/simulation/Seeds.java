package dev.pando.simulation;

import java.util.stream.LongStream;

/** Which seeds a test runs: {@code -Dpando.seed=} one, else {@code -Dpando.seeds=} many, else as many as it asks for. */
final class Seeds {

    private Seeds() {}

    static Iterable<Long> of(int count) {
        Long one = Long.getLong(Simulation.SEED_PROPERTY);
        if (one != null) {
            return () -> LongStream.of(one).iterator();
        }
        long many = Long.getLong("pando.seeds", count);
        return () -> LongStream.range(0, many).iterator();
    }
}
