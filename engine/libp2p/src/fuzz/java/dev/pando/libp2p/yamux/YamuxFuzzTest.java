package dev.pando.libp2p.yamux;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.libp2p.HostLimits;
import java.nio.ByteBuffer;

/** A session that is given any frames: it goes on, or ends in its one way, and holds no more streams than it may. */
class YamuxFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void frames(byte[] bytes) {
        var output = new FakeOutput();
        var limits = YamuxLimits.of(HostLimits.DEFAULT);
        var session = new YamuxSession(false, limits, output, "somebody");
        session.start(stream -> stream.read().whenComplete((read, why) -> {
            if (read != null) {
                stream.write(read);
            }
        }));
        session.open();
        output.run();
        int half = bytes.length / 2;
        session.receive(ByteBuffer.wrap(bytes.clone(), 0, half).slice());
        output.run();
        session.receive(ByteBuffer.wrap(bytes.clone(), half, bytes.length - half).slice());
        output.run();
        output.nanos += 1_000_000_000;
        session.tick();
        if (session.streamCount() > limits.inboundStreamsMax() + 1) {
            throw new AssertionError(session.streamCount() + " streams");
        }
    }
}
