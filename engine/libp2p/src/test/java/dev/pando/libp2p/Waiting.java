package dev.pando.libp2p;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What tests wait with: always for a condition, never longer than a deadline. */
public final class Waiting {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private Waiting() {}

    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("did not complete in time", e);
        }
    }

    public static HostException failure(CompletableFuture<?> future) {
        try {
            Object result = future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("did not fail but gave " + result);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            assertThat(cause).isInstanceOf(HostException.class);
            return (HostException) cause;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("did not complete in time", e);
        }
    }

    public static void until(String what, BooleanSupplier condition) {
        until(what, DEADLINE, condition);
    }

    public static void until(String what, Duration deadline, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come about in time: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** All that comes on {@code stream} until its end. */
    public static byte[] readAll(Stream stream) {
        var out = new ByteArrayOutputStream();
        for (ByteBuffer bytes = await(stream.read()); bytes != null; bytes = await(stream.read())) {
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
        return out.toByteArray();
    }

    /** Bytes that differ from place to place. */
    public static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 8) * 17 + (i >>> 16));
        }
        return bytes;
    }

    /** A handler that writes back what it reads, at the speed at which that is taken. */
    public static void echo(Stream stream) {
        stream.read().whenComplete((bytes, why) -> {
            if (why == null && bytes == null) {
                stream.closeWrite();
            } else if (why == null) {
                stream.write(bytes).thenRun(() -> echo(stream));
            }
        });
    }

    public static KeyPair key(int seed) {
        byte[] bytes = new byte[KeyPair.SEED_BYTES];
        Arrays.fill(bytes, (byte) seed);
        return KeyPair.fromSeed(bytes);
    }
}
