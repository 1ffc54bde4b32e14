package dev.pando.store;

import dev.pando.ipld.DecodeException;

/** A place in the log as one number that grows with the log: segment in the upper half, offset in the lower. */
final class LogPosition {

    /** Offsets have 32 bits. */
    static final long OFFSET_MAX = 0xffff_ffffL;

    private LogPosition() {}

    static long of(int segment, long offset) {
        return (long) segment << 32 | offset;
    }

    /**
     * The place that a file names.
     *
     * @throws DecodeException for one that no log has
     */
    static long read(long segment, long offset) {
        if (segment < 0 || segment > Integer.MAX_VALUE || offset < 0 || offset > OFFSET_MAX) {
            throw new DecodeException("no place in a log: segment " + segment + ", offset " + offset);
        }
        return of((int) segment, offset);
    }

    static int segment(long position) {
        return (int) (position >>> 32);
    }

    static long offset(long position) {
        return position & OFFSET_MAX;
    }

    /** For people: the file and the offset in it. */
    static String describe(long position) {
        return Segments.name(segment(position)) + " offset " + offset(position);
    }
}
