package dev.pando.libp2p.kad;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Arrays;

/** Messages of the hash table: read, written and read again they are the same. */
class KadFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void message(byte[] bytes) throws InvalidProtocolBufferException {
        KadRequest request;
        try {
            request = KadCodec.decode(bytes);
        } catch (InvalidProtocolBufferException e) {
            return; // what a decoder may say
        }
        byte[] once = KadCodec.encode(request);
        if (!Arrays.equals(once, KadCodec.encode(KadCodec.decode(once)))) {
            throw new AssertionError("read, but written otherwise");
        }
    }
}
