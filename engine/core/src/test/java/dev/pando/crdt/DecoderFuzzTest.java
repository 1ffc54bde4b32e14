package dev.pando.crdt;

import dev.pando.dag.Commit;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.ListBlock;
import dev.pando.dag.UnknownVersionException;
import dev.pando.ipld.DecodeException;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Bytes from anywhere are decoded or refused; nothing else happens. */
class DecoderFuzzTest {

    @Property(tries = 2_000)
    void arbitraryBytes(@ForAll @Size(max = 300) byte[] bytes) {
        tryAll(bytes);
    }

    @Property(tries = 2_000)
    void brokenBlocks(@ForAll @LongRange(min = 0) long seed) {
        Random random = new Random(seed);
        DecodedDelta delta = Histories.of(seed, 3).get(random.nextInt(3));
        byte[] bytes = delta.block().bytes().clone();
        damage(bytes, random);
        tryAll(bytes);
        byte[] state = DocumentState.fold(Histories.of(seed, 5), Long.MAX_VALUE).encode(ColumnNumbers.NONE);
        damage(state, random);
        tryAll(state);
    }

    private static void damage(byte[] bytes, Random random) {
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
    }

    private static void tryAll(byte[] bytes) {
        refusesOrReads(Delta::decode, bytes);
        refusesOrReads(Commit::decode, bytes);
        refusesOrReads(ListBlock::decode, bytes);
        refusesOrReads(b -> DocumentState.decode(b, 0, b.length, ColumnNumbers.NONE), bytes);
    }

    private static void refusesOrReads(Consumer<byte[]> decoder, byte[] bytes) {
        try {
            decoder.accept(bytes);
        } catch (DecodeException | UnknownVersionException e) {
            // What a decoder may say.
        }
    }
}
