package dev.pando.store;

/** A place in the log as one number that grows with the log: segment in the upper half, offset in the lower. */
final class LogPosition {

    /** Offsets have 32 bits. */
    static final long OFFSET_MAX = 0xffff_ffffL;

    private LogPosition() {}

    static long of(int segment, long offset) {
        return (long) segment << 32 | offset;
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
