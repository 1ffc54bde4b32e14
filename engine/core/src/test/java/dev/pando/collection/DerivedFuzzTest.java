package dev.pando.collection;

import dev.pando.crdt.DocumentState;
import dev.pando.dag.Delta;
import dev.pando.ipld.DecodeException;
import java.math.BigDecimal;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Stored bytes that are not what was written are read or refused; nothing else happens. */
class DerivedFuzzTest {

    private static final byte[] RECORD = Books.DEFINITION.encode();
    private static final byte[] ROW = row();

    private static byte[] row() {
        Delta insert = Books.finish(Books.insert("1", "a", 1L, 2L, new BigDecimal("3.00"), 4L), 1, 1);
        return Books.LAYOUT.codec().encode(1, Books.apply(DocumentState.empty(), insert));
    }

    @Property(tries = 2_000)
    void arbitraryBytes(@ForAll @Size(max = 300) byte[] bytes) {
        tryAll(bytes);
    }

    @Property(tries = 4_000)
    void brokenBytes(@ForAll @LongRange(min = 0) long seed) {
        Random random = new Random(seed);
        tryAll(damaged(RECORD, random));
        tryAll(damaged(ROW, random));
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes =
                random.nextInt(8) == 0 ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        for (int left = random.nextInt(4); left >= 0 && bytes.length > 0; left--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void tryAll(byte[] bytes) {
        refusesOrReads(Definition::decode, bytes);
        refusesOrReads(Fingerprint::decode, bytes);
        refusesOrReads(row -> Books.LAYOUT.codec().state(row), bytes);
    }

    private static void refusesOrReads(Consumer<byte[]> decoder, byte[] bytes) {
        try {
            decoder.accept(bytes);
        } catch (DecodeException e) {
            // What a decoder may say.
        }
    }
}
