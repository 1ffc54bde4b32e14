package dev.pando.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.crdt.ColumnNumbers;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.Commit;
import dev.pando.dag.Delta;
import dev.pando.dag.ListBlock;
import dev.pando.dag.UnknownVersionException;
import dev.pando.ipld.DecodeException;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Decoders under a fuzzer that follows the code: bytes are refused by the decoder's own exception, or read and then
 * written again as they were.
 */
class DecodersFuzzTest {

    @FuzzTest(maxDuration = "10m")
    void delta(byte[] bytes) {
        roundTrip(bytes, block -> Delta.decode(block).encode());
    }

    @FuzzTest(maxDuration = "10m")
    void commit(byte[] bytes) {
        roundTrip(bytes, block -> Commit.decode(block).encode());
    }

    @FuzzTest(maxDuration = "10m")
    void list(byte[] bytes) {
        roundTrip(bytes, block -> ListBlock.decode(block).encode());
    }

    @FuzzTest(maxDuration = "10m")
    void state(byte[] bytes) {
        try {
            DocumentState.decode(bytes, 0, bytes.length, ColumnNumbers.NONE);
        } catch (DecodeException e) {
            // What a decoder may say.
        }
    }

    private static void roundTrip(byte[] bytes, Function<byte[], byte[]> decodeAndEncode) {
        try {
            if (!Arrays.equals(bytes, decodeAndEncode.apply(bytes))) {
                throw new AssertionError("read, but written otherwise");
            }
        } catch (DecodeException | UnknownVersionException e) {
            // What a decoder may say.
        }
    }
}
