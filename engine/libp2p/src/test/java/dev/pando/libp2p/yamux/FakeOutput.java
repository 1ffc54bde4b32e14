package dev.pando.libp2p.yamux;

import dev.pando.libp2p.HostException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that keeps what is written, under a clock and an executor that the test moves. */
final class FakeOutput implements YamuxOutput {
    /** A frame as it went out. */
    record Sent(int type, int flags, int id, int length, byte[] payload) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    final Deque<Runnable> tasks = new ArrayDeque<>();
    final ByteArrayOutputStream written = new ByteArrayOutputStream();
    boolean writable = true;
    boolean ended;

    @Nullable
    HostException failure;

    long nanos;

    /** Runs what was asked for, and what that asks for. */
    void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    /** The frames since the last call. */
    List<Sent> frames() {
        run();
        var frames = new ArrayList<Sent>();
        var bytes = ByteBuffer.wrap(written.toByteArray());
        written.reset();
        while (bytes.hasRemaining()) {
            byte version = bytes.get();
            if (version != Frame.VERSION) {
                throw new AssertionError("version " + version);
            }
            int type = bytes.get();
            int flags = bytes.getShort();
            int id = bytes.getInt();
            int length = bytes.getInt();
            byte[] payload = new byte[type == Frame.DATA ? length : 0];
            bytes.get(payload);
            frames.add(new Sent(type, flags, id, length, payload));
        }
        return frames;
    }

    byte[] bytes() {
        run();
        byte[] bytes = written.toByteArray();
        written.reset();
        return bytes;
    }

    @Override
    public void write(ByteBuffer bytes) {
        byte[] copy = Arrays.copyOfRange(
                bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.arrayOffset() + bytes.limit());
        written.writeBytes(copy);
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void flush() {}

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void end(@Nullable HostException failure) {
        this.ended = true;
        this.failure = failure;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }
}
