package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.KeyGenerator;
import dev.pando.PandoException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Keys that need no coordination.
 *
 * <pre>
 * | 0 | 41 bits ms since 2026-01-01 UTC | 14 bits node number | 8 bits counter |
 * </pre>
 *
 * The counter borrows the next millisecond when it is full. Before keys of some time are made, a local record says so:
 * after a restart they begin above it, so a clock that went back repeats none.
 */
final class GeneratedKeys implements KeyGenerator {

    static final String KIND = "Keys";

    /** Milliseconds of keys that one record lets through; so far the keys of a restart are ahead of the clock at most. */
    static final long RESERVED_MILLIS = 5_000;

    private static final String RESERVED = "reserved";
    private static final String NODE_NUMBER = "node number";

    private static final long EPOCH_MILLIS = 1_767_225_600_000L;
    private static final int COUNTER_BITS = 8;
    private static final int NODE_BITS = 14;
    private static final long MILLIS_MAX = (1L << 41) - 1;

    private final Environment environment;
    private final Locals locals;
    private final Committer committer;
    private final Turn reservations;
    private volatile int nodeNumber;

    /** Milliseconds and counter of the last key, as one number. */
    private long last;

    /** The first such number that no record lets through. */
    private long reserved;

    /** @param defaultNodeNumber holds where none was set */
    GeneratedKeys(
            Environment environment,
            Environment.Threads threads,
            Locals locals,
            Committer committer,
            int defaultNodeNumber) {
        this.environment = environment;
        this.locals = locals;
        this.committer = committer;
        this.reservations = new Turn(threads);
        byte[] number = locals.get(KIND, NODE_NUMBER);
        nodeNumber =
                number == null ? defaultNodeNumber : ByteBuffer.wrap(number).getInt();
        byte[] until = locals.get(KIND, RESERVED);
        reserved = until == null ? 0 : ByteBuffer.wrap(until).getLong();
        last = reserved - 1;
    }

    /** A node number from the identity: good for small fleets; two nodes in a hundred share one with odds of 1 in 4. */
    static int nodeNumber(byte[] publicKey) {
        return ((publicKey[0] & 0xff) << 8 | publicKey[1] & 0xff) & NODE_NUMBER_MAX;
    }

    @Override
    public long next() {
        return key(take(1));
    }

    /* All counters of one millisecond: numbers of two would have the node number between them. */
    @Override
    public long nextBlock() {
        return key(take(1 << COUNTER_BITS)) + BLOCK_REACH;
    }

    /** The first of {@code count} numbers that nobody has had, of which the first is a multiple of their count. */
    private long take(int count) {
        while (true) {
            long wanted;
            synchronized (this) {
                long now = Math.max(0, environment.currentTimeMillis() - EPOCH_MILLIS);
                wanted = (Math.max(last + 1, now << COUNTER_BITS) + count - 1) & -count;
                if (wanted + count <= reserved) {
                    last = wanted + count - 1;
                    return wanted;
                }
            }
            reservations.take(() -> reserve(wanted, count));
        }
    }

    private void reserve(long wanted, int count) {
        synchronized (this) {
            if (wanted + count <= reserved) {
                return; // another caller did so meanwhile
            }
        }
        key(wanted);
        long until = wanted + (RESERVED_MILLIS << COUNTER_BITS);
        put(RESERVED, ByteBuffer.allocate(Long.BYTES).putLong(until).array());
        synchronized (this) {
            reserved = until;
        }
    }

    private long key(long number) {
        long millis = number >>> COUNTER_BITS;
        if (millis > MILLIS_MAX) {
            throw new PandoException(
                    PandoException.Kind.NUMERIC_OUT_OF_RANGE,
                    "the clock is beyond what generated keys can hold (year 2095)");
        }
        return millis << (NODE_BITS + COUNTER_BITS)
                | (long) nodeNumber << COUNTER_BITS
                | number & ((1 << COUNTER_BITS) - 1);
    }

    @Override
    public int nodeNumber() {
        return nodeNumber;
    }

    @Override
    public void setNodeNumber(int number) {
        if (number < 0 || number > NODE_NUMBER_MAX) {
            throw new PandoException(
                    PandoException.Kind.INVALID_ARGUMENT,
                    "a node number is from 0 to " + NODE_NUMBER_MAX + ", not " + number);
        }
        put(NODE_NUMBER, ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        nodeNumber = number;
    }

    private void put(String key, byte[] value) {
        committer.commit(new RecordChange(locals, List.of(new RecordChange.Put(KIND, key, value)), true, () -> {}));
    }
}
