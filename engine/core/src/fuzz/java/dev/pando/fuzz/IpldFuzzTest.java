package dev.pando.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.ipld.CarReader;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import dev.pando.ipld.Multibase;
import dev.pando.ipld.Multihash;
import dev.pando.ipld.Varint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Decoders of IPLD's own formats. */
class IpldFuzzTest {

    private static final Set<Class<? extends RuntimeException>> REFUSALS = Set.of(DecodeException.class);

    @FuzzTest(maxDuration = "10m")
    void cbor(byte[] bytes) {
        Fuzzed.roundTrip(bytes, b -> DagCbor.encode(DagCbor.decode(b)), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void cid(byte[] bytes) {
        Fuzzed.roundTrip(bytes, b -> Cid.fromBytes(b).toBytes(), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void cidText(byte[] bytes) {
        Fuzzed.decode(bytes, b -> Cid.parse(text(b)), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void multihash(byte[] bytes) {
        Fuzzed.decode(bytes, b -> Multihash.read(ByteBuffer.wrap(b)), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void multibase(byte[] bytes) {
        Fuzzed.decode(bytes, b -> Multibase.decode(text(b)), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void varint(byte[] bytes) {
        Fuzzed.decode(bytes, b -> Varint.read(ByteBuffer.wrap(b)), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void car(byte[] bytes) {
        Fuzzed.decode(bytes, IpldFuzzTest::readCar, REFUSALS);
    }

    private static void readCar(byte[] bytes) {
        try {
            CarReader reader = CarReader.open(new ByteArrayInputStream(bytes), true);
            while (reader.next() != null) {
                reader.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
