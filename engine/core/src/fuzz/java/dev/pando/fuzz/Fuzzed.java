package dev.pando.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** What is asked of every decoder: it reads or refuses, in its own words, in time and memory that follow its input. */
public final class Fuzzed {

    /** What a decoder may allocate for nothing: buffers, tables, messages. */
    private static final long BYTES_MAX = 16L << 20;

    /** And for each byte that it is given. */
    private static final long BYTES_FOR_EACH_MAX = 8_192;

    private static final long NANOS_MAX = 5_000_000_000L;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Fuzzed() {}

    /** @param refusals what the decoder may throw */
    public static void decode(byte[] bytes, Consumer<byte[]> decoder, Set<Class<? extends RuntimeException>> refusals) {
        String tooMuch = measure(bytes, decoder, refusals);
        if (!tooMuch.isEmpty()) {
            /* The first use of a class is none of the decoder's: what it takes, it takes again. */
            tooMuch = measure(bytes, decoder, refusals);
        }
        if (!tooMuch.isEmpty()) {
            throw new AssertionError(tooMuch + " for " + bytes.length + " bytes");
        }
    }

    /** What was more than it may be; empty when nothing was. */
    private static String measure(
            byte[] bytes, Consumer<byte[]> decoder, Set<Class<? extends RuntimeException>> refusals) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        try {
            decoder.accept(bytes);
        } catch (RuntimeException e) {
            if (refusals.stream().noneMatch(refusal -> refusal.isInstance(e))) {
                throw e;
            }
        }
        long took = System.nanoTime() - began;
        long more = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        if (took > NANOS_MAX) {
            return took / 1_000_000 + " ms";
        }
        return more > BYTES_MAX + BYTES_FOR_EACH_MAX * bytes.length ? more + " bytes of memory" : "";
    }

    /** What was read and is written again is what it was. */
    public static void roundTrip(
            byte[] bytes, Function<byte[], byte[]> decodeAndEncode, Set<Class<? extends RuntimeException>> refusals) {
        decode(
                bytes,
                input -> {
                    if (!Arrays.equals(input, decodeAndEncode.apply(input))) {
                        throw new AssertionError("read, but written otherwise");
                    }
                },
                refusals);
    }
}
