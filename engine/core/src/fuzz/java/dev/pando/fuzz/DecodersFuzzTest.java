package dev.pando.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.collection.Definition;
import dev.pando.crdt.ColumnNumbers;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.Commit;
import dev.pando.dag.Delta;
import dev.pando.dag.ListBlock;
import dev.pando.dag.ShareVerifier;
import dev.pando.dag.UnknownVersionException;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decoders of blocks and records under a fuzzer that follows the code: bytes are refused by the decoder's own exception,
 * or read and then written again as they were.
 */
class DecodersFuzzTest {

    private static final Set<Class<? extends RuntimeException>> REFUSALS =
            Set.of(DecodeException.class, UnknownVersionException.class);

    @FuzzTest(maxDuration = "10m")
    void delta(byte[] bytes) {
        Fuzzed.roundTrip(bytes, block -> Delta.decode(block).encode(), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void commit(byte[] bytes) {
        Fuzzed.roundTrip(bytes, block -> Commit.decode(block).encode(), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void list(byte[] bytes) {
        Fuzzed.roundTrip(bytes, block -> ListBlock.decode(block).encode(), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void state(byte[] bytes) {
        Fuzzed.decode(bytes, b -> DocumentState.decode(b, 0, b.length, ColumnNumbers.NONE), REFUSALS);
    }

    /** The first block is the commit; each is its length in two bytes and its content. */
    @FuzzTest(maxDuration = "10m")
    void share(byte[] bytes) {
        Fuzzed.decode(bytes, DecodersFuzzTest::verify, REFUSALS);
    }

    private static void verify(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<Block> blocks = new ArrayList<>();
        while (in.remaining() >= 2) {
            byte[] content = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(content);
            blocks.add(Block.of(Cid.DAG_CBOR, content));
        }
        if (!blocks.isEmpty()) {
            ShareVerifier.verify(blocks.get(0), blocks.subList(1, blocks.size()));
        }
    }

    @FuzzTest(maxDuration = "10m")
    void definition(byte[] bytes) {
        Fuzzed.decode(bytes, Definition::decode, REFUSALS);
    }
}
