package dev.pando.libp2p.yamux;

import static dev.pando.libp2p.Waiting.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.transport.MuxedStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Two sessions over a line that cuts and delays at random: whatever happens on it, each stream carries its bytes. */
class YamuxPairTest {
    private static final YamuxLimits LIMITS = YamuxLimits.of(HostLimits.DEFAULT);

    /** Reads a stream to its end whenever it is let. */
    private static final class Reader {
        final MuxedStream stream;
        final ByteArrayOutputStream got = new ByteArrayOutputStream();
        boolean ended;
        boolean waiting;

        Reader(MuxedStream stream) {
            this.stream = stream;
        }

        void read() {
            if (!waiting && !ended) {
                waiting = true;
                stream.read().thenAccept(bytes -> {
                    waiting = false;
                    if (bytes == null) {
                        ended = true;
                    } else {
                        got.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
                    }
                });
            }
        }
    }

    @Property(tries = 50)
    void carriesAllStreamsWhole(@ForAll long seed) {
        var random = new Random(seed);
        var left = new FakeOutput();
        var right = new FakeOutput();
        var readers = new ArrayList<Reader>();
        var dialer = new YamuxSession(true, LIMITS, left, "right");
        var listener = new YamuxSession(false, LIMITS, right, "left");
        dialer.start(stream -> readers.add(new Reader(stream)));
        listener.start(stream -> readers.add(new Reader(stream)));
        var sent = new ArrayList<byte[]>();
        for (int i = 0; i < 6; i++) {
            byte[] data = pattern(random.nextInt(700_000));
            sent.add(data);
            var stream = (i % 2 == 0 ? dialer : listener).open().join();
            for (int at = 0; at < data.length; ) {
                int n = Math.min(data.length - at, 1 + random.nextInt(100_000));
                stream.write(ByteBuffer.wrap(data.clone(), at, n));
                at += n;
            }
            stream.closeWrite();
        }
        var toRight = ByteBuffer.allocate(16 << 20).flip();
        var toLeft = ByteBuffer.allocate(16 << 20).flip();
        for (int step = 0;
                step < 100_000 && (readers.size() < 6 || readers.stream().anyMatch(r -> !r.ended));
                step++) {
            left.writable = random.nextInt(4) > 0;
            right.writable = random.nextInt(4) > 0;
            move(left, toRight, listener, random);
            move(right, toLeft, dialer, random);
            if (left.writable) {
                dialer.onWritable();
            }
            if (right.writable) {
                listener.onWritable();
            }
            List.copyOf(readers).stream().filter(r -> random.nextBoolean()).forEach(Reader::read);
        }
        assertThat(left.ended).isFalse();
        assertThat(right.ended).isFalse();
        var got = readers.stream().map(r -> r.got.toByteArray()).toList();
        assertThat(got).hasSize(6);
        boolean whole = sent.stream().allMatch(data -> got.stream().anyMatch(bytes -> Arrays.equals(bytes, data)));
        assertThat(whole).isTrue();
    }

    /** Moves what was written onto the line, and some of what is on the line to the other side. */
    private static void move(FakeOutput from, ByteBuffer line, YamuxSession to, Random random) {
        byte[] written = from.bytes();
        line.compact().put(written).flip();
        int n = Math.min(line.remaining(), random.nextInt(80_000));
        byte[] arrives = new byte[n];
        line.get(arrives);
        to.receive(ByteBuffer.wrap(arrives));
        from.run();
    }
}
