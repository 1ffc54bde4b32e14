package dev.pando.simulation;

import java.time.Duration;
import java.util.Iterator;
import java.util.stream.LongStream;

/** Which seeds a test runs: {@code -Dpando.seed=} one, else {@code -Dpando.seeds=} many from
 * {@code -Dpando.seeds.from=}, else as many as it asks for. */
final class Seeds {

    /** Fewer seeds are run without a word. */
    private static final long TOLD_FROM = 1_000;

    /** How often it is told how far many seeds have got. */
    private static final long TOLD = 100;

    /** Of so many seeds the first two have tests in their full length. */
    private static final long IN_FULL_EVERY = 100;

    private Seeds() {}

    /**
     * How much of something a test does under a seed: all of it under two of a hundred, less under the others, which
     * differ in the order of events and not in their number. Depends on the seed alone, so that one runs the same again.
     */
    static int length(long seed, int inFull, int otherwise) {
        return seed % IN_FULL_EVERY < 2 ? inFull : otherwise;
    }

    static Iterable<Long> of(int count) {
        Long one = Long.getLong(Simulation.SEED_PROPERTY);
        if (one != null) {
            return () -> LongStream.of(one).iterator();
        }
        long many = Long.getLong("pando.seeds", count);
        long from = Long.getLong("pando.seeds.from", 0);
        Iterable<Long> all = () -> LongStream.range(from, from + many).iterator();
        return many < TOLD_FROM ? all : () -> telling(all.iterator(), many);
    }

    /** Prints now and then how many of many seeds have begun. */
    private static Iterator<Long> telling(Iterator<Long> all, long many) {
        long began = System.nanoTime();
        return new Iterator<>() {
            private long told;

            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Long next() {
                if (told % (many / TOLD) == 0 && told > 0) {
                    double seconds = (System.nanoTime() - began) / 1e9;
                    System.out.printf(
                            "%d of %d seeds in %.0f s, %.0f s to go%n",
                            told, many, seconds, seconds / told * (many - told));
                }
                told++;
                return all.next();
            }
        };
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
