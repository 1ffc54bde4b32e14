package dev.pando.ipld;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** One encoding for each value, one value for each encoding. */
class DagCborPropertyTest {

    @Property(tries = 2_000)
    void decodesWhatItEncoded(@ForAll("values") Object value) {
        byte[] bytes = DagCbor.encode(value);
        Object decoded = DagCbor.decode(bytes);
        assertThat(describe(decoded)).isEqualTo(describe(value));
        assertThat(DagCbor.encode(decoded)).isEqualTo(bytes);
        CborReader skipping = new CborReader(bytes);
        assertThat(skipping.readEncoded()).isEqualTo(bytes);
        skipping.end();
    }

    @Property(tries = 20_000)
    void anyBytesReencodeToThemselvesOrAreRefused(@ForAll @Size(max = 24) byte[] bytes) {
        assertCanonicalOrRefused(bytes);
    }

    @Property(tries = 20_000)
    void damagedEncodingsReencodeToThemselvesOrAreRefused(
            @ForAll("values") Object value, @ForAll @IntRange(min = 0) int at, @ForAll byte with, @ForAll boolean cut) {
        byte[] bytes = DagCbor.encode(value);
        int position = at % bytes.length;
        if (cut) {
            bytes = Arrays.copyOf(bytes, position);
        } else {
            bytes[position] = with;
        }
        assertCanonicalOrRefused(bytes);
    }

    private static void assertCanonicalOrRefused(byte[] bytes) {
        Object value;
        try {
            value = DagCbor.decode(bytes);
        } catch (DecodeException e) {
            assertThat(isSkipped(bytes))
                    .as("skip accepts what decode refuses: %s", e)
                    .isFalse();
            return;
        }
        assertThat(DagCbor.encode(value)).isEqualTo(bytes);
        assertThat(isSkipped(bytes)).isTrue();
    }

    private static boolean isSkipped(byte[] bytes) {
        CborReader reader = new CborReader(bytes);
        try {
            reader.skip();
            reader.end();
            return true;
        } catch (DecodeException e) {
            return false;
        }
    }

    /** Values with arrays by content and maps by sorted key, so that equals compares them. */
    private static Object describe(Object value) {
        if (value instanceof byte[] bytes) {
            return "bytes " + Hex.of(bytes);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(DagCborPropertyTest::describe).toList();
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> Tuple.of(e.getKey(), describe(e.getValue())))
                    .collect(Collectors.toSet());
        }
        return value == null ? "null" : value;
    }

    @Provide
    Arbitrary<Object> values() {
        return Arbitraries.randomValue(random -> value(random, 4));
    }

    private static Object value(Random random, int depth) {
        int items = random.nextInt(5);
        return switch (random.nextInt(depth > 0 ? 10 : 8)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextLong() >> random.nextInt(64);
            case 2 -> new BigInteger(64, random).setBit(63);
            case 3 ->
                Stream.generate(() -> Double.longBitsToDouble(random.nextLong()))
                        .filter(Double::isFinite)
                        .findFirst()
                        .orElseThrow();
            case 4, 5 -> text(random);
            case 6 -> bytes(random, random.nextInt(300));
            case 7 -> Cid.ofDigest(random.nextBoolean() ? Cid.DAG_CBOR : Cid.RAW, bytes(random, 32));
            case 8 ->
                Stream.generate(() -> value(random, depth - 1)).limit(items).toList();
            default -> {
                Map<String, Object> map = new HashMap<>();
                for (int i = 0; i < items; i++) {
                    map.put(text(random), value(random, depth - 1));
                }
                yield map;
            }
        };
    }

    /** Zero to six code points of one to four bytes each. */
    private static String text(Random random) {
        return random.ints(random.nextInt(7), 0, 4)
                .map(size -> switch (size) {
                    case 0 -> random.nextInt(0x80);
                    case 1 -> 0x80 + random.nextInt(0x780);
                    case 2 -> 0xe000 + random.nextInt(0x2000);
                    default -> 0x10000 + random.nextInt(0x100000);
                })
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
