package dev.pando.simulation;

import java.time.Duration;
import java.util.Iterator;
import java.util.stream.LongStream;

/** Which seeds a test runs: {@code -Dpando.seed=} one, else {@code -Dpando.seeds=} many from
 * {@code -Dpando.seeds.from=}, else as many as it asks for. */
final class Seeds {

    private Seeds() {}

    static Iterable<Long> of(int count) {
        Long one = Long.getLong(Simulation.SEED_PROPERTY);
        if (one != null) {
            return () -> LongStream.of(one).iterator();
        }
        long many = Long.getLong("pando.seeds", count);
        long from = Long.getLong("pando.seeds.from", 0);
        return () -> LongStream.range(from, from + many).iterator();
    }

    /** As {@link #of}, but begins no other seed when {@code time} has passed. */
    static Iterable<Long> within(int count, Duration time) {
        long until = System.nanoTime() + time.toNanos();
        var seeds = of(count);
        return () -> new Iterator<>() {
            private final Iterator<Long> all = seeds.iterator();

            @Override
            public boolean hasNext() {
                return all.hasNext() && System.nanoTime() < until;
            }

            @Override
            public Long next() {
                return all.next();
            }
        };
    }
}
