package dev.pando.libp2p.multistream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.libp2p.HostException;
import java.nio.ByteBuffer;
import java.util.List;

/** Negotiations with whoever says anything, in one piece and byte by byte: both come to the same end. */
class NegotiationFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void listener(byte[] bytes) {
        same(
                run(Negotiation.listener("/a"::equals), bytes, bytes.length),
                run(Negotiation.listener("/a"::equals), bytes, 1));
    }

    @FuzzTest(maxDuration = "10m")
    void dialer(byte[] bytes) {
        var proposals = List.of("/a", "/b");
        same(run(Negotiation.dialer(proposals), bytes, bytes.length), run(Negotiation.dialer(proposals), bytes, 1));
    }

    private static String run(Negotiation negotiation, byte[] bytes, int step) {
        var in = ByteBuffer.wrap(bytes).limit(0);
        try {
            while (in.limit() < bytes.length && negotiation.agreed().isEmpty()) {
                in.limit(Math.min(bytes.length, in.limit() + Math.max(1, step)));
                negotiation.receive(in);
                negotiation.output();
            }
        } catch (HostException e) {
            return "refused";
        }
        return negotiation.agreed().orElse("undecided");
    }

    private static void same(String whole, String inPieces) {
        if (!whole.equals(inPieces)) {
            throw new AssertionError(whole + " in one piece, " + inPieces + " in many");
        }
    }
}
