package dev.pando.engine;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.PandoException;
import dev.pando.fuzz.Fuzzed;
import dev.pando.ipld.Block;
import dev.pando.store.Codecs;
import java.util.Set;

/** Decoders of local records. */
class RecordsFuzzTest {

    private static final Set<Class<? extends RuntimeException>> REFUSALS = Set.of(PandoException.class);

    @FuzzTest(maxDuration = "10m")
    void record(byte[] bytes) {
        Fuzzed.decode(bytes, b -> LocalRecord.decode(Block.of(Codecs.LOCAL_RECORD, b)), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void table(byte[] bytes) {
        Fuzzed.decode(bytes, TableRecord::decode, REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void index(byte[] bytes) {
        Fuzzed.decode(bytes, IndexRecord::decode, REFUSALS);
    }
}
