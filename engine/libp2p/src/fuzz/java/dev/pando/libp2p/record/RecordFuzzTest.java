package dev.pando.libp2p.record;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.libp2p.KeyPair;

/** Signed envelopes, and well signed ones with anything in them. */
class RecordFuzzTest {
    private static final KeyPair KEY = KeyPair.fromSeed(new byte[32]);
    private static final byte[] TYPE = {3, 1};

    @FuzzTest(maxDuration = "10m")
    void envelope(byte[] bytes) {
        open(bytes);
    }

    @FuzzTest(maxDuration = "10m")
    void record(byte[] bytes) {
        open(Envelope.seal(KEY, "libp2p-peer-record", TYPE, bytes));
    }

    private static void open(byte[] envelope) {
        try {
            PeerRecord.open(envelope);
        } catch (IllegalArgumentException e) {
            return; // what a decoder may say
        }
    }
}
